//! Lists, sets and maps.

use std::cmp::Ordering;
use std::sync::Arc;

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use crate::value::{Val, Value};
use crate::{Evaluator, MAX_ELEMENTS};

/// The elements of a list, set or map. None where they are not all known.
pub(super) fn elements(ev: &mut Evaluator<'_>, val: Option<&Val>) -> Option<Arc<[Val]>> {
    let (items, complete) = known_elements(ev, val)?;
    complete.then_some(items)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "these have elements, and the checker lets no other reach a builtin over lists"
)]
pub(super) fn known_elements(
    ev: &mut Evaluator<'_>,
    val: Option<&Val>,
) -> Option<(Arc<[Val]>, bool)> {
    match &val?.value {
        Value::List(list) | Value::Set(list) => Some((Arc::clone(&list.items), list.complete)),
        Value::Record(id) | Value::Ref(id) => {
            let rows = ev.map_rows(*id);
            Some((rows.items.into_iter().map(|(_, val)| val).collect(), rows.complete))
        }
        _ => None,
    }
}

fn optional(val: Option<&Val>) -> Value {
    val.map_or(Value::Absent, |val| val.value.clone())
}

pub(super) fn first(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    elements(ev, args.first()).map(|items| optional(items.first()))
}

pub(super) fn last(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    elements(ev, args.first()).map(|items| optional(items.last()))
}

pub(super) fn count(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    elements(ev, args.first()).map(|items| Value::Int(items.len() as i64))
}

pub(super) fn reverse(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (items, complete) = known_elements(ev, args.first())?;
    ev.listed(items.iter().rev().cloned().collect(), complete, span).map(Value::List)
}

pub(super) fn unique(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (items, complete) = known_elements(ev, args.first())?;
    if !ev.charge_sorting(items.iter(), span) {
        return None;
    }
    // Places in sorted order, the first of equal ones kept, then back in the order of writing.
    let mut places: Vec<usize> = (0..items.len()).collect();
    places.sort_by(|a, b| ev.order(&items[*a].value, &items[*b].value).then(a.cmp(b)));
    places.dedup_by(|b, a| ev.order(&items[*a].value, &items[*b].value) == Ordering::Equal);
    places.sort_unstable();
    let kept = places.into_iter().filter_map(|at| items.get(at).cloned()).collect();
    ev.listed(kept, complete, span).map(Value::List)
}

pub(super) fn concat(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let mut all = Vec::new();
    let mut complete = true;
    let (lists, outer) = known_elements(ev, args.first())?;
    for inner in lists.iter() {
        let (items, known) = known_elements(ev, Some(inner))?;
        complete &= known;
        all.extend(items.iter().cloned());
        if all.len() > MAX_ELEMENTS {
            ev.too_many(span);
            return None;
        }
    }
    ev.listed(all, complete && outer, span).map(Value::List)
}

pub(super) fn keys(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (Value::Record(id) | Value::Ref(id)) = args.first()?.value else { return None };
    let rows = ev.map_rows(id);
    let keys = rows
        .items
        .into_iter()
        .filter_map(|(key, val)| key.map(|key| Val::new(Value::Text(key), val.origin)));
    let keys: Vec<Val> = keys.collect();
    ev.listed(keys, rows.complete, span).map(Value::List)
}

pub(super) fn values(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (items, complete) = known_elements(ev, args.first())?;
    ev.listed(items.to_vec(), complete, span).map(Value::List)
}

pub(super) fn all(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    quantify(ev, args, span, false).map(|found| Value::Bool(!found))
}

pub(super) fn any(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    quantify(ev, args, span, true).map(Value::Bool)
}

/// Whether the test gives `wanted` for some element. None: unknown.
fn quantify(ev: &mut Evaluator<'_>, args: &[Val], span: Span, wanted: bool) -> Option<bool> {
    let (items, mut complete) = known_elements(ev, args.first())?;
    let test = args.get(1)?;
    for item in items.iter() {
        match ev.apply(test, vec![item.clone()], span).value.truth() {
            Some(it) if it == wanted => return Some(true),
            Some(_) => {}
            None => complete = false,
        }
    }
    complete.then_some(false)
}

pub(super) fn sort(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (items, complete) = known_elements(ev, args.first())?;
    let by = args.get(1)?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items.iter() {
        let key = ev.apply(by, vec![item.clone()], span);
        if key.is_unknown() {
            return None;
        }
        if let Value::Record(_) | Value::Ref(_) | Value::Lambda(_) | Value::Function(_) = key.value
        {
            ev.report_at(
                Diagnostic::error(codes::eval::WRONG_VALUE, span, "these values have no order")
                    .help("say what to sort by: `sort(xs, by: x => x.name)`"),
            );
            return None;
        }
        keyed.push((key, item.clone()));
    }
    if !ev.charge_sorting(keyed.iter().map(|(key, _)| key), span) {
        return None;
    }
    keyed.sort_by(|a, b| ev.order(&a.0.value, &b.0.value));
    ev.listed(keyed.into_iter().map(|(_, item)| item).collect(), complete, span).map(Value::List)
}

pub(super) fn range(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (Value::Int(from), Value::Int(to)) = (&args.first()?.value, &args.get(1)?.value) else {
        return None;
    };
    if to.checked_sub(*from).is_none_or(|length| length >= MAX_ELEMENTS as i64) {
        ev.too_many(span);
        return None;
    }
    if !ev.charge(usize::try_from(to - from + 1).unwrap_or(0), span) {
        return None;
    }
    let origin = args.first()?.origin;
    let items: Vec<Val> = (*from..=*to).map(|it| Val::new(Value::Int(it), origin)).collect();
    ev.listed(items, true, span).map(Value::List)
}
