//! Strings and paths.

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use crate::eval::{Evaluator, MAX_TEXT, TEXT_PER_STEP};
use crate::value::{List, Val, Value};

/// An argument as text: strings, and paths where their text is meant.
fn text(args: &[Val], at: usize) -> Option<&str> {
    match &args.get(at)?.value {
        Value::Text(it) | Value::Path(it) => Some(it),
        _ => None,
    }
}

fn string(text: impl AsRef<str>) -> Option<Value> {
    Some(Value::Text(text.as_ref().into()))
}

pub(super) fn upper(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    string(text(args, 0)?.to_uppercase())
}

pub(super) fn lower(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    string(text(args, 0)?.to_lowercase())
}

pub(super) fn trim(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    string(text(args, 0)?.trim())
}

pub(super) fn length(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    Some(Value::Int(text(args, 0)?.chars().count() as i64))
}

pub(super) fn contains(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    Some(Value::Bool(text(args, 0)?.contains(text(args, 1)?)))
}

pub(super) fn starts_with(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    Some(Value::Bool(text(args, 0)?.starts_with(text(args, 1)?)))
}

pub(super) fn ends_with(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    Some(Value::Bool(text(args, 0)?.ends_with(text(args, 1)?)))
}

pub(super) fn replace(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (whole, from, to) = (text(args, 0)?, text(args, 1)?, text(args, 2)?);
    let places = whole.matches(from).count();
    if whole.len().saturating_add(places.saturating_mul(to.len())) > MAX_TEXT {
        too_long(ev, span);
        return None;
    }
    if !ev.charge((whole.len() + places * to.len()) / TEXT_PER_STEP, span) {
        return None;
    }
    string(whole.replace(from, to))
}

pub(super) fn split(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let origin = args.first()?.origin;
    let (whole, by) = (text(args, 0)?, text(args, 1)?);
    if !ev.charge(whole.len(), span) {
        return None;
    }
    let part = |part: &str| Val::new(Value::Text(part.into()), origin);
    let parts: Vec<Val> =
        if by.is_empty() { vec![part(whole)] } else { whole.split(by).map(part).collect() };
    Some(Value::List(List::new(parts, true)))
}

pub(super) fn join(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (Value::List(list) | Value::Set(list)) = &args.first()?.value else { return None };
    if !list.complete {
        return None;
    }
    let by = text(args, 1)?;
    let mut all = String::new();
    for (at, item) in list.items.iter().enumerate() {
        if at > 0 {
            all.push_str(by);
        }
        match &item.value {
            Value::Text(it) | Value::Path(it) => all.push_str(it),
            _ => return None,
        }
        if all.len() > MAX_TEXT {
            too_long(ev, span);
            return None;
        }
    }
    if !ev.charge(all.len() / TEXT_PER_STEP, span) {
        return None;
    }
    string(all)
}

pub(super) fn matches(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (whole, pattern) = (text(args, 0)?, text(args, 1)?);
    match ev.pattern(pattern) {
        Ok(regex) => Some(Value::Bool(regex.is_match(whole))),
        Err(why) => {
            ev.report_at(
                Diagnostic::error(
                    codes::eval::BAD_PATTERN,
                    span,
                    format!("the regular expression {pattern:?} cannot be read"),
                )
                .help(why),
            );
            None
        }
    }
}

pub(super) fn basename(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    string(text(args, 0)?.trim_end_matches('/').rsplit('/').next()?)
}

pub(super) fn dirname(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let path = text(args, 0)?.trim_end_matches('/');
    let (parent, _) = path.rsplit_once('/')?;
    let parent = if parent.is_empty() { "/" } else { parent };
    Some(Value::Path(parent.into()))
}

fn too_long(ev: &mut Evaluator<'_>, span: Span) {
    ev.report_at(Diagnostic::error(
        codes::eval::TOO_LONG,
        span,
        "this string has more than 16 MiB when it is put together",
    ));
}
