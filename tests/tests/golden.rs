//! Small cases per target: `golden/TARGET/CASE/*.qg`, and the files it makes in `expected/`.
//! `QG_BLESS=1` takes what is made now as what is expected.

use std::collections::BTreeSet;

use qg_tests::{disk, golden};

#[test]
fn golden_files_are_as_expected() {
    let bless = std::env::var_os("QG_BLESS").is_some();
    let only = std::env::var("QG_SUITE").unwrap_or_default();
    let mut wrong = Vec::new();
    for case in golden::cases() {
        let shown = case.strip_prefix(disk::repository()).unwrap_or(&case).display().to_string();
        if !shown.contains(&only) {
            continue;
        }
        let outputs = match golden::outputs(&case) {
            Ok(outputs) => outputs,
            Err(findings) => {
                wrong.push(format!("{shown} has findings:\n{findings}"));
                continue;
            }
        };
        if bless {
            golden::bless(&case, &outputs);
            continue;
        }
        let expected = golden::expected(&case);
        if expected.is_empty() {
            wrong.push(format!("{shown} expects no file"));
        }
        let paths: BTreeSet<&String> = expected.keys().chain(outputs.keys()).collect();
        for path in paths {
            match (expected.get(path), outputs.get(path)) {
                (Some(a), Some(b)) => {
                    if let Some(difference) = golden::difference(a, b) {
                        wrong.push(format!("{shown}/expected/{path}: {difference}"));
                    }
                }
                (Some(_), None) => wrong.push(format!("{shown}: {path} is not made")),
                (None, _) => wrong.push(format!("{shown}: {path} is made and not expected")),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n\n(QG_BLESS=1 cargo test -p qg-tests --test golden takes the new files)",
        wrong.join("\n\n")
    );
}

#[test]
fn there_are_golden_cases() {
    assert!(!golden::cases().is_empty());
}
