//! Several fleets of one source: `[environments.NAME]`.

use std::fs;

use crate::sandbox::Sandbox;

const MANIFEST: &str = "out = \"made\"\n[fleet]\nsources = [\"hosts\"]\n\n\
    [environments.staging]\nout = \"staging\"\nfleet = { domain = \"staging.example.org\" }\nhosts = { spare = false }\n\n\
    [environments.test.fleet]\ndomain = \"test.example.org\"\n";
const FLEET: &str = "fleet { domain = \"example.org\" }\n\
    host box { system = x86_64_linux, state_version = \"25.05\", file \"/etc/domain\" { text = fleet.domain } }\n\
    host spare { system = x86_64_linux, state_version = \"25.05\" }\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", MANIFEST);
    sandbox.write("fleet/hosts/box.qg", FLEET);
    sandbox
}

#[test]
fn each_environment_has_its_fleet_and_its_output() {
    let sandbox = sandbox();
    let compile = |more: &[&str]| {
        let ran = sandbox.qgc(&[&["compile", "fleet"], more].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
    };
    let domain = |out: &str| sandbox.read(&format!("fleet/{out}/hosts/box/files/etc/domain"));
    compile(&[]);
    assert_eq!(domain("made"), "example.org");
    let before = sandbox.tree("fleet/made");
    // One that says no folder gets one of its own.
    compile(&["--environment", "test"]);
    assert_eq!(domain("made-test"), "test.example.org");
    assert!(sandbox.path("fleet/made-test/hosts/spare").exists());
    assert_eq!(sandbox.tree("fleet/made"), before);
    compile(&["--environment", "staging", "--out", "fleet/other"]);
    assert_eq!(domain("other"), "staging.example.org");
    assert!(!sandbox.path("fleet/other/hosts/spare").exists());
    assert!(sandbox.read("fleet/other/manifest.json").contains("\"qg.toml\""));
}

#[test]
fn every_command_takes_an_environment() {
    let sandbox = sandbox();
    let staging = |args: &[&str]| sandbox.qgc(&[args, &["--environment", "staging"]].concat());
    assert_eq!(staging(&["check", "fleet"]).code, Some(0));
    let ran = staging(&["query", "[for h in host: h.name]", "fleet", "--format", "raw"]);
    assert_eq!(ran.out, "box\n", "{ran:?}");
    let ran = staging(&["why", "fleet.domain", "fleet"]);
    assert!(ran.out.contains("qg.toml:7") && ran.out.contains("lost: said"), "{ran:?}");
    assert_eq!(staging(&["repl", "fleet"]).code, Some(0));
    let ran = staging(&["why", "fleet/staging/hosts/box/files/etc/domain:1", "fleet"]);
    assert!(ran.out.contains("qg.toml:7"), "{ran:?}");
}

#[test]
fn an_environment_that_is_not_there_or_wrong_is_told() {
    let sandbox = sandbox();
    let ran = sandbox.qgc(&["check", "fleet", "--environment", "stagin"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("did you mean `staging`?"), "{ran:?}");
    let ran = sandbox.qgc(&["check", "fleet", "--environment", "production"]);
    assert!(ran.err.contains("the environments are: staging, test"), "{ran:?}");
    let ran = sandbox.qgc(&["check", "fleet/hosts/box.qg", "--environment", "test"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let wrong = MANIFEST.replace("spare = false", "spaer = false");
    sandbox.write("fleet/qg.toml", &wrong);
    // Not looked at where it is not chosen.
    assert_eq!(sandbox.qgc(&["check", "fleet"]).code, Some(0));
    let ran = sandbox.qgc(&["check", "fleet", "--environment", "staging", "--format", "short"]);
    assert!(ran.out.contains("fleet/qg.toml:8:11") && ran.out.contains("QG0404"), "{ran:?}");
    sandbox.write("fleet/qg.toml", &MANIFEST.replace("\"staging\"", "\"hosts\""));
    let ran = sandbox.qgc(&["check", "fleet", "--environment", "staging"]);
    assert!(ran.err.contains("the output folder \"hosts\" is the source folder"), "{ran:?}");
    fs::remove_file(sandbox.path("fleet/qg.toml")).expect("removed");
    let ran = sandbox.qgc(&["check", "fleet/hosts/box.qg", "--environment", "staging"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}
