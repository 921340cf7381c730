//! Maps made of lists, and two collections held against one another.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use qg_provenance::leaf::Priority;

use super::lists::known_elements;
use super::strings::text;
use crate::cells::Cells;
use crate::definitions::ENTRY;
use crate::state::{Cell, MapEntries, Node, Progress, Shape};
use crate::value::{List, Val, Value};
use crate::{Evaluator, TEXT_PER_STEP};

/// Values by a text, and whether all of them are there.
type Groups = (BTreeMap<Arc<str>, Vec<Val>>, bool);

/// The values by the text that `by` gives for each, in order; false where something unknown may have
/// hidden some of them.
fn grouped(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Groups> {
    let (items, mut complete) = known_elements(ev, args.first())?;
    let by = args.get(1)?;
    let mut groups: BTreeMap<Arc<str>, Vec<Val>> = BTreeMap::new();
    for item in items.iter() {
        let key = ev.apply(by, vec![item.clone()], span);
        match text(&[key], 0) {
            Some(key) => {
                // A key is compared as often as the number of all can be halved.
                let rounds = (usize::BITS - groups.len().leading_zeros()) as usize;
                if !ev.charge(rounds * (1 + key.len() / TEXT_PER_STEP), span) {
                    return None;
                }
                groups.entry(Arc::from(key)).or_default().push(item.clone());
            }
            None => complete = false,
        }
    }
    Some((groups, complete))
}

/// A map of values at hand, about which nobody else says anything.
fn map_of(
    ev: &mut Evaluator<'_>,
    entries: Vec<(Arc<str>, Val)>,
    complete: bool,
    span: Span,
) -> Option<Value> {
    if !ev.charge(entries.len(), span) {
        return None;
    }
    ev.state.hold(entries.len() * (ENTRY + Cells::ROW));
    let mut node = Node::new(Shape::Anonymous, &Arc::from(""), false);
    node.uncertain = !complete;
    let keys = entries.iter().map(|(key, _)| (Arc::clone(key), Vec::new())).collect();
    node.entries = MapEntries::Done(keys);
    let id = ev.state.add_node(node);
    for (key, val) in entries {
        let val = if ev.encloses(id, &key, &val) { val } else { Val::unknown() };
        let cell = Cell { progress: Progress::Done(val), priority: Priority::Plain };
        ev.state.node_mut(id).cells.insert(key, cell);
    }
    Some(Value::Record(id))
}

pub(super) fn group_by(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (groups, complete) = grouped(ev, args, span)?;
    let mut entries = Vec::with_capacity(groups.len());
    for (key, group) in groups {
        let origin = group.first()?.origin;
        let list = ev.listed(group, complete, span)?;
        entries.push((key, Val::new(Value::List(list), origin)));
    }
    map_of(ev, entries, complete, span)
}

pub(super) fn index_by(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (groups, complete) = grouped(ev, args, span)?;
    let mut entries = Vec::with_capacity(groups.len());
    for (key, group) in groups {
        let [one] = group.as_slice() else {
            let message = format!("{} values have the key {key:?}", group.len());
            let mut finding = Diagnostic::error(codes::eval::WRONG_VALUE, span, message)
                .help("`group_by` gives the list of all values of a key");
            for val in group.iter().take(2) {
                if let Some(at) = ev.state.origins.span(val.origin).filter(|at| *at != span) {
                    finding = finding.also(at, "one of them");
                }
            }
            ev.report_at(finding);
            return None;
        };
        entries.push((key, one.clone()));
    }
    map_of(ev, entries, complete, span)
}

pub(super) fn zip(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (left, all_left) = known_elements(ev, args.first())?;
    let (right, all_right) = known_elements(ev, args.get(1))?;
    if !all_left || !all_right {
        return None;
    }
    if left.len() != right.len() {
        let (left, right) = (left.len(), right.len());
        let message =
            format!("`zip` takes two lists of one length, and these have {left} and {right}");
        ev.report_at(Diagnostic::error(codes::eval::WRONG_VALUE, span, message));
        return None;
    }
    let by = args.get(2)?;
    let mut all = Vec::with_capacity(left.len());
    let mut complete = true;
    for (a, b) in left.iter().zip(right.iter()) {
        let val = ev.apply(by, vec![a.clone(), b.clone()], span);
        complete &= !val.is_unknown();
        all.push(val);
    }
    ev.listed(all, complete, span).map(Value::List)
}

/// Two collections as sets, and whether everything in each is known.
type Pair = ((Vec<Val>, bool), (Vec<Val>, bool));

fn pair(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Pair> {
    let mut one = |at: usize| {
        let (items, complete) = known_elements(ev, args.get(at))?;
        let known: Vec<Val> = items.iter().filter(|item| !item.is_unknown()).cloned().collect();
        let complete = complete && known.len() == items.len();
        Some((ev.sorted_unique(known, span)?, complete))
    };
    Some((one(0)?, one(1)?))
}

/// Those of the first that are, or are not, in the second: both are in order.
fn kept(ev: &Evaluator<'_>, a: Vec<Val>, b: &[Val], in_both: bool) -> Vec<Val> {
    let mut rest = b.iter().peekable();
    let mut found = |val: &Val| {
        while let Some(next) = rest.peek() {
            match ev.order(&next.value, &val.value) {
                Ordering::Less => rest.next(),
                Ordering::Equal => return true,
                Ordering::Greater => return false,
            };
        }
        false
    };
    a.into_iter().filter(|val| found(val) == in_both).collect()
}

pub(super) fn difference(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let ((a, complete), (b, all)) = pair(ev, args, span)?;
    // What is hidden in the second could be any of the first.
    if !all {
        return None;
    }
    Some(Value::Set(List::new(kept(ev, a, &b, false), complete)))
}

pub(super) fn intersection(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let ((a, complete), (b, all)) = pair(ev, args, span)?;
    Some(Value::Set(List::new(kept(ev, a, &b, true), complete && all)))
}
