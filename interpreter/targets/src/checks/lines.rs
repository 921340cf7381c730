//! What no line of a file can hold. The targets leave it out where they write it and say so, and each such word
//! becomes a finding here: there is no second list of what is written.

use std::collections::BTreeSet;

use qg_fleet::checks::place::{own_place, told};
use qg_lang::diagnostic::{Code, Diagnostic, codes};
use qg_lang::span::Span;

use super::OutputCheck;
use crate::{OutputFile, Prepared};

pub(super) const CHECK: OutputCheck =
    OutputCheck { codes: &[codes::target::QUADLET_VALUE, codes::target::LINE], run };

fn run(fleet: &Prepared<'_>, files: &[OutputFile], out: &mut Vec<Diagnostic>) {
    let mut told = told(out);
    for file in files {
        found(fleet, file, &mut told, out);
    }
}

fn found(
    fleet: &Prepared<'_>,
    file: &OutputFile,
    told: &mut BTreeSet<Span>,
    out: &mut Vec<Diagnostic>,
) {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    for refusal in &file.refused {
        // What has an error is empty here, and that is told already.
        if fleet.partial && refusal.text.is_empty() {
            continue;
        }
        let span = own_place(fleet, &refusal.by);
        if !told.insert(span) {
            continue;
        }
        let message = format!("{name} cannot hold {:?}: it {}", refusal.text, refusal.why);
        out.push(
            Diagnostic::error(code(file), span, message)
                .help("say it without, or put it into a file that is read by its path"),
        );
    }
}

fn code(file: &OutputFile) -> Code {
    let in_folder = |folder: &str| file.path.split('/').nth(2) == Some(folder);
    if in_folder("quadlet") { codes::target::QUADLET_VALUE } else { codes::target::LINE }
}
