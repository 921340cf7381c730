//! Media types as Go reads them (`mime.ParseMediaType`, Go 1.26): Traefik gives it those of `compress`.

use std::collections::BTreeSet;

/// Why Go would refuse a media type.
#[must_use]
pub(super) fn problem(text: &str) -> Option<&'static str> {
    let (kind, mut rest) = text.split_at(text.find(';').unwrap_or(text.len()));
    let (main, below) = match kind.trim().split_once('/') {
        Some((main, below)) => (main, Some(below)),
        None => (kind.trim(), None),
    };
    if !is_token(main) || below.is_some_and(|below| !is_token(below)) {
        return Some("write it as `text/html`");
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    // One `;` at the end is no parameter.
    while !matches!(rest.trim(), "" | ";") {
        let Some((name, after)) = parameter(rest) else {
            return Some("behind `;` stands `NAME=VALUE`");
        };
        if !names.insert(name) {
            return Some("a parameter stands there twice");
        }
        rest = after;
    }
    None
}

/// The name of the parameter that a text begins with, and what follows.
fn parameter(text: &str) -> Option<(String, &str)> {
    let (name, rest) = token(text.trim_start().strip_prefix(';')?.trim_start())?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let after = match value.strip_prefix('"') {
        Some(quoted) => quoted.get(closing(quoted)?..)?,
        None => token(value)?.1,
    };
    Some((name.to_ascii_lowercase(), after))
}

/// Where what follows a quoted value begins.
fn closing(quoted: &str) -> Option<usize> {
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some(at + 1),
            '\r' | '\n' => return None,
            // Before anything else a backslash is one itself.
            '\\' => drop(chars.next_if(|(_, c)| "()<>@,;:\\\"/[]?=".contains(*c))),
            _ => {}
        }
    }
    None
}

fn token(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c| !in_token(c)).unwrap_or(text.len());
    Some(text.split_at(end)).filter(|(token, _)| !token.is_empty())
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(in_token)
}

fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`{|}~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_reads_them() {
        for good in [
            "text/html",
            "Text/*",
            " text/html ; charset=utf-8",
            "text",
            "a/b;",
            "a/b; x=\"\\\"; y\"; z=1",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in [
            "",
            "text/",
            "/html",
            "text/html/x",
            "text html",
            "a/b; x",
            "a/b; x=",
            "a/b;;x=1",
            "a/b; x=1; X=2",
            "a/b; x=\"1",
            "é/b",
        ] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }
}
