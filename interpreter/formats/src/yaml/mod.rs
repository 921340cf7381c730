//! YAML in block style that readers of 1.1 and 1.2 read alike.
//!
//! A scalar stands plain only where no reader could take it for anything but text; every other text is
//! double-quoted with JSON's escapes, which both versions share.

use std::fmt::Write as _;

use qg_provenance::leaf::OriginId;

use super::document::Document;
use super::json;
use super::tree::{Tree, TreeNode, TreePiece};

/// How a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The program runs the file through Go's templates first: a `{{` of ours must not look like one.
    pub template: bool,
}

/// The tree as a YAML file.
#[must_use]
pub fn write(tree: &Tree, comment: &[&str], style: Style) -> Document {
    let mut document = Document { twice: tree.twice(), ..Document::default() };
    for line in comment {
        document.line(&format!("# {line}"), &[]);
    }
    let mut writer = Writer { document, style, pending: None };
    writer.block(0, tree);
    writer.document
}

struct Writer {
    document: Document,
    style: Style,
    /// What the next line begins with instead of spaces: `- ` or `: ` with what stands before it.
    pending: Option<(String, Vec<OriginId>)>,
}

impl Writer {
    fn line(&mut self, indent: usize, text: &str, origins: &[OriginId]) {
        match self.pending.take() {
            Some((head, mut before)) => {
                before.extend_from_slice(origins);
                self.document.line(&format!("{head}{text}"), &before);
            }
            None => self.document.line(&format!("{}{text}", " ".repeat(indent)), origins),
        }
    }

    /// Makes the next line, which belongs to something indented by `indent + 2`, begin with `mark`.
    fn begin(&mut self, indent: usize, mark: &str, origins: &[OriginId]) {
        let (head, before) = match self.pending.take() {
            Some((head, mut before)) => {
                before.extend_from_slice(origins);
                (format!("{head}{mark}"), before)
            }
            None => (format!("{}{mark}", " ".repeat(indent)), origins.to_vec()),
        };
        self.pending = Some((head, before));
    }

    fn block(&mut self, indent: usize, tree: &Tree) {
        match &tree.node {
            TreeNode::Map(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    self.entry(indent, key, value);
                }
            }
            TreeNode::List(items) if !items.is_empty() => {
                for item in items {
                    self.begin(indent, "- ", &item.origins);
                    self.block(indent + 2, item);
                }
            }
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_)
            | TreeNode::List(_)
            | TreeNode::Map(_) => {
                let text = self.scalar(tree);
                self.line(indent, &text, &tree.origins);
            }
        }
    }

    fn entry(&mut self, indent: usize, key: &str, value: &Tree) {
        let key = text(key, self.style);
        // Readers look for the colon of a key within 1024 characters only, some count bytes.
        if key.len() > 1000 {
            self.line(indent, &format!("? {key}"), &value.origins);
            self.begin(indent, ": ", &value.origins);
            self.block(indent + 2, value);
        } else if value.is_block() {
            self.line(indent, &format!("{key}:"), &value.origins);
            self.block(indent + 2, value);
        } else {
            let spelled = self.scalar(value);
            self.line(indent, &format!("{key}: {spelled}"), &value.origins);
        }
    }

    fn scalar(&self, tree: &Tree) -> String {
        match &tree.node {
            TreeNode::Bool(it) => it.to_string(),
            TreeNode::Int(it) => it.to_string(),
            TreeNode::Float(it) => float(*it),
            TreeNode::Text(it) => text(it, self.style),
            TreeNode::Filled(pieces) => filled(pieces, self.style),
            TreeNode::List(_) => "[]".to_owned(),
            TreeNode::Map(_) => "{}".to_owned(),
        }
    }
}

/// YAML 1.1 wants a dot, and a sign in the exponent.
fn float(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let spelled = format!("{value:?}");
    match spelled.split_once('e') {
        None => spelled,
        Some((mantissa, exponent)) => {
            let dot = if mantissa.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            format!("{mantissa}{dot}e{sign}{exponent}")
        }
    }
}

fn text(text: &str, style: Style) -> String {
    if is_plain(text) { text.to_owned() } else { format!("\"{}\"", inner(text, style)) }
}

fn filled(pieces: &[TreePiece], style: Style) -> String {
    let inner: String = pieces
        .iter()
        .map(|piece| match piece {
            TreePiece::Text(text) => inner(text, style),
            TreePiece::Code(code) => code.clone(),
        })
        .collect();
    format!("\"{inner}\"")
}

/// What stands between double quotes: JSON's escapes, and escapes for what JSON leaves alone and YAML does not.
fn inner(text: &str, style: Style) -> String {
    let mut all = String::new();
    for c in json::escaped(text).chars() {
        match c {
            // Not printable in YAML, or a line break in one of its versions.
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                // Writing into a string cannot fail.
                let _ = write!(all, "\\u{:04x}", u32::from(c));
            }
            '{' if style.template => all.push_str("\\x7b"),
            _ => all.push(c),
        }
    }
    all
}

/// Whether no reader can take it for anything but this text.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
    let rest = chars.all(|c| c.is_ascii_alphanumeric() || "_./-@+=:,*()| ".contains(c));
    let safe = |c: char| c.is_ascii_alphanumeric() || "_./-+=".contains(c);
    // A blank or a colon stands between harmless characters only.
    let inside =
        text.chars().zip(text.chars().skip(1)).all(|(before, after)| match (before, after) {
            (' ' | ':', after) => safe(after),
            (before, ' ') => safe(before),
            _ => true,
        });
    first && rest && inside && !text.ends_with([' ', ':']) && !is_word(text)
}

/// The words that some version of YAML reads as a switch, as nothing or as a number.
fn is_word(text: &str) -> bool {
    const WORDS: &[&str] =
        &["y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf", "infinity"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
