//! `type Semver = string where …`: names for types. Each is read when it is first asked for, so that they may
//! stand in any order; one that leads back to itself means nothing.

use super::{Declarer, Progress};
use crate::ast::{TypeDecl, TypeExpr, TypeKind};
use crate::check::bounds::{Measure, measure};
use crate::check::types::{Type, TypeNameId};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{eval, types};
use crate::resolve::{Global, Scopes};
use crate::stack::{MAX_NESTING, grow};

impl Declarer<'_> {
    /// What a name for a type stands for; `Unknown` after a report.
    pub(super) fn type_name(&mut self, id: TypeNameId) -> Type {
        let at = id.0 as usize;
        let Some(decl) = self.names.get(at).copied() else { return Type::Unknown };
        match self.progress.get(at) {
            Some(Progress::Done) => return self.declarations.type_name(id).ty.clone(),
            Some(Progress::Busy) => {
                self.leads_back(decl);
                return Type::Unknown;
            }
            Some(Progress::Waiting) | None => {}
        }
        self.progress[at] = Progress::Busy;
        self.reading.push(id);
        let variables = std::mem::replace(&mut self.variables, false);
        let found = grow(|| self.annotate(&decl.ty));
        self.variables = variables;
        self.reading.pop();
        let ty = self.within_bounds(decl, found);
        self.tell(id, &ty);
        self.declarations.names[at].ty = ty.clone();
        self.progress[at] = Progress::Done;
        ty
    }

    /// A condition that a name is given to is told in the words of that name's comment. One of another name's has its own.
    fn tell(&mut self, id: TypeNameId, ty: &Type) {
        let Type::Where(_, condition) = ty.required() else { return };
        let Some(doc) = self.declarations.type_name(id).doc.clone() else { return };
        if let Some(it) = self.declarations.refinements.get_mut(condition.0 as usize) {
            it.doc.get_or_insert(doc);
        }
    }

    /// Names that stand for one another make types that nobody could write out.
    fn within_bounds(&mut self, decl: &TypeDecl, found: Type) -> Type {
        let (code, message) = match measure(&found) {
            Measure::Fits => return found,
            Measure::Deep => {
                (eval::NESTED, format!("stands for a type that is more than {MAX_NESTING} deep"))
            }
            Measure::Large => (eval::TOO_WIDE, "stands for a type of too many parts".to_owned()),
        };
        self.diagnostics.push(
            Diagnostic::error(code, decl.name.span, format!("`{}` {message}", decl.name.text))
                .help("a `schema` has a name that is one part of a type"),
        );
        Type::Unknown
    }

    /// A name that leads back to itself, with the way.
    fn leads_back(&mut self, decl: &TypeDecl) {
        let declarations = &self.declarations;
        let first =
            self.reading.iter().position(|id| declarations.type_name(*id).span == decl.name.span);
        let way: Vec<_> = self
            .reading
            .iter()
            .skip(first.unwrap_or(0))
            .map(|id| declarations.type_name(*id))
            .collect();
        let mut message = format!("the type `{}` stands for itself", decl.name.text);
        if way.len() > 1 {
            let names: Vec<&str> = way.iter().map(|it| &*it.name).collect();
            message = format!("{message}: {} → {}", names.join(" → "), decl.name.text);
        }
        let mut finding = Diagnostic::error(types::TYPE_CYCLE, decl.name.span, message)
            .help("a record that holds others of its kind is a `schema`, with a field that is optional or a list");
        for it in way.iter().skip(1) {
            finding = finding.also(it.span, format!("`{}` is declared here", it.name));
        }
        self.diagnostics.push(finding);
    }
}

/// What a written type stands for, without its `where`, before types are read.
pub(super) fn meant<'t>(scopes: &Scopes, names: &[&'t TypeDecl], ty: &'t TypeExpr) -> &'t TypeExpr {
    let mut ty = ty;
    // No way is longer than all names, each with a condition, but in a circle.
    for _ in 0..=2 * names.len() + 1 {
        ty = match &ty.kind {
            TypeKind::Where(base, _) => base,
            TypeKind::Name(name) => match scopes.get(name.span.file, &name.text) {
                Some(Global::Type(id)) => match names.get(id.0 as usize) {
                    Some(decl) => &decl.ty,
                    None => return ty,
                },
                Some(_) | None => return ty,
            },
            TypeKind::Ref(_)
            | TypeKind::Optional(_)
            | TypeKind::List(_)
            | TypeKind::Set(_)
            | TypeKind::Map(_)
            | TypeKind::Union(_)
            | TypeKind::Fn(..)
            | TypeKind::Error => return ty,
        };
    }
    ty
}
