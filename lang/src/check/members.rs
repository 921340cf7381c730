//! Members of unions: how each is called where a union is read. A member is called what its type is
//! called: `image`, `&Port`, `[string]`; the variants of an enum in a union by their own names.

use std::sync::Arc;

use super::checker::Checker;
use super::declare::built_in;
use super::env::Env;
use super::types::Type;
use crate::ast::{Case, TypeExpr, TypeKind};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{syntax, types};
use crate::resolve::Global;
use crate::span::Span;

impl Type {
    /// The members of a union, those of unions in it among them; none of any other type.
    #[must_use]
    pub fn members(&self) -> Vec<&Type> {
        let mut all = Vec::new();
        let mut todo = vec![self.base()];
        while let Some(ty) = todo.pop() {
            if let Type::Union(members) = ty.base() {
                todo.extend(members.iter().rev());
            } else if !std::ptr::eq(ty, self.base()) {
                all.push(ty);
            }
        }
        all
    }
}

/// What a case means of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meant {
    /// A member of the union.
    Member(Type),
    /// A variant of this enum, by its name.
    Variant(super::types::EnumId, Arc<str>),
}

impl Env<'_> {
    /// The member of a union as it is called.
    pub fn word(self, member: &Type) -> String {
        self.show(member.base())
    }

    /// What all the members are called, as code.
    pub(super) fn words(self, members: &[&Type]) -> Vec<String> {
        members.iter().map(|member| format!("`{}`", self.word(member))).collect()
    }
}

impl Checker<'_> {
    /// What a case means of a union; None after a report that no member is called that.
    #[expect(clippy::wildcard_enum_match_arm, reason = "enums alone have variants")]
    pub(super) fn member_called(&mut self, union: &Type, case: &Case) -> Option<Meant> {
        let members = union.members();
        let ty = match case {
            Case::Name(name) => {
                if let Some(diagnostic) = self.scopes.hidden(self.env.declarations, name) {
                    self.report(diagnostic);
                }
                self.type_called(&name.text)
            }
            Case::Type(ty) => Some(self.type_written(ty)),
        };
        if ty == Some(Type::Unknown) {
            return None;
        }
        let called = ty.as_ref().and_then(|ty| called(&members, ty));
        if let Some(member) = called {
            let member = member.clone();
            if let Some(types) = self.here() {
                types.members.insert(case.span(), member.clone());
            }
            return Some(Meant::Member(member));
        }
        if let Case::Name(name) = case {
            let variant = members.iter().find_map(|member| match member.base() {
                Type::Enum(id) => {
                    self.env.declarations.enumeration(*id).variant(&name.text).map(|_| *id)
                }
                _ => None,
            });
            if let Some(id) = variant {
                return Some(Meant::Variant(id, Arc::clone(&name.text)));
            }
        }
        let span = case.span();
        if let Some(diagnostic) = self.variant_with_enum(case) {
            self.report(diagnostic);
            return None;
        }
        let text = self.text(span);
        let mut known: Vec<String> = Vec::new();
        for member in &members {
            known.push(self.env.word(member));
            if let Type::Enum(id) = member.base() {
                let variants = &self.env.declarations.enumeration(*id).variants;
                known.extend(variants.iter().map(|variant| variant.name.to_string()));
            }
        }
        let mut diagnostic = Diagnostic::error(
            types::NOT_A_MEMBER,
            span,
            format!("{} is never a `{text}`", self.env.a(union.required())),
        );
        if self.may_guess() {
            diagnostic = diagnostic.suggest(text, span, known.iter().map(|word| &**word));
        }
        if diagnostic.fixes.is_empty() {
            let words = self.env.words(&members);
            diagnostic = diagnostic.help(format!("it is {}", words.join(" or ")));
        }
        self.report(diagnostic);
        None
    }

    /// `a is Login.own`
    pub(super) fn variant_with_enum(&self, case: &Case) -> Option<Diagnostic> {
        let Case::Name(name) = case else { return None };
        let (of, variant) = name.text.rsplit_once('.')?;
        let Some(Global::Enum(_) | Global::Type(_)) = self.scopes.get(self.cx.file, of) else {
            return None;
        };
        let end = name.span.end.saturating_sub(variant.len() as u32);
        let before = Span { end, ..name.span };
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            before,
            "behind `is` and in an arm stands the variant alone",
        )
        .help("write `a is sso`: the value tells of which enum")
        .fix("take the enum's name away", before, "");
        Some(diagnostic)
    }

    /// The type that a name means here.
    fn type_called(&self, name: &str) -> Option<Type> {
        if let Some(built_in) = built_in(name) {
            return Some(built_in);
        }
        match self.scopes.get(self.cx.file, name) {
            Some(Global::Schema(id)) => return Some(Type::Record(id)),
            Some(Global::Enum(id)) => return Some(Type::Enum(id)),
            Some(Global::Type(id)) => return Some(self.env.declarations.type_name(id).ty.clone()),
            Some(Global::Let(_) | Global::Function(_) | Global::Module(_)) | None => {}
        }
        self.env.tables.kinds.get(name).map(|id| Type::Ref(*id))
    }

    /// The meaning of a written type. Those in files are known; those of loose expressions are read here.
    fn type_written(&self, ty: &TypeExpr) -> Type {
        if let Some(known) = self.annotations.get(&ty.span) {
            return known.clone();
        }
        let inner = |ty: &TypeExpr| Arc::new(self.type_written(ty));
        match &ty.kind {
            TypeKind::Name(name) => self.type_called(&name.text).unwrap_or(Type::Unknown),
            TypeKind::Ref(name) => match self.type_called(&name.text) {
                Some(Type::Record(id) | Type::Ref(id)) => Type::Ref(id),
                Some(_) | None => Type::Unknown,
            },
            TypeKind::List(element) => Type::List(inner(element)),
            TypeKind::Set(element) => Type::Set(inner(element)),
            TypeKind::Map(element) => Type::Map(inner(element)),
            TypeKind::Optional(_)
            | TypeKind::Union(_)
            | TypeKind::Where(..)
            | TypeKind::Fn(..)
            | TypeKind::Error => Type::Unknown,
        }
    }

    /// What is left of a union when it is none of a case.
    pub(super) fn without(&self, union: &Type, span: Span) -> Option<Type> {
        let gone = self.files.get(self.cx.file.0 as usize)?.members.get(&span)?;
        let rest: Vec<Type> =
            union.members().into_iter().filter(|member| *member != gone).cloned().collect();
        match rest.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            _ => Some(Type::Union(rest.into())),
        }
    }
}

/// The member that is called by a type: conditions have no name, and a record that is read of the model
/// is a reference to it.
fn called<'t>(members: &[&'t Type], ty: &Type) -> Option<&'t Type> {
    let exact = members.iter().find(|member| member.base() == ty.base());
    let read = || {
        let Type::Record(id) = ty.base() else { return None };
        members.iter().find(|member| *member.base() == Type::Ref(*id))
    };
    exact.or_else(read).copied()
}
