//! Texts that mean something to some reader on the way, and how they are spelled.

use std::fmt::Write as _;

/// What is always tried, and what of the others by turns.
pub(crate) const WORST: &str = "a\n[Container]\nPodmanArgs=--privileged";

pub(crate) const TEXTS: &[&str] = &[
    "a\nb",
    "a\r\nb",
    "\r",
    "a\0b",
    "\"",
    "'",
    "a\"b",
    "it's",
    "\\",
    "a\\",
    "a\\nb",
    "${x}",
    "''${x}",
    "$HOME",
    "%m",
    "%%",
    "$(id)",
    "`id`",
    "{{ x }}",
    "{% if %}",
    "#",
    "a # b",
    ";",
    "a; b",
    "a: b",
    ": ",
    "- a",
    "*a",
    "&a",
    "!!str",
    "yes",
    "null",
    "~",
    "1e3",
    " a ",
    "a\tb",
    "\u{7f}",
    "\u{85}",
    "a\u{2028}b",
    "\u{feff}a",
    "\u{202e}a",
    "🦀é",
    "",
    "..",
    "/../../etc",
    "a/b",
    "a@b",
    "a=b",
    "a,b",
    "a|b&c>d<e",
    "a b",
    "@QG_SECRET_S@",
    "-a",
    "a\u{1}b",
    "LONG",
];

/// A text by its number, over and over.
pub(crate) fn text(at: usize) -> String {
    match TEXTS[at % TEXTS.len()] {
        "LONG" => "x".repeat(300),
        text => text.to_owned(),
    }
}

/// A string of the language.
pub(crate) fn literal(text: &str) -> String {
    let mut all = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            c if c.is_ascii_graphic() && c != '$' || c == ' ' => all.push(c),
            c => write!(all, "\\u{{{:x}}}", u32::from(c)).expect("a string takes all"),
        }
    }
    all.push('"');
    all
}
