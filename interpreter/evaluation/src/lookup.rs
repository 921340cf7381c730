//! Reading: what a name, a field or a collection holds.

use std::sync::Arc;

use qg_lang::ast::{Binders, Expr, ExprKind, Key, Name, PortLiteral, Protocol};
use qg_lang::check::types::{LetId, Resolution, Type};
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;
use qg_provenance::leaf::OriginId;
use qg_provenance::origin::OriginKind;

use super::state::{Ctx, Progress, ScopeBinding, Shape, spell};
use super::{Evaluator, parents};
use crate::value::{NodeId, Val, Value};

/// What a loop goes over: values, with their keys where it goes over a map.
pub(crate) struct Rows {
    pub(crate) items: Vec<(Option<Arc<str>>, Val)>,
    pub(crate) complete: bool,
}

impl Rows {
    /// Each value with what is bound before it: the key in a map, the number from 0 in a list; unknown
    /// where something may be hidden before it.
    pub(crate) fn keyed(self) -> impl Iterator<Item = (Value, Val)> {
        let complete = self.complete;
        self.items.into_iter().enumerate().map(move |(at, (key, val))| {
            let number = || if complete { Value::Int(at as i64) } else { Value::Unknown };
            (key.map_or_else(number, Value::Text), val)
        })
    }
}

