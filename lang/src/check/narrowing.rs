//! What a condition teaches: after `a has b`, the value `a.b` is there.

use std::sync::Arc;

use super::checker::{Checker, Path};
use super::types::{Resolution, Type};
use crate::ast::{BinaryOp, Expr, ExprKind, Key};

impl Checker<'_> {
    /// Adds what is known where `condition` (already checked) is `truth`.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone teach what is there")]
    pub(super) fn learn(&mut self, condition: &Expr, truth: bool) {
        match &condition.kind {
            ExprKind::Has(base, key) if truth => {
                if let Some(path) = self.path_of(base).and_then(|path| extended(path, key)) {
                    self.cx.facts.push(path);
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

    /// The type of a read value, without its `?` where it is known to be there.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what may be absent alone is narrowed")]
    pub(super) fn narrowed(&self, expr: &Expr, ty: Type) -> Type {
        match &ty {
            Type::Optional(inner) if !self.cx.facts.is_empty() => match self.path_of(expr) {
                Some(path) if self.cx.facts.contains(&path) => (**inner).clone(),
                _ => ty,
            },
            _ => ty,
        }
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
