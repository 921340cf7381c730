//! How names, strings, numbers and paths are spelled in Nix.

/// Words that are no attribute names without quotes.
const KEYWORDS: &[&str] =
    &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];

/// Whether something of this name may lie in the store (nix, `libstore/path.cc`, `checkName`).
#[must_use]
pub(super) fn is_store_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._?=".contains(c);
    !name.is_empty() && name.len() <= 150 && !name.starts_with('.') && name.chars().all(plain)
}

/// A name that the store takes.
#[must_use]
pub fn store_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("qg-{}", name.chars().take(150).map(plain).collect::<String>())
}

/// An attribute's name, between quotes where it needs them.
#[must_use]
pub fn name(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''))
        && !KEYWORDS.contains(&name);
    if plain { name.to_owned() } else { text(name) }
}

/// A variable and its attributes.
#[must_use]
pub(super) fn select(parts: &[String]) -> String {
    parts.iter().map(|part| name(part)).collect::<Vec<_>>().join(".")
}

/// A string between double quotes, on one line.
#[must_use]
pub fn text(text: &str) -> String {
    format!("\"{}\"", escaped(text, false))
}

/// What stands between the quotes. Before a hole a `$` at the end would take the hole's away.
#[must_use]
pub(super) fn escaped(text: &str, before_hole: bool) -> String {
    let mut all = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            '\n' => all.push_str("\\n"),
            '\r' => all.push_str("\\r"),
            '\t' => all.push_str("\\t"),
            '$' => match chars.peek() {
                Some('{') => all.push_str("\\$"),
                None if before_hole => all.push_str("\\$"),
                _ => all.push('$'),
            },
            c => all.push(c),
        }
    }
    all
}

/// A number; the lowest one has no literal, since `-` is an operator.
#[must_use]
pub(super) fn int(value: i64) -> String {
    if value == i64::MIN { format!("{} - 1", value + 1) } else { value.to_string() }
}

/// A number with a fraction. Nix wants a dot in it and knows no literal for what is not finite or too small.
#[must_use]
pub(super) fn float(value: f64) -> String {
    const INFINITE: &str = "1.0e308 * 10.0";
    if value.is_nan() {
        return format!("{INFINITE} - {INFINITE}");
    }
    if value.is_infinite() {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{INFINITE}");
    }
    let text = format!("{value:?}");
    if value.is_subnormal() {
        return format!("builtins.fromJSON \"{text}\"");
    }
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}

/// A path beside the file.
#[must_use]
pub(super) fn path(path: &str) -> String {
    let plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
    };
    if path.split('/').all(plain) {
        format!("./{path}")
    } else {
        format!("./. + {}", text(&format!("/{path}")))
    }
}

/// Whether a spelled expression needs parentheses as an argument or in a list.
#[must_use]
pub(super) fn is_loose(spelled: &str) -> bool {
    spelled.starts_with('-') || spelled.contains(' ')
}
