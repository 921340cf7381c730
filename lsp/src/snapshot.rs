//! One build of a fleet, as requests see it: it never changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use qg_interpreter::Build;
use qg_lang::ParseCache;
use qg_lang::check::env::{Env, Tables};
use qg_lang::source::SourceFile;
use qg_lang::span::{FileId, Span};
use tower_lsp::lsp_types::{Location, Position, Range, Url};

use crate::convert::{self, Encoding};
use crate::library::Library;
use crate::project::{EditorProject, Overlay};

pub(crate) struct Snapshot {
    pub(crate) build: Build,
    /// What was built.
    pub(crate) world: Overlay,
    pub(crate) trees: ParseCache,
    /// Whose fleet it is; none for one that no editor shows.
    pub(crate) project: Option<Arc<dyn EditorProject>>,
    /// The open texts, by their name in the fleet: how the client calls them, and their version.
    pub(crate) open: BTreeMap<Arc<str>, (Url, i32)>,
    pub(crate) encoding: Encoding,
    pub(crate) library: Arc<Library>,
    pub(crate) tables: OnceLock<Tables>,
}

impl Snapshot {
    /// The same fleet with another text in one file, checked but not evaluated.
    pub(crate) fn with_text(&self, name: Arc<str>, text: Arc<str>) -> Snapshot {
        let mut world = self.world.clone();
        world.open.insert(name, text);
        let mut trees = self.trees.clone();
        let analysis = qg_lang::analyze_with(&world, &mut trees);
        Snapshot {
            build: Build::unevaluated(analysis),
            world,
            trees,
            project: self.project.clone(),
            open: self.open.clone(),
            encoding: self.encoding,
            library: Arc::clone(&self.library),
            tables: OnceLock::new(),
        }
    }

    pub(crate) fn file(&self, name: &str) -> Option<&Arc<SourceFile>> {
        self.build.analysis.sources.by_path(name)
    }

    pub(crate) fn source(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.build.analysis.sources.get(id)
    }

    /// What follows from the declarations.
    pub(crate) fn env(&self) -> Env<'_> {
        let declarations = &self.build.analysis.declarations;
        Env { declarations, tables: self.tables.get_or_init(|| Tables::new(declarations)) }
    }

    pub(crate) fn offset(&self, source: &SourceFile, position: Position) -> u32 {
        convert::source_offset(source, position, self.encoding)
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        self.source(span.file)
            .map_or_else(Range::default, |source| convert::range(source, span, self.encoding))
    }

    /// The address of a file; one of the standard library is written where an editor can open it.
    pub(crate) fn url(&self, id: FileId) -> Option<Url> {
        let source = self.source(id)?;
        if source.is_std() {
            return convert::url_of(&self.library.file(&source.path)?);
        }
        match self.open.get(&source.path) {
            Some((url, _)) => Some(url.clone()),
            None => convert::url_of(&self.on_disk(&source.path)?),
        }
    }

    /// Where a file of the fleet or of a library lies.
    pub(crate) fn on_disk(&self, name: &str) -> Option<PathBuf> {
        Some(self.project.as_ref()?.path_of(name))
    }

    pub(crate) fn location(&self, span: Span) -> Option<Location> {
        Some(Location { uri: self.url(span.file)?, range: self.range(span) })
    }
}
