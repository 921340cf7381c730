//! `int where 1 <= it`: literals are held against the condition at once, where it is simple enough.
//! Everything else the evaluator does.

use std::cmp::Ordering;

use super::checker::Checker;
use super::types::Type;
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::types;

/// A value that is known from the text alone.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    Bool(bool),
    Int(i64),
    Text(String),
}

impl Checker<'_> {
    /// Whether a literal fulfils the conditions of the wanted type; reports where not.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have a condition")]
    pub(super) fn refined(&mut self, expr: &Expr, want: &Type) -> bool {
        let Some(value) = literal(expr) else { return true };
        let mut ty = want;
        loop {
            match ty {
                Type::Optional(inner) => ty = inner,
                Type::Where(inner, id) => {
                    let refinement = self.env.declarations.refinement(*id);
                    if known(&refinement.condition, &value) == Some(Known::Bool(false)) {
                        let condition = self.text(refinement.condition.span);
                        let mut diagnostic = Diagnostic::error(
                            types::REFINEMENT,
                            expr.span,
                            format!("`{}` does not fulfil `{condition}`", self.text(expr.span)),
                        )
                        .also(refinement.condition.span, "the condition");
                        if let Some(said) = refinement.said() {
                            diagnostic = diagnostic.help(said);
                        }
                        self.wrong(expr, diagnostic);
                        return false;
                    }
                    ty = inner;
                }
                _ => return true,
            }
        }
    }

    /// Checks the conditions of all refinements; `it` is the value.
    pub(super) fn refinements(&mut self) {
        for refinement in &self.env.declarations.refinements {
            let base = refinement.base.clone();
            let condition = &refinement.condition;
            let file = condition.span.file;
            self.elsewhere(file, |checker| {
                checker.bind(&"it".into(), base);
                checker.condition(condition);
            });
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is no literal is not known before it is evaluated"
)]
fn literal(expr: &Expr) -> Option<Known> {
    match &expr.kind {
        ExprKind::Bool(value) => Some(Known::Bool(*value)),
        ExprKind::Int(value) => Some(Known::Int(*value)),
        ExprKind::Text(template) => template.literal().map(Known::Text),
        ExprKind::Negate(inner) => match literal(inner)? {
            Known::Int(value) => value.checked_neg().map(Known::Int),
            Known::Bool(_) | Known::Text(_) => None,
        },
        _ => None,
    }
}

/// The value of a condition, as far as the text alone shows it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not known here is left to the evaluation"
)]
fn known(expr: &Expr, it: &Known) -> Option<Known> {
    match &expr.kind {
        ExprKind::Name(name) if &*name.text == "it" => Some(it.clone()),
        ExprKind::Not(inner) => match known(inner, it)? {
            Known::Bool(value) => Some(Known::Bool(!value)),
            Known::Int(_) | Known::Text(_) => None,
        },
        ExprKind::Binary(BinaryOp::And, _, a, b) => match (known(a, it), known(b, it)) {
            (Some(Known::Bool(false)), _) | (_, Some(Known::Bool(false))) => {
                Some(Known::Bool(false))
            }
            (Some(Known::Bool(true)), other) => other,
            _ => None,
        },
        ExprKind::Binary(BinaryOp::Or, _, a, b) => match (known(a, it), known(b, it)) {
            (Some(Known::Bool(true)), _) | (_, Some(Known::Bool(true))) => Some(Known::Bool(true)),
            (Some(Known::Bool(false)), other) => other,
            _ => None,
        },
        ExprKind::Binary(op, _, a, b) => {
            let order = match (known(a, it)?, known(b, it)?) {
                (Known::Int(a), Known::Int(b)) => a.cmp(&b),
                (Known::Text(a), Known::Text(b)) => a.cmp(&b),
                _ => return None,
            };
            let holds = match op {
                BinaryOp::Equal => order == Ordering::Equal,
                BinaryOp::NotEqual => order != Ordering::Equal,
                BinaryOp::Less => order == Ordering::Less,
                BinaryOp::LessEqual => order != Ordering::Greater,
                BinaryOp::Greater => order == Ordering::Greater,
                BinaryOp::GreaterEqual => order != Ordering::Less,
                _ => return None,
            };
            Some(Known::Bool(holds))
        }
        _ => literal(expr),
    }
}
