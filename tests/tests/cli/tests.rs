//! `qgc test`, as people and programs read it.

use std::process::{Command, Stdio};

use qg_tests::peers;
use serde_json::Value;

use crate::sandbox::Sandbox;

const FLEET: &str = r#"
fleet { domain = "example.org", open = [service.site] }
host box { system = x86_64_linux, state_version = "25.05", address = 10.0.0.1 }
proxy edge { on = host.box, engine = traefik {} }
service site {
  on = host.box
  ports.web = 8080
  container { image = "docker.io/library/nginx:1.27" }
  route web { host = "www", to = ports.web, expose = public, login = none }
  route docs { host = "www", path = "/docs", to = ports.web, expose = lan, login = none }
}
test "the world reads it" { expect get("https://www.example.org/") == served { by = service.site } }
test "<docs> & \"more\"" {
  expect get("https://www.example.org/docs", { from = lan }) is served
  expect get("https://www.example.org/docs") is served
}
test "left out" { enabled = false, expect false }
"#;

fn fleet(text: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", "");
    sandbox.write("fleet/a.qg", text);
    sandbox
}

#[test]
fn a_person_reads_both_sides_and_who_decided() {
    let sandbox = fleet(FLEET);
    let ran = sandbox.qgc(&["test", "", "fleet"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for part in [
        "ok      the world reads it\n",
        "FAILED  <docs> & \"more\"\n",
        "expected `served`, was `forbidden { by = ",
        "fleet/a.qg:15:10",
        "fleet/a.qg:10:9",
        "router site-docs takes it: Host(`www.example.org`)",
        "`qgc request GET https://www.example.org/docs --from 203.0.113.7`",
    ] {
        assert!(ran.out.contains(part), "{part:?}: {}", ran.out);
    }
    assert!(!ran.out.contains("left out"), "{}", ran.out);
    assert!(ran.err.starts_with("1 test holds, 1 does not, in "), "{}", ran.err);
}

#[test]
fn a_part_of_the_name_chooses() {
    let sandbox = fleet(FLEET);
    let ran = sandbox.qgc(&["test", "WORLD", "fleet"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "ok      the world reads it\n"), "{ran:?}");
    let whole = sandbox.qgc(&["test", "./fleet"]);
    assert!(whole.out.contains("FAILED"), "{whole:?}");
    let none = sandbox.qgc(&["test", "moon", "fleet"]);
    assert_eq!((none.code, none.out.as_str()), (Some(2), ""), "{none:?}");
    assert!(none.err.contains("no test has `moon` in its name"), "{none:?}");
    let nothing = fleet("fleet {}\n").qgc(&["test", "", "fleet"]);
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert!(nothing.err.contains("the fleet has no tests"), "{nothing:?}");
}

#[test]
fn a_fleet_with_errors_is_shown_as_check_shows_it() {
    let sandbox =
        fleet("test \"x\" { expect get(\"https://x/\", { certificat = true }) is served }\n");
    let ran = sandbox.qgc(&["test", "", "fleet"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.err.contains("`Client` has no field `certificat`"), "{ran:?}");
    assert!(ran.err.ends_with("a fleet with errors is not tested\n"), "{ran:?}");
    let checked = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert!(checked.out.contains("`Client` has no field `certificat`"), "{checked:?}");
}

#[test]
fn a_program_reads_json() {
    let ran = fleet(FLEET).qgc(&["test", "", "fleet", "--format", "json"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((&told["count"], &told["failed"]), (&2.into(), &1.into()));
    let failed = &told["tests"][1];
    assert_eq!(failed["name"], "<docs> & \"more\"");
    assert_eq!((&failed["holds"], &failed["expectations"]), (&false.into(), &2.into()));
    assert_eq!(failed["place"], "fleet/a.qg:13");
    assert_eq!(failed["findings"][0]["code"], "QG0860");
}

#[test]
fn a_question_is_answered_too() {
    let ask = |sandbox: &Sandbox| {
        sandbox.qgc(&["query", "get(service.site.route.docs.url, { from = lan })", "fleet"])
    };
    let ran = ask(&fleet(FLEET));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(told, serde_json::json!({ "served": { "by": "service.site" } }));
    let broken = ask(&fleet(&format!("{FLEET}let wrong: int = \"x\"\n")));
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.err.contains("a fleet with errors answers no request"), "{broken:?}");
}

/// Python's parser of XML takes it, and gives the texts back.
#[test]
fn a_server_reads_junit() {
    let Some(python) = peers::program("python3") else { return };
    let ran = fleet(FLEET).qgc(&["test", "", "fleet", "--format", "junit"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let read = "import sys, xml.etree.ElementTree as t\n\
                for c in t.parse(sys.stdin).getroot().iter('testcase'):\n  \
                f = c.find('failure')\n  \
                print(c.get('name'), c.get('file'), c.get('line'), '-' if f is None else f.get('message'))\n";
    let mut child = Command::new(python)
        .args(["-c", read])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), ran.out.as_bytes())
        .expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", ran.out);
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "the world reads it fleet/a.qg 12 -");
    assert!(
        lines[1].starts_with("<docs> & \"more\" fleet/a.qg 13 expected `served`, was "),
        "{shown}"
    );
}
