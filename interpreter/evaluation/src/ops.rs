//! Operators.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use qg_lang::ast::{BinaryOp, Expr};
use qg_lang::check::not_below;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::path::normal;
use qg_lang::span::Span;
use qg_lang::stack::grow;
use qg_provenance::leaf::OriginId;

use super::Evaluator;
use super::limits::extent;
use super::text::spell_scalar;
use crate::builtins::networks::within;
use crate::value::{List, NodeId, Val, Value};

impl Evaluator<'_> {
    /// What an operator makes of two known values. None: unknown, or reported.
    pub(super) fn operate(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        expr: &Expr,
        right: (Span, OriginId),
    ) -> Option<Value> {
        match op {
            BinaryOp::Equal => self.compare(a, b, expr.span).map(Value::Bool),
            BinaryOp::NotEqual => self.compare(a, b, expr.span).map(|it| Value::Bool(!it)),
            BinaryOp::Less => self.ordered(a, b, expr).map(|it| Value::Bool(it.is_lt())),
            BinaryOp::LessEqual => self.ordered(a, b, expr).map(|it| Value::Bool(it.is_le())),
            BinaryOp::Greater => self.ordered(a, b, expr).map(|it| Value::Bool(it.is_gt())),
            BinaryOp::GreaterEqual => self.ordered(a, b, expr).map(|it| Value::Bool(it.is_ge())),
            BinaryOp::In => self.member(a, b, expr.span).map(Value::Bool),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => {
                self.arithmetic(op, a, b, expr.span)
            }
            BinaryOp::Join => self.join_paths(a, b, right),
            BinaryOp::Else | BinaryOp::And | BinaryOp::Or => None,
        }
    }

    /// Which of two comes first; None where there is no fuel left to find out.
    fn ordered(&mut self, a: &Value, b: &Value, expr: &Expr) -> Option<Ordering> {
        self.charge(extent(a).min(extent(b)), expr.span).then(|| self.order(a, b))
    }

    /// Equality; None where an unknown element decides.
    fn compare(&mut self, a: &Value, b: &Value, span: Span) -> Option<bool> {
        self.equal(a, b, &mut Comparison { span, known: HashMap::new() })
    }

    fn equal(&mut self, a: &Value, b: &Value, of: &mut Comparison) -> Option<bool> {
        if !self.charge(1 + width(a).min(width(b)), of.span) {
            return None;
        }
        match (a, b) {
            (Value::Unknown, _) | (_, Value::Unknown) => None,
            (Value::List(a), Value::List(b)) | (Value::Set(a), Value::Set(b)) => {
                if !a.complete || !b.complete {
                    return None;
                }
                if a.items.len() != b.items.len() || Arc::ptr_eq(&a.items, &b.items) {
                    return Some(a.items.len() == b.items.len());
                }
                let (a, b) = (Arc::clone(&a.items), Arc::clone(&b.items));
                self.all_equal(a.iter().zip(b.iter()), of)
            }
            (Value::Set(a), Value::List(b)) | (Value::List(b), Value::Set(a)) => {
                let sorted = self.sorted_unique(b.items.to_vec(), of.span)?;
                let b = List::new(sorted, b.complete);
                self.equal(&Value::Set(a.clone()), &Value::Set(b), of)
            }
            (Value::Record(a) | Value::Ref(a), Value::Record(b) | Value::Ref(b)) => {
                if let Some(known) = of.known.get(&(*a, *b)) {
                    return *known;
                }
                let equal = self.equal_nodes(*a, *b, of);
                of.known.insert((*a, *b), equal);
                equal
            }
            (Value::Variant(a, i, p), Value::Variant(b, j, q)) => {
                if (a, i) != (b, j) {
                    return Some(false);
                }
                match (p, q) {
                    (Some(p), Some(q)) => self.equal(&Value::Record(*p), &Value::Record(*q), of),
                    (p, q) => Some(p.is_some() == q.is_some()),
                }
            }
            (Value::Port(port), Value::Int(int)) | (Value::Int(int), Value::Port(port)) => {
                Some(i64::from(port.number) == *int)
            }
            (a, b) => match (spell_string(a), spell_string(b)) {
                (Some(a), Some(b)) => Some(a == b),
                _ => Some(self.order(a, b) == Ordering::Equal),
            },
        }
    }

    fn equal_nodes(&mut self, a: NodeId, b: NodeId, of: &mut Comparison) -> Option<bool> {
        if a == b {
            return Some(true);
        }
        if self.is_entity(a) || self.is_entity(b) {
            return Some(false);
        }
        let (left, right) = (self.map_rows(a), self.map_rows(b));
        if !left.complete || !right.complete {
            return None;
        }
        let same_keys =
            left.items.iter().map(|row| &row.0).eq(right.items.iter().map(|row| &row.0));
        if !same_keys {
            return Some(false);
        }
        self.all_equal(left.items.iter().zip(&right.items).map(|(a, b)| (&a.1, &b.1)), of)
    }

    fn all_equal<'v>(
        &mut self,
        pairs: impl Iterator<Item = (&'v Val, &'v Val)>,
        of: &mut Comparison,
    ) -> Option<bool> {
        let mut known = true;
        for (a, b) in pairs {
            match grow(|| self.equal(&a.value, &b.value, of)) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => known = false,
            }
        }
        known.then_some(true)
    }

    /// `a in b`, for lists, sets, the keys of maps, ranges and networks. None: unknown.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these alone can have something in them, which the checker sees to"
    )]
    fn member(&mut self, a: &Value, b: &Value, span: Span) -> Option<bool> {
        match b {
            Value::List(list) | Value::Set(list) => {
                let mut known = list.complete;
                let mut of = Comparison { span, known: HashMap::new() };
                for item in list.items.iter() {
                    match self.equal(a, &item.value, &mut of) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => known = false,
                    }
                }
                known.then_some(false)
            }
            Value::Ports(first, last) => {
                let (low, high) = match a {
                    Value::Int(it) => (*it, *it),
                    Value::Port(it) => (i64::from(it.number), i64::from(it.number)),
                    Value::Ports(low, high) => (i64::from(*low), i64::from(*high)),
                    _ => return None,
                };
                Some(i64::from(*first) <= low && high <= i64::from(*last))
            }
            Value::Record(id) | Value::Ref(id) => match a {
                Value::Text(key) => {
                    let base = Val::new(Value::Record(*id), qg_provenance::leaf::OriginId(0));
                    self.has(&base, &Arc::clone(key))
                }
                // An entity in a map of entities.
                Value::Ref(entity) => {
                    let rows = self.map_rows(*id);
                    let found = rows
                        .items
                        .iter()
                        .any(|(_, val)| matches!(val.value, Value::Ref(it) if it == *entity));
                    (found || rows.complete).then_some(found)
                }
                _ => None,
            },
            Value::Subnet(subnet) => within(subnet, a),
            _ => None,
        }
    }

    /// `a + b`, `a - b`, `a * b`
    pub(crate) fn arithmetic(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        span: Span,
    ) -> Option<Value> {
        let result = match (op, a, b) {
            (BinaryOp::Add, Value::List(a), Value::List(b)) => {
                let items = a.items.iter().chain(b.items.iter()).cloned().collect();
                return self.listed(items, a.complete && b.complete, span).map(Value::List);
            }
            (BinaryOp::Add, Value::Set(a), Value::Set(b) | Value::List(b))
            | (BinaryOp::Add, Value::List(b), Value::Set(a)) => {
                let items = a.items.iter().chain(b.items.iter()).cloned().collect();
                let sorted = self.sorted_unique(items, span)?;
                return self.listed(sorted, a.complete && b.complete, span).map(Value::Set);
            }
            (BinaryOp::Add, Value::Int(a), Value::Int(b)) => a.checked_add(*b).map(Value::Int),
            (BinaryOp::Subtract, Value::Int(a), Value::Int(b)) => a.checked_sub(*b).map(Value::Int),
            (BinaryOp::Multiply, Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map(Value::Int),
            (op, Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                let (a, b) = (as_float(a)?, as_float(b)?);
                let float = |it: f64| it.is_finite().then_some(Value::Float(it));
                match op {
                    BinaryOp::Add => float(a + b),
                    BinaryOp::Subtract => float(a - b),
                    BinaryOp::Multiply => float(a * b),
                    BinaryOp::Else
                    | BinaryOp::Or
                    | BinaryOp::And
                    | BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Less
                    | BinaryOp::LessEqual
                    | BinaryOp::Greater
                    | BinaryOp::GreaterEqual
                    | BinaryOp::In
                    | BinaryOp::Join => None,
                }
            }
            (BinaryOp::Add, Value::Duration(a), Value::Duration(b)) => {
                a.checked_add(*b).map(Value::Duration)
            }
            (BinaryOp::Subtract, Value::Duration(a), Value::Duration(b)) => {
                a.checked_sub(*b).map(Value::Duration)
            }
            (BinaryOp::Add, Value::Size(a), Value::Size(b)) => a.checked_add(*b).map(Value::Size),
            (BinaryOp::Subtract, Value::Size(a), Value::Size(b)) => {
                a.checked_sub(*b).map(Value::Size)
            }
            (BinaryOp::Multiply, Value::Duration(a), Value::Int(n))
            | (BinaryOp::Multiply, Value::Int(n), Value::Duration(a)) => {
                u64::try_from(*n).ok().and_then(|n| a.checked_mul(n)).map(Value::Duration)
            }
            (BinaryOp::Multiply, Value::Size(a), Value::Int(n))
            | (BinaryOp::Multiply, Value::Int(n), Value::Size(a)) => {
                u64::try_from(*n).ok().and_then(|n| a.checked_mul(n)).map(Value::Size)
            }
            (
                BinaryOp::Add | BinaryOp::Subtract,
                Value::Port(_) | Value::Int(_),
                Value::Port(_) | Value::Int(_),
            ) => {
                let (a, b) = (as_int(a)?, as_int(b)?);
                if op == BinaryOp::Add { a.checked_add(b) } else { a.checked_sub(b) }
                    .map(Value::Int)
            }
            _ => return None,
        };
        if result.is_none() {
            self.overflow(span);
        }
        result
    }

    /// `a / b`; where `b` stands, and where it comes from.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a text is shared, and `spell_scalar` knows all others"
    )]
    fn join_paths(
        &mut self,
        a: &Value,
        b: &Value,
        (span, from): (Span, OriginId),
    ) -> Option<Value> {
        let Value::Path(base) = a else { return None };
        let part = match b {
            Value::Text(it) => Arc::clone(it),
            other => spell_scalar(other)?.into(),
        };
        let zero = part.contains('\0').then_some("has a zero byte in it");
        if let Some(wrong) = not_below(&part).or(zero) {
            let message = format!("the right side of ` / ` {wrong}: {part:?}");
            let finding = Diagnostic::error(codes::eval::BAD_JOIN, span, message)
                .help("it names something below the left side, as `\"config\"`");
            let finding = self.at_user(finding, from, None, "it is joined here");
            self.report(finding);
            return None;
        }
        if !self.written_out(base.len() + part.len(), span) {
            return None;
        }
        Some(Value::Path(normal(&format!("{base}/{part}")).into()))
    }

    pub(crate) fn overflow(&mut self, span: Span) -> Val {
        let finding = Diagnostic::error(
            codes::eval::OVERFLOW,
            span,
            "the result is out of range (numbers have 64 bits; durations and sizes are not negative)",
        );
        self.fail(finding)
    }
}

/// One comparison, and which records in it were found to be equal: shared ones are compared once.
struct Comparison {
    span: Span,
    known: HashMap<(NodeId, NodeId), Option<bool>>,
}

/// What it costs to compare a value, without the values in it.
#[expect(clippy::wildcard_enum_match_arm, reason = "`extent` says it of all others")]
fn width(value: &Value) -> usize {
    match value {
        Value::List(_) | Value::Set(_) => 0,
        other => extent(other),
    }
}

/// Values that are compared as texts, whatever wrote them: a computed path against a literal one.
#[expect(clippy::wildcard_enum_match_arm, reason = "these alone are strings")]
fn spell_string(value: &Value) -> Option<&str> {
    match value {
        Value::Text(it) | Value::Path(it) => Some(it),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "these alone are numbers")]
fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(it) => Some(*it as f64),
        Value::Float(it) => Some(*it),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "these alone are whole numbers")]
fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(it) => Some(*it),
        Value::Port(it) => Some(i64::from(it.number)),
        _ => None,
    }
}
