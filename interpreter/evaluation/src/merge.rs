//! A field that is a record, map or free record: a node of its own, which every definition feeds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use qg_lang::ast::ExprKind;
use qg_lang::check::types::{SchemaField, Type};
use qg_lang::path::normal;
use qg_lang::span::Span;
use qg_lang::stack::MAX_NESTING;
use qg_provenance::leaf::{OriginId, Priority};

use super::Evaluator;
use super::index::Writes;
use super::ladder::{
    creates_entry, creates_record, is_unset, replaces, says_unset, speaks_of_elements, taken_away,
};
use super::leaf::how_said;
use super::state::{ContributionKind, Ctx, Definition, MapEntries, Node, Shape, What};
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
        if self.unset_beside_another(node, name, ty, &definitions) {
            return (Val::unknown(), Priority::Plain);
        }
        let shape = match ty.map(Type::base) {
            Some(Type::Record(schema)) => Shape::Record(*schema),
            Some(Type::Map(element)) => Shape::Map((**element).clone()),
            Some(free @ (Type::Data | Type::Module)) => Shape::Free(free.clone()),
            _ => Shape::Anonymous,
        };
        let lost = self.cut(&shape, &mut definitions);
        if let [unset] = definitions.as_slice()
            && is_unset(unset)
        {
            let priority = unset.strength.priority;
            let origin = self.said_origin(unset, how_said(unset), &[], &lost);
            return (Val::new(Value::Absent, origin), priority);
        }
        if matches!(ty, Some(Type::Optional(_)))
            && let Some(first) = definitions.first()
            && !definitions.iter().any(creates_record)
        {
            let span = first.span;
            // What is said for a whole kind is for those that have one.
            let loud = definitions.iter().find(|it| it.strength.priority != Priority::KindDefault);
            if let Some(Definition { span, .. }) = loud {
                self.extends_absent(node, name, *span);
                return (Val::unknown(), Priority::Plain);
            }
            let origin = self.written(span, Ctx::default());
            return (Val::new(Value::Absent, origin), Priority::SchemaDefault);
        }
        let Some(first) = definitions.first() else {
            return (self.nothing_said(node, name, ty, field), Priority::SchemaDefault);
        };
        let priority = first.strength.priority;
        if !self.step(first.span) {
            return (Val::unknown(), priority);
        }
        // A default of what lies in a map says nothing of the map itself.
        let of_itself =
            definitions.iter().find(|it| !speaks_of_elements(&shape, it)).unwrap_or(first);
        let priority = of_itself.strength.priority;
        let creator = definitions
            .iter()
            .find(|it| matches!(it.what, What::Body { creates: true, .. }))
            .unwrap_or(of_itself)
            .clone();
        let origin = self.said_origin(&creator, how_said(&creator), &[], &lost);
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
        let strength = &strength.inside();
        let kind = match what {
            What::Tail(tail) => ContributionKind::Tail(tail.clone()),
            What::Body { body, condition, .. } => {
                if speaks_of_elements(&self.state.node(node).shape, definition) {
                    let strength = strength.of_elements();
                    let contribution = self.contribution(
                        ContributionKind::Body(Arc::clone(body)),
                        strength,
                        *extended,
                        *ctx,
                    );
                    self.state.contributions[contribution.0 as usize].condition = condition.clone();
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

    fn value_source(&mut self, node: NodeId, val: Val, span: Span) -> ContributionKind {
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

    /// Whether the keys of a map may be paths of a target: those of the library's maps of records are, where
    /// they begin with `/`. What others keep under such keys is their own matter.
    fn is_of_the_library(&self, map: NodeId) -> bool {
        let Shape::Map(element) = &self.state.node(map).shape else { return false };
        let Type::Record(schema) = element.base() else { return false };
        let span = self.analysis.declarations.schema(*schema).span;
        self.analysis.sources.get(span.file).is_some_and(|source| source.is_std())
    }

    /// Each entry of a map is created once, only what is created is extended, and what is taken away is gone.
    pub(super) fn settle_entries(&mut self, map: NodeId) {
        let MapEntries::Done(entries) = &self.state.node(map).entries else { return };
        let structural = match &self.state.node(map).shape {
            Shape::Map(element) => matches!(element.base(), Type::Record(_) | Type::Map(_)),
            Shape::Free(_) => false,
            Shape::Record(_) | Shape::Anonymous => return,
        };
        let created_once = matches!(self.state.node(map).shape, Shape::Map(_));
        let mut spelled = Vec::new();
        if self.is_of_the_library(map) {
            let mut known: BTreeMap<Cow<'_, str>, (&Arc<str>, Span)> = BTreeMap::new();
            for (name, definitions) in entries.iter().filter(|(name, _)| name.starts_with('/')) {
                let created = definitions
                    .iter()
                    .filter(|it| matches!(it.what, What::Body { creates: true, .. }));
                let Some(span) = created.map(|it| it.span).min() else { continue };
                match known.get(&normal(name)) {
                    Some((first, at)) => {
                        spelled.push((Arc::clone(first), *at, Arc::clone(name), span));
                    }
                    None => drop(known.insert(normal(name), (name, span))),
                }
            }
        }
        let mut twice = Vec::new();
        let mut never = Vec::new();
        let mut gone = Vec::new();
        for (name, definitions) in entries {
            let creates = |it: &&Definition| matches!(it.what, What::Body { creates: true, .. });
            let mut creators: Vec<Span> =
                definitions.iter().filter(creates).map(|it| it.span).collect();
            creators.sort();
            if let [first, rest @ ..] = creators.as_slice()
                && created_once
            {
                twice.extend(rest.iter().map(|it| (Arc::clone(name), *first, *it)));
            }
            let only_unset = definitions.iter().all(says_unset);
            if only_unset || structural && !definitions.iter().any(creates_entry) {
                let loud =
                    definitions.iter().filter(|it| it.strength.priority != Priority::KindDefault);
                never.push((Arc::clone(name), only_unset, loud.map(|it| it.span).min()));
            } else if let Some(unset) = taken_away(definitions) {
                gone.push((Arc::clone(name), unset.span));
            }
        }
        for (name, first, second) in twice {
            self.created_twice(map, &name, first, second);
        }
        for (first, at, second, span) in spelled {
            self.spelled_twice(map, (&first, at), (&second, span));
        }
        let drop = |ev: &mut Self, name: &Arc<str>| {
            if let MapEntries::Done(entries) = &mut ev.state.node_mut(map).entries {
                entries.remove(name);
            }
        };
        for (name, unset, span) in never {
            drop(self, &name);
            match span {
                Some(_) if self.state.node(map).uncertain => {}
                Some(span) if unset => self.takes_nothing_away(map, &name, span),
                Some(span) => self.extends_nothing(map, &name, span),
                // What is said for a whole kind is for those that have one.
                None => {}
            }
        }
        for (name, span) in gone {
            drop(self, &name);
            self.state.removed.insert((map, name), span);
        }
    }

    /// `unset` beside something that is as strong: nobody knows which holds.
    fn unset_beside_another(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        definitions: &[Definition],
    ) -> bool {
        let Some(unset) = definitions.iter().find(|it| says_unset(it)) else { return false };
        let beside: Vec<Definition> =
            definitions.iter().filter(|it| it.strength == unset.strength).cloned().collect();
        if beside.len() > 1 {
            self.said_twice(node, name, ty, &beside);
        }
        beside.len() > 1
    }

    /// Leaves out what is weaker than an `unset`, or than what replaces the whole; what was said there.
    fn cut(&mut self, shape: &Shape, definitions: &mut Vec<Definition>) -> Vec<OriginId> {
        // They are in order, the strongest first.
        let end = definitions.iter().enumerate().find_map(|(at, it)| match it {
            it if is_unset(it) => Some(at.max(1)),
            it if replaces(it) => {
                Some(definitions.partition_point(|other| other.strength >= it.strength))
            }
            _ => None,
        });
        let Some(end) = end else { return Vec::new() };
        let weaker = definitions.split_off(end);
        // What is said of each element is said of those that are there now.
        let replaced = definitions.iter().any(replaces);
        let stays = |it: &Definition| replaced && speaks_of_elements(shape, it);
        let (of_elements, weaker): (Vec<_>, Vec<_>) = weaker.into_iter().partition(stays);
        definitions.extend(of_elements);
        weaker.iter().map(|definition| self.lost(definition)).collect()
    }
}

fn everything() -> Writes {
    Writes { any: true, ..Writes::default() }
}