impl Evaluator<'_> {
    pub(super) fn name(&mut self, name: &Name, expr: &Expr, ctx: Ctx) -> Val {
        let Some(resolution) = self.resolution(expr) else { return Val::unknown() };
        match resolution {
            Resolution::Local => match self.state.lookup(ctx.env, &name.text).cloned() {
                Some(ScopeBinding::Value(val)) => val,
                Some(ScopeBinding::Thunk(id)) => self.thunk(id, name.span),
                None => Val::unknown(),
            },
            Resolution::Let(id) => self.global_let(*id, name.span),
            Resolution::Function(id) => {
                let origin = self.written(name.span, ctx);
                Val::new(Value::Function(*id), origin)
            }
            Resolution::Kind => match self.state.model {
                Some(model) => self.read(model, &name.text),
                None => Val::unknown(),
            },
            Resolution::Entity => match ctx.entity {
                Some(entity) => self.read(entity, &name.text),
                None => Val::unknown(),
            },
            Resolution::Variant(id, index) => {
                let origin = self.written(expr.span, ctx);
                self.variant(*id, *index, None, origin)
            }
            Resolution::Enum(_) | Resolution::Module(_) => Val::unknown(),
        }
    }

    fn thunk(&mut self, id: super::state::ThunkId, span: Span) -> Val {
        let thunk = self.state.thunks[id.0 as usize].clone();
        match thunk.progress {
            Progress::Done(val) => val,
            Progress::Running => {
                self.let_cycle(span);
                Val::unknown()
            }
            Progress::Fresh => {
                self.state.thunks[id.0 as usize].progress = Progress::Running;
                let val = self.eval(&thunk.expr, thunk.ctx);
                let val = match &thunk.ty {
                    Some(ty) => self.coerce(val, ty, thunk.expr.span, None),
                    None => val,
                };
                self.state.thunks[id.0 as usize].progress = Progress::Done(val.clone());
                val
            }
        }
    }

    /// A top-level `let`; computed once.
    pub(super) fn global_let(&mut self, id: LetId, span: Span) -> Val {
        let analysis = self.analysis;
        let at = id.0 as usize;
        if self.state.lets.len() <= at {
            self.state.lets.resize(analysis.declarations.lets.len(), Progress::Fresh);
        }
        match &self.state.lets[at] {
            Progress::Done(val) => return val.clone(),
            Progress::Running => {
                self.let_cycle(span);
                return Val::unknown();
            }
            Progress::Fresh => {}
        }
        self.state.lets[at] = Progress::Running;
        let it = analysis.declarations.global_let(id);
        let val = self.eval(&it.value, Ctx::default());
        let val = if it.declared { self.coerce(val, &it.ty, it.value.span, None) } else { val };
        self.state.lets[at] = Progress::Done(val.clone());
        val
    }

    /// A field's value, as a reference where it has a place of its own in the model.
    pub(super) fn read(&mut self, node: NodeId, field: &str) -> Val {
        let val = self.field(node, field);
        self.as_reference(val)
    }

    /// Elements of maps of records are read as references to them.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an entity alone is read as a reference")]
    fn as_reference(&self, val: Val) -> Val {
        match val.value {
            Value::Record(id) if self.is_entity(id) => Val { value: Value::Ref(id), ..val },
            _ => val,
        }
    }

    /// Whether a node has an identity: it is in the model, and a record.
    pub(super) fn is_entity(&self, id: NodeId) -> bool {
        let node = self.state.node(id);
        node.placed && matches!(node.shape, Shape::Record(_))
    }

    /// `a.b`
    pub(super) fn get(&mut self, base: &Arc<Expr>, key: &Key, expr: &Expr, ctx: Ctx) -> Val {
        match self.resolution(expr) {
            Some(Resolution::Variant(id, index)) => {
                let origin = self.written(expr.span, ctx);
                return self.variant(*id, *index, None, origin);
            }
            // `shared.media`, of a module.
            Some(Resolution::Let(id)) => return self.global_let(*id, key.span()),
            Some(Resolution::Function(id)) => {
                let origin = self.written(key.span(), ctx);
                return Val::new(Value::Function(*id), origin);
            }
            Some(
                Resolution::Local
                | Resolution::Kind
                | Resolution::Entity
                | Resolution::Enum(_)
                | Resolution::Module(_),
            )
            | None => {}
        }
        let val = self.eval(base, ctx);
        let Some(name) = self.key(key, ctx) else { return Val::unknown() };
        let must_exist = self.is_rooted(base);
        let found = self.get_from(&val, &name, key.span(), must_exist);
        if let (Value::Ref(id), true) = (&found.value, must_exist)
            && ctx.entity != Some(*id)
        {
            self.state.named.insert(*id);
        }
        if let (Value::Absent, Value::Ref(of), true) = (&found.value, &val.value, must_exist) {
            self.state.absences.insert(expr.span, (*of, name));
        }
        self.mention(found, expr.span, ctx)
    }

    /// A reference comes from where it is written, and only then from what it leads to.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a reference alone has a place of its own beside what it refers to"
    )]
    fn mention(&mut self, val: Val, span: Span, ctx: Ctx) -> Val {
        match val.value {
            Value::Ref(_) => {
                let origin = self.computed(span, &[val.origin], ctx);
                Val { origin, ..val }
            }
            _ => val,
        }
    }

    /// Whether an expression names its way from a kind or a field of the entity around: then what it
    /// names must exist (rule 17).
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "names and fields alone lead into the model"
    )]
    fn is_rooted(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(_) => {
                matches!(self.resolution(expr), Some(Resolution::Kind | Resolution::Entity))
            }
            ExprKind::Get(base, _) => self.is_rooted(base),
            _ => false,
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these alone have fields, and the checker refuses to ask others"
    )]
    fn get_from(&mut self, base: &Val, name: &Arc<str>, span: Span, must_exist: bool) -> Val {
        let node = match &base.value {
            Value::Record(id) | Value::Ref(id) => *id,
            Value::Absent => return base.clone(),
            _ => return Val::unknown(),
        };
        match &self.state.node(node).shape {
            Shape::Record(_) => self.read(node, name),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => {
                if self.has_entry(node, name) {
                    return self.read(node, name);
                }
                if self.state.node(node).uncertain {
                    return Val::unknown();
                }
                let of_entities = match &self.state.node(node).shape {
                    Shape::Map(element) => matches!(element.base(), Type::Record(_)),
                    Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => false,
                };
                if must_exist && of_entities {
                    return self.not_found(node, name, span);
                }
                Val::new(Value::Absent, base.origin)
            }
        }
    }

    fn not_found(&mut self, map: NodeId, name: &str, span: Span) -> Val {
        let known = self.entries(map);
        let mut kind = self.state.node_path(map);
        if kind.is_empty() {
            kind = "record".to_owned();
        }
        let diagnostic = Diagnostic::error(
            codes::eval::NOT_FOUND,
            span,
            format!("there is no `{kind}.{}`", spell(name)),
        );
        let removed = self.state.removed.get(&(map, Arc::from(name))).copied();
        let diagnostic = match removed {
            Some(unset) => diagnostic.also(unset, "it is taken away here"),
            None => diagnostic,
        };
        let guess = self.may_guess() && removed.is_none();
        let known = known.iter().map(|key| &**key).filter(|_| guess);
        self.fail(diagnostic.suggest(name, span, known))
    }

    /// `a has b`. None: unknown.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these alone have fields, and each value but an absent one is there"
    )]
    pub(super) fn has(&mut self, base: &Val, name: &Arc<str>) -> Option<bool> {
        let node = match &base.value {
            Value::Record(id) | Value::Ref(id) => *id,
            Value::Absent => return Some(false),
            _ => return None,
        };
        match &self.state.node(node).shape {
            Shape::Record(_) => match self.field(node, name).value {
                Value::Unknown => None,
                Value::Absent => Some(false),
                _ => Some(true),
            },
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => {
                let there = self.has_entry(node, name);
                if !there {
                    return if self.state.node(node).uncertain { None } else { Some(false) };
                }
                self.is_switched_on(node, name)
            }
        }
    }

    /// Whether an entry of a map is in it for those who ask: what is disabled is in no collection.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an entity alone can be disabled")]
    fn is_switched_on(&mut self, map: NodeId, name: &str) -> Option<bool> {
        let Shape::Map(element) = &self.state.node(map).shape else { return Some(true) };
        let Type::Record(schema) = element.base() else { return Some(true) };
        if self.analysis.declarations.schema(*schema).field("enabled").is_none() {
            return Some(true);
        }
        match self.read(map, name).value {
            Value::Ref(id) => self.enabled(id),
            Value::Unknown => None,
            _ => Some(true),
        }
    }

    /// What a loop goes over. None: unknown.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these alone can be gone over, which the checker sees to"
    )]
    pub(super) fn rows(&mut self, iter: &Arc<Expr>, ctx: Ctx) -> Option<Rows> {
        let val = self.eval(iter, ctx);
        let steps = match &val.value {
            Value::List(list) | Value::Set(list) => list.items.len(),
            Value::Ports(first, last) => usize::from(last.saturating_sub(*first)) + 1,
            _ => 0,
        };
        if !self.charge(steps, iter.span) {
            return None;
        }
        match &val.value {
            Value::List(list) | Value::Set(list) => Some(Rows {
                items: list.items.iter().map(|item| (None, item.clone())).collect(),
                complete: list.complete,
            }),
            Value::Record(id) | Value::Ref(id) => Some(self.map_rows(*id)),
            Value::Ports(first, last) => Some(ports(*first, *last, val.origin)),
            Value::Absent => Some(Rows { items: Vec::new(), complete: true }),
            _ => None,
        }
    }

    /// The keys of a map, whatever stands under them; none where they are not all known.
    pub(crate) fn map_names(&mut self, map: NodeId) -> Option<Vec<Arc<str>>> {
        let names = self.entries(map);
        (!self.state.node(map).uncertain).then_some(names)
    }

    /// The entries of a map in the order of their keys, disabled ones left out.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "each value but an absent one, or a disabled entity, is a row"
    )]
    pub(crate) fn map_rows(&mut self, map: NodeId) -> Rows {
        let names = match self.state.node(map).shape.clone() {
            Shape::Record(schema) => {
                let fields = &self.analysis.declarations.schema(schema).fields;
                let mut names: Vec<Arc<str>> = fields.iter().map(|f| Arc::clone(&f.name)).collect();
                names.sort();
                names
            }
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => self.entries(map),
        };
        let mut complete = !self.state.node(map).uncertain;
        let mut items = Vec::with_capacity(names.len());
        for name in names {
            let val = self.read(map, &name);
            match &val.value {
                Value::Unknown => complete = false,
                Value::Absent => {}
                Value::Ref(id) => match self.enabled(*id) {
                    Some(true) => items.push((Some(name), val)),
                    Some(false) => {}
                    None => complete = false,
                },
                _ => items.push((Some(name), val)),
            }
        }
        Rows { items, complete }
    }

    /// Whether an entity is enabled; one whose schema has no such field always is. None: unknown.
    pub(crate) fn enabled(&mut self, id: NodeId) -> Option<bool> {
        let Shape::Record(schema) = self.state.node(id).shape else { return Some(true) };
        match self.analysis.declarations.schema(schema).field("enabled").map(|it| it.ty.base()) {
            Some(Type::Bool) => {
                let said = self.field(id, "enabled").value;
                // Not to say it is to leave it enabled.
                if matches!(said, Value::Absent) { Some(true) } else { said.truth() }
            }
            Some(_) | None => Some(true),
        }
    }

    /// Binds one turn of a loop.
    pub(super) fn bind_row(
        &mut self,
        binders: &Binders,
        key: Value,
        val: Val,
        head: Span,
        ctx: Ctx,
    ) -> Ctx {
        let from = parents(&[val.origin], ctx.via);
        let via = self.origin(head, OriginKind::Looped, &from);
        let origin = val.origin;
        let env = match &binders.second {
            Some(second) => {
                let key = Val::new(key, origin);
                let env = self.state.bind(
                    ctx.env,
                    Arc::clone(&binders.first.text),
                    ScopeBinding::Value(key),
                );
                self.state.bind(env, Arc::clone(&second.text), ScopeBinding::Value(val))
            }
            None => {
                self.state.bind(ctx.env, Arc::clone(&binders.first.text), ScopeBinding::Value(val))
            }
        };
        Ctx { env, via, ..ctx }
    }
}

/// The ports of a range, one by one.
fn ports(first: u16, last: u16, origin: OriginId) -> Rows {
    let port = |number| Value::Port(PortLiteral { number, protocol: Protocol::Tcp });
    let items = (first..=last).map(|number| (None, Val::new(port(number), origin)));
    Rows { items: items.collect(), complete: true }
}
