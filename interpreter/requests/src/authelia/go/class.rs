//! A bracketed class of Go's `regexp/syntax`, in the words of the `regex` crate.

use std::iter::Peekable;
use std::str::Chars;

use super::escapes::{char_escape, named, shorthand};

/// One character as `regex` takes it anywhere.
pub(super) fn spelled(c: char) -> String {
    format!("\\x{{{:X}}}", u32::from(c))
}

/// Reads a class behind its `[`, up to and with its `]`.
///
/// # Errors
/// Why Go refuses it.
pub(super) fn class(rest: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mut found = String::from("[");
    if rest.next_if_eq(&'^').is_some() {
        found.push('^');
    }
    let mut first = true;
    loop {
        let c = rest.next().ok_or("missing closing ]")?;
        match c {
            ']' if !first => {
                found.push(']');
                return Ok(found);
            }
            '[' if rest.peek() == Some(&':') => match posix(rest)? {
                Some(name) => found.push_str(&name),
                None => found.push_str(&range('[', rest)?),
            },
            '\\' => match rest.peek().copied() {
                Some(letter) if shorthand(letter).is_some() => {
                    rest.next();
                    found.push_str(shorthand(letter).unwrap_or_default());
                }
                Some('p' | 'P') => found.push_str(&named(rest)?),
                Some(_) | None => {
                    let low = char_escape(rest)?;
                    found.push_str(&range(low, rest)?);
                }
            },
            other => found.push_str(&range(other, rest)?),
        }
        first = false;
    }
}

/// `[:alpha:]` behind its first bracket; nothing, where it is not written to its end.
fn posix(rest: &mut Peekable<Chars<'_>>) -> Result<Option<String>, String> {
    const NAMES: &[&str] = &[
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
        "space", "upper", "word", "xdigit",
    ];
    let ahead: String = rest.clone().collect();
    let Some(inside) =
        ahead.strip_prefix(':').and_then(|it| it.split_once(":]")).map(|(name, _)| name)
    else {
        return Ok(None);
    };
    if !NAMES.contains(&inside.strip_prefix('^').unwrap_or(inside)) {
        return Err(format!("invalid character class range: [:{inside}:]"));
    }
    rest.nth(inside.chars().count() + 2);
    Ok(Some(format!("[:{inside}:]")))
}

/// A character, or a range that begins with it.
fn range(low: char, rest: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mut ahead = rest.clone();
    if ahead.next() != Some('-') || matches!(ahead.next(), None | Some(']')) {
        return Ok(spelled(low));
    }
    rest.next();
    let high = match rest.next() {
        Some('\\') => char_escape(rest)?,
        Some(other) => other,
        None => return Err("missing closing ]".to_owned()),
    };
    if high < low {
        return Err(format!("invalid character class range: {low}-{high}"));
    }
    Ok(format!("{}-{}", spelled(low), spelled(high)))
}
