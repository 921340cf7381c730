//! `is` and `match`: which variant of an enum, or which member of a union, a value is.

use std::sync::Arc;

use qg_lang::ast::{Case, Expr, MatchArm, Pattern};
use qg_lang::check::types::Type;

use super::Evaluator;
use super::state::{Ctx, ScopeBinding};
use crate::value::{Val, Value};

impl<'a> Evaluator<'a> {
    /// `a is sso`, `a is &Port`. None: unknown.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is there may be what is asked for")]
    pub(super) fn is(&self, val: &Val, subject: &Expr, case: &Case) -> Option<bool> {
        match &val.value {
            Value::Unknown => None,
            Value::Absent => Some(false),
            _ => Some(self.is_case(val, self.union_of(subject), case)),
        }
    }

    /// `match v { … }`
    pub(super) fn match_arms(&mut self, head: &Arc<Expr>, arms: &[MatchArm], ctx: Ctx) -> Val {
        let val = self.eval(head, ctx);
        if matches!(val.value, Value::Unknown | Value::Absent) {
            return Val::unknown();
        }
        let union = self.union_of(head);
        for arm in arms {
            match &arm.pattern {
                Pattern::Case(case, binder) if self.is_case(&val, union, case) => {
                    let mut inner = ctx;
                    if let Some(binder) = binder {
                        let binding = ScopeBinding::Value(self.bound(&val, case));
                        inner.env = self.state.bind(ctx.env, Arc::clone(&binder.text), binding);
                    }
                    return self.eval(&arm.value, inner);
                }
                Pattern::Case(..) | Pattern::Error(_) => {}
                Pattern::Else(_) => return self.eval(&arm.value, ctx),
            }
        }
        Val::unknown()
    }

    /// The union that an expression is typed as.
    fn union_of(&self, expr: &Expr) -> Option<&'a Type> {
        let ty = self.facts(expr.span.file)?.types.get(expr.id.0 as usize)?.as_ref()?;
        matches!(ty.base(), Type::Union(_)).then_some(ty)
    }

    fn is_case(&self, val: &Val, union: Option<&Type>, case: &Case) -> bool {
        match (union, self.member_meant(case)) {
            (Some(union), Some(member)) => {
                return self.member_of(&val.value, union) == Some(member);
            }
            // What was asked before has left this one alone.
            (None, Some(_)) => return true,
            (Some(_) | None, None) => {}
        }
        match (case, &val.value) {
            (Case::Name(name), Value::Variant(id, index, _)) => {
                let variants = &self.analysis.declarations.enumeration(*id).variants;
                variants.get(*index as usize).is_some_and(|it| it.name == name.text)
            }
            (Case::Name(_) | Case::Type(_), _) => false,
        }
    }

    /// What the name in an arm stands for: the member of a union itself, or the payload of a variant.
    fn bound(&self, val: &Val, case: &Case) -> Val {
        match (self.member_meant(case), &val.value) {
            (None, Value::Variant(_, _, Some(payload))) => {
                Val::new(Value::Record(*payload), val.origin)
            }
            (Some(_) | None, _) => val.clone(),
        }
    }

    /// The member of a union that a case means, as the checker found it.
    fn member_meant(&self, case: &Case) -> Option<&'a Type> {
        let span = case.span();
        self.facts(span.file)?.members.get(&span)
    }
}
