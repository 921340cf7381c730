//! A whole file under a name: `import services.shared`, then `shared.media`.

use std::sync::Arc;

use super::checker::Checker;
use super::types::{Resolution, Type};
use crate::ast::{Expr, ExprKind, Key, Name};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, closest, first_of};
use crate::resolve::{Global, private};
use crate::span::FileId;

/// So many declarations of a module are named where none is near.
const SHOWN: usize = 12;

impl Checker<'_> {
    /// What a name means at the top of the file, unless something nearer has it.
    pub(super) fn global(&self, name: &str) -> Option<Global> {
        match self.cx.locals.iter().any(|local| *local.name == *name) {
            true => None,
            false => self.scopes.get(self.cx.file, name),
        }
    }

    /// The module that an expression before a point names. A kind of the same name is meant where the module
    /// declares nothing of that name.
    pub(super) fn module_named(&mut self, expr: &Expr, key: &Key) -> Option<FileId> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        let Some(Global::Module(module)) = self.global(&name.text) else { return None };
        let declares =
            key.literal().is_some_and(|key| self.scopes.declared(module, &key).is_some());
        if !declares && self.env.model_field(&name.text).is_some() {
            return None;
        }
        self.resolve(expr.id, Resolution::Module(module));
        Some(module)
    }

    /// `shared.media`
    pub(super) fn module_member(&mut self, expr: &Expr, module: FileId, key: &Key) -> Type {
        let path = self.sources.get(module).map(|it| Arc::clone(&it.path)).unwrap_or_default();
        let Some(text) = key.literal() else {
            let diagnostic = super::get::computed(key, &path);
            return self.wrong(expr, diagnostic);
        };
        let name = Name { text, span: key.span() };
        let Some(binding) = self.scopes.declared(module, &name.text) else {
            let diagnostic = self.not_in_module(module, &path, &name);
            return self.wrong(expr, diagnostic);
        };
        let hidden = !binding.global.is_public(self.env.declarations);
        if hidden {
            self.report(private(&name, &path, binding));
        }
        match self.global_value(binding.global, name.span) {
            Some((resolution, ty)) => {
                self.resolve(expr.id, resolution);
                self.narrowed(expr, ty)
            }
            None if hidden => {
                self.set_broken(expr.id);
                Type::Unknown
            }
            None => {
                let diagnostic = Diagnostic::error(
                    names::UNKNOWN_NAME,
                    expr.span,
                    format!("`{}` is a type, and here is wanted a value", self.text(expr.span)),
                )
                .also(binding.span, "declared here")
                .help("a variant of an enum is written behind it: `module.Enum.variant`");
                self.wrong(expr, diagnostic)
            }
        }
    }

    fn not_in_module(&self, module: FileId, path: &str, name: &Name) -> Diagnostic {
        let diagnostic = Diagnostic::error(
            names::IMPORT_NAME,
            name.span,
            format!("`{path}` declares no `{}`", name.text),
        );
        if !self.may_guess() {
            return diagnostic;
        }
        let declarations = self.env.declarations;
        let known: Vec<&str> = self
            .scopes
            .all_declared(module)
            .filter(|(_, binding)| binding.global.is_public(declarations))
            .map(|(name, _)| &**name)
            .collect();
        match closest(&name.text, known.iter().copied()) {
            Some(_) => diagnostic.suggest(&name.text, name.span, known),
            None if known.is_empty() => {
                diagnostic.help("nothing in it is public: write `pub` before a declaration")
            }
            None => diagnostic.help(format!("it has {}", first_of(&known, SHOWN, ", "))),
        }
    }

    /// Where a bare name is declared by a module that this file imports: how to write it.
    pub(super) fn in_a_module(&self, name: &str) -> Option<String> {
        let declarations = self.env.declarations;
        self.scopes.modules(self.cx.file).find_map(|(module, file)| {
            self.scopes.public(declarations, file, name)?;
            Some(format!("{module}.{name}"))
        })
    }
}
