//! Changes that know what is a value: another kind of it, another name, what leads back to itself.

use std::ops::Range;

use qg_lang::lexer::TokenKind;

use super::Random;
use super::tokens::{Text, closes, opens};

/// Values of every kind, with those at the edges.
const VALUES: &[&str] = &[
    "true",
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "1e308",
    "0o777",
    "0644",
    "5s",
    "10min",
    "9999999999d",
    "3GiB",
    "99999999999TiB",
    "\"\"",
    "\"a\"",
    "\"a\\nb\"",
    "\"é\\u{1f600}\"",
    "\"[Container]\"",
    "\"%m$${x}\"",
    "\"${self}\"",
    "\"0.0.0.0/0\"",
    "/var/lib/a",
    "/",
    "/a/../b",
    "./a.txt",
    "../../etc/passwd",
    "10.0.0.1",
    "10.0.0.0/8",
    "::1",
    "fe80::/10",
    "80",
    "8080/udp",
    "8000..8100",
    "65535/tcp",
    "[]",
    "[1, 2, 3]",
    "[\"a\", \"a\"]",
    "[[]]",
    "{ }",
    "{ a = 1 }",
    "{ a = { a = { } } }",
    "public",
    "enabled",
    "no { because = \"x\" }",
    "nix\"pkgs.hello\"",
    "nix\"{ a = 1; }\"",
    "x => x",
    "(x, y) => [x, y]",
    "self",
    "name",
    "null",
    "it",
    "host",
    "service",
    "secret",
    "fleet",
    "fleet.domain",
    "[for s in service: s]",
    "[for s in service: s.name]",
    "range(0, 100)",
    "if true then 1 else \"a\"",
    "match 1 { 1 => 2, else => 3 }",
    "self with { }",
    "\"a\" + \"b\"",
    "[1] + [1]",
    "1 / 0",
    "!x",
    "missing.thing",
    "unset",
    "[for i, x in [1, 2]: i]",
    "nth(10.0.0.0/30, 9)",
    "address(\"10.0.0.${1}\")",
    "div(1, 0)",
    "1B * 9223372036854775807",
    "group_by([1], by: x => \"a\")",
    "pad(1, 9999999)",
    "match host { image i => i, else => 1 }",
    "{ a = unset }",
    "[1] |> first ?? 0",
];

/// One change.
pub(super) fn change(text: &Text, other: &Text, random: &mut Random) -> String {
    try_change(text, other, random).unwrap_or_else(|| text.slice(0..text.len()).to_owned())
}

fn try_change(text: &Text, other: &Text, random: &mut Random) -> Option<String> {
    Some(match random.below(6) {
        0 | 1 => text.with(value(text, random)?, random.pick::<&str>(VALUES)),
        2 => text.with(value(text, random)?, other.slice(value(other, random)?)),
        3 => {
            let range = value(text, random)?;
            let path = around(text, range.start, random)?;
            text.with(range, &path)
        }
        4 => text.with(name(text, random)?, text.slice(name(text, random)?)),
        _ => text.with(name(text, random)?, other.slice(name(other, random)?)),
    })
}

/// What strings may hold.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "a b",
    "a/b",
    "..",
    "-x",
    "é",
    "\u{1f600}",
    "\u{202e}x",
    "\u{85}",
    "\\n",
    "a\\n[Container]\\nImage=x",
    "\\t",
    "\\r",
    "\\u{0}",
    "\\\\",
    "\\\"",
    "'",
    "''",
    "%m",
    "%%",
    "$${x}",
    "$$",
    "#",
    ";",
    ": ",
    "- a",
    "*a",
    "&a",
    "!!str",
    "~",
    "yes",
    "{{ x }}",
    "{% raw %}",
    "$(id)",
    "`id`",
    "@",
    "=",
    "0",
    "a.b.c",
    "*.example.org",
    "xn--a",
    "Host(`a`)",
    "(((a*)*)*)*",
    "^/a.*$",
    "enabled",
    "0.0.0.0",
    "::",
    "99999999999999999999",
];

