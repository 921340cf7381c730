//! Top-level items: what exists, before what it is worth (rule 3 of the language).

use std::collections::BTreeMap;
use std::mem::size_of;
use std::sync::Arc;

use qg_lang::ast::{Block, Body, ExprKind, Field, File, ItemKind, Key, Mark};
use qg_lang::check::types::Type;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;
use qg_provenance::leaf::{OriginId, Priority};

use super::definitions::ENTRY;
use super::index::keys;
use super::ladder::Strength;
use super::state::{
    Cell, ContributionKind, Ctx, Definition, MapEntries, Node, Progress, Shape, Tail,
};
use super::{Evaluator, Val};
use crate::value::{NodeId, Value};

impl Evaluator<'_> {
    /// Puts every top-level item of every file where it belongs.
    pub(super) fn expand(&mut self) {
        let analysis = self.analysis;
        let Some(schema) = analysis.declarations.model else { return };
        let model = self.state.add_node(Node::new(Shape::Record(schema), &Arc::from(""), true));
        self.state.model = Some(model);
        for field in &analysis.declarations.schema(schema).fields {
            // A map of scalars is a field like any other.
            if let Type::Map(element) = field.ty.base()
                && matches!(element.base(), Type::Record(_))
            {
                let map = self.state.add_node(Node {
                    parent: Some(model),
                    entries: MapEntries::Done(BTreeMap::new()),
                    ..Node::new(Shape::Map((**element).clone()), &field.name, true)
                });
                let val = Val::new(Value::Record(map), OriginId(0));
                let place = Some((model, &field.name));
                let val = self.conditions(val, &field.ty, field.span, place);
                let progress = Progress::Done(val);
                let cell = Cell { progress, priority: Priority::SchemaDefault };
                self.state.node_mut(model).cells.insert(Arc::clone(&field.name), cell);
            }
        }
        let mut bodies = BTreeMap::new();
        for (id, parsed) in &analysis.files {
            let File { body, .. } = &parsed.file;
            let body = Arc::clone(body);
            for at in 0..body.items.len() {
                self.top_item(model, &body, at, Ctx::default(), false);
            }
            bodies.insert(*id, body);
        }
        for item in &analysis.order {
            if let Some(body) = bodies.get(&item.file) {
                self.top_item(model, body, item.index as usize, Ctx::default(), true);
            }
        }
        self.unsure_of_skipped(model, bodies.values());
        self.settle_entities(model);
    }

    /// One top-level item. Loops, conditions and computed labels wait for their turn in the order.
    fn top_item(&mut self, model: NodeId, body: &Arc<Body>, at: usize, ctx: Ctx, turn: bool) {
        let Some(item) = body.items.get(at) else { return };
        if self.analysis.skipped.contains(&item.span) {
            return;
        }
        match &item.kind {
            ItemKind::Field(_) | ItemKind::Block(_) => {
                let computed = keys(&item.kind).0.iter().take(2).any(|key| key.literal().is_none());
                if computed == turn || ctx != Ctx::default() {
                    self.contribute(model, body, at, ctx);
                }
            }
            ItemKind::For(_) | ItemKind::If(_) if turn || ctx != Ctx::default() => {
                self.top_generator(model, body, at, ctx);
            }
            ItemKind::For(_)
            | ItemKind::If(_)
            | ItemKind::Let(_)
            | ItemKind::Fn(_)
            | ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_)
            | ItemKind::Error => {}
        }
    }

    fn top_generator(&mut self, model: NodeId, body: &Arc<Body>, at: usize, ctx: Ctx) {
        let Some(item) = body.items.get(at) else { return };
        match self.generate(&item.kind, ctx) {
            Some(turns) => {
                for (inner, mut ctx) in turns.items {
                    if self.exhausted {
                        break;
                    }
                    // A context that differs from the empty one, so that items inside take their turn now.
                    if ctx.via.0 == 0 {
                        ctx.via = self.written(item.span.head(), ctx);
                    }
                    ctx.env = self.bind_lets(&inner, ctx);
                    for at in 0..inner.items.len() {
                        self.top_item(model, &inner, at, ctx, true);
                    }
                }
                if !turns.complete {
                    self.unsure_of(model, &item.kind);
                }
            }
            None => self.unsure_of(model, &item.kind),
        }
    }

    /// A block or field at top level, in a file or in a loop.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all else at top level was told or refused before"
    )]
    fn contribute(&mut self, model: NodeId, body: &Arc<Body>, at: usize, ctx: Ctx) {
        let Some(item) = body.items.get(at) else { return };
        let (path, mark) = keys(&item.kind);
        let Some(kind) = path.first().and_then(|key| self.key(key, ctx)) else { return };
        let Some(map) = self.kind_map(model, &kind) else {
            let tail = Tail { body: Arc::clone(body), item: at, depth: 0 };
            let contribution =
                self.contribution(ContributionKind::Tail(tail), self.said(item.span), false, ctx);
            self.state.node_mut(model).contributions.push(contribution);
            return;
        };
        match path.get(1) {
            Some(key) => {
                let Some(name) = self.key(key, ctx) else {
                    self.state.node_mut(map).uncertain = true;
                    return;
                };
                if let Some(definition) =
                    self.definition_of(body, at, 2, self.said(item.span), false, ctx)
                {
                    self.enter(map, &name, definition);
                }
            }
            None => match &item.kind {
                ItemKind::Block(Block { condition, body: inner, .. })
                    if matches!(mark, Some((Mark::Default, _))) =>
                {
                    let kind = ContributionKind::Body(Arc::clone(inner));
                    let contribution = self.contribution(kind, Strength::of_kind(), false, ctx);
                    self.state.contributions[contribution.0 as usize].condition = condition.clone();
                    self.state.node_mut(map).defaults.push(contribution);
                }
                ItemKind::Field(Field { value, .. }) => self.contribute_map(map, value, mark, ctx),
                _ => {}
            },
        }
    }

    /// How strongly the items of a file are said: those of an environment stand above all that the sources say, as
    /// what `with` says stands above what it copies.
    fn said(&self, span: Span) -> Strength {
        let level = u16::from(self.analysis.settings == Some(span.file));
        Strength { level, ..Strength::default() }
    }

    /// `service = { a = { … } }`: each item of the literal as if it stood behind the kind's name.
    fn contribute_map(
        &mut self,
        map: NodeId,
        value: &qg_lang::ast::Expr,
        mark: Option<(Mark, Span)>,
        ctx: Ctx,
    ) {
        let refuse = |ev: &mut Self, span: Span| {
            ev.report(
                Diagnostic::error(
                    codes::eval::WRONG_VALUE,
                    span,
                    "a kind cannot be set as a whole",
                )
                .help("write one block for each thing, `service NAME { … }`, with loops and conditions around it; `override service.NAME = unset` takes one away"),
            );
        };
        let ExprKind::Record(inner) = &value.kind else { return refuse(self, value.span) };
        if let Some((_, span)) = mark {
            return refuse(self, span);
        }
        let plain = |item: &&qg_lang::ast::Item| {
            matches!(item.kind, ItemKind::Field(_) | ItemKind::Block(_) | ItemKind::Error)
        };
        if let Some(item) = inner.items.iter().find(|item| !plain(item)) {
            return refuse(self, item.span);
        }
        for (at, item) in inner.items.iter().enumerate() {
            let Some(key) = keys(&item.kind).0.first().copied().cloned() else { continue };
            let Some(name) = self.key(&key, ctx) else { continue };
            if let Some(definition) =
                self.definition_of(inner, at, 1, Strength::default(), false, ctx)
            {
                self.enter(map, &name, definition);
            }
        }
    }

    /// Adds a definition to an entry of a kind, also where the entry has been made already.
    fn enter(&mut self, map: NodeId, name: &Arc<str>, definition: Definition) {
        if let Some(Cell { progress: Progress::Done(val), .. }) =
            self.state.node(map).cells.get(name)
            && let Some(entity) = Self::node_of(val)
        {
            let mut late = definition.clone();
            late.ctx.entity = Some(entity);
            self.add_definition(entity, &late);
        }
        self.state.hold(ENTRY + size_of::<Definition>());
        if let MapEntries::Done(entries) = &mut self.state.node_mut(map).entries {
            entries
                .entry(Arc::clone(name))
                .or_insert_with(|| Vec::with_capacity(1))
                .push(definition);
        }
    }

    fn kind_map(&self, model: NodeId, kind: &str) -> Option<NodeId> {
        match &self.state.node(model).cells.get(kind)?.progress {
            Progress::Done(val) => Self::node_of(val),
            Progress::Fresh | Progress::Running => None,
        }
    }

    /// Items that could not be read, stand in a cycle or have no turn: what they would create is unknown.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`keys` knows all others")]
    fn unsure_of_skipped<'b>(
        &mut self,
        model: NodeId,
        bodies: impl Iterator<Item = &'b Arc<Body>>,
    ) {
        let ordered: std::collections::BTreeSet<Span> = self
            .analysis
            .order
            .iter()
            .filter_map(|item| {
                let parsed = self.analysis.files.get(&item.file)?;
                parsed.file.body.items.get(item.index as usize).map(|item| item.span)
            })
            .collect();
        for body in bodies {
            for item in &body.items {
                let waits = match &item.kind {
                    ItemKind::For(_) | ItemKind::If(_) => true,
                    ItemKind::Error => {
                        self.unsure_of_all(model);
                        false
                    }
                    kind => keys(kind).0.iter().take(2).any(|key| key.literal().is_none()),
                };
                if self.analysis.skipped.contains(&item.span)
                    || (waits && !ordered.contains(&item.span))
                {
                    self.unsure_of(model, &item.kind);
                }
            }
        }
    }

    fn unsure_of_all(&mut self, model: NodeId) {
        let maps: Vec<NodeId> = self
            .state
            .node(model)
            .cells
            .values()
            .filter_map(|cell| match &cell.progress {
                Progress::Done(val) => Self::node_of(val),
                Progress::Fresh | Progress::Running => None,
            })
            .collect();
        for map in maps {
            self.state.node_mut(map).uncertain = true;
        }
    }

    /// The kinds in which an item may create: their names are no longer all known.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`keys` knows all others")]
    fn unsure_of(&mut self, model: NodeId, kind: &ItemKind) {
        let bodies: Vec<&Arc<Body>> = match kind {
            ItemKind::For(it) => vec![&it.body],
            ItemKind::If(it) => std::iter::once(&it.then).chain(&it.otherwise).collect(),
            other => {
                if let Some(map) = keys(other)
                    .0
                    .first()
                    .and_then(|key| Key::literal(key))
                    .and_then(|name| self.kind_map(model, &name))
                {
                    self.state.node_mut(map).uncertain = true;
                }
                return;
            }
        };
        for body in bodies {
            for item in &body.items {
                self.unsure_of(model, &item.kind);
            }
        }
    }

    /// After all items: each entity is created once, and only what is created is extended.
    fn settle_entities(&mut self, model: NodeId) {
        let maps: Vec<NodeId> = (0..self.state.nodes.len() as u32)
            .map(NodeId)
            .filter(|id| self.state.node(*id).parent == Some(model))
            .filter(|id| matches!(self.state.node(*id).shape, Shape::Map(_)))
            .collect();
        for map in maps {
            self.settle_entries(map);
        }
    }
}
