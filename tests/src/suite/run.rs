//! Runs cases.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use qg_interpreter::{Build, build, targets};

use super::Case;
use super::compare::compare;
use crate::disk;

/// Runs every case below a folder of the suite and says all that is wrong.
/// `QG_SUITE=part` runs only the cases whose path holds that part.
///
/// # Panics
/// Where a case fails.
pub fn run(area: &str) {
    let only = std::env::var("QG_SUITE").unwrap_or_default();
    let folder = disk::folder("suite").join(area);
    let mut failed = Vec::new();
    let mut count = 0;
    for path in disk::files(&folder, ".qg") {
        let shown = path.strip_prefix(disk::repository()).unwrap_or(&path).display().to_string();
        if !shown.contains(&only) {
            continue;
        }
        count += 1;
        // A panic in one case must not hide the others.
        let wrong = catch_unwind(AssertUnwindSafe(|| one(&path)))
            .unwrap_or_else(|_| vec!["it panicked; see above".to_owned()]);
        if !wrong.is_empty() {
            failed.push(format!("{shown}\n  {}", wrong.join("\n").replace('\n', "\n  ")));
        }
    }
    assert!(failed.is_empty(), "{} of {count} cases:\n\n{}\n", failed.len(), failed.join("\n\n"));
    assert!(count > 0 || !only.is_empty(), "no cases in {}", folder.display());
}

/// What is wrong with one case.
fn one(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).expect("a case can be read");
    let text = qg_cli::world::decode(&bytes);
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let case = match Case::parse(&name, &text) {
        Ok(case) => case,
        Err(wrong) => return vec![wrong],
    };
    let mut built = build(&case.world);
    // What `qgc check --exposure` finds besides.
    if let Ok(exposure) = built.exposure() {
        let found = built.exposed(&exposure).unwrap_or_default();
        built.diagnostics.extend(found);
    }
    let mut found = built.diagnostics.clone();
    // What a test of the case expects is asked, too.
    let tests = built.test(&|_| true).unwrap_or_default();
    found.extend(tests.into_iter().flat_map(|it| it.findings));
    let mut wrong = compare(&case.findings, &found, &built.analysis.sources);
    for query in &case.queries {
        wrong.extend(ask(&built, query));
    }
    if let Some(fleet) = &built.fleet {
        let files = targets::render(fleet);
        for file in files {
            let (lines, rows) = (file.text.lines().count(), file.lines.len());
            if lines != rows {
                wrong.push(format!("{} has {lines} lines, and origins for {rows}", file.path));
            }
        }
    }
    wrong
}

fn ask(built: &Build, query: &super::Query) -> Option<String> {
    let super::Query { line, expr, json } = query;
    match built.query(expr) {
        Ok(found) if found == *json => None,
        Ok(found) => Some(format!("line {line}: {expr}\nexpected {json}\nfound    {found}")),
        Err(findings) => {
            let words: Vec<String> = findings
                .iter()
                .map(|it| format!("{} {} {:?}", it.code.id, it.message, it.help))
                .collect();
            Some(format!("line {line}: {expr}\n{}", words.join("\n")))
        }
    }
}
