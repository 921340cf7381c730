//! Who says a field: the sources of a node, item by item, loops and conditions unfolded as far as
//! they may set the field.

use std::sync::Arc;

use qg_lang::ast::{Block, Body, Field, ItemKind, Key, Mark};
use qg_lang::span::{FileId, Span};

use crate::fleet::leaf::Rung;
use crate::value::{NodeId, Val, Value};

use super::index::{BodyIndex, keys};
use super::state::{
    Ctx, Entries, Saying, Shape, Source, SourceId, SourceKind, Strength, Tail, What,
};
use super::{Evaluator, MAX_SAYINGS};

impl Evaluator<'_> {
    /// Adds a source to the arena.
    pub(super) fn source(
        &mut self,
        kind: SourceKind,
        strength: Strength,
        extended: bool,
        ctx: Ctx,
    ) -> SourceId {
        self.state.add_source(Source {
            strength,
            extended,
            kind,
            ctx,
            condition: None,
            inner: None,
        })
    }

    /// Everything that is said about a field of a node, schema default aside, in no particular order.
    pub(super) fn sayings(&mut self, node: NodeId, field: &str) -> Vec<Saying> {
        let mut found = Vec::new();
        for source in self.state.node(node).sources.clone() {
            self.collect(node, source, field, &mut found);
        }
        found
    }

    fn collect(&mut self, node: NodeId, id: SourceId, field: &str, out: &mut Vec<Saying>) {
        let Source { strength, extended, kind, ctx, condition, inner: _ } =
            self.state.source(id).clone();
        match kind {
            SourceKind::Body(body) => {
                let index = self.index(&body);
                let before = out.len();
                if index.broken {
                    self.state.node_mut(node).uncertain = true;
                }
                let named = index.fields.get(field).map_or(&[][..], Vec::as_slice);
                if !named.is_empty() {
                    let inside = self.inside(node, id, &body);
                    for at in named {
                        out.extend(self.saying_of(&body, *at, 1, strength, extended, inside));
                    }
                }
                for at in &index.computed {
                    let inside = self.inside(node, id, &body);
                    let key = body.items.get(*at).and_then(|it| keys(&it.kind).0.first().copied());
                    match key.map(|key| self.key(key, inside)) {
                        Some(Some(name)) if &*name == field => {
                            out.extend(self.saying_of(&body, *at, 1, strength, extended, inside));
                        }
                        Some(None) => self.state.node_mut(node).uncertain = true,
                        Some(Some(_)) | None => {}
                    }
                }
                for (at, writes) in &index.generators {
                    if writes.may_set(field) {
                        for inner in self.unfold(node, id, &body, *at, writes).iter() {
                            self.collect(node, *inner, field, out);
                        }
                    }
                }
                if let Some(condition) = condition
                    && out.len() > before
                {
                    let ctx = Ctx { record: Some(node), ..ctx };
                    match self.eval(&condition, ctx).value {
                        Value::Bool(true) => {}
                        Value::Bool(false) => out.truncate(before),
                        _ => {
                            out.truncate(before);
                            out.push(lost(strength, ctx, condition.span));
                        }
                    }
                }
            }
            SourceKind::Tail(Tail { body, item, depth }) => {
                let Some(it) = body.items.get(item) else { return };
                let Some(key) = keys(&it.kind).0.get(depth).copied() else { return };
                match self.key(key, ctx) {
                    Some(name) if &*name == field => {
                        out.extend(self.saying_of(&body, item, depth + 1, strength, extended, ctx));
                    }
                    Some(_) => {}
                    None => self.state.node_mut(node).uncertain = true,
                }
            }
            SourceKind::Field(name, val, said) => {
                if &*name == field {
                    let span = said.or_else(|| self.state.origins.span(val.origin));
                    let span = span.unwrap_or_else(no_place);
                    out.push(Saying {
                        strength,
                        extended,
                        mark: None,
                        span,
                        what: What::Value(val),
                        ctx,
                    });
                }
            }
            SourceKind::Node(other) => {
                if self.says(other, field) {
                    let val = self.field(other, field);
                    let span = self.state.origins.span(val.origin).unwrap_or_else(no_place);
                    out.push(Saying {
                        strength,
                        extended,
                        mark: None,
                        span,
                        what: What::Value(val),
                        ctx,
                    });
                }
            }
            SourceKind::Lost(writes) => {
                if writes.may_set(field) {
                    let span = self.state.origins.span(ctx.via).unwrap_or_else(no_place);
                    out.push(lost(strength, ctx, span));
                }
            }
        }
    }

    /// The place of a saying that can be read off a source without evaluating anything.
    pub(super) fn plain_saying(&mut self, id: SourceId, field: &str) -> Option<Span> {
        let Source { kind, .. } = self.state.source(id).clone();
        match kind {
            SourceKind::Body(body) => {
                let index = self.index(&body);
                let at = *index.fields.get(field)?.first()?;
                body.items.get(at).map(|item| item.span)
            }
            SourceKind::Tail(Tail { body, item, depth }) => {
                let item = body.items.get(item)?;
                let key = keys(&item.kind).0.get(depth).copied()?.literal()?;
                (&*key == field).then_some(item.span)
            }
            SourceKind::Field(name, val, said) => {
                if &*name == field {
                    said.or_else(|| self.state.origins.span(val.origin))
                } else {
                    None
                }
            }
            SourceKind::Node(_) | SourceKind::Lost(_) => None,
        }
    }

    /// Whether a node says a field itself, its schema's default aside.
    pub(super) fn says(&mut self, node: NodeId, field: &str) -> bool {
        match self.state.node(node).shape {
            Shape::Record(_) => !self.sayings(node, field).is_empty(),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => self.has_entry(node, field),
        }
    }

    /// The keys of a map or free record, in order.
    pub(super) fn entries(&mut self, node: NodeId) -> Vec<Arc<str>> {
        self.collect_entries(node);
        match &self.state.node(node).entries {
            Entries::Done(entries) => entries.keys().map(Arc::clone).collect(),
            Entries::Fresh | Entries::Running => Vec::new(),
        }
    }

    /// Whether a map or free record has this key.
    pub(super) fn has_entry(&mut self, node: NodeId, key: &str) -> bool {
        self.collect_entries(node);
        match &self.state.node(node).entries {
            Entries::Done(entries) => entries.contains_key(key),
            Entries::Fresh | Entries::Running => false,
        }
    }

    /// Collects all that is said about each key of a map or free record, once.
    pub(super) fn collect_entries(&mut self, node: NodeId) {
        match &self.state.node(node).entries {
            Entries::Done(_) => return,
            Entries::Running => {
                self.circle(node, "");
                return;
            }
            Entries::Fresh => {}
        }
        self.state.node_mut(node).entries = Entries::Running;
        self.active.push((node, Arc::from("")));
        let mut names: Vec<Arc<str>> = Vec::new();
        for source in self.state.node(node).sources.clone() {
            self.names(node, source, &mut names);
        }
        names.sort();
        names.dedup();
        let mut entries = std::collections::BTreeMap::new();
        for name in names {
            let sayings = self.sayings(node, &name);
            if !sayings.is_empty() {
                entries.insert(name, sayings);
            }
        }
        self.active.pop();
        self.state.node_mut(node).entries = Entries::Done(entries);
        if matches!(self.state.node(node).shape, Shape::Map(_)) {
            self.settle_entries(node);
        }
    }

    /// The keys that a source may set.
    fn names(&mut self, node: NodeId, id: SourceId, out: &mut Vec<Arc<str>>) {
        let Source { kind, ctx, .. } = self.state.source(id).clone();
        match kind {
            SourceKind::Body(body) => {
                let index = self.index(&body);
                if index.broken {
                    self.state.node_mut(node).uncertain = true;
                }
                out.extend(index.fields.keys().map(Arc::clone));
                if !index.computed.is_empty() {
                    let inside = self.inside(node, id, &body);
                    for at in &index.computed {
                        let key =
                            body.items.get(*at).and_then(|it| keys(&it.kind).0.first().copied());
                        match key.and_then(|key| self.key(key, inside)) {
                            Some(name) => out.push(name),
                            None => self.state.node_mut(node).uncertain = true,
                        }
                    }
                }
                for (at, writes) in &index.generators {
                    for inner in self.unfold(node, id, &body, *at, writes).iter() {
                        self.names(node, *inner, out);
                    }
                }
            }
            SourceKind::Tail(Tail { body, item, depth }) => {
                let key = body.items.get(item).and_then(|it| keys(&it.kind).0.get(depth).copied());
                match key.and_then(|key| self.key(key, ctx)) {
                    Some(name) => out.push(name),
                    None => self.state.node_mut(node).uncertain = true,
                }
            }
            SourceKind::Field(name, ..) => out.push(name),
            SourceKind::Node(other) => match self.state.node(other).shape.clone() {
                Shape::Record(schema) => {
                    let fields = &self.analysis.declarations.schema(schema).fields;
                    out.extend(fields.iter().map(|field| Arc::clone(&field.name)));
                }
                Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => {
                    out.extend(self.entries(other));
                    if self.state.node(other).uncertain {
                        self.state.node_mut(node).uncertain = true;
                    }
                }
            },
            SourceKind::Lost(writes) => {
                out.extend(writes.fields);
                self.state.node_mut(node).uncertain = true;
            }
        }
    }

    /// The saying of an item whose first `depth` keys lie behind. None where the item is left out.
    pub(super) fn saying_of(
        &mut self,
        body: &Arc<Body>,
        at: usize,
        depth: usize,
        strength: Strength,
        extended: bool,
        ctx: Ctx,
    ) -> Option<Saying> {
        let item = body.items.get(at)?;
        if self.analysis.skipped.contains(&item.span) {
            // What it was meant to say is unknown, not absent.
            return Some(lost(strength, ctx, item.span));
        }
        self.state.sayings += 1;
        if self.state.sayings == MAX_SAYINGS {
            self.too_many(item.span);
        }
        if self.state.sayings >= MAX_SAYINGS {
            return None;
        }
        let (path, mark) = keys(&item.kind);
        let rung = match (strength.rung, mark) {
            (Rung::SchemaDefault | Rung::KindDefault, _) => strength.rung,
            (_, Some(Mark::Default)) => Rung::Default,
            (_, Some(Mark::Override)) => Rung::Override,
            (rung, Some(Mark::Extend) | None) => rung,
        };
        let strength = Strength { rung, ..strength };
        let extended = extended || mark == Some(Mark::Extend);
        let keys_span = match (path.first(), path.last()) {
            (Some(first), Some(last)) => first.span().to(last.span()),
            _ => item.span,
        };
        let (what, span) = if depth < path.len() {
            (What::Tail(Tail { body: Arc::clone(body), item: at, depth }), keys_span)
        } else {
            match &item.kind {
                ItemKind::Field(Field { value, .. }) => {
                    (What::Expr(Arc::clone(value)), keys_span.to(value.span))
                }
                ItemKind::Block(Block { label, body, .. }) => {
                    let creates = label.is_some() && mark.is_none();
                    let span = match label {
                        Some(label) if creates => label.span(),
                        Some(_) | None => keys_span,
                    };
                    (What::Body { body: Arc::clone(body), creates }, span)
                }
                _ => return None,
            }
        };
        Some(Saying { strength, extended, mark, span, what, ctx })
    }

    /// A key, computed where it has to be. None: unknown.
    pub(super) fn key(&mut self, key: &Key, ctx: Ctx) -> Option<Arc<str>> {
        match key {
            Key::Name(name) => Some(Arc::clone(&name.text)),
            Key::Text(template) => match self.text(template, ctx).value {
                Value::Text(text) => Some(text),
                // A secret in a name was refused by the checker.
                _ => None,
            },
        }
    }

    pub(super) fn index(&mut self, body: &Arc<Body>) -> Arc<BodyIndex> {
        let address = Arc::as_ptr(body) as usize;
        if let Some(index) = self.state.indices.get(&address) {
            return Arc::clone(index);
        }
        let index = Arc::new(BodyIndex::new(body));
        self.state.indices.insert(address, Arc::clone(&index));
        index
    }
}

/// A saying of something unknown.
fn lost(strength: Strength, ctx: Ctx, span: Span) -> Saying {
    Saying { strength, extended: false, mark: None, span, what: What::Value(Val::unknown()), ctx }
}

fn no_place() -> Span {
    Span::new(FileId(0), 0, 0)
}
