//! Strings and paths.

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use crate::value::{Val, Value};
use crate::{Evaluator, MAX_ELEMENTS, MAX_TEXT, TEXT_PER_STEP, TOO_LONG_HELP};

/// An argument as text: strings, and paths where their text is meant.
#[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets texts alone reach this")]
pub(super) fn text(args: &[Val], at: usize) -> Option<&str> {
    match &args.get(at)?.value {
        Value::Text(it) | Value::Path(it) => Some(it),
        _ => None,
    }
}

fn string(ev: &mut Evaluator<'_>, text: impl AsRef<str>, span: Span) -> Option<Value> {
    let text = text.as_ref();
    if text.len() > MAX_TEXT {
        too_long(ev, span);
        return None;
    }
    ev.written_out(text.len(), span).then(|| Value::Text(text.into()))
}

pub(super) fn upper(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    string(ev, text(args, 0)?.to_uppercase(), span)
}

pub(super) fn lower(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    string(ev, text(args, 0)?.to_lowercase(), span)
}

pub(super) fn trim(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    string(ev, text(args, 0)?.trim(), span)
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
    string(ev, whole.replace(from, to), span)
}

pub(super) fn split(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let origin = args.first()?.origin;
    let (whole, by) = (text(args, 0)?, text(args, 1)?);
    let part = |part: &str| Val::new(Value::Text(part.into()), origin);
    if by.is_empty() {
        return ev.listed(vec![part(whole)], true, span).map(Value::List);
    }
    let count = whole.matches(by).count() + 1;
    if count > MAX_ELEMENTS {
        ev.too_many(span);
        return None;
    }
    // Each part is a text of its own, however short.
    if !ev.written_out(whole.len() + count * TEXT_PER_STEP, span) {
        return None;
    }
    ev.listed(whole.split(by).map(part).collect(), true, span).map(Value::List)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets texts alone reach this")]
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
    string(ev, all, span)
}

pub(super) fn matches(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (whole, pattern) = (text(args, 0)?, text(args, 1)?);
    // A search looks at each byte, and with some patterns more than once.
    if !ev.charge(whole.len(), span) {
        return None;
    }
    match ev.pattern(pattern, span) {
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

pub(super) fn basename(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    string(ev, text(args, 0)?.trim_end_matches('/').rsplit('/').next()?, span)
}

pub(super) fn dirname(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let path = text(args, 0)?.trim_end_matches('/');
    let (parent, _) = path.rsplit_once('/')?;
    let parent = if parent.is_empty() { "/" } else { parent };
    Some(Value::Path(parent.into()))
}

/// Filled up at the front, behind the sign of a number.
pub(super) fn pad(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let Value::Int(to) = args.get(1)?.value else { return None };
    let by = text(args, 2)?;
    let number = if let Value::Int(it) = args.first()?.value { Some(it) } else { None };
    let whole = match number {
        Some(number) => number.to_string(),
        None => text(args, 0)?.to_owned(),
    };
    if by.chars().count() != 1 {
        let message = format!("`pad` fills up with one character, and {by:?} is not one");
        ev.report_at(Diagnostic::error(codes::eval::WRONG_VALUE, span, message));
        return None;
    }
    let missing = usize::try_from(to).unwrap_or(0).saturating_sub(whole.chars().count());
    if missing.saturating_mul(by.len()) > MAX_TEXT {
        too_long(ev, span);
        return None;
    }
    let (sign, rest) = match whole.strip_prefix('-').filter(|_| number.is_some() && by == "0") {
        Some(rest) => ("-", rest),
        None => ("", whole.as_str()),
    };
    string(ev, format!("{sign}{}{rest}", by.repeat(missing)), span)
}

fn too_long(ev: &mut Evaluator<'_>, span: Span) {
    let message = "this string has more than 16 MiB when it is put together";
    let finding = Diagnostic::error(codes::eval::TOO_LONG, span, message);
    ev.report_at(finding.help(TOO_LONG_HELP));
}
