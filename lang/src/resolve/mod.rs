//! Names of files: what each declares, what it imports, and what everyone sees.

mod collect;
mod imports;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use collect::{Collected, collect, duplicate};
pub(crate) use imports::private;

use crate::ast::Name;
use crate::check::types::{Declarations, EnumId, FunctionId, LetId, SchemaId, TypeNameId};
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};

/// A declaration at the top of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Global {
    Let(LetId),
    Function(FunctionId),
    Schema(SchemaId),
    Enum(EnumId),
    /// A name for a type.
    Type(TypeNameId),
    /// A whole file, whose public declarations are read behind a point.
    Module(FileId),
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
            Global::Type(id) => declarations.type_name(id).public,
            Global::Module(_) => true,
        }
    }
}

/// A name that an import binds, for whoever asks what an import means.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it is called in the file that imports it.
    pub name: Name,
    /// The place of what is named: the last of the path, or a name in braces.
    pub named: Span,
    /// The folders and the file before that.
    pub way: Span,
    /// The file of the declaration.
    pub file: FileId,
    pub global: Global,
}

/// Where a global name was bound in a file: its declaration there, or its import.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub global: Global,
    pub span: Span,
    /// Whether an import bound it.
    pub imported: bool,
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
    /// What a name means in a file: its own declarations and imports first. Of `shared.Box` it is what the
    /// module has in public.
    #[must_use]
    pub fn get(&self, file: FileId, name: &str) -> Option<Global> {
        if let Some((module, name)) = name.split_once('.') {
            let Some(Global::Module(module)) = self.get(file, module) else { return None };
            return self.declared(module, name).map(|binding| binding.global);
        }
        self.files
            .get(&file)
            .and_then(|names| names.get(name))
            .or_else(|| self.prelude.get(name))
            .map(|binding| binding.global)
    }

    /// Whether a name of a file is what every file sees, and nothing of its own.
    #[must_use]
    pub fn is_lent(&self, file: FileId, name: &str) -> bool {
        self.prelude.contains_key(name)
            && !self.files.get(&file).is_some_and(|names| names.contains_key(name))
    }

    /// Whether the import of this name failed, so that nothing more is to be said about it.
    #[must_use]
    pub fn is_broken(&self, file: FileId, name: &str) -> bool {
        !self.broken.is_empty() && self.broken.contains(&(file, Arc::from(name)))
    }

    /// What a file itself declares under a name, in public or not.
    #[must_use]
    pub fn declared(&self, file: FileId, name: &str) -> Option<Binding> {
        let found = self.files.get(&file).and_then(|names| names.get(name)).copied();
        found.filter(|binding| !binding.imported)
    }

    /// What a file itself declares in public under a name.
    #[must_use]
    pub fn public(&self, declarations: &Declarations, file: FileId, name: &str) -> Option<Global> {
        let found = self.declared(file, name).map(|binding| binding.global);
        found.filter(|global| global.is_public(declarations))
    }

    /// The finding of `shared.Hidden`, where the module keeps that to itself.
    pub(crate) fn hidden(&self, declarations: &Declarations, name: &Name) -> Option<Diagnostic> {
        let (module, inner) = name.text.split_once('.')?;
        let Some(Global::Module(file)) = self.get(name.span.file, module) else { return None };
        let binding = self.declared(file, inner)?;
        let start = name.span.end.saturating_sub(inner.len() as u32);
        let name = Name { text: inner.into(), span: Span { start, ..name.span } };
        (!binding.global.is_public(declarations)).then(|| private(&name, module, binding))
    }

    /// Every name that a file itself declares.
    pub fn all_declared(&self, file: FileId) -> impl Iterator<Item = (&Arc<str>, Binding)> {
        let own = self.files.get(&file).into_iter().flatten();
        own.map(|(name, binding)| (name, *binding)).filter(|(_, binding)| !binding.imported)
    }

    /// What a file itself binds, imports included.
    pub(crate) fn own(&self, file: FileId) -> Option<&BTreeMap<Arc<str>, Binding>> {
        self.files.get(&file)
    }

    /// The modules that a file imports, by the names that they have there.
    pub fn modules(&self, file: FileId) -> impl Iterator<Item = (&Arc<str>, FileId)> {
        let own = self.files.get(&file).into_iter().flatten();
        own.filter_map(|(name, binding)| match binding.global {
            Global::Module(module) => Some((name, module)),
            Global::Let(_)
            | Global::Function(_)
            | Global::Schema(_)
            | Global::Enum(_)
            | Global::Type(_) => None,
        })
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

    /// The scope of a loose expression: everything public, and every function, of the whole fleet.
    #[must_use]
    pub fn whole_fleet(file: FileId, declarations: &Declarations) -> Scopes {
        let mut names = BTreeMap::new();
        let mut add = |name: &Arc<str>, global, span: Span| {
            // Later files are the user's; their names win over the standard library's.
            names.insert(Arc::clone(name), Binding { global, span, imported: false });
        };
        for it in &declarations.schemas {
            add(&it.name, Global::Schema(it.id), it.span);
        }
        for it in &declarations.enums {
            add(&it.name, Global::Enum(it.id), it.span);
        }
        for it in &declarations.names {
            add(&it.name, Global::Type(it.id), it.span);
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
