//! Operators.

use std::cmp::Ordering;
use std::sync::Arc;

use qg_lang::ast::{BinaryOp, Expr};
use qg_lang::check::not_below;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;
use qg_lang::stack::grow;

use crate::value::{List, Val, Value};

use super::text::spell_scalar;
use super::{Evaluator, MAX_ELEMENTS};

impl Evaluator<'_> {
    /// What an operator makes of two known values. None: unknown, or reported.
    pub(super) fn operate(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        expr: &Expr,
        right: &Expr,
    ) -> Option<Value> {
        match op {
            BinaryOp::Equal => self.compare(a, b, expr.span).map(Value::Bool),
            BinaryOp::NotEqual => self.compare(a, b, expr.span).map(|it| Value::Bool(!it)),
            BinaryOp::Less => Some(Value::Bool(self.order(a, b) == Ordering::Less)),
            BinaryOp::LessEqual => Some(Value::Bool(self.order(a, b) != Ordering::Greater)),
            BinaryOp::Greater => Some(Value::Bool(self.order(a, b) == Ordering::Greater)),
            BinaryOp::GreaterEqual => Some(Value::Bool(self.order(a, b) != Ordering::Less)),
            BinaryOp::In => {
                if let Value::List(list) | Value::Set(list) = b
                    && !self.charge(list.items.len(), expr.span)
                {
                    return None;
                }
                self.member(a, b).map(Value::Bool)
            }
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => {
                self.arithmetic(op, a, b, expr.span)
            }
            BinaryOp::Join => self.join_paths(a, b, right.span),
            BinaryOp::Else | BinaryOp::And | BinaryOp::Or => None,
        }
    }

    /// Equality, counted by the size of what is compared.
    fn compare(&mut self, a: &Value, b: &Value, span: Span) -> Option<bool> {
        if let (Value::List(a) | Value::Set(a), Value::List(_) | Value::Set(_)) = (a, b)
            && !self.charge(a.items.len(), span)
        {
            return None;
        }
        self.equal(a, b)
    }

    /// Equality; None where an unknown element decides.
    fn equal(&mut self, a: &Value, b: &Value) -> Option<bool> {
        match (a, b) {
            (Value::Unknown, _) | (_, Value::Unknown) => None,
            (Value::List(a), Value::List(b)) | (Value::Set(a), Value::Set(b)) => {
                if !a.complete || !b.complete {
                    return None;
                }
                if a.items.len() != b.items.len() {
                    return Some(false);
                }
                let (a, b) = (Arc::clone(&a.items), Arc::clone(&b.items));
                self.all_equal(a.iter().zip(b.iter()))
            }
            (Value::Set(a), Value::List(b)) | (Value::List(b), Value::Set(a)) => {
                let b = List::new(self.sorted_unique(b.items.to_vec()), b.complete);
                self.equal(&Value::Set(a.clone()), &Value::Set(b))
            }
            (Value::Record(a) | Value::Ref(a), Value::Record(b) | Value::Ref(b)) => {
                if a == b {
                    return Some(true);
                }
                if self.is_entity(*a) || self.is_entity(*b) {
                    return Some(false);
                }
                let (left, right) = (self.map_rows(*a), self.map_rows(*b));
                if !left.complete || !right.complete {
                    return None;
                }
                let same_keys =
                    left.items.iter().map(|row| &row.0).eq(right.items.iter().map(|row| &row.0));
                if !same_keys {
                    return Some(false);
                }
                self.all_equal(left.items.iter().zip(&right.items).map(|(a, b)| (&a.1, &b.1)))
            }
            (Value::Variant(a, i, p), Value::Variant(b, j, q)) => {
                if (a, i) != (b, j) {
                    return Some(false);
                }
                match (p, q) {
                    (Some(p), Some(q)) => self.equal(&Value::Record(*p), &Value::Record(*q)),
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

    fn all_equal<'v>(&mut self, pairs: impl Iterator<Item = (&'v Val, &'v Val)>) -> Option<bool> {
        let mut known = true;
        for (a, b) in pairs {
            match grow(|| self.equal(&a.value, &b.value)) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => known = false,
            }
        }
        known.then_some(true)
    }

    /// `a in b`, for lists, sets, and the keys of maps. None: unknown.
    fn member(&mut self, a: &Value, b: &Value) -> Option<bool> {
        match b {
            Value::List(list) | Value::Set(list) => {
                let mut known = list.complete;
                for item in list.items.iter() {
                    match self.equal(a, &item.value) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => known = false,
                    }
                }
                known.then_some(false)
            }
            Value::Ports(first, last) => {
                let number = match a {
                    Value::Int(it) => *it,
                    Value::Port(it) => i64::from(it.number),
                    _ => return None,
                };
                Some((i64::from(*first)..=i64::from(*last)).contains(&number))
            }
            Value::Record(id) | Value::Ref(id) => match a {
                Value::Text(key) => {
                    let base = Val::new(Value::Record(*id), crate::fleet::leaf::OriginId(0));
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
            Value::Subnet(subnet) => match a {
                Value::Address(address) => Some(subnet_holds(*subnet, *address)),
                _ => None,
            },
            _ => None,
        }
    }

    fn arithmetic(&mut self, op: BinaryOp, a: &Value, b: &Value, span: Span) -> Option<Value> {
        let result = match (op, a, b) {
            (BinaryOp::Add, Value::List(a), Value::List(b)) => {
                if a.items.len() + b.items.len() > MAX_ELEMENTS {
                    self.too_many(span);
                    return None;
                }
                if !self.charge(a.items.len() + b.items.len(), span) {
                    return None;
                }
                let items = a.items.iter().chain(b.items.iter()).cloned().collect();
                return Some(Value::List(List::new(items, a.complete && b.complete)));
            }
            (BinaryOp::Add, Value::Set(a), Value::Set(b) | Value::List(b))
            | (BinaryOp::Add, Value::List(b), Value::Set(a)) => {
                if !self.charge(a.items.len() + b.items.len(), span) {
                    return None;
                }
                let items = a.items.iter().chain(b.items.iter()).cloned().collect();
                let list = List::new(self.sorted_unique(items), a.complete && b.complete);
                return Some(Value::Set(list));
            }
            (BinaryOp::Add, Value::Int(a), Value::Int(b)) => a.checked_add(*b).map(Value::Int),
            (BinaryOp::Subtract, Value::Int(a), Value::Int(b)) => a.checked_sub(*b).map(Value::Int),
            (BinaryOp::Multiply, Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map(Value::Int),
            (_, Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                let (a, b) = (as_float(a)?, as_float(b)?);
                Some(Value::Float(match op {
                    BinaryOp::Add => a + b,
                    BinaryOp::Subtract => a - b,
                    _ => a * b,
                }))
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

    /// `a / b`
    fn join_paths(&mut self, a: &Value, b: &Value, span: Span) -> Option<Value> {
        let Value::Path(base) = a else { return None };
        let part = match b {
            Value::Text(it) => Arc::clone(it),
            other => spell_scalar(other)?.into(),
        };
        let zero = part.contains('\0').then_some("has a zero byte in it");
        if let Some(wrong) = not_below(&part).or(zero) {
            self.report(
                Diagnostic::error(
                    codes::eval::BAD_JOIN,
                    span,
                    format!("the right side of ` / ` {wrong}: {part:?}"),
                )
                .help("it names something below the left side, as `\"config\"`"),
            );
            return None;
        }
        Some(Value::Path(format!("{}/{part}", base.trim_end_matches('/')).into()))
    }

    pub(super) fn overflow(&mut self, span: Span) -> Val {
        let finding = Diagnostic::error(
            codes::eval::OVERFLOW,
            span,
            "the result is out of range (numbers have 64 bits; durations and sizes are not negative)",
        );
        self.fail(finding)
    }
}

/// Values that are compared as texts, whatever wrote them: a computed path against a literal one.
fn spell_string(value: &Value) -> Option<&str> {
    match value {
        Value::Text(it) | Value::Path(it) => Some(it),
        _ => None,
    }
}

fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(it) => Some(*it as f64),
        Value::Float(it) => Some(*it),
        _ => None,
    }
}

fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(it) => Some(*it),
        Value::Port(it) => Some(i64::from(it.number)),
        _ => None,
    }
}

fn subnet_holds(subnet: qg_lang::ast::Subnet, address: std::net::IpAddr) -> bool {
    use std::net::IpAddr;
    let prefix = u32::from(subnet.prefix);
    match (subnet.address, address) {
        (IpAddr::V4(net), IpAddr::V4(it)) => {
            let mask = u32::MAX.checked_shl(32 - prefix.min(32)).unwrap_or(0);
            u32::from(net) & mask == u32::from(it) & mask
        }
        (IpAddr::V6(net), IpAddr::V6(it)) => {
            let mask = u128::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0);
            u128::from(net) & mask == u128::from(it) & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}
