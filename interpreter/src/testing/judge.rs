//! Whether an expectation holds, and what to say where it does not.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use qg_evaluation::Evaluator;
use qg_evaluation::value::{Lambda, Value};
use qg_lang::ast::{BinaryOp, Expr, ExprKind, Visit, walk_expr};
use qg_lang::diagnostic::{Diagnostic, codes};

use super::asked::Exchange;
use super::story;
use crate::describe::spelled;

/// So many keys of a map are named.
const MEMBERS: usize = 12;

/// What is wrong with an expectation; nothing where it holds, or where the evaluation has reported already why it has
/// no value.
pub(super) fn judge(
    ev: &mut Evaluator<'_>,
    function: &Arc<Lambda>,
    exchanges: &RefCell<Vec<Exchange>>,
) -> Option<Diagnostic> {
    let val = ev.within(function, &function.body);
    match val.value.truth() {
        Some(true) => None,
        Some(false) => Some(blamed(ev, function, &function.body, exchanges)),
        None if ev.diagnostics.is_empty() => {
            let message = "this has no value: it depends on something unknown";
            Some(Diagnostic::error(codes::tests::EXPECTED, function.body.span, message))
        }
        None => None,
    }
}

/// The part of a condition that makes it false, with both of its sides.
fn blamed(
    ev: &mut Evaluator<'_>,
    function: &Arc<Lambda>,
    expr: &Arc<Expr>,
    exchanges: &RefCell<Vec<Exchange>>,
) -> Diagnostic {
    if let ExprKind::Binary(BinaryOp::And, _, a, b) = &expr.kind {
        let first = ev.within(function, a).value.truth() == Some(false);
        return blamed(ev, function, if first { a } else { b }, exchanges);
    }
    exchanges.borrow_mut().clear();
    let message = sides(ev, function, expr);
    let mut finding = Diagnostic::error(codes::tests::EXPECTED, expr.span, message);
    for exchange in exchanges.borrow().iter() {
        finding = story::told(finding, exchange);
    }
    match bound(ev, function, expr) {
        Some(bound) => finding.help(format!("here {bound}")),
        None => finding,
    }
}

/// `expected …, was …`
#[expect(clippy::wildcard_enum_match_arm, reason = "comparisons alone have two sides")]
fn sides(ev: &mut Evaluator<'_>, function: &Arc<Lambda>, expr: &Arc<Expr>) -> String {
    match &expr.kind {
        ExprKind::Binary(op, _, a, b) => {
            let (left, right) = (value(ev, function, a), value(ev, function, b));
            match op {
                BinaryOp::Equal => format!("expected `{right}`, was `{left}`"),
                BinaryOp::NotEqual => format!("expected anything but `{right}`, was that"),
                BinaryOp::Less => format!("expected less than `{right}`, was `{left}`"),
                BinaryOp::LessEqual => format!("expected at most `{right}`, was `{left}`"),
                BinaryOp::Greater => format!("expected more than `{right}`, was `{left}`"),
                BinaryOp::GreaterEqual => format!("expected at least `{right}`, was `{left}`"),
                BinaryOp::In => {
                    format!("expected one of `{}`, was `{left}`", members(ev, function, b))
                }
                BinaryOp::Or => "expected one of two, was neither".to_owned(),
                _ => format!("expected `true`, was `{}`", value(ev, function, expr)),
            }
        }
        ExprKind::Is(base, case) => {
            let case = ev
                .analysis
                .sources
                .get(case.span().file)
                .map_or("", |it| it.slice(case.span()))
                .to_owned();
            format!("expected `{case}`, was `{}`", value(ev, function, base))
        }
        ExprKind::Not(inner) => match &inner.kind {
            ExprKind::Is(..) | ExprKind::Binary(BinaryOp::Equal, ..) => {
                let (ExprKind::Is(base, _) | ExprKind::Binary(_, _, base, _)) = &inner.kind else {
                    return String::new();
                };
                format!("expected anything else, was `{}`", value(ev, function, base))
            }
            _ => "expected `false`, was `true`".to_owned(),
        },
        _ => format!("expected `true`, was `{}`", value(ev, function, expr)),
    }
}

fn value(ev: &mut Evaluator<'_>, function: &Arc<Lambda>, expr: &Arc<Expr>) -> String {
    let val = ev.within(function, expr);
    spelled(ev.analysis, &ev.state, &val)
}

/// What is in a collection: of a map, its keys.
fn members(ev: &mut Evaluator<'_>, function: &Arc<Lambda>, expr: &Arc<Expr>) -> String {
    let val = ev.within(function, expr);
    let (Value::Record(id) | Value::Ref(id)) = val.value else {
        return spelled(ev.analysis, &ev.state, &val);
    };
    // What is disabled is in no collection.
    let there = ev.names_of(id).into_iter().filter(|name| {
        let val = ev.field(id, name);
        let (Value::Record(of) | Value::Ref(of)) = val.value else { return true };
        !ev.is_disabled(of)
    });
    let keys: Vec<String> = there.map(|it| format!("{it:?}")).collect();
    let some = keys.iter().take(MEMBERS).cloned().collect::<Vec<_>>().join(", ");
    format!("[{some}{}]", if keys.len() > MEMBERS { ", …" } else { "" })
}

/// What the loops around have bound of the names in an expectation: `name` is `"sonarr"`.
fn bound(ev: &Evaluator<'_>, function: &Lambda, expr: &Expr) -> Option<String> {
    let mut names = Names::default();
    names.visit_expr(expr);
    let said = names.0.iter().filter_map(|name| {
        let val = ev.bound_in(function, name)?;
        let shown = if let Value::Record(id) = val.value {
            ev.state.node_path(id)
        } else {
            spelled(ev.analysis, &ev.state, &val)
        };
        Some(format!("`{name}` is `{shown}`"))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join(", "))
}

#[derive(Default)]
struct Names(BTreeSet<Arc<str>>);

impl<'a> Visit<'a> for Names {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.0.insert(Arc::clone(&name.text));
        }
        walk_expr(self, expr);
    }
}
