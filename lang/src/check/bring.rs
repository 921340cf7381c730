//! Data and settings, brought into the program: as expressions and items whose places are in their own files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::env::{Env, Tables};
use super::types::{Declarations, LetId};
use crate::ast::{Body, File};
use crate::data::shape::Shaper;
use crate::data::{self, Opened};
use crate::diagnostic::Diagnostic;
use crate::parser::Parsed;
use crate::source::SourceMap;
use crate::span::{FileId, Span};

pub(super) struct Brought {
    /// A file of data has no items; one of settings has those of its environment.
    pub(super) files: BTreeMap<FileId, Arc<Parsed>>,
    pub(super) found: Vec<Diagnostic>,
}

/// Gives each `let` of `imported` the value that stands in its file, and the settings their items.
pub(super) fn bring(
    declarations: &mut Declarations,
    tables: &Tables,
    imported: &[(LetId, Span)],
    sources: &SourceMap,
    opened: &Opened,
) -> Brought {
    let env = Env { declarations, tables };
    let mut shaper = Shaper { env, sources, next: BTreeMap::new(), found: Vec::new() };
    let mut read = BTreeMap::new();
    let mut values = Vec::new();
    for (id, span) in imported {
        let Some((file, format)) = opened.files.get(span) else { continue };
        let Some(source) = sources.get(*file) else { continue };
        let datum = read.entry(*file).or_insert_with(|| {
            let (datum, found) = data::read(*format, source);
            shaper.found.extend(found);
            datum
        });
        let want = &shaper.env.declarations.global_let(*id).ty;
        values.push((*id, shaper.expr(datum, want)));
    }
    let mut bodies = BTreeMap::new();
    if let Some((file, name)) = &opened.settings
        && let Some(source) = sources.get(*file)
    {
        bodies.insert(*file, data::settings(&mut shaper, source, name));
    }
    let Shaper { next, found, .. } = shaper;
    let all = next.keys().chain(bodies.keys()).chain(read.keys()).copied().collect::<Vec<_>>();
    let files = all.into_iter().filter_map(|id| {
        let span = sources.get(id)?.whole();
        let body = Arc::new(Body { items: bodies.get(&id).cloned().unwrap_or_default(), span });
        let file = File { id, body, exprs: next.get(&id).copied().unwrap_or(0) };
        Some((id, Arc::new(Parsed { file, comments: Vec::new(), diagnostics: Vec::new() })))
    });
    let files = files.collect();
    for (id, value) in values {
        declarations.lets[id.0 as usize].value = value;
    }
    Brought { files, found }
}
