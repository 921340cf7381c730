//! A field with one value: the winner's, or that of several which unite in a set.

use std::sync::Arc;

use qg_lang::ast::{Expr, ExprKind};
use qg_lang::check::types::{Resolution, Type};
use qg_lang::span::Span;
use qg_provenance::leaf::OriginId;
use qg_provenance::origin::{Origin, OriginKind};

use super::state::{Ctx, Definition, Node, Shape, What};
use super::{Evaluator, parents};
use crate::value::{NodeId, Val, Value};

impl Evaluator<'_> {
    /// One value wins, or several of a set unite.
    pub(super) fn leaf<'t>(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&'t Type>,
        definitions: &[Definition],
        winners: usize,
    ) -> Val {
        let (top, rest) = definitions.split_at(winners);
        let unites = matches!(ty.map(Type::base), Some(Type::Set(_)));
        // A condition on a set is about all of it, whoever adds to it.
        let part = |ty: &'t Type| if unites { ty.base() } else { ty };
        if top.len() > 1 && !unites {
            if !top.iter().any(is_error) {
                self.said_twice(node, name, ty, top);
            }
            return Val::unknown();
        }
        let mut values = Vec::with_capacity(top.len());
        for definition in top {
            let val = match (ty.map(Type::base), &definition.what) {
                (Some(Type::Anything), What::Expr(expr)) => self.named(expr, definition.ctx),
                _ => self.say(definition),
            };
            let val = match ty {
                Some(_) if unites && matches!(val.value, Value::Absent) => val,
                Some(ty) => self.coerce(val, part(ty), said_at(definition), Some((node, name))),
                None => val,
            };
            values.push((val, definition));
        }
        self.loses_imports(node, name, ty, top, rest);
        let lost: Vec<OriginId> = rest.iter().map(|definition| self.lost(definition)).collect();
        let from: Vec<OriginId> = values.iter().map(|(val, _)| val.origin).collect();
        let united = match values.len() {
            1 => None,
            _ => {
                let span =
                    values.first().map_or_else(|| self.start(), |(_, definition)| definition.span);
                match self.unite(values.iter().map(|(val, _)| val), span) {
                    Some(united) => Some(united),
                    None => return Val::unknown(),
                }
            }
        };
        let Some((first, definition)) = values.first() else { return Val::unknown() };
        let value = united.unwrap_or_else(|| first.value.clone());
        let how = how_said(definition);
        let origin = if values.len() == 1 {
            self.said_origin(definition, how, &from, &lost)
        } else {
            // Every place that adds to the set is shown.
            let parts: Vec<OriginId> = values
                .iter()
                .map(|(val, definition)| {
                    self.said_origin(definition, how_said(definition), &[val.origin], &[])
                })
                .collect();
            let origin = Origin {
                span: definition.span,
                how: OriginKind::Computed,
                parents: &parts,
                lost: &lost,
            };
            self.state.add_origin(origin)
        };
        let val = Val::new(value, origin);
        match ty.filter(|_| unites) {
            Some(ty) => self.conditions(val, ty, said_at(definition), Some((node, name))),
            None => val,
        }
    }

    /// Something of the model, as the way to it in text. It comes from who said it, and then from who made the
    /// things that it stands in.
    fn named(&mut self, expr: &Arc<Expr>, ctx: Ctx) -> Val {
        let val = self.eval(expr, ctx);
        let (node, field) = match (&expr.kind, &val.value) {
            (_, Value::Unknown | Value::Absent) => return val,
            (_, Value::Ref(id)) => (Some(*id), None),
            (ExprKind::Get(base, key), _) => {
                let base = self.eval(base, ctx);
                (Self::node_of(&base), self.key(key, ctx))
            }
            (ExprKind::Name(name), _) if self.resolution(expr) == Some(&Resolution::Entity) => {
                (ctx.entity, Some(Arc::clone(&name.text)))
            }
            _ => (Self::node_of(&val), None),
        };
        let node = node.filter(|id| self.state.node(*id).placed);
        let way = match (node, &field) {
            (Some(id), Some(field)) => self.state.field_path(id, field),
            (Some(id), None) => self.state.node_path(id),
            (None, _) => String::new(),
        };
        // A reference is written where it stands; what it leads to was made elsewhere.
        let is_reference = matches!(val.value, Value::Ref(_));
        let mut from: Vec<OriginId> = (!is_reference).then_some(val.origin).into_iter().collect();
        let mut around = node;
        while let Some(id) = around {
            let node = self.state.node(id);
            from.push(node.origin);
            around = node.parent;
        }
        let origin = self.computed(expr.span, &from, ctx);
        Val::new(Value::Text(way.into()), origin)
    }

    pub(super) fn said_origin(
        &mut self,
        definition: &Definition,
        how: OriginKind,
        from: &[OriginId],
        lost: &[OriginId],
    ) -> OriginId {
        let all = parents(from, definition.ctx.via);
        self.state.add_origin(Origin { span: definition.span, how, parents: &all, lost })
    }

    /// The origin of a definition that lost.
    pub(super) fn lost(&mut self, definition: &Definition) -> OriginId {
        let from = parents(&[], definition.ctx.via);
        let how = how_said(definition);
        self.state.add_origin(Origin { span: definition.span, how, parents: &from, lost: &[] })
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "an unknown adds what nobody knows; the checker lets no other than lists reach this"
    )]
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

    /// The value of a definition, not yet brought into the type wanted.
    pub(super) fn say(&mut self, definition: &Definition) -> Val {
        match &definition.what {
            What::Expr(expr) => self.eval(expr, definition.ctx),
            What::Value(val) => val.clone(),
            What::Body { body, .. } => {
                let origin = self.written(definition.span, definition.ctx);
                self.record(body, definition.ctx, origin)
            }
            What::Tail(_) => {
                let origin = self.written(definition.span, definition.ctx);
                let mut node = Node::new(Shape::Anonymous, &Arc::from(""), false);
                node.origin = origin;
                let id = self.state.add_node(node);
                self.add_definition(id, definition);
                Val::new(Value::Record(id), origin)
            }
        }
    }
}

/// Where the value of a definition is said.
fn said_at(definition: &Definition) -> Span {
    match &definition.what {
        What::Expr(expr) => expr.span,
        What::Body { .. } | What::Tail(_) | What::Value(_) => definition.span,
    }
}

fn is_error(definition: &Definition) -> bool {
    match &definition.what {
        What::Expr(expr) => matches!(expr.kind, ExprKind::Error),
        What::Value(val) => val.is_unknown(),
        What::Body { .. } | What::Tail(_) => false,
    }
}

pub(super) fn how_said(definition: &Definition) -> OriginKind {
    if definition.extended {
        OriginKind::Extended(definition.strength.priority)
    } else {
        OriginKind::Said(definition.strength.priority)
    }
}
