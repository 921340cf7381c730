//! `qgc fix`, and what a fleet says of its findings: levels in `qg.toml`, allowances in the sources.

use std::fs;

use crate::sandbox::Sandbox;

const WRONG: &str =
    "host box { sytem = x86_64_linux, state_version = \"25.05\" }\nlet a = 1\nlet c = host.bix\n";

/// A fleet of one file.
fn fleet(manifest: &str, source: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", manifest);
    sandbox.write("fleet/a.qg", source);
    sandbox
}

#[test]
fn what_has_one_way_to_be_mended_is() {
    let sandbox = fleet("", WRONG);
    let text = || fs::read_to_string(sandbox.path("fleet/a.qg")).expect("it is there");
    let dry = sandbox.qgc(&["fix", "fleet", "--dry-run"]);
    assert_eq!((dry.code, text().as_str()), (Some(0), WRONG), "{dry:?}");
    assert!(dry.out.contains("fleet/a.qg:1: QG0203 replace by `system`\n"), "{dry:?}");
    assert!(
        dry.err.contains("2 to mend in 1 file; nothing is written; 2 warnings left"),
        "{dry:?}"
    );

    let one = sandbox.qgc(&["fix", "fleet", "--code", "QG0203"]);
    assert_eq!(one.code, Some(1), "an error is left: {one:?}");
    assert_eq!(text(), WRONG.replace("sytem", "system"));

    let all = sandbox.qgc(&["fix", "fleet"]);
    assert_eq!(all.code, Some(0), "{all:?}");
    // What nothing reads is renamed or taken away, and which of the two is for people to say.
    assert_eq!(text(), WRONG.replace("sytem", "system").replace("bix", "box"));

    let again = sandbox.qgc(&["fix", "fleet"]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), ""), "{again:?}");
    assert!(again.err.contains("nothing to mend by itself; 2 warnings left"), "{again:?}");

    let odd = sandbox.qgc(&["fix", "fleet", "--code", "QG9999"]);
    assert_eq!(odd.code, Some(2), "{odd:?}");
}

#[test]
fn a_link_stays_one_and_a_library_is_not_touched() {
    let sandbox = fleet("[libraries]\nhouse = \"../house\"\n", "import house.net\n");
    sandbox.write("house/net.qg", "let unused = 1\npub let net = 2\n");
    sandbox.write("fleet/real.txt", "let b = net.net\n");
    std::os::unix::fs::symlink("real.txt", sandbox.path("fleet/b.qg")).expect("linked");
    let before = fs::read_to_string(sandbox.path("house/net.qg")).expect("it is there");
    let ran = sandbox.qgc(&["fix", "fleet"]);
    let is_link = fs::symlink_metadata(sandbox.path("fleet/b.qg")).expect("there").is_symlink();
    assert!(is_link, "{ran:?}");
    let after = fs::read_to_string(sandbox.path("house/net.qg")).expect("it is there");
    assert_eq!(after, before, "{ran:?}");
}

#[test]
fn levels_and_allowances_are_heeded() {
    let source = "host box { system = x86_64_linux, state_version = \"25.05\" }\nlet a = 1\n";
    let check = |manifest: &str, source: &str| {
        fleet(manifest, source).qgc(&["check", "fleet", "--format", "short"])
    };
    let plain = check("", source);
    assert_eq!(plain.code, Some(0), "{plain:?}");
    assert!(plain.out.contains("fleet/a.qg:2:5: warning[QG0231]"), "{plain:?}");

    let denied = check("[lints]\nQG0231 = \"deny\"\n", source);
    assert_eq!(denied.code, Some(1), "{denied:?}");
    assert!(denied.out.contains("error[QG0231]"), "{denied:?}");

    for quiet in [
        check("[lints]\nQG0231 = \"allow\"\n", source),
        check("", &source.replace("= 1", "= 1   # qg: allow(QG0231) for later")),
        check("", &source.replace("let", "# qg: allow(QG0231) for later\nlet")),
        // What is allowed in place is allowed, whatever the level.
        check("[lints]\nQG0231 = \"deny\"\n", &source.replace("= 1", "= 1 # qg: allow(QG0231) x")),
    ] {
        assert_eq!((quiet.code, quiet.out.as_str()), (Some(0), ""), "{quiet:?}");
    }

    let idle = check("", &source.replace("let a = 1", "# qg: allow(QG0231) for later"));
    assert!(idle.out.contains("a.qg:2:1: warning[QG0026]"), "{idle:?}");
    let error = check("", "host box { sytem = x } # qg: allow(QG0203) please\n");
    assert_eq!(error.code, Some(1), "{error:?}");
    let unknown = check("[lints]\nQG0321 = \"alow\"\n", source);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
}

#[test]
fn a_denied_warning_ends_a_compile() {
    let source = "host box { system = x86_64_linux, state_version = \"25.05\" }\nlet a = 1\n";
    let sandbox = fleet("[lints]\nQG0231 = \"deny\"\n", source);
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!sandbox.path("fleet/build").exists());
}
