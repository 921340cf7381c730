//! How Nix spells strings, names, numbers and paths.

use super::super::tree::Piece;

/// A string between double quotes, on one line.
#[must_use]
pub fn string(text: &str) -> String {
    quoted(&[Piece::Text(text.to_owned())])
}

/// A string with code in it, between double quotes, on one line.
pub(super) fn quoted(pieces: &[Piece]) -> String {
    let mut all = String::from("\"");
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Code(code) => {
                all.push_str("${");
                all.push_str(code);
                all.push('}');
            }
            Piece::Text(text) => {
                let code_follows = matches!(pieces.get(at + 1), Some(Piece::Code(_)));
                let mut rest = text.chars().peekable();
                while let Some(c) = rest.next() {
                    match c {
                        '"' => all.push_str("\\\""),
                        '\\' => all.push_str("\\\\"),
                        '\n' => all.push_str("\\n"),
                        '\r' => all.push_str("\\r"),
                        '\t' => all.push_str("\\t"),
                        // `${` begins code, and so does a `$` that stands right before code end as text.
                        '$' if match rest.peek() {
                            Some(next) => *next == '{',
                            None => code_follows,
                        } =>
                        {
                            all.push_str("\\$");
                        }
                        c => all.push(c),
                    }
                }
            }
        }
    }
    all.push('"');
    all
}

/// The lines of a string between two single quotes, where that gives the text back byte for byte: the
/// indentation that all lines share is stripped by Nix, and so is a blank last line.
pub(super) fn indented(pieces: &[Piece]) -> Option<Vec<String>> {
    let mut all = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Code(code) => {
                if all.ends_with(['\'', '$']) || code.contains('\n') {
                    return None;
                }
                all.push_str("${");
                all.push_str(code);
                all.push('}');
            }
            Piece::Text(text) => {
                // Two neighbours are one text, and what stands at their seam counts.
                let seam = at > 0 && matches!(pieces.get(at - 1), Some(Piece::Text(_)));
                let odd = |c: char| c.is_control() && c != '\n' && c != '\t';
                let quotes = ["''", "'$", "$$"].iter().any(|pair| text.contains(pair));
                if seam || quotes || text.chars().any(odd) {
                    return None;
                }
                all.push_str(&text.replace("${", "''${"));
            }
        }
    }
    if !all.contains('\n') || all.ends_with('\'') {
        return None;
    }
    let lines: Vec<String> = all.split('\n').map(str::to_owned).collect();
    let blank = |line: &String| line.chars().all(|c| c == ' ');
    let last = lines.last()?;
    if !last.is_empty() && blank(last) {
        return None;
    }
    lines.iter().any(|line| !line.is_empty() && !line.starts_with(' ')).then_some(lines)
}

const KEYWORDS: &[&str] =
    &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];

/// The name of an attribute, between quotes where it needs them.
pub(super) fn name(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''));
    if plain && !KEYWORDS.contains(&name) { name.to_owned() } else { string(name) }
}

/// The path of an attribute: `services.immich."a b"`.
#[must_use]
pub fn attr_path<S: AsRef<str>>(path: &[S]) -> String {
    path.iter().map(|part| name(part.as_ref())).collect::<Vec<_>>().join(".")
}

/// A whole number; a negative one needs parentheses where it is an argument.
pub(super) fn int(value: i64) -> String {
    // The smallest number has no literal: its digits alone are too large.
    if value == i64::MIN { format!("{} - 1", i64::MIN + 1) } else { value.to_string() }
}

/// A number with a fraction. Nix wants a point in it.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "(1.0e308 * 10) - (1.0e308 * 10)".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "1.0e308 * 10" } else { "-1.0e308 * 10" }.to_owned();
    }
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}

/// A file, relative to the one that is written.
pub(super) fn file(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/');
    let odd = path.ends_with('/') || path.contains("//");
    if !path.is_empty() && path.chars().all(plain) && !odd {
        format!("./{path}")
    } else {
        format!("./. + {}", string(&format!("/{path}")))
    }
}
