//! A reader that is not there is told of at the end of `tests/run`, or fails where `CI` is set.

use std::process::Command;

use qg_tests::{disk, peers};

/// Set where this test is run by itself, to ask readers that are hidden from it.
const HIDDEN: &str = "QG_TEST_HIDDEN";

/// What `tests/counted` says of this test, with a search path and with or without `CI`.
fn counted(path: &str, ci: bool) -> (bool, String) {
    let mut command = Command::new(disk::folder("counted"));
    command.arg("env").arg(format!("PATH={path}")).arg(std::env::current_exe().expect("a path"));
    command.args(["--exact", "a_reader_that_is_not_there_is_named", "--nocapture"]);
    command.env(HIDDEN, "1").env_remove("CI");
    if ci {
        command.env("CI", "true");
    }
    let out = command.output().expect("bash runs it");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    (out.status.success(), said + &String::from_utf8_lossy(&out.stdout))
}

#[test]
fn a_reader_that_is_not_there_is_named() {
    if std::env::var_os(HIDDEN).is_some() {
        // Twice, as a test may that asks for many files.
        let _ = (peers::program("sh"), peers::program("sh"));
        return;
    }
    let test = "skipped a_reader_that_is_not_there_is_named: sh is missing";
    let (green, said) = counted("/nowhere", false);
    assert!(green, "{said}");
    let end = said.split("skipped: 1, which say nothing").nth(1);
    assert!(end.is_some_and(|it| it.contains(test)), "{said}");

    let (green, said) = counted("/nowhere", true);
    assert!(!green && said.contains("with CI set nothing is skipped"), "{said}");

    let path = std::env::var("PATH").expect("a search path");
    let (green, said) = counted(&path, true);
    assert!(green && said.contains("skipped: none"), "{said}");
}

/// Whoever skips in another way is not counted.
#[test]
fn nobody_skips_in_another_way() {
    let mut others = Vec::new();
    for folder in ["tests", "interpreter", "lang", "cli", "lsp"] {
        for path in disk::files(&disk::repository().join(folder), ".rs") {
            let text = std::fs::read_to_string(&path).expect("a test can be read");
            let asks = text.contains("var_os(\"CI\")") || text.contains("print!(\"skipped");
            let says = text.contains("println!(\"skipped");
            if (asks || says) && !path.ends_with("peers.rs") && !path.ends_with("skipped.rs") {
                others.push(path);
            }
        }
    }
    assert!(others.is_empty(), "these ask for CI themselves, or say that they skip: {others:#?}");
    let run = std::fs::read_to_string(disk::folder("run")).expect("it is there");
    assert!(run.contains("tests/counted cargo test"), "tests/run counts");
}
