//! What Caddy makes of the files that we write: it judges those of the golden cases, and answers requests with one.
//! Where Caddy, curl or openssl is missing the tests are skipped and counted; with `CI` set they fail.

mod running;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use qg_tests::{disk, golden, peers};
use serde_json::Value;

use running::{Certificates, Running};

/// A configuration with the folder that Caddy makes, and the authority that it reads, somewhere else.
fn moved(text: &str, folder: &Path) -> Value {
    let mut config: Value = serde_json::from_str(text).expect("JSON");
    config["storage"]["root"] = folder.join("data").display().to_string().into();
    let ca = folder.join("ca.pem").display().to_string();
    let policies = &mut config["apps"]["http"]["servers"]["https"]["tls_connection_policies"];
    for policy in policies.as_array_mut().expect("policies") {
        if let Some(files) = policy.pointer_mut("/client_authentication/trusted_ca_certs_pem_files")
        {
            *files = vec![ca.clone()].into();
        }
    }
    config
}

#[test]
fn caddy_takes_every_golden_file() {
    let Some(caddy) = peers::caddy() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    if Certificates::made(folder.path()).is_none() {
        return;
    }
    let mut count = 0;
    for case in golden::cases() {
        let files: BTreeMap<String, String> = golden::expected(&case);
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with("/caddy.json")) {
            count += 1;
            let file = folder.path().join("caddy.json");
            std::fs::write(&file, moved(text, folder.path()).to_string()).expect("a file");
            let ran = Command::new(&caddy)
                .args(["validate", "--config"])
                .arg(&file)
                .env("HOME", folder.path())
                .output()
                .expect("it runs");
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{path} of {}: {said}", case.display());
        }
    }
    assert!(
        count > 1,
        "no golden case has a file for Caddy in {}",
        disk::folder("golden").display()
    );
}

/// That a key which Caddy does not know is told of: or the test above could not fail.
#[test]
fn caddy_refuses_what_it_does_not_know() {
    let Some(caddy) = peers::caddy() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("caddy.json");
    let text = r#"{ "apps": { "http": { "servers": { "https": { "listne": [":443"] } } } } }"#;
    std::fs::write(&file, text).expect("a file");
    let ran = Command::new(&caddy).args(["validate", "--config"]).arg(&file).output();
    assert!(!ran.expect("it runs").status.success());
}

/// A fleet that runs on this machine: `local` is an address of loopback that counts as the house.
fn fleet(running: &running::Ports, folder: &Path) -> String {
    let running::Ports { http, https, backend } = running;
    let folder = folder.display();
    format!(
        r#"
fleet {{ domain = "qg.test", state = /srv }}
host Server {{ system = x86_64_linux, state_version = "25.05", address = 192.168.0.28 }}
user caddy {{ on = [host.Server], kind = from_module }}
secret ca {{ key = "ca", file = ./secrets.yaml, owner = user.caddy, path = {folder}/ca.pem }}
proxy edge {{
  on = host.Server
  engine = caddy {{ issuer = internal, client_ca = secret.ca, http = {http}, https = {https}, data = {folder}/data }}
  lan = [127.0.0.2/32]
}}
service app {{
  on = host.Server
  ports.web = {backend}
  route house {{ host = "", to = ports.web, expose = lan }}
  route open {{ host = "", to = ports.web, path = "/Open", expose = public }}
  route cafe {{ host = "", to = ports.web, path = "/caf%C3%A9%20(1)", expose = public, pass_host = false }}
  route inside {{ host = "", to = ports.web, path = "/inside", expose = internal }}
  route free {{ host = "free", aliases = ["other"], to = ports.web, expose = public }}
  route part {{ host = "part", to = ports.web, path = "/app", expose = public }}
  route private {{ host = "private", to = ports.web }}
}}
"#
    )
}

const HOUSE: &[&str] = &["--interface", "127.0.0.2"];

/// Who asks for what, and what Caddy answers; the body of an answer of the program is what it was asked.
#[test]
fn caddy_answers_as_the_routes_say() {
    let Some(running) = Running::start(fleet) else { return };
    let local = format!("127.0.0.1:{}", running.ports.backend);
    let (shown, strange) = (running.certificates.shown(), running.certificates.strange());
    let with_local = format!("/caf%C3%A9%20(1)/x {local}");
    let cases: &[(&str, &str, &[&str], u16, &str)] = &[
        // For the house alone, whatever the path; what is open below is for all.
        ("qg.test", "/", &[], 403, ""),
        ("qg.test", "/x", HOUSE, 200, "/x qg.test"),
        ("qg.test", "/Open", &[], 200, "/Open qg.test"),
        ("qg.test", "/Open/x?y=%2f..", &[], 200, "/Open/x?y=%2f.. qg.test"),
        ("qg.test", "/open", &[], 403, ""),
        ("qg.test", "/Opened", &[], 403, ""),
        ("qg.test", "/caf%C3%A9%20(1)/x", &[], 200, &with_local),
        // What a program could read as another path.
        ("qg.test", "/x/../Open", &[], 400, ""),
        ("qg.test", "/x/%2e%2e/Open", &[], 400, ""),
        ("qg.test", "/x%2f..%2fOpen", &[], 400, ""),
        ("qg.test", "/x%2F..%2FOpen", HOUSE, 400, ""),
        ("qg.test", "//Open", &[], 400, ""),
        ("qg.test", "/x/..", HOUSE, 400, ""),
        ("qg.test", "/%4fpen", &[], 200, "/%4fpen qg.test"),
        // What no proxy answers for, a wider route does not answer for either.
        ("qg.test", "/inside", HOUSE, 404, ""),
        // Where paths decide nothing, they go on as they are.
        ("free.qg.test", "/a%2fb/../c", &[], 200, "/a%2fb/../c free.qg.test"),
        ("OTHER.qg.test", "/", &[], 200, "/ other.qg.test"),
        ("part.qg.test", "/app/x", &[], 200, "/app/x part.qg.test"),
        ("part.qg.test", "/", &[], 404, ""),
        // Without a certificate nothing is answered, and none of another name's connection either.
        ("private.qg.test", "/", &[], 0, ""),
        ("private.qg.test", "/", &shown, 200, "/ private.qg.test"),
        ("private.qg.test", "/", &strange, 0, ""),
        ("free.qg.test", "/", &["-H", "Host: private.qg.test"], 421, ""),
    ];
    let mut wrong = Vec::new();
    for (name, path, how, status, body) in cases {
        let (code, text) = running.ask(name, path, how, *status != 0);
        // The port of a name is this test's own.
        let answer =
            (code, text.to_lowercase().replace(&format!("test:{}", running.ports.https), "test"));
        if answer != (*status, body.to_lowercase()) {
            wrong.push(format!("{name}{path} {how:?}: {answer:?}, not {:?}", (status, body)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let led = running.plain("free.qg.test", "/x");
    assert_eq!(led, (308, format!("https://free.qg.test:{}/x", running.ports.https)));
}
