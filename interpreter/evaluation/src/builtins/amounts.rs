//! Numbers, durations and sizes: sums, the smallest and largest, whole division, and the way from units to numbers.

use qg_lang::ast::BinaryOp;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use super::lists::elements;
use crate::Evaluator;
use crate::text::spell_scalar;
use crate::value::{Val, Value};

/// The amounts of a collection; ports count as the numbers they are, and beside a float all are floats.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "these alone are brought together, and the checker lets amounts of one sort alone reach this"
)]
fn amounts(ev: &mut Evaluator<'_>, args: &[Val]) -> Option<Vec<Value>> {
    let items = elements(ev, args.first())?;
    let floats = items.iter().any(|item| matches!(item.value, Value::Float(_)));
    let amount = |item: &Val| match &item.value {
        Value::Unknown => None,
        Value::Int(it) if floats => Some(Value::Float(*it as f64)),
        Value::Port(it) if floats => Some(Value::Float(f64::from(it.number))),
        Value::Port(it) => Some(Value::Int(i64::from(it.number))),
        other => Some(other.clone()),
    };
    items.iter().map(amount).collect()
}

/// Of nothing it is the number 0; the call makes of that what its type says.
pub(super) fn sum(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let amounts = amounts(ev, args)?;
    let sum = amounts.into_iter().try_fold(None, |sum: Option<Value>, next| match sum {
        Some(sum) => ev.arithmetic(BinaryOp::Add, &sum, &next, span).map(Some),
        None => Some(Some(next)),
    })?;
    Some(sum.unwrap_or(Value::Int(0)))
}

pub(super) fn min(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let amounts = amounts(ev, args)?;
    Some(amounts.into_iter().min_by(|a, b| ev.order(a, b)).unwrap_or(Value::Absent))
}

pub(super) fn max(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let amounts = amounts(ev, args)?;
    Some(amounts.into_iter().max_by(|a, b| ev.order(a, b)).unwrap_or(Value::Absent))
}

/// So many milliseconds or bytes as a number.
fn number(ev: &mut Evaluator<'_>, amount: u64, span: Span) -> Option<Value> {
    let number = i64::try_from(amount).ok();
    if number.is_none() {
        ev.overflow(span);
    }
    number.map(Value::Int)
}

fn duration(args: &[Val]) -> Option<u64> {
    if let Value::Duration(milliseconds) = args.first()?.value { Some(milliseconds) } else { None }
}

pub(super) fn seconds(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let milliseconds = duration(args)?;
    if milliseconds % 1000 != 0 {
        let spelled = spell_scalar(&Value::Duration(milliseconds)).unwrap_or_default();
        let message = format!("{spelled} is no whole number of seconds");
        let finding = Diagnostic::error(codes::eval::WRONG_VALUE, span, message)
            .help("`milliseconds(d)` has no rest; `div(milliseconds(d), 1000)` drops it");
        ev.report_at(finding);
        return None;
    }
    number(ev, milliseconds / 1000, span)
}

pub(super) fn milliseconds(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    number(ev, duration(args)?, span)
}

pub(super) fn bytes(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let Value::Size(bytes) = args.first()?.value else { return None };
    number(ev, bytes, span)
}

/// `div` and `rem`; the rest of a division by Euclid is never negative.
fn divide(
    ev: &mut Evaluator<'_>,
    args: &[Val],
    span: Span,
    by: fn(i64, i64) -> Option<i64>,
) -> Option<Value> {
    let (Value::Int(a), Value::Int(b)) = (&args.first()?.value, &args.get(1)?.value) else {
        return None;
    };
    if *b == 0 {
        let message = format!("{a} cannot be divided by 0");
        let finding = Diagnostic::error(codes::eval::OVERFLOW, span, message)
            .help("ask before: `if n == 0 then 0 else div(x, n)`");
        ev.report_at(finding);
        return None;
    }
    let result = by(*a, *b);
    if result.is_none() {
        ev.overflow(span);
    }
    result.map(Value::Int)
}

pub(super) fn div(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    divide(ev, args, span, i64::checked_div_euclid)
}

pub(super) fn rem(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    // By -1 every number is divided without a rest, also the one whose quotient has no room.
    divide(ev, args, span, |a, b| Some(a.checked_rem_euclid(b).unwrap_or(0)))
}
