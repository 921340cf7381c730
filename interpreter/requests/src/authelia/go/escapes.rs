//! What a backslash means in a pattern of Go's.

use std::iter::Peekable;
use std::str::Chars;

use super::class::spelled;

/// What follows a backslash outside of a class.
pub(super) fn escape(rest: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let Some(c) = rest.peek().copied() else {
        return Err("trailing backslash at end of expression".to_owned());
    };
    if c == 'p' || c == 'P' {
        return named(rest);
    }
    let known = match c {
        'A' | 'z' => Some(format!("\\{c}")),
        'b' | 'B' => Some(format!("(?-u:\\{c})")),
        'Q' => {
            rest.next();
            return Ok(quoted(rest));
        }
        letter => shorthand(letter).map(|it| format!("[{it}]")),
    };
    match known {
        Some(known) => {
            rest.next();
            Ok(known)
        }
        None => char_escape(rest).map(spelled),
    }
}

/// What stands literally up to `\E` or the end.
fn quoted(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut found = String::new();
    while let Some(c) = rest.next() {
        if c == '\\' && rest.next_if_eq(&'E').is_some() {
            break;
        }
        found.push_str(&spelled(c));
    }
    found
}

/// Perl's classes, which hold ASCII alone in Go, as they stand in a class of `regex`.
pub(super) fn shorthand(letter: char) -> Option<&'static str> {
    match letter {
        'd' => Some("0-9"),
        'D' => Some("[^0-9]"),
        's' => Some(r"\t\n\f\r "),
        'S' => Some(r"[^\t\n\f\r ]"),
        'w' => Some("0-9A-Za-z_"),
        'W' => Some("[^0-9A-Za-z_]"),
        _ => None,
    }
}

/// A class of Unicode: `pL`, `p{Greek}`, `P{^Greek}` behind the backslash.
pub(super) fn named(rest: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let incomplete = || "invalid character class range: `\\p`".to_owned();
    let mut negated = rest.next().ok_or_else(incomplete)? == 'P';
    let first = rest.next().ok_or_else(incomplete)?;
    let mut name = String::from(first);
    if first == '{' {
        negated ^= rest.next_if_eq(&'^').is_some();
        name.clear();
        loop {
            match rest.next().ok_or_else(incomplete)? {
                '}' => break,
                c => name.push(c),
            }
        }
    }
    Ok(format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }))
}

/// The character that an escape stands for, read behind its backslash.
pub(super) fn char_escape(rest: &mut Peekable<Chars<'_>>) -> Result<char, String> {
    let Some(c) = rest.next() else {
        return Err("trailing backslash at end of expression".to_owned());
    };
    let wrong = || format!("invalid escape sequence: `\\{c}`");
    let octal = |c: &char| ('0'..='7').contains(c);
    match c {
        'a' => Ok('\u{7}'),
        'f' => Ok('\u{c}'),
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        't' => Ok('\t'),
        'v' => Ok('\u{b}'),
        '0'..='7' if c == '0' || rest.peek().is_some_and(octal) => {
            let mut digits = String::from(c);
            while digits.len() < 3
                && let Some(digit) = rest.next_if(octal)
            {
                digits.push(digit);
            }
            u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32).ok_or_else(wrong)
        }
        'x' => {
            let braced = rest.next_if_eq(&'{').is_some();
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(char::is_ascii_hexdigit) {
                digits.push(digit);
                if !braced && digits.len() == 2 {
                    break;
                }
            }
            let whole = if braced { rest.next() == Some('}') } else { digits.len() == 2 };
            let number = u32::from_str_radix(&digits, 16).ok().filter(|_| whole);
            number.and_then(char::from_u32).ok_or_else(wrong)
        }
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Ok(other),
        _ => Err(wrong()),
    }
}
