//! How a value of each kind is written so that Quadlet, and systemd behind it, read what was meant.
//!
//! Rules as read off Podman's sources (`pkg/systemd/parser`, 4.4 to 5.8) and systemd.syntax(7).

use qg_formats::systemd::item;

/// An argument with nothing in it. Podman's own splitting ends at `""` and drops all that stands behind it
/// (`splitStringAppend`); this is a word to Podman, and one empty argument to systemd where the variable is empty
/// (systemd.service(5), "Command lines").
pub const NOTHING: &str = "${QG_NOTHING}";
/// What makes it so.
pub const NOTHING_IS: &str = "QG_NOTHING=";

/// How Quadlet reads a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuadletKind {
    /// The last one, outer quotes stripped.
    Scalar,
    Bool,
    Number,
    /// Each one as it is.
    Lines,
    /// Split on blanks, quotes removed, backslashes as they are.
    Strv,
    /// Split on blanks, quotes removed, C escapes decoded.
    Args,
    /// The same, the last line only.
    LastArgs,
    /// The same, each item `KEY=VALUE`.
    KeyVal,
    /// A path that older versions read as [`QuadletKind::Scalar`] and younger ones as [`QuadletKind::Strv`].
    File,
}

impl QuadletKind {
    /// The values of a key as lines: one each, or all items on one for [`QuadletKind::LastArgs`].
    #[must_use]
    pub fn spell(self, values: &[&str]) -> Vec<String> {
        match self {
            QuadletKind::LastArgs => {
                let items: Vec<String> = values.iter().map(|value| argument(value)).collect();
                vec![items.join(" ")]
            }
            QuadletKind::Scalar | QuadletKind::Bool | QuadletKind::Number | QuadletKind::Lines => {
                values.iter().map(|value| doubled(value)).collect()
            }
            QuadletKind::Strv | QuadletKind::File => {
                values.iter().map(|value| blank_quoted(value)).collect()
            }
            QuadletKind::Args => values.iter().map(|value| argument(value)).collect(),
            QuadletKind::KeyVal => values.iter().map(|value| quoted(value)).collect(),
        }
    }

    /// Whether a value is [`NOTHING`], which wants [`NOTHING_IS`].
    #[must_use]
    pub fn is_nothing(self, value: &str) -> bool {
        matches!(self, QuadletKind::Args | QuadletKind::LastArgs) && value.is_empty()
    }

    /// Why a value of this kind cannot be written, if it cannot.
    #[must_use]
    pub fn cannot_hold(self, value: &str) -> Option<&'static str> {
        if value.contains('\0') {
            return Some("has a zero byte in it");
        }
        match self {
            QuadletKind::Args | QuadletKind::LastArgs | QuadletKind::KeyVal => None,
            QuadletKind::Scalar
            | QuadletKind::Lines
            | QuadletKind::Bool
            | QuadletKind::Number
            | QuadletKind::Strv
            | QuadletKind::File => {
                if value.contains(['\n', '\r']) {
                    Some("has a line break in it")
                } else if value.trim() != value {
                    Some("begins or ends with a blank")
                } else if value.ends_with('\\') {
                    Some("ends with a backslash, which would join it with the next line")
                } else if value.is_empty() {
                    Some("is empty, which would clear what other lines say")
                } else {
                    self.quote_trouble(value)
                }
            }
        }
    }

    fn quote_trouble(self, value: &str) -> Option<&'static str> {
        match self {
            QuadletKind::Scalar => (value.starts_with('"') || value.ends_with('"'))
                .then_some("begins or ends with a double quote, which would be stripped"),
            QuadletKind::Strv => (value.contains('"') && value.contains('\''))
                .then_some("has both kinds of quotes in it"),
            QuadletKind::File => value
                .contains('"')
                .then_some("has a double quote in it, which Podman reads in two ways"),
            QuadletKind::Bool
            | QuadletKind::Number
            | QuadletKind::Lines
            | QuadletKind::Args
            | QuadletKind::LastArgs
            | QuadletKind::KeyVal => None,
        }
    }
}

/// What ends up in a command line of systemd: `%` is a specifier and `$` a variable there.
#[must_use]
pub fn doubled(value: &str) -> String {
    value.replace('%', "%%").replace('$', "$$")
}

/// A word between the quotes that it does not have itself: nothing can be escaped in it.
fn blank_quoted(value: &str) -> String {
    let text = doubled(value);
    if value.contains('"') {
        format!("'{text}'")
    } else if value.contains(char::is_whitespace) || value.contains('\'') {
        format!("\"{text}\"")
    } else {
        text
    }
}

/// One of the arguments of a command line.
fn argument(value: &str) -> String {
    if value.is_empty() { NOTHING.to_owned() } else { quoted(value) }
}

/// An item of a command line, always in double quotes where anything in it could be misread.
#[must_use]
pub fn quoted(value: &str) -> String {
    item(&value.replace('$', "$$"))
}

#[cfg(test)]
mod tests {
    use super::QuadletKind;

    #[test]
    fn values_are_quoted_by_kind() {
        assert_eq!(QuadletKind::KeyVal.spell(&["A=b c\"d\\e%f$g"]), ["\"A=b c\\\"d\\\\e%%f$$g\""]);
        assert_eq!(QuadletKind::Lines.spell(&["/a:/b:ro"]), ["/a:/b:ro"]);
        assert_eq!(QuadletKind::LastArgs.spell(&["sh", "-c", "a b"]), ["sh -c \"a b\""]);
        assert_eq!(QuadletKind::LastArgs.spell(&["sh", "", "a"]), ["sh ${QG_NOTHING} a"]);
        assert_eq!(QuadletKind::Args.spell(&["", "$x"]), ["${QG_NOTHING}", "\"$$x\""]);
        assert_eq!(QuadletKind::File.spell(&["/a b", "/a'b"]), ["\"/a b\"", "\"/a'b\""]);
        assert_eq!(
            QuadletKind::Strv.spell(&["a b", "a\"b", "a'b"]),
            ["\"a b\"", "'a\"b'", "\"a'b\""]
        );
    }

    #[test]
    fn what_a_line_cannot_hold_is_known() {
        assert!(QuadletKind::Lines.cannot_hold("a\nb").is_some());
        assert!(QuadletKind::Scalar.cannot_hold("\"x\"").is_some());
        assert!(QuadletKind::Strv.cannot_hold("'\"").is_some());
        assert!(
            QuadletKind::File.cannot_hold("/a\"b").is_some()
                && QuadletKind::File.cannot_hold("/a'b").is_none()
        );
        assert!(QuadletKind::Args.cannot_hold("a\nb").is_none());
        assert!(QuadletKind::Args.cannot_hold("a\0b").is_some());
    }
}
