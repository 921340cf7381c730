//! The output as a whole: files that have no place in one folder.

use std::collections::BTreeMap;

use qg_fleet::checks::place::first_place;
use qg_fleet::leaf::OriginId;
use qg_fleet::path::{NAME_MAX, folders_above};
use qg_lang::diagnostic::codes::target;
use qg_lang::diagnostic::{Diagnostic, Label};
use qg_lang::span::Span;

use super::OutputCheck;
use crate::{OutputFile, Prepared};

pub(super) const CHECK: OutputCheck = OutputCheck { codes: &[target::OUTPUT_PATH], run };

/// The longest path, less what may stand before it (`PATH_MAX` of Linux is 4096).
const PATH: usize = 3072;

fn run(fleet: &Prepared<'_>, files: &[OutputFile], out: &mut Vec<Diagnostic>) {
    // What has an error is not written.
    if fleet.partial || out.iter().any(Diagnostic::is_error) {
        return;
    }
    let mut known: BTreeMap<String, Span> = BTreeMap::new();
    for file in files {
        let span = place(fleet, file);
        let refused = |what: String| {
            Diagnostic::error(
                target::OUTPUT_PATH,
                span,
                format!("{} of the output {what}", file.path),
            )
        };
        if let Some(why) = odd(&file.path) {
            out.push(refused(why).help("give what it is named after another name"));
            continue;
        }
        if let Some(other) = known.insert(file.path.clone(), span) {
            let finding = refused("would be written twice".to_owned()).also(other, "the other one");
            let primary = Label { span: by_lines(fleet, file), ..finding.primary.clone() };
            out.push(Diagnostic { primary, ..finding });
        }
    }
    for (path, span) in &known {
        for folder in folders_above(path) {
            if let Some(other) = known.get(folder) {
                let message = format!("{path} of the output would lie below a file");
                let finding = Diagnostic::error(target::OUTPUT_PATH, *span, message);
                out.push(finding.also(*other, format!("this one is {folder}")));
            }
        }
    }
}

/// Why a file cannot have such a path.
fn odd(path: &str) -> Option<String> {
    let parts = || path.split('/');
    if parts().any(|part| matches!(part, "" | "." | "..")) || path.contains(['\0', '\n', '\r']) {
        return Some("has a name that no file has".to_owned());
    }
    if parts().any(|part| part.len() > NAME_MAX) {
        return Some(format!("has a name of more than {NAME_MAX} bytes"));
    }
    (path.len() > PATH).then(|| format!("has a path of more than {PATH} bytes"))
}

/// Who made a file: a script by its name, otherwise whoever made its first line that somebody made.
fn place(fleet: &Prepared<'_>, file: &OutputFile) -> Span {
    let key = file.path.split_once("/scripts/").and_then(|(_, name)| name.strip_suffix(".sh"));
    if let Some(script) = key.and_then(|key| fleet.model.script.get(key)) {
        return first_place(fleet, &[script.origin]);
    }
    by_lines(fleet, file)
}

fn by_lines(fleet: &Prepared<'_>, file: &OutputFile) -> Span {
    let origins: Vec<OriginId> = file.lines.iter().flatten().copied().collect();
    first_place(fleet, &origins)
}
