//! Expressions to values.

use std::sync::Arc;

use qg_lang::ast::{BinaryOp, Body, Expr, ExprKind};
use qg_lang::check::beside;
use qg_lang::check::types::{EnumId, Resolution};
use qg_lang::stack::{MAX_NESTING, MAX_WAITING, grow};
use qg_provenance::leaf::OriginId;

use super::ladder::Strength;
use super::state::{ContributionKind, Ctx, Node, Shape};
use super::{Evaluator, MAX_COPIES};
use crate::value::{Lambda, NodeId, Val, Value};

impl Evaluator<'_> {
    /// The value of an expression; unknown where the checker found it wrong.
    pub(crate) fn eval(&mut self, expr: &Arc<Expr>, ctx: Ctx) -> Val {
        if self.is_broken(expr) || !self.step(expr.span) {
            return Val::unknown();
        }
        if self.waiting >= MAX_WAITING {
            self.too_long_a_chain(expr.span);
            return Val::unknown();
        }
        self.waiting += 1;
        let val = grow(|| self.eval_kind(expr, ctx));
        self.waiting -= 1;
        if val.value.height() > MAX_NESTING {
            self.too_nested(expr.span, "this list");
            return Val::unknown();
        }
        val
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets numbers alone be negated")]
    fn eval_kind(&mut self, expr: &Arc<Expr>, ctx: Ctx) -> Val {
        let value = match &expr.kind {
            ExprKind::Error => return Val::unknown(),
            ExprKind::Name(name) => return self.name(name, expr, ctx),
            ExprKind::Get(base, key) => return self.get(base, key, expr, ctx),
            ExprKind::Call(callee, args) => return self.call(callee, args, None, expr, ctx),
            ExprKind::Pipe(first, rest) => return self.pipe(first, rest, expr, ctx),
            ExprKind::List(items) => return self.list(items, expr, ctx),
            ExprKind::Text(template) => return self.text(template, ctx),
            ExprKind::Nix(template) => return self.nix(template, ctx),
            ExprKind::Record(body) => {
                let origin = self.written(expr.span, ctx);
                return self.record(body, ctx, origin);
            }
            ExprKind::Payload(head, body) => return self.payload(head, body, expr, ctx),
            ExprKind::With(base, body) => return self.with(base, body, expr, ctx),
            ExprKind::If(condition, yes, no) => {
                return match self.eval(condition, ctx).value.truth() {
                    Some(true) => self.eval(yes, ctx),
                    Some(false) => self.eval(no, ctx),
                    None => Val::unknown(),
                };
            }
            ExprKind::Match(head, arms) => return self.match_arms(head, arms, ctx),
            ExprKind::Binary(op, _, a, b) => return self.binary(*op, a, b, expr, ctx),
            ExprKind::SelfRecord => {
                return match ctx.record {
                    Some(id) => {
                        let origin = self.state.node(id).origin;
                        let value =
                            if self.is_entity(id) { Value::Ref(id) } else { Value::Record(id) };
                        Val::new(value, origin)
                    }
                    None => Val::unknown(),
                };
            }
            ExprKind::Is(base, case) => {
                let val = self.eval(base, ctx);
                let Some(is) = self.is(&val, base, case) else { return Val::unknown() };
                let origin = self.computed(expr.span, &[val.origin], ctx);
                return Val::new(Value::Bool(is), origin);
            }
            ExprKind::Has(base, key) => {
                let val = self.eval(base, ctx);
                let Some(name) = self.key(key, ctx) else { return Val::unknown() };
                return match self.has(&val, &name) {
                    Some(there) => {
                        let origin = self.computed(expr.span, &[val.origin], ctx);
                        Val::new(Value::Bool(there), origin)
                    }
                    None => Val::unknown(),
                };
            }
            ExprKind::Not(inner) => {
                let val = self.eval(inner, ctx);
                let Value::Bool(it) = val.value else { return Val::unknown() };
                let origin = self.computed(expr.span, &[val.origin], ctx);
                return Val::new(Value::Bool(!it), origin);
            }
            ExprKind::Negate(inner) => {
                let val = self.eval(inner, ctx);
                let value = match val.value {
                    Value::Int(it) => match it.checked_neg() {
                        Some(it) => Value::Int(it),
                        None => return self.overflow(expr.span),
                    },
                    Value::Float(it) => Value::Float(-it),
                    _ => return Val::unknown(),
                };
                let origin = self.computed(expr.span, &[val.origin], ctx);
                return Val::new(value, origin);
            }
            ExprKind::Lambda(params, body) => Value::Lambda(Arc::new(Lambda {
                params: params.clone(),
                body: Arc::clone(body),
                ctx,
            })),
            ExprKind::File(path) => return self.file(path, expr, ctx),
            ExprKind::Unset => Value::Absent,
            ExprKind::Bool(it) => Value::Bool(*it),
            ExprKind::Int(it) => Value::Int(*it),
            ExprKind::Float(it) => Value::Float(*it),
            ExprKind::Duration(it) => Value::Duration(it.millis),
            ExprKind::Size(it) => Value::Size(it.bytes),
            ExprKind::Mode(it) => Value::Mode(*it),
            ExprKind::Path(it) => Value::Path(Arc::clone(it)),
            ExprKind::Address(it) => Value::Address(*it),
            ExprKind::Subnet(it) => Value::Subnet(*it),
            ExprKind::Port(it) => Value::Port(*it),
            ExprKind::Ports(first, last) => Value::Ports(*first, *last),
        };
        let origin = self.written(expr.span, ctx);
        Val::new(value, origin)
    }

    /// A record literal: a node that nothing else feeds.
    pub(super) fn record(&mut self, body: &Arc<Body>, ctx: Ctx, origin: OriginId) -> Val {
        self.literal(Shape::Anonymous, body, ctx, origin)
    }

    fn literal(&mut self, shape: Shape, body: &Arc<Body>, ctx: Ctx, origin: OriginId) -> Val {
        let kind = ContributionKind::Body(Arc::clone(body));
        let contribution = self.contribution(kind, Strength::default(), false, ctx);
        let mut node = Node::new(shape, &Arc::from(""), false);
        node.origin = origin;
        node.entity = ctx.entity;
        node.contributions.push(contribution);
        let id = self.state.add_node(node);
        Val::new(Value::Record(id), origin)
    }

    /// A variant; one whose payload may be left out gets the payload's defaults.
    pub(super) fn variant(
        &mut self,
        id: EnumId,
        index: u32,
        payload: Option<NodeId>,
        origin: OriginId,
    ) -> Val {
        let wants = self.analysis.declarations.enumeration(id).variants.get(index as usize);
        let payload = payload.or_else(|| {
            wants.and_then(|variant| variant.payload).map(|schema| {
                let mut node = Node::new(Shape::Record(schema), &Arc::from(""), false);
                node.origin = origin;
                self.state.add_node(node)
            })
        });
        Val::new(Value::Variant(id, index, payload), origin)
    }

    fn payload(&mut self, head: &Arc<Expr>, body: &Arc<Body>, expr: &Expr, ctx: Ctx) -> Val {
        let Some(Resolution::Variant(id, index)) = self.resolution(head).cloned() else {
            return Val::unknown();
        };
        let variants = &self.analysis.declarations.enumeration(id).variants;
        let Some(schema) = variants.get(index as usize).and_then(|it| it.payload) else {
            return Val::unknown();
        };
        let origin = self.written(expr.span, ctx);
        let node = self.literal(Shape::Record(schema), body, ctx, origin);
        self.variant(id, index, Self::node_of(&node), origin)
    }

    /// A copy with some fields set: the same contributions, and the new ones above them all.
    fn with(&mut self, base: &Arc<Expr>, body: &Arc<Body>, expr: &Expr, ctx: Ctx) -> Val {
        let val = self.eval(base, ctx);
        let Some(id) = Self::node_of(&val) else {
            // Free data that is none.
            self.wrong_value(&val, base.span, "a record");
            return Val::unknown();
        };
        let level = self.state.node(id).level.saturating_add(1);
        if level > MAX_COPIES {
            self.too_many_copies(expr.span);
            return Val::unknown();
        }
        let origin = self.computed(expr.span, &[val.origin], ctx);
        let shape = self.state.node(id).shape.clone();
        let copy = self.copy(id, shape, origin);
        self.state.node_mut(copy).level = level;
        let strength = Strength { level, ..Strength::default() };
        let contribution =
            self.contribution(ContributionKind::Body(Arc::clone(body)), strength, false, ctx);
        self.state.node_mut(copy).contributions.push(contribution);
        Val::new(Value::Record(copy), origin)
    }

    /// The same definitions in a node of its own, without a place, perhaps of another shape.
    pub(super) fn copy(&mut self, id: NodeId, shape: Shape, origin: OriginId) -> NodeId {
        let original = self.state.node(id).clone();
        self.state.fuel_used += original.contributions.len() as u64;
        let is_top = original.entity == Some(id);
        let copy = self.state.add_node(Node {
            origin,
            entity: original.entity,
            level: original.level,
            uncertain: original.uncertain,
            defaults: original.defaults,
            ..Node::new(shape, &original.key, false)
        });
        // What a function made has entries that nobody said.
        if original.contributions.is_empty() && !original.cells.is_empty() {
            let kind = ContributionKind::Node(id);
            let all = self.contribution(kind, Strength::default(), false, Ctx::default());
            self.state.node_mut(copy).contributions.push(all);
        }
        if is_top {
            self.state.node_mut(copy).entity = Some(copy);
        }
        for contribution in original.contributions {
            let mut contribution = self.state.contribution(contribution).clone();
            contribution.inner = None;
            if is_top && contribution.ctx.entity == Some(id) {
                contribution.ctx.entity = Some(copy);
            }
            let contribution = self.state.add_contribution(contribution);
            self.state.node_mut(copy).contributions.push(contribution);
        }
        copy
    }

    fn binary(&mut self, op: BinaryOp, a: &Arc<Expr>, b: &Arc<Expr>, expr: &Expr, ctx: Ctx) -> Val {
        let left = self.eval(a, ctx);
        match op {
            BinaryOp::Else if matches!(left.value, Value::Absent) => self.eval(b, ctx),
            BinaryOp::Else => left,
            BinaryOp::And | BinaryOp::Or => match left.value.truth() {
                Some(it) if it == (op == BinaryOp::Or) => left,
                Some(_) => self.eval(b, ctx),
                None => Val::unknown(),
            },
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::In
            | BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Join => {
                let right = self.eval(b, ctx);
                if left.is_unknown() || right.is_unknown() {
                    return Val::unknown();
                }
                let from = [left.origin, right.origin];
                let by = (b.span, right.origin);
                match self.operate(op, &left.value, &right.value, expr, by) {
                    Some(value) => {
                        let origin = self.computed(expr.span, &from, ctx);
                        Val::new(value, origin)
                    }
                    None => Val::unknown(),
                }
            }
        }
    }

    /// `./x`, which must exist beside the source it is written in.
    fn file(&mut self, path: &str, expr: &Expr, ctx: Ctx) -> Val {
        let Some(source) = self.analysis.sources.get(expr.span.file) else { return Val::unknown() };
        // Whether it exists was asked by the checker.
        let Some(resolved) = beside(&source.path, path) else { return Val::unknown() };
        if !self.world.exists(&resolved) {
            return Val::unknown();
        }
        self.state.files.entry(resolved.clone()).or_insert(expr.span);
        let origin = self.written(expr.span, ctx);
        Val::new(Value::File(resolved.into()), origin)
    }
}
