//! A field with one value: the winner's, or that of several which unite in a set.

use std::sync::Arc;

use qg_lang::ast::ExprKind;
use qg_lang::check::types::Type;
use qg_lang::span::Span;

use crate::fleet::leaf::OriginId;
use crate::fleet::origin::{How, Origin};
use crate::value::{NodeId, Val, Value};

use super::state::{Node, Saying, Shape, What};
use super::{Evaluator, parents};

impl Evaluator<'_> {
    /// One value wins, or several of a set unite.
    pub(super) fn leaf(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        sayings: &[Saying],
        winners: usize,
    ) -> Val {
        let (top, rest) = sayings.split_at(winners);
        let unites = matches!(ty.map(Type::base), Some(Type::Set(_)));
        if top.len() > 1 && !unites {
            if !top.iter().any(is_error) {
                self.said_twice(node, name, ty, top);
            }
            return Val::unknown();
        }
        let mut values = Vec::with_capacity(top.len());
        for saying in top {
            let val = self.say(saying);
            let val = match ty {
                Some(ty) => {
                    let span = match &saying.what {
                        What::Expr(expr) => expr.span,
                        What::Body { .. } | What::Tail(_) | What::Value(_) => saying.span,
                    };
                    self.coerce(val, ty, span, Some((node, name)))
                }
                None => val,
            };
            values.push((val, saying));
        }
        let lost: Vec<OriginId> = rest.iter().map(|saying| self.lost(saying)).collect();
        let from: Vec<OriginId> = values.iter().map(|(val, _)| val.origin).collect();
        let united = match values.len() {
            1 => None,
            _ => {
                let span = values.first().map_or_else(|| self.start(), |(_, saying)| saying.span);
                match self.unite(values.iter().map(|(val, _)| val), span) {
                    Some(united) => Some(united),
                    None => return Val::unknown(),
                }
            }
        };
        let Some((first, saying)) = values.first() else { return Val::unknown() };
        let value = united.unwrap_or_else(|| first.value.clone());
        let how = how_said(saying);
        let origin = if values.len() == 1 {
            self.said_origin(saying, how, &from, &lost)
        } else {
            // Every place that adds to the set is shown.
            let parts: Vec<OriginId> = values
                .iter()
                .map(|(val, saying)| self.said_origin(saying, how_said(saying), &[val.origin], &[]))
                .collect();
            let origin =
                Origin { span: saying.span, how: How::Computed, parents: &parts, lost: &lost };
            self.state.add_origin(origin)
        };
        Val::new(value, origin)
    }

    pub(super) fn said_origin(
        &mut self,
        saying: &Saying,
        how: How,
        from: &[OriginId],
        lost: &[OriginId],
    ) -> OriginId {
        let all = parents(from, saying.ctx.via);
        self.state.add_origin(Origin { span: saying.span, how, parents: &all, lost })
    }

    /// The origin of a saying that lost.
    pub(super) fn lost(&mut self, saying: &Saying) -> OriginId {
        let from = parents(&[], saying.ctx.via);
        let how = how_said(saying);
        self.state.add_origin(Origin { span: saying.span, how, parents: &from, lost: &[] })
    }

    fn unite<'v>(&mut self, values: impl Iterator<Item = &'v Val>, span: Span) -> Option<Value> {
        let mut items = Vec::new();
        let mut complete = true;
        for val in values {
            match &val.value {
                Value::Set(list) | Value::List(list) => {
                    items.extend(list.items.iter().cloned());
                    complete &= list.complete;
                }
                _ => complete = false,
            }
        }
        let sorted = self.sorted_unique(items, span)?;
        self.listed(sorted, complete, span).map(Value::Set)
    }

    /// The value of a saying, not yet brought into the type wanted.
    pub(super) fn say(&mut self, saying: &Saying) -> Val {
        match &saying.what {
            What::Expr(expr) => self.eval(expr, saying.ctx),
            What::Value(val) => val.clone(),
            What::Body { body, .. } => {
                let origin = self.written(saying.span, saying.ctx);
                self.record(body, saying.ctx, origin)
            }
            What::Tail(_) => {
                let origin = self.written(saying.span, saying.ctx);
                let mut node = Node::new(Shape::Anonymous, &Arc::from(""), false);
                node.origin = origin;
                let id = self.state.add_node(node);
                self.add_saying(id, saying);
                Val::new(Value::Record(id), origin)
            }
        }
    }
}

fn is_error(saying: &Saying) -> bool {
    match &saying.what {
        What::Expr(expr) => matches!(expr.kind, ExprKind::Error),
        What::Value(val) => val.is_unknown(),
        What::Body { .. } | What::Tail(_) => false,
    }
}

pub(super) fn how_said(saying: &Saying) -> How {
    if saying.extended {
        How::Extended(saying.strength.rung)
    } else {
        How::Said(saying.strength.rung)
    }
}
