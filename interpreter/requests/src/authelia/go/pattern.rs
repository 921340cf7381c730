//! `regexp`: a pattern in Go's syntax (`regexp/syntax`, the flags of Perl), matched by the `regex` crate, which chooses
//! among matches as Go does: the first way that is written. The syntaxes differ, so each word is said again in the other.

use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};

use super::class::{class, spelled};
use super::escapes::escape;

/// Go repeats nothing more often.
const MOST: u32 = 1000;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Regex,
    /// The names of its groups, from the first.
    names: Vec<Option<String>>,
}

impl Pattern {
    /// `regexp.Compile`
    ///
    /// # Errors
    /// Why Go refuses the pattern.
    pub fn compile(text: &str) -> Result<Pattern, String> {
        let (pattern, names) = translate(text)?;
        let size = 1 << 26;
        let regex = RegexBuilder::new(&pattern).size_limit(size).dfa_size_limit(size).build();
        let regex = regex.map_err(|why| why.to_string())?;
        Ok(Pattern { text: text.to_owned(), regex, names })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The place of the last group of a name, counted as in a match: 0 is all of it.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<usize> {
        self.names.iter().rposition(|it| it.as_deref() == Some(name)).map(|at| at + 1)
    }

    /// What each group holds in the first match; nothing where it takes no part in it.
    #[must_use]
    pub fn groups<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let found = self.regex.captures(text)?;
        Some(found.iter().map(|group| group.map_or("", |it| it.as_str())).collect())
    }
}

/// A pattern in the words of `regex`, and the names of its groups.
fn translate(text: &str) -> Result<(String, Vec<Option<String>>), String> {
    let mut found = String::new();
    let mut names = Vec::new();
    let mut rest = text.chars().peekable();
    let mut repeated = false;
    // Go repeats what stands before flags; `regex` wants the flags behind that.
    let mut flags = String::new();
    while let Some(c) = rest.next() {
        let was_repeated = std::mem::take(&mut repeated);
        if !"*+?{".contains(c) {
            found.push_str(&std::mem::take(&mut flags));
        }
        match c {
            '(' => match group(&mut rest, &mut names)? {
                only if only.ends_with(')') => flags.push_str(&only),
                group => found.push_str(&group),
            },
            '[' => found.push_str(&class(&mut rest)?),
            '\\' => found.push_str(&escape(&mut rest)?),
            '*' | '+' | '?' => {
                repeated = true;
                found.push(c);
            }
            '{' => match counts(&mut rest)? {
                Some(counts) => {
                    repeated = true;
                    found.push_str(&counts);
                }
                None => {
                    found.push_str(&std::mem::take(&mut flags));
                    found.push_str(&spelled('{'));
                }
            },
            '|' | ')' | '^' | '$' | '.' => found.push(c),
            other => found.push_str(&spelled(other)),
        }
        if repeated {
            if was_repeated {
                return Err("invalid nested repetition operator".to_owned());
            }
            if rest.next_if_eq(&'?').is_some() {
                found.push('?');
            }
        }
    }
    found.push_str(&flags);
    Ok((found, names))
}

/// What follows a `(`: a group with or without a name, or flags.
fn group(
    rest: &mut Peekable<Chars<'_>>,
    names: &mut Vec<Option<String>>,
) -> Result<String, String> {
    if rest.next_if_eq(&'?').is_none() {
        names.push(None);
        return Ok("(".to_owned());
    }
    let mut ahead = rest.clone();
    let begins = match (ahead.next(), ahead.next()) {
        (Some('P'), Some('<')) => 2,
        (Some('<'), _) => 1,
        _ => return flags(rest),
    };
    rest.nth(begins - 1);
    let mut name = String::new();
    loop {
        match rest.next() {
            Some('>') if !name.is_empty() => break,
            Some(c) if c.is_ascii_alphanumeric() || c == '_' => name.push(c),
            Some(_) | None => return Err("invalid named capture".to_owned()),
        }
    }
    names.push(Some(name));
    Ok("(".to_owned())
}

/// `i`, `m`, `s`, `U` and what they are taken away by, up to the `:` of a group or a `)`.
fn flags(rest: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mut found = String::from("(?");
    let (mut any, mut negated) = (false, false);
    loop {
        match rest.next() {
            Some(c @ ('i' | 'm' | 's' | 'U')) => {
                any = true;
                // Said twice it is no mistake to Go.
                let since = found.rfind('-').map_or(&*found, |at| found.split_at(at).1);
                if !since.contains(c) {
                    found.push(c);
                }
            }
            Some('-') if !negated => {
                (any, negated) = (false, true);
                found.push('-');
            }
            Some(end @ (':' | ')')) if any || !negated => {
                // No flags at all change nothing; `regex` knows no such group.
                if end == ')' && !any {
                    return Ok(String::new());
                }
                found.push(end);
                return Ok(found);
            }
            Some(_) | None => return Err("invalid or unsupported Perl syntax: `(?`".to_owned()),
        }
    }
}

/// `{n}`, `{n,}` or `{n,m}` behind its brace; nothing, where the brace stands for itself.
fn counts(rest: &mut Peekable<Chars<'_>>) -> Result<Option<String>, String> {
    let ahead: String = rest.clone().take_while(|c| "0123456789,}".contains(*c)).collect();
    let Some((inside, _)) = ahead.split_once('}') else { return Ok(None) };
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let number = |text: &str| {
        let written =
            !text.is_empty() && (text == "0" || !text.starts_with('0')) && !text.contains(',');
        written.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let (Some(low), high) = (number(least), number(most)) else { return Ok(None) };
    if high.is_none() && !most.is_empty() {
        return Ok(None);
    }
    if low > MOST || high.is_some_and(|high| high > MOST || high < low) {
        return Err(format!("invalid repeat count: {{{inside}}}"));
    }
    rest.nth(inside.chars().count());
    Ok(Some(format!("{{{inside}}}")))
}
