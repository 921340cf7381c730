//! What is no mistake, and hardly meant: warnings about names. Each is read off the trees that the checker has
//! understood, and is silent where one of them could not be read.

mod deprecated;
mod hidden;
mod place;
mod quoted;
mod unread;
mod unused;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::env::Env;
use crate::check::types::FileTypes;
use crate::diagnostic::Diagnostic;
use crate::parser::Parsed;
use crate::resolve::Scopes;
use crate::source::SourceMap;
use crate::span::FileId;
use uses::Uses;

pub use deprecated::deprecation;
pub(crate) use deprecated::{field as deprecated_field, kind as deprecated_kind};

/// A checked program.
#[derive(Clone, Copy)]
pub(crate) struct Program<'a> {
    pub(crate) env: Env<'a>,
    pub(crate) scopes: &'a Scopes,
    pub(crate) sources: &'a SourceMap,
    pub(crate) files: &'a BTreeMap<FileId, Arc<Parsed>>,
    /// By [`FileId`].
    pub(crate) types: &'a [FileTypes],
}

/// The warnings about a program in which these mistakes were found. Those of the standard library are among them,
/// so that there are none.
pub(crate) fn lint(program: Program<'_>, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let wrong: BTreeSet<FileId> =
        found.iter().filter(|it| it.is_error()).map(|it| it.primary.span.file).collect();
    let entities = quoted::entities(program);
    // What another file may not see, and wants to, is not left over.
    let mut wanted = unused::imported(program);
    let errors = found.iter().filter(|it| it.is_error());
    wanted.extend(errors.flat_map(|it| &it.others).map(|other| other.span));
    for (file, parsed) in program.files {
        // What could not be read may use any name.
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            continue;
        }
        let uses = Uses::of(program, *file, &parsed.file.body);
        // Nor is a name left over where another one was misspelled.
        if !wrong.contains(file) {
            unused::find(program, *file, &parsed.file.body, &uses, &wanted, &mut out);
        }
        hidden::find(program, *file, &uses, &mut out);
        quoted::find(program, *file, &parsed.file.body, &entities, &mut out);
        deprecated::find(program, *file, &parsed.file.body, &mut out);
    }
    unread::find(program, &mut out);
    out
}
