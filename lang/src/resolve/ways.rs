//! Which file an import's path leads to: it begins at the root of whoever says it, the fleet or a library, or with the
//! name of a library.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use crate::ast::Name;
use crate::source::{SourceMap, library_of};
use crate::span::FileId;

/// The library that a file is of; none for the fleet itself.
pub(super) type Home<'s> = Option<&'s str>;

pub(super) struct Ways<'s> {
    files: BTreeMap<&'s str, FileId>,
    libraries: BTreeSet<&'s str>,
}

impl<'s> Ways<'s> {
    pub(super) fn new(sources: &'s SourceMap) -> Ways<'s> {
        let files: BTreeMap<&str, FileId> =
            sources.iter().map(|source| (&*source.path, source.id)).collect();
        let libraries = files.keys().filter_map(|path| library_of(path)).collect();
        Ways { files, libraries }
    }

    /// Every file, in the order of the paths.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'s str, FileId)> {
        self.files.iter().map(|(path, id)| (*path, *id))
    }

    pub(super) fn path_of(&self, file: FileId) -> &'s str {
        self.all().find(|(_, id)| *id == file).map_or("", |(path, _)| path)
    }

    pub(super) fn home(&self, file: FileId) -> Home<'s> {
        library_of(self.path_of(file))
    }

    pub(super) fn find(&self, home: Home<'s>, names: &[impl Borrow<Name>]) -> Option<FileId> {
        self.files.get(&*self.path(home, names)).copied()
    }

    /// The file that a path means, whether it is there or not: `std.images` is `<std>/images.qg`, `services.arr` is
    /// `services/arr.qg`, or `<house>/services/arr.qg` in the library `house`.
    pub(super) fn path(&self, home: Home<'s>, names: &[impl Borrow<Name>]) -> String {
        let (root, named) = self.enter(home, names);
        let parts = names.iter().skip(usize::from(named)).map(|name| &*name.borrow().text);
        format!("{}{}.qg", prefix(root), parts.collect::<Vec<_>>().join("/"))
    }

    /// Where a path begins, and whether its first name says so. What a library has itself comes before the names that
    /// a fleet gives to others.
    pub(super) fn enter(&self, home: Home<'s>, names: &[impl Borrow<Name>]) -> (Home<'s>, bool) {
        let Some(first) = names.first().map(|first| &*first.borrow().text) else {
            return (home, false);
        };
        let own = home.is_some() && {
            let (file, folder) =
                (format!("{}{first}.qg", prefix(home)), format!("{}{first}/", prefix(home)));
            self.files.keys().any(|path| **path == *file || path.starts_with(&folder))
        };
        match self.libraries.get(first) {
            Some(library) if !own => (Some(library), true),
            Some(_) | None => (home, false),
        }
    }

    /// How a file is written in an import of a file that is at home somewhere.
    pub(super) fn dotted(&self, home: Home<'s>, path: &str) -> String {
        let root = library_of(path);
        let rest = path.strip_prefix(&prefix(root)).unwrap_or(path);
        let rest = rest.strip_suffix(".qg").unwrap_or(rest).replace('/', ".");
        match root {
            Some(root) if Some(root) != home => format!("{root}.{rest}"),
            Some(_) | None => rest,
        }
    }
}

/// What the paths of a root begin with.
fn prefix(home: Home<'_>) -> String {
    home.map_or_else(String::new, |library| format!("<{library}>/"))
}
