//! Conditions (`int where 1 <= it`): each holds wherever it may stand.
//!
//! A plain value is held against its condition when it is brought into its type, and is unknown where
//! the condition fails. What has records in it is there before its fields are worth anything, and they
//! may well read the field that it stands in: so its condition is asked when everything else is known,
//! and the value stays what it is.

use std::mem::size_of;
use std::sync::Arc;

use qg_lang::ast::{Expr, ExprKind, Key, Visit, walk_expr};
use qg_lang::check::types::{RefinementId, Type};
use qg_lang::diagnostic::{Diagnostic, codes, first_of};
use qg_lang::span::Span;

use super::Evaluator;
use super::state::{Ctx, EnvId, ScopeBinding};
use crate::value::{NodeId, Parts, Val, Value};

/// So many values that a condition reads are shown.
const SHOWN: usize = 4;

/// A value whose condition is yet to be asked.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    val: Val,
    condition: RefinementId,
    span: Span,
    place: Option<(NodeId, Arc<str>)>,
}

impl Evaluator<'_> {
    /// Holds a value against the conditions of a type that it was brought into without them.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these two alone lie around a type")]
    pub(super) fn conditions(
        &mut self,
        val: Val,
        ty: &Type,
        span: Span,
        place: Option<(NodeId, &Arc<str>)>,
    ) -> Val {
        match ty {
            Type::Optional(inner) => self.conditions(val, inner, span, place),
            Type::Where(inner, id) => {
                let val = self.conditions(val, inner, span, place);
                self.refine(val, *id, span, place)
            }
            _ => val,
        }
    }

    /// The value, if it fulfils a condition, or may do so later. What is absent fulfils each.
    pub(super) fn refine(
        &mut self,
        val: Val,
        condition: RefinementId,
        span: Span,
        place: Option<(NodeId, &Arc<str>)>,
    ) -> Val {
        if matches!(val.value, Value::Unknown | Value::Absent) {
            return val;
        }
        if has_records(&val) {
            let place = place.map(|(node, name)| (node, Arc::clone(name)));
            self.state.hold(size_of::<Waiting>());
            self.conditions.push(Waiting { val: val.clone(), condition, span, place });
            return val;
        }
        match self.fulfils(&val, condition) {
            Some(true) => val,
            Some(false) => self.refused(&val, condition, span, place),
            None => Val::unknown(),
        }
    }

    /// Asks the conditions that wait.
    pub(super) fn settle_conditions(&mut self) {
        while let Some(Waiting { val, condition, span, place }) = self.conditions.pop() {
            if self.exhausted {
                self.conditions.clear();
            } else if self.fulfils(&val, condition) == Some(false) {
                let place = place.as_ref().map(|(node, name)| (*node, name));
                self.refused(&val, condition, span, place);
            }
        }
    }

    /// None: unknown.
    fn fulfils(&mut self, val: &Val, condition: RefinementId) -> Option<bool> {
        let condition = &self.analysis.declarations.refinement(condition).condition;
        let ctx = self.where_it(val);
        self.eval(condition, ctx).value.truth()
    }

    /// Where `it` is a value.
    fn where_it(&mut self, val: &Val) -> Ctx {
        let it = ScopeBinding::Value(val.clone());
        Ctx { env: self.state.bind(EnvId(0), Arc::from("it"), it), ..Ctx::default() }
    }

    fn refused(
        &mut self,
        val: &Val,
        condition: RefinementId,
        span: Span,
        place: Option<(NodeId, &Arc<str>)>,
    ) -> Val {
        let refinement = self.analysis.declarations.refinement(condition);
        let condition = &refinement.condition;
        let what = self.describe(val);
        let wanted = self.analysis.sources.slice(condition.span);
        let subject = match place {
            Some((node, name)) => format!("`{}`", self.state.field_path(node, name)),
            None => "this value".to_owned(),
        };
        let is = if subject == what { String::new() } else { format!(" is {what}, which") };
        let message = format!("{subject}{is} is not allowed: `{wanted}` does not hold");
        let mut finding = Diagnostic::error(codes::eval::REFINEMENT, span, message)
            .also(condition.span, "the condition");
        if let Some(said) = refinement.said() {
            finding = finding.help(said);
        }
        let read = self.read_of_it(condition, val);
        if !read.is_empty() {
            finding = finding.help(first_of(&read, SHOWN, ", "));
        }
        let finding = self.at_user(finding, val.origin, place, "the value is made here");
        self.fail(finding)
    }

    /// What a condition reads of its value, each with what it is.
    fn read_of_it(&mut self, condition: &Arc<Expr>, val: &Val) -> Vec<String> {
        let mut reads = Reads(Vec::new());
        reads.visit_expr(condition);
        let ctx = self.where_it(val);
        let mut shown = Vec::new();
        for expr in reads.0 {
            let found = self.eval(&Arc::new(expr.clone()), ctx);
            let text = self.analysis.sources.slice(expr.span);
            let line = format!("`{text}` is {}", self.describe(&found));
            if !found.is_unknown() && !shown.contains(&line) {
                shown.push(line);
            }
        }
        shown
    }
}

/// Whether a value has records in it; what lies in those is not looked at.
fn has_records(val: &Val) -> bool {
    match val.value.parts() {
        Parts::Fields(_) => true,
        Parts::Elements(list) => list.items.iter().any(Val::has_parts),
        Parts::None => false,
    }
}

/// The fields of `it` in a condition: `it.lo`, and not `it` alone.
struct Reads<'a>(Vec<&'a Expr>);

impl<'a> Visit<'a> for Reads<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if is_read(expr) {
            self.0.push(expr);
        } else {
            walk_expr(self, expr);
        }
    }
}

fn is_read(expr: &Expr) -> bool {
    let ExprKind::Get(base, Key::Name(_)) = &expr.kind else { return false };
    matches!(&base.kind, ExprKind::Name(name) if &*name.text == "it") || is_read(base)
}