/// One change that the types let pass: a string for a string, a number for a number, a path for a path.
pub(super) fn of_the_kind(text: &Text, other: &Text, random: &mut Random) -> String {
    let (tokens, others) = (text.tokens(), other.tokens());
    let new = |kind: TokenKind, random: &mut Random| {
        if kind == TokenKind::Text && !random.one_in(3) {
            let times = if random.one_in(20) { 300 } else { 1 };
            return Some(random.pick::<&str>(TEXTS).repeat(times));
        }
        let same: Vec<_> = others.iter().filter(|(it, _)| *it == kind).collect();
        Some(other.slice(same.get(random.below(same.len()))?.1.clone()).to_owned())
    };
    for _ in 0..20 {
        let Some((kind, range)) = tokens.get(random.below(tokens.len())) else { break };
        let constant = matches!(
            kind,
            TokenKind::Text
                | TokenKind::Number
                | TokenKind::Path
                | TokenKind::File
                | TokenKind::True
                | TokenKind::False
        );
        if let Some(new) = new(*kind, random).filter(|_| constant) {
            return text.with(range.clone(), &new);
        }
    }
    text.slice(0..text.len()).to_owned()
}

/// What stands behind a `=`: up to the end of its line, or of the block that begins there.
pub(super) fn value(text: &Text, random: &mut Random) -> Option<Range<usize>> {
    let tokens = text.tokens();
    let equals: Vec<usize> =
        (0..tokens.len()).filter(|index| tokens[*index].0 == TokenKind::Equals).collect();
    let first = *equals.get(random.below(equals.len()))? + 1;
    let start = tokens.get(first)?.1.start;
    let mut depth = 0;
    let mut end = start;
    for (kind, range) in &tokens[first..] {
        let line_ends = end > start && text.slice(end..range.start).contains('\n');
        let comment = matches!(kind, TokenKind::Comment | TokenKind::DocComment);
        if comment || depth == 0 && (closes(*kind) || *kind == TokenKind::Comma || line_ends) {
            break;
        }
        if opens(*kind) {
            depth += 1;
        } else if closes(*kind) {
            depth -= 1;
        }
        end = range.end;
    }
    (end > start).then_some(start..end)
}

fn name(text: &Text, random: &mut Random) -> Option<Range<usize>> {
    let tokens = text.tokens();
    let names: Vec<&Range<usize>> = tokens
        .iter()
        .filter(|(kind, _)| *kind == TokenKind::Name)
        .map(|(_, range)| range)
        .collect();
    names.get(random.below(names.len())).map(|range| (*range).clone())
}

/// The path of a block around a place, as in `service.web.route.main`: a value that holds the place
/// that it is put into.
fn around(text: &Text, at: usize, random: &mut Random) -> Option<String> {
    // The words of the line before each block that is still open there.
    let mut open: Vec<Vec<&str>> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut last = 0;
    for (kind, range) in text.tokens().iter().take_while(|(_, range)| range.start < at) {
        if text.slice(last..range.start).contains('\n') {
            words.clear();
        }
        last = range.end;
        if *kind == TokenKind::BraceOpen {
            open.push(std::mem::take(&mut words));
        } else if *kind == TokenKind::BraceClose {
            open.pop();
        } else if matches!(kind, TokenKind::Name | TokenKind::Text) {
            words.push(text.slice(range.clone()));
        }
    }
    let depth = 1 + random.below(open.len());
    let path = open.into_iter().take(depth).flatten().collect::<Vec<_>>().join(".");
    let path = if path.is_empty() { "self".to_owned() } else { path };
    Some(match random.below(6) {
        0 => format!("{{ a = {path} }}"),
        1 => format!("[{path}, {path}]"),
        2 => format!("{path} ?? {{ }}"),
        3 => format!("{{ a = {path}, b = [{path}] }}"),
        4 => format!("{path} with {{ a = {path} }}"),
        _ => path,
    })
}
