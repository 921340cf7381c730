//! Names of files: what each declares, what it imports, and what everyone sees.

mod collect;
mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use collect::{Collected, collect, duplicate};

use crate::check::types::{Declarations, EnumId, FunctionId, LetId, SchemaId};
use crate::span::{FileId, Span};

/// A declaration at the top of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Global {
    Let(LetId),
    Function(FunctionId),
    Schema(SchemaId),
    Enum(EnumId),
}

impl Global {
    /// Whether other files may import it.
    #[must_use]
    pub fn is_public(self, declarations: &Declarations) -> bool {
        match self {
            Global::Let(id) => declarations.global_let(id).public,
            Global::Function(id) => declarations.function(id).public,
            Global::Schema(id) => declarations.schema(id).public,
            Global::Enum(id) => declarations.enumeration(id).public,
        }
    }
}

/// Where a global name was bound in a file: its declaration there, or its import.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub global: Global,
    pub span: Span,
}

/// The global names that each file sees.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    files: BTreeMap<FileId, BTreeMap<Arc<str>, Binding>>,
    /// What every file sees: schemas and enums of the standard library, functions of its prelude.
    prelude: BTreeMap<Arc<str>, Binding>,
    /// Names whose import was reported: what they mean is unknown.
    broken: BTreeSet<(FileId, Arc<str>)>,
}

impl Scopes {
    /// What a name means in a file: its own declarations and imports first.
    #[must_use]
    pub fn get(&self, file: FileId, name: &str) -> Option<Global> {
        self.files
            .get(&file)
            .and_then(|names| names.get(name))
            .or_else(|| self.prelude.get(name))
            .map(|binding| binding.global)
    }

    /// Whether the import of this name failed, so that nothing more is to be said about it.
    #[must_use]
    pub fn is_broken(&self, file: FileId, name: &str) -> bool {
        !self.broken.is_empty() && self.broken.contains(&(file, Arc::from(name)))
    }

    /// Every global name a file sees.
    pub fn names(&self, file: FileId) -> impl Iterator<Item = (&str, Global)> {
        self.files
            .get(&file)
            .into_iter()
            .flatten()
            .chain(&self.prelude)
            .map(|(name, binding)| (&**name, binding.global))
    }

    /// What a file itself binds, imports included.
    pub fn own(&self, file: FileId) -> Option<&BTreeMap<Arc<str>, Binding>> {
        self.files.get(&file)
    }

    /// The scope of a loose expression: everything public, and every function, of the whole fleet.
    #[must_use]
    pub fn whole_fleet(file: FileId, declarations: &Declarations) -> Scopes {
        let mut names = BTreeMap::new();
        let mut add = |name: &Arc<str>, global, span: Span| {
            // Later files are the user's; their names win over the standard library's.
            names.insert(Arc::clone(name), Binding { global, span });
        };
        for it in &declarations.schemas {
            add(&it.name, Global::Schema(it.id), it.span);
        }
        for it in &declarations.enums {
            add(&it.name, Global::Enum(it.id), it.span);
        }
        for it in &declarations.functions {
            add(&it.name, Global::Function(it.id), it.span);
        }
        for it in declarations.lets.iter().filter(|it| it.public) {
            add(&it.name, Global::Let(it.id), it.span);
        }
        Scopes { files: BTreeMap::from([(file, names)]), ..Scopes::default() }
    }
}
