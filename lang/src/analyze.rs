//! The whole way from texts to a checked program.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Analysis;
use crate::ast::Expr;
use crate::check::run::{Checked, check, check_loose};
use crate::check::types::{FileTypes, Type};
use crate::diagnostic::codes::lexical::SOURCES_TOO_LARGE;
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
        sources.add(*path, world.library(path).unwrap_or_else(|| Arc::from(*text)));
    }
    for (path, text) in world.sources() {
        sources.add(path, text);
    }
    let large = too_large(world, &sources);
    let read = |source: &Arc<SourceFile>| match large.is_some() && !source.is_std() {
        // Half of a fleet would be full of names that nothing declares.
        true => Arc::new(parse(&SourceFile::new(source.id, Arc::clone(&source.path), ""))),
        false => cache.parse(source),
    };
    let files: BTreeMap<FileId, Arc<Parsed>> =
        sources.iter().map(read).map(|parsed| (parsed.file.id, parsed)).collect();
    cache.files.retain(|id, _| files.contains_key(id));
    let data = crate::data::open(world, &mut sources, &files);
    let Checked {
        files,
        declarations,
        imports,
        types,
        annotations,
        order,
        skipped,
        mut diagnostics,
    } = check(world, &sources, &files, &data);
    diagnostics.extend(files.values().flat_map(|parsed| parsed.diagnostics.iter().cloned()));
    diagnostics.extend(large);
    tidy(&mut diagnostics);
    Analysis {
        settings: data.settings.map(|(id, _)| id),
        sources,
        files,
        declarations,
        imports,
        types,
        annotations,
        order,
        skipped,
        diagnostics,
    }
}

/// The finding of sources that are more than a run may take, at the file with which they are.
fn too_large(world: &dyn World, sources: &SourceMap) -> Option<Diagnostic> {
    let limit = world.limits().sources;
    let own = || sources.iter().filter(|source| !source.is_std());
    let mut whole = 0_u64;
    let past = own().find(|source| {
        whole = whole.saturating_add(source.text.len() as u64);
        whole > limit
    });
    let file = past.or_else(|| own().last().filter(|_| world.is_cut()))?;
    let message =
        format!("with this file the sources of the fleet come to more than {limit} bytes");
    let finding = Diagnostic::error(SOURCES_TOO_LARGE, file.whole().head(), message);
    Some(
        finding
            .help("what is repeated may be a loop; a large text lies better beside the sources (`./file`)")
            .help("where the fleet is as large as that: `sources` below `[limits]` in qg.toml, with `memory`"),
    )
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
