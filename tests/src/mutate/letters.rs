//! Changes that know letters only: broken strings, half names, line ends in the midst.

use super::Random;

/// Pieces that mean something, or nearly.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "${",
    "$${",
    "nix\"",
    "nix\"\"\"",
    "=",
    "==",
    "=>",
    "|>",
    "??",
    "..",
    ".",
    ",",
    ":",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\u{feff}",
    "#",
    "##",
    "&",
    "|",
    "?",
    "if",
    "then",
    "else",
    "for",
    "in",
    "match",
    "is",
    "has",
    "with",
    "not",
    "and",
    "or",
    "let",
    "fn",
    "schema",
    "enum",
    "type",
    "import",
    "pub",
    "sealed",
    "extend",
    "default",
    "override",
    "unset",
    "self",
    "name",
    "it",
    "where",
    "from",
    "service",
    "host",
    "route",
    "fleet",
    "secret.x",
    "proxy.edge",
    "service x {",
    "extend schema Model {",
    "schema S { a: S? }",
    "fn f(x: int) -> int = f(x)",
    "for a in service { service \"${a.name}x\" {} }",
    "let a = a",
    "range(1, 999999999)",
    "99999999999999999999",
    "9223372036854775807",
    "-",
    "--",
    "1e999",
    "0x1p3",
    "0o77777",
    "10min",
    "5s",
    "3GiB",
    "/var/lib",
    "./x",
    "../x",
    "1.2.3.4",
    "1.2.3.4/99",
    "::1",
    "fe80::/10",
    "0/udp",
    "70000",
    "1..0",
    "true",
    "é",
    "\u{1f600}",
    "\u{202e}",
    "\u{2028}",
    "\\",
    "\\u{110000}",
    "'",
    "`",
    "@",
    "matches(\"\", \"(((a*)*)*)*\")",
    "x => x",
    "(x, y) => x(y)",
    "{T}",
    "set[T]",
    "&S",
    "int where it",
];

/// A text made of `base` (and a little of `other`) by some changes.
pub(super) fn change(base: &str, other: &str, random: &mut Random) -> String {
    let mut text: Vec<char> = base.chars().collect();
    let other: Vec<char> = other.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        let length = match random.below(4) {
            0 => 1,
            1 => random.below(8),
            _ => random.below(60),
        };
        let end = (at + length).min(text.len());
        match random.below(9) {
            0 => drop(text.drain(at..end)),
            1 => {
                let copy: Vec<char> = text[at..end].to_vec();
                let to = random.below(text.len() + 1);
                drop(text.splice(to..to, copy));
            }
            2 => text.truncate(at),
            3 => {
                let from = random.below(other.len() + 1);
                let to = (from + length).min(other.len());
                drop(text.splice(at..end, other[from..to].iter().copied()));
            }
            4 => {
                let times = [2, 40, 200, 3000][random.below(4)];
                let piece = random.pick(PIECES).repeat(times);
                drop(text.splice(at..at, piece.chars()));
            }
            5 => {
                let mut lines: Vec<&[char]> = text.split_inclusive(|it| *it == '\n').collect();
                let count = lines.len();
                if count > 1 {
                    lines.swap(random.below(count), random.below(count));
                }
                text = lines.concat();
            }
            6 => {
                if let Some(letter) = text.get_mut(at) {
                    *letter = char::from_u32(random.below(0x250) as u32).unwrap_or('?');
                }
            }
            _ => {
                let piece = random.pick(PIECES);
                drop(text.splice(at..end.min(at + 1), format!(" {piece} ").chars()));
            }
        }
        // Growth by repeated copying would only make the run slow.
        text.truncate(40_000);
    }
    text.into_iter().collect()
}
