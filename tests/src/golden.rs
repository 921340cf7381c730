//! Golden cases: a small fleet, and the files it must give, side by side.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use qg_interpreter::build;
use qg_lang::diagnostic::Diagnostic;

use crate::disk;

/// A file in the case folder that names, one per line, the beginnings of the output paths that the
/// case is about. Without it, the case is about all files.
const ONLY: &str = "only";

/// The folders below `tests/golden` that are cases: those that hold an `expected` folder or sources.
///
/// # Panics
/// Where a folder cannot be read.
#[must_use]
pub fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = disk::files(&disk::folder("golden"), ".qg")
        .iter()
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    cases.dedup();
    cases
}

/// What a case makes, by path.
///
/// # Errors
/// The findings of its sources.
///
/// # Panics
/// Where a file of the case cannot be read.
pub fn outputs(case: &Path) -> Result<BTreeMap<String, String>, String> {
    let world = disk::world(case, &[""]);
    let built = build(&world);
    if built.fleet.is_none() || !built.diagnostics.is_empty() {
        return Err(in_words(&built.diagnostics, &built.analysis.sources));
    }
    let only = fs::read_to_string(case.join(ONLY)).unwrap_or_default();
    let wanted = |path: &str| only.is_empty() || only.lines().any(|it| path.starts_with(it.trim()));
    let files = built.output.into_iter().filter(|file| wanted(&file.path));
    Ok(files.map(|file| (file.path, file.text)).collect())
}

/// What a case is expected to make, by path.
///
/// # Panics
/// Where a file of the case cannot be read.
#[must_use]
pub fn expected(case: &Path) -> BTreeMap<String, String> {
    let folder = case.join("expected");
    if !folder.is_dir() {
        return BTreeMap::new();
    }
    disk::files(&folder, "")
        .iter()
        .map(|path| {
            let below = path.strip_prefix(&folder).expect("it lies below").to_string_lossy();
            (below.into_owned(), fs::read_to_string(path).expect("a golden file can be read"))
        })
        .collect()
}

/// Writes what a case makes as what it is expected to make.
///
/// # Panics
/// Where that cannot be written.
pub fn bless(case: &Path, outputs: &BTreeMap<String, String>) {
    let folder = case.join("expected");
    if folder.is_dir() {
        fs::remove_dir_all(&folder).expect("the old files go");
    }
    for (path, text) in outputs {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it lies below")).expect("a folder");
        fs::write(path, text).expect("a golden file can be written");
    }
}

/// Findings, one per line.
#[must_use]
pub fn in_words(findings: &[Diagnostic], sources: &qg_lang::source::SourceMap) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|it| format!("{} {} {}", sources.place(it.primary.span), it.code.id, it.message))
        .collect();
    lines.join("\n")
}

/// The first line that differs, with both texts.
#[must_use]
pub fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (mut a, mut b) = (expected.lines(), found.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (a.next(), b.next()) {
            (None, None) => return Some("only their last line ends differ".to_owned()),
            (a, b) if a == b => {}
            (a, b) => {
                let shown = |line: Option<&str>| line.unwrap_or("(the end)").to_owned();
                return Some(format!(
                    "line {number}\n    expected {}\n    found    {}",
                    shown(a),
                    shown(b)
                ));
            }
        }
    }
}
