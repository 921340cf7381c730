//! The whole way from texts to a checked program.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Analysis;
use crate::ast::Expr;
use crate::check::run::{Checked, check, check_loose};
use crate::check::types::{FileTypes, Type};
use crate::diagnostic::{Diagnostic, tidy};
use crate::parser::{Parsed, parse};
use crate::source::{SourceFile, SourceMap};
use crate::span::FileId;
use crate::stack::roomy;
use crate::world::World;

/// Trees of earlier runs, so that a file that did not change is not parsed again.
#[derive(Clone, Debug, Default)]
pub struct ParseCache {
    /// By the number of the file: spans hold it.
    files: BTreeMap<FileId, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    path: Arc<str>,
    text: Arc<str>,
    parsed: Arc<Parsed>,
}

impl ParseCache {
    fn parse(&mut self, source: &SourceFile) -> Arc<Parsed> {
        if let Some(entry) = self.files.get(&source.id)
            && entry.path == source.path
            && entry.text == source.text
        {
            return Arc::clone(&entry.parsed);
        }
        let parsed = Arc::new(parse(source));
        let entry = Entry {
            path: Arc::clone(&source.path),
            text: Arc::clone(&source.text),
            parsed: Arc::clone(&parsed),
        };
        self.files.insert(source.id, entry);
        parsed
    }
}

/// Loads the standard library and all sources of a world, parses, resolves and types them.
/// It never fails: what is wrong is in the diagnostics.
#[must_use]
pub fn analyze(world: &dyn World) -> Analysis {
    analyze_with(world, &mut ParseCache::default())
}

/// Like [`analyze`], with the trees of earlier runs at hand.
#[must_use]
pub fn analyze_with(world: &dyn World, cache: &mut ParseCache) -> Analysis {
    roomy(|| analyzed(world, cache))
}

fn analyzed(world: &dyn World, cache: &mut ParseCache) -> Analysis {
    let mut sources = SourceMap::default();
    for (path, text) in qg_stdlib::FILES {
        sources.add(*path, *text);
    }
    for (path, text) in world.sources() {
        sources.add(path, text);
    }
    let files: BTreeMap<FileId, Arc<Parsed>> =
        sources.iter().map(|source| (source.id, cache.parse(source))).collect();
    cache.files.retain(|id, _| files.contains_key(id));
    let Checked { declarations, types, annotations, order, skipped, mut diagnostics } =
        check(world, &sources, &files);
    diagnostics.extend(files.values().flat_map(|parsed| parsed.diagnostics.iter().cloned()));
    tidy(&mut diagnostics);
    Analysis { sources, files, declarations, types, annotations, order, skipped, diagnostics }
}

/// Types a loose expression, as the REPL reads it, against a whole fleet: kinds, public `let`s and
/// every function are visible, and `locals`. `exprs` is one more than its largest id.
#[must_use]
pub fn check_expr(
    analysis: &Analysis,
    source: &SourceFile,
    expr: &Arc<Expr>,
    exprs: u32,
    locals: &BTreeMap<Arc<str>, Type>,
) -> (Type, FileTypes, Vec<Diagnostic>) {
    roomy(|| check_loose(analysis, source, expr, exprs, locals))
}
