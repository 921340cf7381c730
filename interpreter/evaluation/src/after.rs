//! What is asked when everything is there: functions that the model holds, and values of the library's types.

use std::sync::Arc;

use qg_lang::ast::Expr;
use qg_lang::check::types::Enum;
use qg_lang::span::Span;
use qg_provenance::leaf::OriginId;

use super::Evaluator;
use super::ladder::Strength;
use super::state::{ContributionKind, Ctx, Node, ScopeBinding, Shape};
use crate::value::{Lambda, NodeId, Val, Value};

impl Evaluator<'_> {
    /// Evaluates an expression where a function without a name has its body: what is bound there is bound here, too.
    pub fn within(&mut self, function: &Lambda, expr: &Arc<Expr>) -> Val {
        self.state.fuel_used = 0;
        let val = self.eval(expr, function.ctx);
        self.force(&val);
        self.settle_conditions();
        val
    }

    /// What a loop, a call or a `match` has bound to a name around a function without a name.
    #[must_use]
    pub fn bound_in(&self, function: &Lambda, name: &str) -> Option<Val> {
        match self.state.lookup(function.ctx.env, name)? {
            ScopeBinding::Value(val) => Some(val.clone()),
            ScopeBinding::Thunk(_) => None,
        }
    }

    /// A variant of an enum of the library, with what its payload says.
    pub fn variant_of(
        &mut self,
        of: &str,
        name: &str,
        payload: Vec<(&str, Val)>,
        at: Span,
    ) -> Option<Value> {
        let all = &self.analysis.declarations.enums;
        let own = |it: &&Enum| &*it.name == of && qg_lang::is_library(it.span.file);
        let known = all.iter().find(own)?;
        let (index, variant) = known.variant(name)?;
        let (id, schema) = (known.id, variant.payload);
        let Some(schema) = schema else { return Some(Value::Variant(id, index, None)) };
        let node = self.state.add_node(Node::new(Shape::Record(schema), &Arc::from(""), false));
        for (field, val) in payload {
            let kind = ContributionKind::Field(Arc::from(field), val, Some(at));
            let said = self.contribution(kind, Strength::default(), false, Ctx::default());
            self.state.node_mut(node).contributions.push(said);
        }
        self.force(&Val::new(Value::Record(node), OriginId(0)));
        Some(Value::Variant(id, index, Some(node)))
    }

    /// Whether something is an entity that is switched off.
    pub fn is_disabled(&mut self, id: NodeId) -> bool {
        self.is_off(id)
    }

    /// The thing of the model at a way, as `service`, `sonarr`.
    pub fn thing(&mut self, kind: &str, name: &str) -> Option<Value> {
        let kind = Evaluator::node_of(&self.field(self.state.model?, kind))?;
        if !self.entries(kind).iter().any(|it| &**it == name) {
            return None;
        }
        Evaluator::node_of(&self.field(kind, name)).map(Value::Ref)
    }
}
