//! What a field is worth: the ladder decides between those who say it (rule 8 of the language).

use std::sync::Arc;

use qg_lang::ast::{Expr, ExprKind, Mark};
use qg_lang::check::types::{SchemaField, Type};

use crate::fleet::leaf::{OriginId, Rung};
use crate::fleet::origin::{How, Origin};
use crate::value::{List, NodeId, Val, Value};

use super::index::Writes;
use super::state::{Ctx, Entries, Memo, Node, Saying, Shape, Slot, SourceKind, Strength, What};
use super::{Evaluator, MAX_DEPTH, MAX_NESTING, parents};

impl Evaluator<'_> {
    /// A field of a record or an entry of a map; computed once. Unknown where nothing like it exists.
    pub(crate) fn field(&mut self, node: NodeId, name: &str) -> Val {
        match self.state.node(node).slots.get(name).map(|slot| &slot.memo) {
            Some(Memo::Done(val)) => return val.clone(),
            Some(Memo::Running) => {
                self.circle(node, name);
                return Val::unknown();
            }
            Some(Memo::Fresh) | None => {}
        }
        if self.active.len() >= MAX_DEPTH {
            self.too_deep(node, name);
            return Val::unknown();
        }
        let key: Arc<str> = Arc::from(name);
        let running = Slot { memo: Memo::Running, rung: Rung::Plain };
        self.state.node_mut(node).slots.insert(Arc::clone(&key), running);
        self.active.push((node, Arc::clone(&key)));
        let (val, rung) = stacker::maybe_grow(128 << 10, 4 << 20, || self.compute(node, &key));
        self.active.pop();
        let slot = Slot { memo: Memo::Done(val.clone()), rung };
        self.state.node_mut(node).slots.insert(key, slot);
        val
    }

    fn compute(&mut self, node: NodeId, name: &Arc<str>) -> (Val, Rung) {
        let analysis = self.analysis;
        match self.state.node(node).shape.clone() {
            Shape::Record(schema) => match analysis.declarations.schema(schema).field(name) {
                Some(field) => {
                    let sayings = self.sayings(node, name);
                    self.decide(node, name, Some(&field.ty), sayings, Some(field))
                }
                None if &**name == "name" => {
                    let Node { key, origin, .. } = self.state.node(node);
                    (Val::new(Value::Text(Arc::clone(key)), *origin), Rung::Plain)
                }
                None => (Val::unknown(), Rung::Plain),
            },
            Shape::Map(element) => {
                let sayings = self.entry(node, name);
                self.decide(node, name, Some(&element), sayings, None)
            }
            Shape::Free(ty) => {
                let sayings = self.entry(node, name);
                self.decide(node, name, Some(&ty), sayings, None)
            }
            Shape::Anonymous => {
                let sayings = self.entry(node, name);
                self.decide(node, name, None, sayings, None)
            }
        }
    }

    /// What is said about an entry of a map or free record.
    fn entry(&mut self, node: NodeId, name: &str) -> Vec<Saying> {
        self.collect_entries(node);
        match &self.state.node(node).entries {
            Entries::Done(entries) => entries.get(name).cloned().unwrap_or_default(),
            Entries::Fresh | Entries::Running => Vec::new(),
        }
    }

    fn decide(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        mut sayings: Vec<Saying>,
        field: Option<&SchemaField>,
    ) -> (Val, Rung) {
        if let Some(SchemaField { default: Some(default), .. }) = field {
            sayings.push(Saying {
                strength: Strength { level: 0, rung: Rung::SchemaDefault },
                extended: false,
                mark: None,
                span: default.span,
                what: What::Expr(Arc::clone(default)),
                ctx: Ctx { record: Some(node), ..Ctx::default() },
            });
        }
        sayings.sort_by_key(|it| (std::cmp::Reverse(it.strength), it.span));
        if self.overrides_nothing(node, name, ty, &sayings) {
            return (Val::unknown(), Rung::Override);
        }
        if self.is_structural(ty, &sayings) {
            return self.structure(node, name, ty, sayings, field);
        }
        match sayings.iter().map(|it| it.strength).max() {
            None => (self.nothing_said(node, name, ty, field), Rung::SchemaDefault),
            Some(top) => {
                let winners = sayings.iter().take_while(|it| it.strength == top).count();
                let val = self.leaf(node, name, ty, &sayings, winners);
                (val, top.rung)
            }
        }
    }

    /// Whether what is said merges field by field.
    fn is_structural(&mut self, ty: Option<&Type>, sayings: &[Saying]) -> bool {
        match ty.map(Type::base) {
            Some(Type::Record(_) | Type::Map(_)) => true,
            None | Some(Type::Data | Type::Module | Type::Unknown | Type::Anonymous(_)) => {
                !sayings.is_empty() && sayings.iter().all(|it| self.is_record_like(&it.what))
            }
            Some(_) => false,
        }
    }

    fn is_record_like(&self, what: &What) -> bool {
        match what {
            What::Body { .. } | What::Tail(_) => true,
            What::Expr(expr) => matches!(expr.kind, ExprKind::Record(_) | ExprKind::With(..)),
            // What has a place in the model stays what it is, and is not copied field by field.
            What::Value(val) => {
                matches!(val.value, Value::Record(id) if !self.state.node(id).placed)
            }
        }
    }

    /// One value wins, or several of a set unite.
    fn leaf(
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
            _ => Some(self.unite(values.iter().map(|(val, _)| val))),
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

    fn said_origin(
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
    fn lost(&mut self, saying: &Saying) -> OriginId {
        let from = parents(&[], saying.ctx.via);
        let how = how_said(saying);
        self.state.add_origin(Origin { span: saying.span, how, parents: &from, lost: &[] })
    }

    fn unite<'v>(&mut self, values: impl Iterator<Item = &'v Val>) -> Value {
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
        Value::Set(List::new(self.sorted_unique(items), complete))
    }

    /// The value of a saying, not yet brought into the type wanted.
    fn say(&mut self, saying: &Saying) -> Val {
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

    /// A record, map or free record: a node of its own, which every saying feeds.
    fn structure(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        mut sayings: Vec<Saying>,
        field: Option<&SchemaField>,
    ) -> (Val, Rung) {
        if let Some(at) = sayings.iter().position(is_unset) {
            if at == 0 {
                let (val, rung) =
                    (self.written(sayings[0].span, sayings[0].ctx), sayings[0].strength.rung);
                return (Val::new(Value::Absent, val), rung);
            }
            sayings.truncate(at);
        }
        let Some(first) = sayings.first() else {
            return (self.nothing_said(node, name, ty, field), Rung::SchemaDefault);
        };
        let rung = first.strength.rung;
        let shape = match ty.map(Type::base) {
            Some(Type::Record(schema)) => Shape::Record(*schema),
            Some(Type::Map(element)) => Shape::Map((**element).clone()),
            Some(free @ (Type::Data | Type::Module)) => Shape::Free(free.clone()),
            _ => Shape::Anonymous,
        };
        let creator = sayings
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
            self.too_deep(node, name);
            return (Val::unknown(), rung);
        }
        let child = self.state.add_node(Node {
            parent: Some(node),
            entity,
            depth,
            origin,
            level: sayings.iter().map(|it| it.strength.level).max().unwrap_or(0),
            ..Node::new(shape, name, placed)
        });
        if is_entity {
            self.state.node_mut(child).entity = Some(child);
        }
        for mut saying in sayings {
            if is_entity && saying.ctx.entity.is_none() {
                saying.ctx.entity = Some(child);
            }
            self.add_saying(child, &saying);
        }
        for default in defaults {
            let mut source = self.state.source(default).clone();
            if is_entity {
                source.ctx.entity = Some(child);
            }
            source.inner = None;
            let source = self.state.add_source(source);
            self.state.node_mut(child).sources.push(source);
        }
        (Val::new(Value::Record(child), origin), rung)
    }

    /// Lets a saying about a whole node feed it.
    pub(super) fn add_saying(&mut self, node: NodeId, saying: &Saying) {
        let Saying { strength, extended, mark: _, span, what, ctx } = saying;
        let kind = match what {
            What::Tail(tail) => SourceKind::Tail(tail.clone()),
            What::Body { body, creates } => {
                if self.is_element_default(node, saying, *creates) {
                    let strength = Strength { rung: Rung::KindDefault, ..*strength };
                    let source =
                        self.source(SourceKind::Body(Arc::clone(body)), strength, *extended, *ctx);
                    self.state.node_mut(node).defaults.push(source);
                    return;
                }
                SourceKind::Body(Arc::clone(body))
            }
            What::Expr(expr) => match &expr.kind {
                ExprKind::Record(body) => SourceKind::Body(Arc::clone(body)),
                ExprKind::Error => SourceKind::Lost(everything()),
                _ => {
                    let val = self.eval(expr, *ctx);
                    self.value_source(node, val, expr.span)
                }
            },
            What::Value(val) => self.value_source(node, val.clone(), *span),
        };
        let source = self.source(kind, *strength, *extended, *ctx);
        self.state.node_mut(node).sources.push(source);
    }

    /// `default route { … }` where `route` is a map: what each element says by default.
    fn is_element_default(&self, node: NodeId, saying: &Saying, creates: bool) -> bool {
        !creates
            && saying.strength.rung == Rung::Default
            && !saying.extended
            && match &self.state.node(node).shape {
                Shape::Map(element) => matches!(element.base(), Type::Record(_)),
                Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => false,
            }
    }

    fn value_source(&mut self, node: NodeId, val: Val, span: qg_lang::span::Span) -> SourceKind {
        if val.is_unknown() {
            self.state.node_mut(node).uncertain = true;
            return SourceKind::Lost(everything());
        }
        if let Some(other) = Self::node_of(&val)
            && self.may_merge(node, other)
        {
            return SourceKind::Node(other);
        }
        let from = match self.state.node(node).shape {
            Shape::Record(schema) => self.analysis.declarations.schema(schema).from.clone(),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => None,
        };
        match from {
            Some(field) => SourceKind::Field(field, val, Some(span)),
            None => {
                self.wrong_value(&val, span, "a record");
                self.state.node_mut(node).uncertain = true;
                SourceKind::Lost(everything())
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

    fn nothing_said(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        field: Option<&SchemaField>,
    ) -> Val {
        if matches!(ty, Some(Type::Optional(_))) {
            let origin =
                field.map_or(OriginId(0), |field| self.written(field.span, Ctx::default()));
            return Val::new(Value::Absent, origin);
        }
        if let Some(field) = field
            && !self.state.node(node).uncertain
            && !matches!(ty, Some(Type::Unknown))
        {
            self.missing(node, name, field);
        }
        Val::unknown()
    }

    fn overrides_nothing(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        sayings: &[Saying],
    ) -> bool {
        let (Some(first), Some(last)) = (sayings.first(), sayings.last()) else { return false };
        let only = first.strength.rung == Rung::Override && last.strength == first.strength;
        // Below an `override` block each field is meant to win, said before or not; a Nix module
        // overrides what other modules say.
        let marked = match &first.what {
            What::Tail(_) => false,
            What::Expr(_) | What::Body { .. } => true,
            What::Value(_) => false,
        };
        if !only || !marked || matches!(ty.map(Type::base), Some(Type::Module)) {
            return false;
        }
        if self.state.node(node).uncertain {
            return true;
        }
        self.override_of_nothing(node, name, first);
        true
    }

    /// Each entry of a map is created once, and only what is created is extended.
    pub(super) fn settle_entries(&mut self, map: NodeId) {
        let Entries::Done(entries) = &self.state.node(map).entries else { return };
        let structural = match &self.state.node(map).shape {
            Shape::Map(element) => matches!(element.base(), Type::Record(_) | Type::Map(_)),
            Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => return,
        };
        let mut twice = Vec::new();
        let mut never = Vec::new();
        for (name, sayings) in entries {
            let mut creators: Vec<&Saying> = sayings
                .iter()
                .filter(|it| matches!(it.what, What::Body { creates: true, .. }))
                .collect();
            creators.sort_by_key(|it| it.span);
            if let [first, rest @ ..] = creators.as_slice() {
                twice.extend(rest.iter().map(|it| (Arc::clone(name), first.span, it.span)));
            }
            if structural && sayings.iter().all(|it| !creates_somehow(it)) {
                never.push((Arc::clone(name), sayings.iter().map(|it| it.span).min()));
            }
        }
        for (name, first, second) in twice {
            self.created_twice(map, &name, first, second);
        }
        for (name, span) in never {
            if let Entries::Done(entries) = &mut self.state.node_mut(map).entries {
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

/// A saying that makes an entry be there: anything but `extend`, `override` and `default` blocks.
fn creates_somehow(saying: &Saying) -> bool {
    match saying.mark {
        None => true,
        Some(Mark::Extend | Mark::Override) => false,
        Some(Mark::Default) => matches!(saying.what, What::Expr(_) | What::Value(_)),
    }
}

fn is_unset(saying: &Saying) -> bool {
    match &saying.what {
        What::Expr(expr) => matches!(expr.kind, ExprKind::Unset),
        What::Value(val) => matches!(val.value, Value::Absent),
        What::Body { .. } | What::Tail(_) => false,
    }
}

fn is_error(saying: &Saying) -> bool {
    match &saying.what {
        What::Expr(expr) => is_error_expr(expr),
        What::Value(val) => val.is_unknown(),
        What::Body { .. } | What::Tail(_) => false,
    }
}

fn is_error_expr(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Error)
}

fn how_said(saying: &Saying) -> How {
    if saying.extended {
        How::Extended(saying.strength.rung)
    } else {
        How::Said(saying.strength.rung)
    }
}

fn everything() -> Writes {
    Writes { any: true, ..Writes::default() }
}
