//! Classes of characters: `[a-z]`, `\d`, `[:alpha:]`, spelled for `regex` as plain ranges.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::Problem;

/// Ranges of characters, both ends included.
pub(super) type Ranges = Vec<(char, char)>;

/// `\d`, `\s`, `\w`: in Go they know ASCII alone.
pub(super) fn perl(c: char) -> Option<Ranges> {
    match c {
        'd' => Some(vec![('0', '9')]),
        's' => Some(vec![('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')]),
        'w' => Some(vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        _ => None,
    }
}

/// `[:name:]`.
pub(super) fn posix(name: &str) -> Result<Ranges, Problem> {
    Ok(match name {
        "alnum" => vec![('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => vec![('A', 'Z'), ('a', 'z')],
        "ascii" => vec![('\0', '\u{7f}')],
        "blank" => vec![('\t', '\t'), (' ', ' ')],
        "cntrl" => vec![('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')],
        "digit" => vec![('0', '9')],
        "graph" => vec![('!', '~')],
        "lower" => vec![('a', 'z')],
        "print" => vec![(' ', '~')],
        "punct" => vec![('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => vec![('\t', '\r'), (' ', ' ')],
        "upper" => vec![('A', 'Z')],
        "word" => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "xdigit" => vec![('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return Err(Problem::Refused(format!("no class [:{name}:]"))),
    })
}

/// All characters that are not in the ranges.
pub(super) fn inverted(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut inverted = Vec::new();
    let mut from = Some('\0');
    for (low, high) in ranges {
        let Some(start) = from else { break };
        if let Some(before) = previous(low).filter(|before| *before >= start) {
            inverted.push((start, before));
        }
        if high >= start {
            from = next(high);
        }
    }
    inverted.extend(from.map(|start| (start, char::MAX)));
    inverted
}

fn previous(c: char) -> Option<char> {
    ('\0'..c).next_back()
}

fn next(c: char) -> Option<char> {
    (c..=char::MAX).nth(1)
}

/// What also matches where letter case is ignored.
pub(super) fn folded(ranges: &Ranges) -> Ranges {
    let ranges = ranges.iter().map(|(low, high)| ClassUnicodeRange::new(*low, *high));
    let mut class = ClassUnicode::new(ranges);
    class.case_fold_simple();
    pairs(&class)
}

/// `\pL`, `\p{Greek}`: the name as Go spells it.
pub(super) fn property(name: &str) -> Result<Ranges, Problem> {
    let unknown = || Problem::Refused(format!("invalid character class range \\p{{{name}}}"));
    // Go has no other spellings: no small letters first, no blanks, no `=`.
    let plain = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) || !name.chars().all(plain) {
        return Err(unknown());
    }
    let hir = regex_syntax::parse(&format!(r"\p{{{name}}}")).map_err(|_| unknown())?;
    if let HirKind::Class(Class::Unicode(class)) = hir.kind() {
        Ok(pairs(class))
    } else {
        Err(unknown())
    }
}

fn pairs(class: &ClassUnicode) -> Ranges {
    class.iter().map(|range| (range.start(), range.end())).collect()
}

/// A class as `regex` reads it.
pub(super) fn spelled(ranges: &Ranges, negated: bool) -> String {
    if ranges.is_empty() {
        // No character at all, or every one.
        return if negated { r"[\x00-\x{10FFFF}]" } else { r"[^\x00-\x{10FFFF}]" }.to_owned();
    }
    let hex = |c: &char| format!(r"\x{{{:X}}}", u32::from(*c));
    let inner: String =
        ranges.iter().map(|(low, high)| format!("{}-{}", hex(low), hex(high))).collect();
    format!("[{}{inner}]", if negated { "^" } else { "" })
}
