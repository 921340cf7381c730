//! What a file was to say of one place in two ways. Whoever puts it together keeps both and says so, and each such pair
//! becomes a finding here: there is no second reading of what is written.

use qg_fleet::checks::place::{first_place, told};
use qg_lang::diagnostic::{Diagnostic, codes};

use super::OutputCheck;
use crate::{OutputFile, Prepared, Twice};

pub(super) const CHECK: OutputCheck = OutputCheck { codes: &[codes::target::SAID_TWICE], run };

fn run(fleet: &Prepared<'_>, files: &[OutputFile], out: &mut Vec<Diagnostic>) {
    let mut known = told(out);
    for file in files {
        for it in &file.twice {
            let finding = clash(fleet, &file.path, it);
            // What is told of both together, or of this one, is enough.
            let places = (finding.primary.span, first_place(fleet, &it.first.1));
            let around = |at: &qg_lang::span::Span, part: qg_lang::span::Span| {
                at.file == part.file && at.start <= part.start && part.end <= at.end
            };
            let is_told = known
                .iter()
                .any(|at| *at == places.0 || around(at, places.0) && around(at, places.1));
            if !is_told {
                known.insert(places.0);
                out.push(finding);
            }
        }
    }
}

fn clash(fleet: &Prepared<'_>, file: &str, twice: &Twice) -> Diagnostic {
    let name = file.rsplit('/').next().unwrap_or(file);
    let message = format!(
        "{name} would say {} twice: `{}` and `{}`",
        twice.what, twice.first.0, twice.second.0
    );
    Diagnostic::error(codes::target::SAID_TWICE, first_place(fleet, &twice.second.1), message)
        .also(first_place(fleet, &twice.first.1), "the other one")
        .help(twice.help)
}
