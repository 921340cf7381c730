//! Lists, with their loops and conditions; sorting.

use std::cmp::Ordering;
use std::sync::Arc;

use qg_lang::ast::{Clause, Expr, ListItem};
use qg_lang::span::Span;
use qg_lang::stack::grow;
use qg_provenance::origin::OriginKind;

use super::state::Ctx;
use super::{Evaluator, MAX_ELEMENTS, parents};
use crate::value::{Lambda, Piece, Val, Value};

impl Evaluator<'_> {
    pub(super) fn list(&mut self, items: &[ListItem], expr: &Expr, ctx: Ctx) -> Val {
        let mut made = Made::default();
        let mut complete = true;
        for item in items {
            if !self.clauses(&item.clauses, &item.value, ctx, &mut made) {
                complete = false;
            }
        }
        let Some(list) = self.listed(made.items, complete, expr.span) else {
            return Val::unknown();
        };
        let origin = self.written(expr.span, ctx);
        Val::new(Value::List(list), origin)
    }

    /// False where an unknown may hide elements.
    fn clauses(&mut self, clauses: &[Clause], value: &Arc<Expr>, ctx: Ctx, out: &mut Made) -> bool {
        if out.weight > MAX_ELEMENTS {
            return true;
        }
        match clauses.split_first() {
            None => {
                let val = self.eval(value, ctx);
                let known = !val.is_unknown();
                out.weight += 1 + val.value.weight();
                out.items.push(self.element(val, value, ctx));
                known
            }
            Some((Clause::If(condition), rest)) => match self.eval(condition, ctx).value.truth() {
                Some(true) => self.clauses(rest, value, ctx, out),
                Some(false) => true,
                None => false,
            },
            Some((Clause::For(binders, iter), rest)) => {
                let Some(rows) = self.rows(iter, ctx) else {
                    return false;
                };
                let mut complete = rows.complete;
                for (key, val) in rows.keyed() {
                    if self.exhausted {
                        return false;
                    }
                    let inner = self.bind_row(binders, key, val, iter.span, ctx);
                    complete &= self.clauses(rest, value, inner, out);
                }
                complete
            }
        }
    }

    /// An element that was read from elsewhere was still put into the list here.
    fn element(&mut self, val: Val, written: &Expr, ctx: Ctx) -> Val {
        let here = self.state.origins.span(val.origin).is_some_and(|it| {
            it.file == written.span.file
                && written.span.start <= it.start
                && it.end <= written.span.end
        });
        if here || val.is_unknown() {
            return val;
        }
        let origin =
            self.origin(written.span, OriginKind::Written, &parents(&[val.origin], ctx.via));
        Val { origin, ..val }
    }

    /// The values in order, equal ones once. None where that is too much work.
    pub(crate) fn sorted_unique(&mut self, mut items: Vec<Val>, span: Span) -> Option<Vec<Val>> {
        if !self.charge_sorting(items.iter(), span) {
            return None;
        }
        items.sort_by(|a, b| self.order(&a.value, &b.value));
        items.dedup_by(|a, b| self.order(&a.value, &b.value) == Ordering::Equal);
        Some(items)
    }

    /// A total order over values; references by their place in the model, so that it never depends on
    /// the order of evaluation.
    pub(crate) fn order(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Int(a), Value::Float(b)) => (*a as f64).total_cmp(b),
            (Value::Float(a), Value::Int(b)) => a.total_cmp(&(*b as f64)),
            (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
            (Value::Text(a), Value::Text(b))
            | (Value::Path(a), Value::Path(b))
            | (Value::File(a), Value::File(b))
            | (Value::Nix(a), Value::Nix(b)) => a.cmp(b),
            (Value::Duration(a), Value::Duration(b)) | (Value::Size(a), Value::Size(b)) => a.cmp(b),
            (Value::Mode(a), Value::Mode(b)) => a.cmp(b),
            (Value::Address(a), Value::Address(b)) => a.cmp(b),
            (Value::Subnet(a), Value::Subnet(b)) => a.cmp(b),
            (Value::Port(a), Value::Port(b)) => a.cmp(b),
            (Value::Ports(a, b), Value::Ports(c, d)) => (a, b).cmp(&(c, d)),
            (Value::Sealed(a), Value::Sealed(b)) => self.order_pieces(a, b),
            (Value::List(a) | Value::Set(a), Value::List(b) | Value::Set(b)) => {
                let pairs = a.items.iter().zip(b.items.iter());
                pairs
                    .map(|(a, b)| grow(|| self.order(&a.value, &b.value)))
                    .find(|order| order.is_ne())
                    .unwrap_or_else(|| a.items.len().cmp(&b.items.len()))
            }
            (Value::Variant(a, i, p), Value::Variant(b, j, q)) => {
                (a, i).cmp(&(b, j)).then_with(|| match (p, q) {
                    (Some(p), Some(q)) => self.order_nodes(*p, *q),
                    (p, q) => p.is_some().cmp(&q.is_some()),
                })
            }
            (Value::Record(a) | Value::Ref(a), Value::Record(b) | Value::Ref(b)) => {
                self.order_nodes(*a, *b)
            }
            (Value::Function(a), Value::Function(b)) => a.cmp(b),
            // As they are written, and as loops came to them.
            (Value::Lambda(a), Value::Lambda(b)) => {
                let key = |it: &Lambda| (it.body.span, it.ctx.env, it.ctx.record, it.ctx.entity);
                key(a).cmp(&key(b))
            }
            (a, b) => rank(a).cmp(&rank(b)),
        }
    }

    fn order_pieces(&self, a: &[Piece], b: &[Piece]) -> Ordering {
        let key = |pieces: &[Piece]| -> Vec<(u8, String)> {
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => (0, text.to_string()),
                    Piece::Secret(id) => (1, self.state.node_path(*id)),
                })
                .collect()
        };
        key(a).cmp(&key(b))
    }

    /// Entities by their place, other records field by field as far as they are evaluated.
    fn order_nodes(&self, a: crate::value::NodeId, b: crate::value::NodeId) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let (x, y) = (self.state.node(a), self.state.node(b));
        if x.placed || y.placed {
            return self.state.path(a).cmp(&self.state.path(b)).then(a.cmp(&b));
        }
        let mut left = x.cells.iter();
        let mut right = y.cells.iter();
        loop {
            match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some((k, v)), Some((l, w))) => {
                    let order = k.cmp(l).then_with(|| grow(|| self.order(&done(v), &done(w))));
                    if order.is_ne() {
                        return order;
                    }
                }
            }
        }
    }
}

/// What the items of a list have given so far.
#[derive(Default)]
struct Made {
    items: Vec<Val>,
    /// How many values that is, those in lists in it among them.
    weight: usize,
}

fn done(cell: &super::state::Cell) -> Value {
    match &cell.progress {
        super::state::Progress::Done(val) => val.value.clone(),
        super::state::Progress::Fresh | super::state::Progress::Running => Value::Unknown,
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Unknown => 0,
        Value::Absent => 1,
        Value::Bool(_) => 2,
        Value::Int(_) | Value::Float(_) => 3,
        Value::Text(_) => 4,
        Value::Duration(_) => 5,
        Value::Size(_) => 6,
        Value::Mode(_) => 7,
        Value::Path(_) => 8,
        Value::File(_) => 9,
        Value::Address(_) => 10,
        Value::Subnet(_) => 11,
        Value::Port(_) => 12,
        Value::Ports(..) => 13,
        Value::Sealed(_) => 14,
        Value::Nix(_) => 15,
        Value::List(_) | Value::Set(_) => 16,
        Value::Record(_) | Value::Ref(_) => 17,
        Value::Variant(..) => 18,
        Value::Function(_) => 19,
        Value::Lambda(_) => 20,
    }
}
