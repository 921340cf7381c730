//! Regular expressions of Go (`regexp`, which is RE2), as Traefik's rules and middlewares hold them. Go's syntax is
//! read by [`go`] and spelled anew for `regex`, which finds the same leftmost-first match.

mod class;
mod escapes;
mod go;
#[cfg(test)]
mod tests;

use std::fmt;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    compiled: regex::Regex,
    /// The names of groups, each with its number; one name may stand for several.
    names: Vec<(String, usize)>,
}

/// Why there is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Go refuses it too.
    Refused(String),
    /// Go takes it, this model does not.
    Unsupported(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "not a regular expression of Go: {why}"),
            Self::Unsupported(why) => {
                write!(f, "a regular expression that is not simulated: {why}")
            }
        }
    }
}

impl Pattern {
    /// Reads a pattern in Go's syntax.
    ///
    /// # Errors
    /// What Go refuses, and what only Go can do.
    pub fn new(source: &str) -> Result<Self, Problem> {
        let (spelled, names) = go::translate(source)?;
        let compiled =
            regex::Regex::new(&spelled).map_err(|error| Problem::Unsupported(error.to_string()))?;
        Ok(Self { source: source.to_owned(), compiled, names })
    }

    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it matches somewhere.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }

    /// The first match.
    pub(crate) fn find<'a>(&self, text: &'a str) -> Option<&'a str> {
        self.compiled.find(text).map(|it| it.as_str())
    }

    /// The first match and its groups, missing ones as empty.
    pub(crate) fn groups<'a>(&self, text: &'a str) -> Option<Vec<&'a str>> {
        let found = self.compiled.captures(text)?;
        Some(found.iter().map(|group| group.map_or("", |it| it.as_str())).collect())
    }

    /// Replaces each match by a template of Go's: `$1`, `${name}`, `$$`.
    pub(crate) fn replace(&self, text: &str, template: &str) -> String {
        let with = |found: &regex::Captures<'_>| self.expand(template, found);
        self.compiled.replace_all(text, with).into_owned()
    }

    fn expand(&self, template: &str, found: &regex::Captures<'_>) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(next) = after.strip_prefix('$') {
                text.push('$');
                rest = next;
            } else if let Some((name, next)) = name(after) {
                text.push_str(self.group(name, found));
                rest = next;
            } else {
                text.push('$');
                rest = after;
            }
        }
        text + rest
    }

    fn group<'a>(&self, name: &str, found: &'a regex::Captures<'_>) -> &'a str {
        let numeric = name.bytes().all(|c| c.is_ascii_digit());
        let plain = name == "0" || !name.starts_with('0');
        let group = match name.parse::<usize>() {
            Ok(number) if numeric && plain => found.get(number),
            Ok(_) | Err(_) => {
                let named = self.names.iter().filter(|(it, _)| it == name);
                named.filter_map(|(_, number)| found.get(*number)).next()
            }
        };
        group.map_or("", |it| it.as_str())
    }
}

/// The name after a `$` and what follows it.
fn name(after: &str) -> Option<(&str, &str)> {
    let inner = after.strip_prefix('{');
    let from = inner.unwrap_or(after);
    let end = from.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(from.len());
    let (name, rest) = from.split_at_checked(end)?;
    let rest = if inner.is_some() { rest.strip_prefix('}')? } else { rest };
    (!name.is_empty()).then_some((name, rest))
}
