//! Who says a field: the contributions of a node, item by item, loops and conditions unfolded as far as
//! they may set the field.

use std::collections::BTreeMap;
use std::mem::size_of;
use std::sync::Arc;

use qg_lang::ast::{Block, Body, ExprKind, Field, ItemKind, Key, Mark};
use qg_lang::span::{FileId, Span};

use super::Evaluator;
use super::index::{BodyIndex, keys};
use super::ladder::{Strength, taken_away};
use super::state::{
    Contribution, ContributionId, ContributionKind, Ctx, Definition, MapEntries, Shape, Tail, What,
};
use crate::value::{NodeId, Val, Value};

impl Evaluator<'_> {
    /// Adds a contribution to the arena.
    pub(super) fn contribution(
        &mut self,
        kind: ContributionKind,
        strength: Strength,
        extended: bool,
        ctx: Ctx,
    ) -> ContributionId {
        self.state.add_contribution(Contribution {
            strength,
            extended,
            kind,
            ctx,
            condition: None,
            inner: None,
        })
    }

    /// Everything that is said about a field of a node, schema default aside, in no particular order.
    pub(super) fn definitions(&mut self, node: NodeId, field: &str) -> Vec<Definition> {
        self.collected(node, Some(field)).into_iter().map(|(_, definition)| definition).collect()
    }

    /// What all contributions of a node say of one field, or of every field.
    fn collected(&mut self, node: NodeId, field: Option<&str>) -> Vec<Told> {
        let mut found = Vec::new();
        let contributions = self.state.node(node).contributions.clone();
        let work = 1 + contributions.len() / CONTRIBUTIONS_PER_STEP;
        if !self.charge_at(work, |ev| ev.step_span(node, field.unwrap_or_default())) {
            self.state.node_mut(node).uncertain = true;
            return found;
        }
        for contribution in contributions {
            self.collect(node, contribution, field, &mut found);
        }
        found
    }

    fn collect(
        &mut self,
        node: NodeId,
        id: ContributionId,
        field: Option<&str>,
        out: &mut Vec<Told>,
    ) {
        let Contribution { strength, extended, kind, ctx, condition, inner: _ } =
            self.state.contribution(id).clone();
        let wanted = |name: &str| field.is_none_or(|field| field == name);
        let value = |val: Val, said: Option<Span>| {
            let span = said.unwrap_or_else(no_place);
            Definition { strength, extended, mark: None, span, what: What::Value(val), ctx }
        };
        match kind {
            ContributionKind::Body(body) => {
                let before = out.len();
                self.collect_body(node, id, &body, field, out);
                if let Some(condition) = condition
                    && out.len() > before
                {
                    let ctx = Ctx { record: Some(node), ..ctx };
                    match self.eval(&condition, ctx).value.truth() {
                        Some(true) => {}
                        Some(false) => out.truncate(before),
                        None => {
                            for (_, definition) in &mut out[before..] {
                                *definition = lost(strength, ctx, condition.span);
                            }
                        }
                    }
                }
            }
            ContributionKind::Tail(Tail { body, item, depth }) => {
                let Some(it) = body.items.get(item) else { return };
                let Some(key) = keys(&it.kind).0.get(depth).copied() else { return };
                match self.key(key, ctx) {
                    Some(name) if wanted(&name) => {
                        let definition =
                            self.definition_of(&body, item, depth + 1, strength, extended, ctx);
                        out.extend(definition.map(|definition| (Some(name), definition)));
                    }
                    Some(_) => {}
                    None => self.state.node_mut(node).uncertain = true,
                }
            }
            ContributionKind::Field(name, val, said) => {
                if wanted(&name) {
                    let span = said.or_else(|| self.state.origins.span(val.origin));
                    out.push((Some(name), value(val, span)));
                }
            }
            ContributionKind::Node(other) => {
                let names = match field {
                    Some(field) => vec![self.key_of(other, field)],
                    None => self.names_of(other),
                };
                if self.state.node(other).uncertain
                    && !matches!(self.state.node(other).shape, Shape::Record(_))
                {
                    self.state.node_mut(node).uncertain = true;
                }
                for name in names {
                    if self.says(other, &name) {
                        let val = self.field(other, &name);
                        let span = self.state.origins.span(val.origin);
                        out.push((Some(name), value(val, span)));
                    }
                }
            }
            ContributionKind::Lost(writes) => {
                let span = self.state.origins.span(ctx.via).unwrap_or_else(no_place);
                let definition = || lost(strength, ctx, span);
                match field {
                    Some(field) if writes.may_set(field) => out.push((None, definition())),
                    Some(_) => {}
                    None => {
                        self.state.node_mut(node).uncertain = true;
                        out.extend(
                            writes.fields.into_iter().map(|name| (Some(name), definition())),
                        );
                        out.extend(writes.any.then(|| (None, definition())));
                    }
                }
            }
        }
    }

    /// What a body says, its loops and conditions unfolded as far as they may set the field.
    fn collect_body(
        &mut self,
        node: NodeId,
        id: ContributionId,
        body: &Arc<Body>,
        field: Option<&str>,
        out: &mut Vec<Told>,
    ) {
        let Contribution { strength, extended, .. } = *self.state.contribution(id);
        let index = self.index(body);
        if index.broken {
            self.state.node_mut(node).uncertain = true;
        }
        let one = field.and_then(|field| index.fields.get_key_value(field));
        let all = field.is_none().then_some(&index.fields).into_iter().flatten();
        for (name, places) in one.into_iter().chain(all) {
            let inside = self.inside(node, id, body);
            for at in places {
                let definition = self.definition_of(body, *at, 1, strength, extended, inside);
                out.extend(definition.map(|definition| (Some(Arc::clone(name)), definition)));
            }
        }
        for at in &index.computed {
            let inside = self.inside(node, id, body);
            let key = body.items.get(*at).and_then(|it| keys(&it.kind).0.first().copied());
            match key.map(|key| self.key(key, inside)) {
                Some(Some(name)) if field.is_none_or(|field| field == &*name) => {
                    let definition = self.definition_of(body, *at, 1, strength, extended, inside);
                    out.extend(definition.map(|definition| (Some(name), definition)));
                }
                Some(None) => self.state.node_mut(node).uncertain = true,
                Some(Some(_)) | None => {}
            }
        }
        for (at, writes) in &index.generators {
            if field.is_none_or(|field| writes.may_set(field)) {
                for inner in self.unfold(node, id, body, *at, writes).iter() {
                    self.collect(node, *inner, field, out);
                }
            }
        }
    }

    /// The place of a definition that can be read off a contribution without evaluating anything.
    pub(super) fn plain_definition(&mut self, id: ContributionId, field: &str) -> Option<Span> {
        let Contribution { kind, .. } = self.state.contribution(id).clone();
        match kind {
            ContributionKind::Body(body) => {
                let index = self.index(&body);
                let at = *index.fields.get(field)?.first()?;
                body.items.get(at).map(|item| item.span)
            }
            ContributionKind::Tail(Tail { body, item, depth }) => {
                let item = body.items.get(item)?;
                let key = keys(&item.kind).0.get(depth).copied()?.literal()?;
                (&*key == field).then_some(item.span)
            }
            ContributionKind::Field(name, val, said) => {
                if &*name == field {
                    said.or_else(|| self.state.origins.span(val.origin))
                } else {
                    None
                }
            }
            ContributionKind::Node(_) | ContributionKind::Lost(_) => None,
        }
    }

    /// Whether a node says a field itself, its schema's default aside.
    pub(super) fn says(&mut self, node: NodeId, field: &str) -> bool {
        match self.state.node(node).shape {
            Shape::Record(_) => !self.definitions(node, field).is_empty(),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => self.has_entry(node, field),
        }
    }

    /// The keys of a map or free record, in order.
    pub(super) fn entries(&mut self, node: NodeId) -> Vec<Arc<str>> {
        self.collect_entries(node);
        match &self.state.node(node).entries {
            MapEntries::Done(entries) => {
                let there = entries.iter().filter(|(_, said)| taken_away(said).is_none());
                there.map(|(key, _)| Arc::clone(key)).collect()
            }
            MapEntries::Fresh | MapEntries::Running => Vec::new(),
        }
    }

    /// Whether a map or free record has this key.
    pub(super) fn has_entry(&mut self, node: NodeId, key: &str) -> bool {
        self.collect_entries(node);
        match &self.state.node(node).entries {
            MapEntries::Done(entries) => {
                entries.get(key).is_some_and(|said| taken_away(said).is_none())
            }
            MapEntries::Fresh | MapEntries::Running => false,
        }
    }

    /// Collects all that is said about each key of a map or free record, once.
    pub(super) fn collect_entries(&mut self, node: NodeId) {
        match &self.state.node(node).entries {
            MapEntries::Done(_) => return,
            MapEntries::Running => {
                self.cycle(node, "");
                return;
            }
            MapEntries::Fresh => {}
        }
        self.state.node_mut(node).entries = MapEntries::Running;
        self.active.push((node, Arc::from("")));
        let mut entries: BTreeMap<Arc<str>, Vec<Definition>> = BTreeMap::new();
        let mut of_all = Vec::new();
        for (name, definition) in self.collected(node, None) {
            self.state.hold(size_of::<Definition>());
            match name {
                Some(name) => {
                    entries.entry(name).or_insert_with(|| Vec::with_capacity(1)).push(definition);
                }
                None => of_all.push(definition),
            }
        }
        if !of_all.is_empty() {
            entries.values_mut().for_each(|definitions| definitions.extend(of_all.iter().cloned()));
        }
        self.state.hold(entries.len() * ENTRY);
        self.active.pop();
        self.state.node_mut(node).entries = MapEntries::Done(entries);
        self.settle_entries(node);
    }

    /// The definition of an item whose first `depth` keys lie behind. None where the item is left out.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these two alone define something")]
    pub(super) fn definition_of(
        &mut self,
        body: &Arc<Body>,
        at: usize,
        depth: usize,
        strength: Strength,
        extended: bool,
        ctx: Ctx,
    ) -> Option<Definition> {
        let item = body.items.get(at)?;
        if self.analysis.skipped.contains(&item.span) {
            // What it was meant to say is unknown, not absent.
            return Some(lost(strength, ctx, item.span));
        }
        if !self.step(item.span) {
            return None;
        }
        let (path, mark) = keys(&item.kind);
        let strength = strength.marked(mark.map(|(mark, _)| mark));
        let extended = extended || matches!(mark, Some((Mark::Extend, _)));
        let keys_span = match (path.first(), path.last()) {
            (Some(first), Some(last)) => first.span().to(last.span()),
            _ => item.span,
        };
        let (what, span) = if depth < path.len() {
            (What::Tail(Tail { body: Arc::clone(body), item: at, depth }), keys_span)
        } else {
            match &item.kind {
                // `unset` that was refused says nothing that is known.
                ItemKind::Field(Field { value, .. })
                    if matches!(value.kind, ExprKind::Unset) && self.is_broken(value) =>
                {
                    return Some(lost(strength, ctx, item.span));
                }
                ItemKind::Field(Field { value, .. }) => {
                    // In a table of CSV the key is a cell of the head, far from the value.
                    let apart = self.is_data(value.span);
                    let span = if apart { value.span } else { keys_span.to(value.span) };
                    (What::Expr(Arc::clone(value)), span)
                }
                ItemKind::Block(Block { label, body, condition, .. }) => {
                    let creates = label.is_some() && mark.is_none();
                    let span = match label {
                        Some(label) if creates => label.span(),
                        Some(_) | None => keys_span,
                    };
                    let (body, condition) = (Arc::clone(body), condition.clone());
                    (What::Body { body, creates, condition }, span)
                }
                _ => return None,
            }
        };
        Some(Definition { strength, extended, mark, span, what, ctx })
    }

    /// Whether this stands in a file of data.
    fn is_data(&self, span: Span) -> bool {
        let file = self.analysis.sources.get(span.file);
        file.is_some_and(|file| file.path.ends_with(".csv"))
    }

    /// A key, computed where it has to be. None: unknown.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a secret in a name was refused by the checker"
    )]
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

/// A definition, and the field that it is about; none: whatever it is asked for.
type Told = (Option<Arc<str>>, Definition);

/// Sources that are asked in one step.
const CONTRIBUTIONS_PER_STEP: usize = 4;

/// The bytes of an entry of a map, without who says it.
pub(crate) const ENTRY: usize = 96;

/// A definition of something unknown.
fn lost(strength: Strength, ctx: Ctx, span: Span) -> Definition {
    Definition {
        strength,
        extended: false,
        mark: None,
        span,
        what: What::Value(Val::unknown()),
        ctx,
    }
}

fn no_place() -> Span {
    Span::new(FileId(0), 0, 0)
}
