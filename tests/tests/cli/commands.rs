//! Commands and flags that write no output folder.

use crate::sandbox::Sandbox;

#[test]
fn init_makes_a_fleet_without_findings() {
    let sandbox = Sandbox::fleet();
    assert_eq!(sandbox.names("fleet"), [".gitignore", "hosts", "qg.toml", "services"]);
    let ran = sandbox.qgc(&["check", "fleet", "--deny-warnings"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.err.starts_with("1 host, 1 service, 2 files in "), "{ran:?}");
}

#[test]
fn init_overwrites_nothing() {
    let sandbox = Sandbox::empty();
    sandbox.write("there/hosts/server.qg", "mine");
    let ran = sandbox.qgc(&["init", "there"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("hosts/server.qg"), "{ran:?}");
    assert_eq!(sandbox.read("there/hosts/server.qg"), "mine");
    assert_eq!(sandbox.names("there"), ["hosts"]);
    // Beside other files it may begin.
    sandbox.write("other/README.md", "mine");
    assert_eq!(sandbox.qgc(&["init", "other"]).code, Some(0));
}

#[test]
fn init_names_the_fleet_after_its_folder() {
    let sandbox = Sandbox::empty();
    assert_eq!(sandbox.qgc(&["init", "my \"home\""]).code, Some(0));
    assert!(sandbox.read("my \"home\"/qg.toml").contains("name = \"my--home-\""));
    assert_eq!(sandbox.qgc(&["check", "my \"home\""]).code, Some(0));
}

#[test]
fn explain_tells_the_story_of_a_code() {
    let sandbox = Sandbox::empty();
    let ran = sandbox.qgc(&["explain", "qg0201"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.starts_with("QG0201: ") && ran.out.lines().count() > 2, "{ran:?}");
    let list = sandbox.qgc(&["explain"]);
    assert_eq!(list.code, Some(0));
    assert!(list.out.lines().count() > 50 && list.out.contains("QG0201  "), "{list:?}");
    let unknown = sandbox.qgc(&["explain", "QG9999"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("there is no code"), "{unknown:?}");
}

#[test]
fn completions_exist_for_shells() {
    let sandbox = Sandbox::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = sandbox.qgc(&["completions", shell]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.out.contains("qgc") && ran.out.contains("compile"), "{shell}");
        assert!(!ran.out.contains("under-test"), "{shell}");
    }
    assert_eq!(sandbox.qgc(&["completions", "tcsh"]).code, Some(2));
}

#[test]
fn help_and_version_are_no_failures() {
    let sandbox = Sandbox::empty();
    let version = sandbox.qgc(&["--version"]);
    assert_eq!((version.code, version.out.as_str()), (Some(0), "qgc 0.1.0\n"));
    let help = sandbox.qgc(&["--help"]);
    assert_eq!(help.code, Some(0));
    for word in [
        "check",
        "compile",
        "query",
        "why",
        "init",
        "options",
        "explain",
        "completions",
        "--color",
        "Exit code",
    ] {
        assert!(help.out.contains(word), "{word} is missing in\n{}", help.out);
    }
    let of_compile = sandbox.qgc(&["compile", "--help"]);
    for word in ["--out", "--host", "--dry-run", "--format", "--deny-warnings", "sarif", "github"] {
        assert!(of_compile.out.contains(word), "{word} is missing in\n{}", of_compile.out);
    }
}

#[test]
fn wrong_use_is_exit_code_2() {
    let sandbox = Sandbox::fleet();
    for args in [
        vec!["chekc"],
        vec![],
        vec!["check", "--frmat", "json"],
        vec!["check", "--format", "xml"],
        vec!["check", "nowhere"],
        vec!["check", "fleet/.gitignore"],
        vec!["check", "."],
        vec!["compile", "fleet", "--host", "nobody"],
    ] {
        let ran = sandbox.qgc(&args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(!ran.err.is_empty() && ran.out.is_empty(), "{args:?}: {ran:?}");
    }
    let lost = sandbox.qgc(&["check", "."]);
    assert!(lost.err.contains("qgc init"), "{lost:?}");
}

#[test]
fn the_fleet_is_found_from_below() {
    let sandbox = Sandbox::fleet_with("fleet/services/bad.qg", "service bad { frobnicate = 1 }\n");
    let from = |folder: &str, args: &[&str]| {
        let output =
            sandbox.command().current_dir(sandbox.path(folder)).args(args).output().expect("runs");
        crate::sandbox::ran(&output)
    };
    let short = ["check", "--format", "short"];
    assert!(from("fleet", &short).out.starts_with("services/bad.qg:1:"));
    assert!(from("fleet/hosts", &short).out.starts_with("../services/bad.qg:1:"));
    let above = from(".", &["check", "fleet", "--format", "short"]);
    assert!(above.out.starts_with("fleet/services/bad.qg:1:"), "{above:?}");
    // A file of the fleet means the whole fleet.
    let file = from(".", &["check", "fleet/hosts/server.qg", "--format", "short"]);
    assert_eq!((file.code, &file.out), (Some(1), &above.out));
}

#[test]
fn a_single_file_is_a_fleet_of_its_own() {
    let sandbox = Sandbox::empty();
    sandbox.write("alone.qg", "host a { system = x86_64_linux, state_version = \"25.05\" }\n");
    let ran = sandbox.qgc(&["check", "alone.qg"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.starts_with("1 host, 0 services, 1 file in "), "{ran:?}");
}

#[test]
fn a_wrong_manifest_is_shown_at_its_place() {
    let sandbox = Sandbox::fleet_with("fleet/qg.toml", "[fleet]\nsoruces = [\"hosts\"]\n");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert_eq!(ran.code, Some(2));
    for part in ["fleet/qg.toml:2:1", "did you mean `sources`?"] {
        assert!(ran.err.contains(part), "{part} is missing in\n{}", ran.err);
    }
    // A mark at the start is no column.
    sandbox.write("fleet/qg.toml", "\u{feff}ouut = \"build\"\n");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert!(ran.err.contains("fleet/qg.toml:1:1"), "{ran:?}");
    sandbox.write("fleet/qg.toml", "[fleet]\nsources = [\"hots\"]\n");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("there is no folder \"hots\""), "{ran:?}");
}
