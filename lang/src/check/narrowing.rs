//! What a condition teaches: after `a has b`, the value `a.b` is there; after `a is image`, it is one.

use std::sync::Arc;

use super::checker::{Checker, Fact, Known, Path};
use super::types::{Resolution, Type};
use crate::ast::{BinaryOp, Case, Expr, ExprKind, Key};

impl Checker<'_> {
    /// Adds what is known where `condition` (already checked) is `truth`.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone teach what is there")]
    pub(super) fn learn(&mut self, condition: &Expr, truth: bool) {
        match &condition.kind {
            ExprKind::Has(base, key) if truth => {
                if let Some(path) = self.path_of(base).and_then(|path| extended(path, key)) {
                    self.cx.facts.push(Fact { path, known: Known::There });
                }
            }
            ExprKind::Is(base, case) => {
                if let Some(path) = self.path_of(base)
                    && let Some(ty) = self.after_is(base, case, truth)
                {
                    self.cx.facts.push(Fact { path, known: Known::Is(ty) });
                }
            }
            ExprKind::Binary(BinaryOp::And, _, a, b) if truth => {
                self.learn(a, true);
                self.learn(b, true);
            }
            ExprKind::Binary(BinaryOp::Or, _, a, b) if !truth => {
                self.learn(a, false);
                self.learn(b, false);
            }
            ExprKind::Not(inner) => self.learn(inner, !truth),
            _ => {}
        }
    }

    /// The type of a value that was asked whether it is something.
    fn after_is(&self, base: &Expr, case: &Case, truth: bool) -> Option<Type> {
        let found = self.type_of(base.id)?;
        let member = self.files.get(self.cx.file.0 as usize)?.members.get(&case.span());
        match (truth, member) {
            (true, Some(member)) => Some(member.clone()),
            // What is absent is none of its variants.
            (true, None) => Some(found.required().clone()),
            (false, Some(_)) => {
                let rest = self.without(found, case.span())?;
                // It may be absent as well, then.
                Some(if matches!(found, Type::Optional(_)) { rest.optional() } else { rest })
            }
            (false, None) => None,
        }
    }

    /// The type of a read value, as far as it is known here: without its `?` where it is there, and as
    /// the member of a union that it is.
    pub(super) fn narrowed(&self, expr: &Expr, ty: Type) -> Type {
        if self.cx.facts.is_empty() || !matches!(ty, Type::Optional(_) | Type::Union(_)) {
            return ty;
        }
        let Some(path) = self.path_of(expr) else { return ty };
        let mut narrowed = ty;
        for fact in self.cx.facts.iter().filter(|fact| fact.path == path) {
            narrowed = match &fact.known {
                Known::There => narrowed.required().clone(),
                Known::Is(ty) => ty.clone(),
            };
        }
        narrowed
    }

    /// Whether it was asked before which member of a union a value is.
    pub(super) fn is_narrowed(&self, expr: &Expr) -> bool {
        let Some(path) = self.path_of(expr) else { return false };
        let known = |fact: &Fact| fact.path == path && matches!(fact.known, Known::Is(_));
        self.cx.facts.iter().any(known)
    }

    /// The path of an expression that only reads fields; None for everything else.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no path teaches nothing")]
    fn path_of(&self, expr: &Expr) -> Option<Path> {
        match &expr.kind {
            ExprKind::Name(name) => match self.resolution(expr.id)? {
                Resolution::Local => {
                    let index = self.cx.locals.iter().rposition(|local| local.name == name.text)?;
                    Some(vec![format!("local#{index}").into()])
                }
                Resolution::Let(id) => Some(vec![format!("let#{}", id.0).into()]),
                Resolution::Kind => Some(vec!["model".into(), Arc::clone(&name.text)]),
                Resolution::Entity => Some(vec!["entity".into(), Arc::clone(&name.text)]),
                Resolution::Function(_)
                | Resolution::Variant(..)
                | Resolution::Enum(_)
                | Resolution::Module(_) => None,
            },
            ExprKind::SelfRecord => self.cx.this.as_ref().map(|this| vec![Arc::clone(&this.root)]),
            ExprKind::Get(base, key) => match self.resolution(expr.id) {
                // `shared.media`, of a module.
                Some(Resolution::Let(id)) => Some(vec![format!("let#{}", id.0).into()]),
                _ => self.path_of(base).and_then(|path| extended(path, key)),
            },
            _ => None,
        }
    }
}

fn extended(mut path: Path, key: &Key) -> Option<Path> {
    path.push(key.literal()?);
    Some(path)
}
