//! Hosts without NixOS: what `install.sh` puts where, and containers that belong to an account.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

use qg_interpreter::targets::OutputFile;
use serde_json::json;

use super::{has_nix, laid_out, made_of, module};

const FLEET: &str = include_str!("../../../tests/golden/plain/host/fleet.qg");

fn beside() -> [(&'static str, &'static str); 2] {
    [("secrets/all.yaml", "sops: x\n"), ("web.conf", "x = 1\n")]
}

fn text<'f>(files: &'f [OutputFile], path: &str) -> &'f str {
    &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}")).text
}

fn install(folder: &Path, root: &Path) {
    let script = folder.join("hosts/a/install.sh");
    let out = Command::new("sh").arg(script).env("QG_ROOT", root).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn a_host_without_nixos_gets_all_of_it() {
    let files = made_of(FLEET, &beside());
    let folder = laid_out(&files);
    let root = tempfile::tempdir().unwrap();
    install(folder.path(), root.path());
    let read = |path: &str| {
        let path = root.path().join(path.trim_start_matches('/'));
        std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    };
    assert_eq!(read("/etc/motd"), "hello\n");
    assert_eq!(read("/etc/qg/files/web.conf"), "x = 1\n");
    assert!(read("/etc/containers/systemd/web.container").contains("Image=docker.io/x/web:1"));
    assert_eq!(read("/etc/qg/scripts/tell"), "#!/bin/sh\necho \"$(cat /run/secrets/app/db)\"\n");
    assert_eq!(read("/etc/qg/sealed/env/web.env"), "PASSWORD=@QG_SECRET_DB@\n");
    let accounts = read("/etc/sysusers.d/qg.conf");
    assert!(accounts.ends_with("g media 990\nu app 991:media -\nm app video\n"), "{accounts}");
    let folders = read("/etc/tmpfiles.d/qg.conf");
    let path = "\"/srv/my data %%h\"";
    assert!(folders.contains(&format!("d {path} 0750 app - - -\n")), "{folders}");
    assert!(folders.contains(&format!("Z {path} ~0750 app - - -\n")), "{folders}");
    assert!(folders.contains(&format!("A+ {path} - - - - group:media:rX\n")), "{folders}");
    assert!(read("/etc/modules-load.d/qg.conf").ends_with("tun\nwireguard\n"));
    let unit = read("/etc/systemd/system/qg-sealed.service");
    assert!(unit.contains("Before=web.service\n") && unit.contains("RequiredBy=web.service\n"));
    // What opens the secrets is asked for each by its place in the file.
    let tools = tempfile::tempdir().unwrap();
    let sops = "#!/bin/sh\n[ \"$SOPS_AGE_KEY_FILE\" = /var/lib/age/key.txt ] && printf 'a\"b\\nof %s' \"$3\"\n";
    let place = tools.path().join("sops");
    std::fs::write(&place, sops).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&place, mode).unwrap();
    let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap());
    let run = |script: &str| {
        let script = root.path().join(script);
        let out = Command::new("sh")
            .arg(script)
            .env("QG_ROOT", root.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    assert_eq!(run("etc/qg/secrets.sh"), (true, String::new()));
    assert_eq!(read("/run/secrets/app/db"), "a\"b\nof [\"app\"][\"db\"]");
    // The environment cannot hold the line break, and says so.
    let (fine, said) = run("etc/qg/sealed.sh");
    assert!(!fine && said.contains("has a line break"), "{said}");
    std::fs::write(root.path().join("run/secrets/app/db"), "a\"b").unwrap();
    assert_eq!(run("etc/qg/sealed.sh"), (true, String::new()));
    assert_eq!(read("/run/qg/sealed/env/web.env"), "PASSWORD=a\"b\n");
    let link = std::fs::read_link(root.path().join("etc/app/it's.json")).unwrap();
    assert_eq!(read(link.to_str().unwrap()), "{\n  \"password\": \"a\\\"b\"\n}\n");
}

#[test]
fn what_is_no_longer_said_goes() {
    let root = tempfile::tempdir().unwrap();
    let before = made_of(FLEET, &beside());
    install(laid_out(&before).path(), root.path());
    let without = FLEET.replace("  file \"/etc/motd\" { text = \"hello\\n\" }\n", "");
    let after = made_of(&without, &beside());
    install(laid_out(&after).path(), root.path());
    assert!(!root.path().join("etc/motd").exists());
    assert!(root.path().join("etc/containers/systemd/web.container").exists());
}

const ROOTLESS: &str = r#"
host a { system = x86_64_linux, podman.user = user.apps }
host b { system = x86_64_linux, podman = { user = user.more, through = quadlet_nix } }
user apps { on = [host.a], uid = 1001, kind = login {} }
user more { on = [host.b], uid = 1002, kind = login { linger = true, sub_ids = range { start = 100000 } } }
secret x { key = "x", file = ./secrets/all.yaml }
service web {
  on = host.a
  container { image = "docker.io/x/web:1", env.X = secret.x, env_files = [secret.x] }
}
service other { on = host.b, container { image = "docker.io/x/web:1" } }
"#;

#[test]
fn containers_of_an_account_lie_below_its_number() {
    let files = made_of(ROOTLESS, &beside());
    assert!(text(&files, "hosts/a/quadlet/web.container").contains("WantedBy=default.target"));
    if !has_nix() {
        return;
    }
    let folder = laid_out(&files);
    let a = module(&files, folder.path(), "hosts/a/default.nix");
    let unit = &a["environment"]["etc"]["containers/systemd/users/1001/web.container"];
    assert_eq!(unit["source"], "path:/hosts/a/quadlet/web.container");
    // Podman's module links the generator.
    assert!(a["systemd"].get("user").is_none());
    assert_eq!(a["systemd"]["services"]["qg-rootless-web"]["serviceConfig"]["User"], "apps");
    let user = &a["users"]["users"]["apps"];
    assert_eq!((&user["linger"], &user["autoSubUidGidRange"]), (&json!(true), &json!(true)));
    assert_eq!(a["sops"]["secrets"]["x"]["owner"], "apps");
    let sealed = &a["systemd"]["services"]["qg-sealed"];
    assert_eq!(sealed["before"], json!(["user@1001.service"]));
    assert!(
        text(&files, "hosts/a/sealed.sh").contains("/run/qg/sealed/env/web.env 0400 apps root")
    );
    let b = module(&files, folder.path(), "hosts/b/default.nix");
    assert_eq!(b["virtualisation"]["quadlet"], json!({ "enable": true }));
    let of = &b["home-manager"]["users"]["more"]["virtualisation"]["quadlet"]["containers"];
    assert!(of["other"]["rawConfig"].as_str().unwrap().contains("Image=docker.io/x/web:1"));
    assert_eq!(
        b["users"]["users"]["more"]["subUidRanges"],
        json!([{ "startUid": 100_000, "count": 65536 }])
    );
    assert_eq!(b["users"]["users"]["more"]["autoSubUidGidRange"], json!(null));
}
