//! The meaning of written types.

use std::sync::Arc;

use super::Declarer;
use crate::ast::{Name, TypeExpr, TypeKind};
use crate::check::types::{Refinement, RefinementId, Type};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, MAX_GUESSES, closest};
use crate::elsewhere::row;
use crate::resolve::Global;
use crate::span::Span;

/// The built-in types, by name.
pub(crate) const BUILT_IN: &[(&str, Type)] = &[
    ("address", Type::Address),
    ("anything", Type::Anything),
    ("bool", Type::Bool),
    ("calendar", Type::Calendar),
    ("data", Type::Data),
    ("duration", Type::Duration),
    ("file", Type::File),
    ("float", Type::Float),
    ("hostname", Type::Hostname),
    ("image", Type::Image),
    ("int", Type::Int),
    ("mode", Type::Mode),
    ("module", Type::Module),
    ("nix", Type::Nix),
    ("path", Type::Path),
    ("port", Type::Port),
    ("ports", Type::Ports),
    ("sealed", Type::Sealed),
    ("size", Type::Size),
    ("string", Type::String),
    ("subnet", Type::Subnet),
    ("url", Type::Url),
];

/// What people call types elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("integer", "int"),
    ("double", "float"),
    ("ip", "address"),
    ("cidr", "subnet"),
    ("any", "data"),
    ("json", "data"),
    ("list", "[T]"),
    ("map", "{T}"),
];

