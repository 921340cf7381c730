//! A field that is a record, map or free record: a node of its own, which every definition feeds.

use std::sync::Arc;

use qg_lang::ast::{ExprKind, Mark};
use qg_lang::check::types::{SchemaField, Type};
use qg_lang::stack::MAX_NESTING;
use qg_provenance::leaf::Priority;

use super::Evaluator;
use super::index::Writes;
use super::leaf::how_said;
use super::state::{ContributionKind, Definition, MapEntries, Node, Shape, Strength, What};
use crate::value::{NodeId, Val, Value};

impl Evaluator<'_> {
    /// A record, map or free record: a node of its own, which every definition feeds.
    pub(super) fn merge(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        mut definitions: Vec<Definition>,
        field: Option<&SchemaField>,
    ) -> (Val, Priority) {
        if let Some(at) = definitions.iter().position(is_unset) {
            if at == 0 {
                let (val, priority) = (
                    self.written(definitions[0].span, definitions[0].ctx),
                    definitions[0].strength.priority,
                );
                return (Val::new(Value::Absent, val), priority);
            }
            definitions.truncate(at);
        }
        let Some(first) = definitions.first() else {
            return (self.nothing_said(node, name, ty, field), Priority::SchemaDefault);
        };
        let priority = first.strength.priority;
        if !self.step(first.span) {
            return (Val::unknown(), priority);
        }
        let shape = match ty.map(Type::base) {
            Some(Type::Record(schema)) => Shape::Record(*schema),
            Some(Type::Map(element)) => Shape::Map((**element).clone()),
            Some(free @ (Type::Data | Type::Module)) => Shape::Free(free.clone()),
            _ => Shape::Anonymous,
        };
        let creator = definitions
            .iter()
            .find(|it| matches!(it.what, What::Body { creates: true, .. }))
            .unwrap_or(first)
            .clone();
        let origin = self.said_origin(&creator, how_said(&creator), &[], &[]);
        let parent = self.state.node(node);
        let is_map = matches!(parent.shape, Shape::Map(_));
        let is_entity = is_map && parent.parent == self.state.model && self.state.model.is_some();
        let defaults = parent.defaults.clone();
        let (placed, entity, depth) = (parent.placed, parent.entity, parent.depth + 1);
        if depth > MAX_NESTING {
            self.too_deep_a_field(node, name, first.span);
            return (Val::unknown(), priority);
        }
        let child = self.state.add_node(Node {
            parent: Some(node),
            entity,
            depth,
            origin,
            level: definitions.iter().map(|it| it.strength.level).max().unwrap_or(0),
            ..Node::new(shape, name, placed)
        });
        if is_entity {
            self.state.node_mut(child).entity = Some(child);
        }
        for mut definition in definitions {
            if is_entity && definition.ctx.entity.is_none() {
                definition.ctx.entity = Some(child);
            }
            self.add_definition(child, &definition);
        }
        for default in defaults {
            let mut contribution = self.state.contribution(default).clone();
            if is_entity {
                contribution.ctx.entity = Some(child);
            }
            contribution.inner = None;
            let contribution = self.state.add_contribution(contribution);
            self.state.node_mut(child).contributions.push(contribution);
        }
        (Val::new(Value::Record(child), origin), priority)
    }

    /// Lets a definition about a whole node feed it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other expressions are evaluated")]
    pub(super) fn add_definition(&mut self, node: NodeId, definition: &Definition) {
        let Definition { strength, extended, mark: _, span, what, ctx } = definition;
        let kind = match what {
            What::Tail(tail) => ContributionKind::Tail(tail.clone()),
            What::Body { body, creates } => {
                if self.is_element_default(node, definition, *creates) {
                    let strength = Strength { priority: Priority::KindDefault, ..*strength };
                    let contribution = self.contribution(
                        ContributionKind::Body(Arc::clone(body)),
                        strength,
                        *extended,
                        *ctx,
                    );
                    self.state.node_mut(node).defaults.push(contribution);
                    return;
                }
                ContributionKind::Body(Arc::clone(body))
            }
            What::Expr(expr) => match &expr.kind {
                ExprKind::Record(body) => ContributionKind::Body(Arc::clone(body)),
                ExprKind::Error => ContributionKind::Lost(everything()),
                _ => {
                    let val = self.eval(expr, *ctx);
                    self.value_source(node, val, expr.span)
                }
            },
            What::Value(val) => self.value_source(node, val.clone(), *span),
        };
        let contribution = self.contribution(kind, *strength, *extended, *ctx);
        self.state.node_mut(node).contributions.push(contribution);
    }

    /// `default route { … }` where `route` is a map: what each element says by default.
    fn is_element_default(&self, node: NodeId, definition: &Definition, creates: bool) -> bool {
        !creates
            && definition.strength.priority == Priority::Default
            && !definition.extended
            && match &self.state.node(node).shape {
                Shape::Map(element) => matches!(element.base(), Type::Record(_)),
                Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => false,
            }
    }

    fn value_source(
        &mut self,
        node: NodeId,
        val: Val,
        span: qg_lang::span::Span,
    ) -> ContributionKind {
        if val.is_unknown() {
            self.state.node_mut(node).uncertain = true;
            return ContributionKind::Lost(everything());
        }
        if let Some(other) = Self::node_of(&val)
            && self.may_merge(node, other)
        {
            return ContributionKind::Node(other);
        }
        let from = match self.state.node(node).shape {
            Shape::Record(schema) => self.analysis.declarations.schema(schema).from.clone(),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => None,
        };
        match from {
            Some(field) => ContributionKind::Field(field, val, Some(span)),
            None => {
                self.wrong_value(&val, span, "a record");
                self.state.node_mut(node).uncertain = true;
                ContributionKind::Lost(everything())
            }
        }
    }

    /// Whether a record's fields are those of another (and it is not what `from` means).
    fn may_merge(&self, node: NodeId, other: NodeId) -> bool {
        match (&self.state.node(node).shape, &self.state.node(other).shape) {
            (Shape::Record(a), Shape::Record(b)) => a == b,
            (Shape::Map(_), Shape::Map(_)) => true,
            (_, Shape::Anonymous | Shape::Free(_)) => true,
            (Shape::Anonymous | Shape::Free(_), _) => true,
            (Shape::Record(_), Shape::Map(_)) | (Shape::Map(_), Shape::Record(_)) => false,
        }
    }

    /// Each entry of a map is created once, and only what is created is extended.
    pub(super) fn settle_entries(&mut self, map: NodeId) {
        let MapEntries::Done(entries) = &self.state.node(map).entries else { return };
        let structural = match &self.state.node(map).shape {
            Shape::Map(element) => matches!(element.base(), Type::Record(_) | Type::Map(_)),
            Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => return,
        };
        let mut twice = Vec::new();
        let mut never = Vec::new();
        for (name, definitions) in entries {
            let mut creators: Vec<&Definition> = definitions
                .iter()
                .filter(|it| matches!(it.what, What::Body { creates: true, .. }))
                .collect();
            creators.sort_by_key(|it| it.span);
            if let [first, rest @ ..] = creators.as_slice() {
                twice.extend(rest.iter().map(|it| (Arc::clone(name), first.span, it.span)));
            }
            if structural && definitions.iter().all(|it| !creates_somehow(it)) {
                never.push((Arc::clone(name), definitions.iter().map(|it| it.span).min()));
            }
        }
        for (name, first, second) in twice {
            self.created_twice(map, &name, first, second);
        }
        for (name, span) in never {
            if let MapEntries::Done(entries) = &mut self.state.node_mut(map).entries {
                entries.remove(&name);
            }
            if let Some(span) = span
                && !self.state.node(map).uncertain
            {
                self.extends_nothing(map, &name, span);
            }
        }
    }
}

/// A definition that makes an entry be there: anything but `extend`, `override` and `default` blocks.
fn creates_somehow(definition: &Definition) -> bool {
    match definition.mark {
        None => true,
        Some(Mark::Extend | Mark::Override) => false,
        Some(Mark::Default) => matches!(definition.what, What::Expr(_) | What::Value(_)),
    }
}

fn is_unset(definition: &Definition) -> bool {
    match &definition.what {
        What::Expr(expr) => matches!(expr.kind, ExprKind::Unset),
        What::Value(val) => matches!(val.value, Value::Absent),
        What::Body { .. } | What::Tail(_) => false,
    }
}

fn everything() -> Writes {
    Writes { any: true, ..Writes::default() }
}