impl Declarer<'_> {
    /// The type that a type expression means; `Unknown` after a report.
    pub(super) fn written(&mut self, ty: &TypeExpr) -> Type {
        crate::stack::grow(|| match &ty.kind {
            TypeKind::Name(name) => self.named(name),
            TypeKind::Ref(name) => self.reference(name),
            TypeKind::Optional(inner) => self.written(inner).optional(),
            TypeKind::List(inner) => Type::List(Arc::new(self.written(inner))),
            TypeKind::Set(inner) => Type::Set(Arc::new(self.written(inner))),
            TypeKind::Map(inner) => Type::Map(Arc::new(self.written(inner))),
            TypeKind::Union(members) => self.union(members),
            TypeKind::Where(base, condition) => {
                let base = self.written(base);
                let optional = matches!(base, Type::Optional(_));
                // A condition is about what is there.
                let base = base.required().clone();
                let id = RefinementId(self.declarations.refinements.len() as u32);
                self.declarations.refinements.push(Refinement {
                    base: base.clone(),
                    condition: Arc::clone(condition),
                    doc: None,
                });
                let ty = Type::Where(Arc::new(base), id);
                if optional { ty.optional() } else { ty }
            }
            TypeKind::Fn(params, result) => {
                let params: Vec<Type> = params.iter().map(|param| self.written(param)).collect();
                Type::Fn(params.into(), Arc::new(self.written(result)))
            }
            TypeKind::Error => Type::Unknown,
        })
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a union is flat")]
    fn union(&mut self, members: &[TypeExpr]) -> Type {
        let mut optional = false;
        let mut types = Vec::new();
        for member in members {
            let mut ty = self.written(member);
            while let Type::Optional(inner) = ty {
                optional = true;
                ty = (*inner).clone();
            }
            types.push((ty, member.span));
        }
        // A name may stand for a union.
        let mut all = Vec::new();
        for (ty, _) in &types {
            match ty {
                Type::Union(members) => all.extend(members.iter().cloned()),
                _ => all.push(ty.clone()),
            }
        }
        let union = Type::Union(all.into());
        self.unions.push(types);
        if optional { union.optional() } else { union }
    }

    fn named(&mut self, name: &Name) -> Type {
        if let Some(built_in) = built_in(&name.text) {
            return built_in;
        }
        // Before what the fleet declares: a kind called `b` is none of the library's.
        if self.variables && name.text.len() == 1 {
            return Type::Variable(Arc::clone(&name.text));
        }
        self.refuse_private(name);
        match self.scopes.get(name.span.file, &name.text) {
            Some(Global::Schema(id)) => return Type::Record(id),
            Some(Global::Enum(id)) => return Type::Enum(id),
            Some(Global::Type(id)) => return self.type_name(id),
            Some(Global::Let(_) | Global::Function(_) | Global::Module(_)) | None => {}
        }
        if let Some(schema) = self.kinds.get(&name.text) {
            return Type::Ref(*schema);
        }
        self.unknown(name, true)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no record is refused below")]
    fn reference(&mut self, name: &Name) -> Type {
        self.refuse_private(name);
        if let Some(Global::Schema(id)) = self.scopes.get(name.span.file, &name.text) {
            return Type::Ref(id);
        }
        if let Some(Global::Type(id)) = self.scopes.get(name.span.file, &name.text) {
            match self.type_name(id).unconditional() {
                Type::Record(id) => return Type::Ref(*id),
                Type::Unknown => return Type::Unknown,
                _ => {}
            }
        }
        if let Some(schema) = self.kinds.get(&name.text) {
            let diagnostic = Diagnostic::error(
                names::UNKNOWN_TYPE,
                name.span,
                format!("`&` stands before a schema, and `{}` is a kind", name.text),
            )
            .help(format!("a kind's name in a type is a reference already: write `{}`", name.text));
            self.diagnostics.push(diagnostic);
            return Type::Ref(*schema);
        }
        self.unknown(name, false)
    }

    fn unknown(&mut self, name: &Name, all: bool) -> Type {
        let file = name.span.file;
        if self.scopes.is_broken(file, &name.text) {
            return Type::Unknown;
        }
        let text = &*name.text;
        if let Some((module, inner)) = text.split_once('.') {
            return self.unknown_in_module(name, module, inner, all);
        }
        let mut diagnostic =
            Diagnostic::error(names::UNKNOWN_TYPE, name.span, format!("there is no type `{text}`"));
        if let Some(row) = row("type", text) {
            let diagnostic = row.tell(diagnostic, name.span);
            self.diagnostics.push(diagnostic);
            return Type::Unknown;
        }
        let elsewhere = ELSEWHERE.iter().find(|(wrong, _)| *wrong == text);
        if elsewhere.is_none() && self.diagnostics.len() >= MAX_GUESSES {
            self.diagnostics.push(diagnostic);
            return Type::Unknown;
        }
        let known: Vec<&str> = self
            .scopes
            .names(file)
            .filter(|(_, global)| match global {
                Global::Schema(_) => true,
                Global::Enum(_) | Global::Type(_) => all,
                Global::Let(_) | Global::Function(_) | Global::Module(_) => false,
            })
            .map(|(name, _)| name)
            .chain(self.kinds.keys().filter(|_| all).map(|kind| &**kind))
            .chain(BUILT_IN.iter().filter(|_| all).map(|(name, _)| *name))
            .collect();
        if let Some((_, right)) = elsewhere {
            diagnostic = diagnostic.help(format!("it is called `{right}` here"));
            if !right.contains('T') {
                diagnostic = diagnostic.fix(format!("replace by `{right}`"), name.span, *right);
            }
        } else if closest(text, known.iter().copied()).is_some() {
            diagnostic = diagnostic.suggest(text, name.span, known);
        } else if text.chars().count() == 1 {
            diagnostic = diagnostic.help("type variables belong to functions that are built in");
        }
        self.diagnostics.push(diagnostic);
        Type::Unknown
    }
}

impl Declarer<'_> {
    /// `shared.Hidden`: it is known what is meant, so it is taken all the same.
    fn refuse_private(&mut self, name: &Name) {
        self.diagnostics.extend(self.scopes.hidden(&self.declarations, name));
    }

    /// `shared.Bxo`: no type of that module, or no module.
    fn unknown_in_module(&mut self, name: &Name, module: &str, inner: &str, all: bool) -> Type {
        let file = name.span.file;
        if self.scopes.is_broken(file, module) {
            return Type::Unknown;
        }
        let Some(Global::Module(id)) = self.scopes.get(file, module) else {
            let diagnostic = Diagnostic::error(
                names::UNKNOWN_TYPE,
                name.span,
                format!("no file is imported as `{module}`"),
            )
            .help("before the point of a type stands a module: `import folder.file`, then `file.Type`");
            self.diagnostics.push(diagnostic);
            return Type::Unknown;
        };
        let start = name.span.end.saturating_sub(inner.len() as u32);
        let place = Name { text: inner.into(), span: Span { start, ..name.span } };
        let mut diagnostic = Diagnostic::error(
            names::UNKNOWN_TYPE,
            place.span,
            format!("`{module}` declares no type `{inner}`"),
        );
        if self.diagnostics.len() < MAX_GUESSES {
            let known = self.scopes.all_declared(id).filter(|(_, binding)| match binding.global {
                Global::Schema(_) => true,
                Global::Enum(_) | Global::Type(_) => all,
                Global::Let(_) | Global::Function(_) | Global::Module(_) => false,
            });
            let public = known.filter(|(_, it)| it.global.is_public(&self.declarations));
            diagnostic = diagnostic.suggest(inner, place.span, public.map(|(name, _)| &**name));
        }
        self.diagnostics.push(diagnostic);
        Type::Unknown
    }
}

/// The built-in type of a name.
pub(crate) fn built_in(name: &str) -> Option<Type> {
    BUILT_IN
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .and_then(|index| BUILT_IN.get(index))
        .map(|(_, ty)| ty.clone())
}

#[cfg(test)]
mod tests {
    use super::BUILT_IN;

    #[test]
    fn built_in_types_are_sorted() {
        assert!(BUILT_IN.is_sorted_by(|a, b| a.0 < b.0));
    }
}
