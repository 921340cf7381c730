//! The layout of nixfmt: two spaces, one binding a line, `a.b.c = x;` for sets with one attribute.

use std::collections::BTreeSet;

use super::super::document::Document;
use super::super::tree::Piece;
use super::{Attrs, Nix, NixNode, spell};
use crate::fleet::leaf::OriginId;

/// What a module may ask for, where its code names it.
const ARGUMENTS: &[&str] = &["config", "inputs", "lib", "modulesPath", "options", "pkgs", "utils"];

/// A NixOS module, with a comment at its top.
#[must_use]
pub fn module(comment: &[&str], attrs: &Attrs) -> Document {
    let mut document = Document::default();
    for line in comment {
        document.line(&format!("# {line}"), &[]);
    }
    let mut words = BTreeSet::new();
    attrs.iter().for_each(|(_, value)| code_words(value, &mut words));
    let used: Vec<&str> = ARGUMENTS.iter().copied().filter(|name| words.contains(*name)).collect();
    if used.len() < 3 {
        let all: String = used.iter().map(|name| format!("{name}, ")).collect();
        document.line(&format!("{{ {all}... }}:"), &[]);
    } else {
        document.line("{", &[]);
        for name in used {
            document.line(&format!("  {name},"), &[]);
        }
        document.line("  ...", &[]);
        document.line("}:", &[]);
    }
    let mut printer = Printer { document };
    if attrs.is_empty() {
        printer.document.line("{ }", &[]);
    } else {
        printer.document.line("{", &[]);
        printer.bindings(attrs, 2);
        printer.document.line("}", &[]);
    }
    printer.document
}

/// A file that is one expression.
#[must_use]
pub fn expression(comment: &[&str], value: &Nix) -> Document {
    let mut document = Document::default();
    for line in comment {
        document.line(&format!("# {line}"), &[]);
    }
    let mut printer = Printer { document };
    printer.value("", &[], value, "", 0);
    printer.document
}

/// The words of all code in an expression.
fn code_words(nix: &Nix, words: &mut BTreeSet<String>) {
    let mut add = |code: &str| {
        let parts =
            code.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\'')));
        words.extend(parts.map(str::to_owned));
    };
    match &nix.node {
        NixNode::Code(code) => add(code),
        NixNode::Text(pieces) => pieces.iter().for_each(|piece| match piece {
            Piece::Code(code) => add(code),
            Piece::Text(_) => {}
        }),
        NixNode::Apply(function, items) => {
            add(function);
            items.iter().for_each(|item| code_words(item, words));
        }
        NixNode::List(items) => items.iter().for_each(|item| code_words(item, words)),
        NixNode::Set(attrs) => attrs.iter().for_each(|(_, value)| code_words(value, words)),
        NixNode::Bool(_) | NixNode::Int(_) | NixNode::Float(_) | NixNode::File(_) => {}
    }
}

struct Printer {
    document: Document,
}

impl Printer {
    /// One line, or several where the user's own code has several; they keep their indentation, since they may
    /// hold strings.
    fn push(&mut self, text: &str, origins: &[OriginId]) {
        for line in text.split('\n') {
            self.document.line(line, origins);
        }
    }

    fn bindings(&mut self, attrs: &Attrs, indent: usize) {
        for (name, value) in attrs.iter() {
            let mut path = vec![name.as_str()];
            let mut origins = value.origins.clone();
            let mut value = value;
            while let NixNode::Set(inner) = &value.node
                && inner.len() == 1
                && let Some((name, only)) = inner.iter().next()
            {
                path.push(name);
                origins.extend_from_slice(&only.origins);
                value = only;
            }
            let head = format!("{}{} = ", " ".repeat(indent), spell::attr_path(&path));
            self.value(&head, &origins, value, ";", indent);
        }
    }

    /// `head`, the value, `tail`; the last line of a value of several lines stands at `indent`.
    fn value(&mut self, head: &str, above: &[OriginId], nix: &Nix, tail: &str, indent: usize) {
        let mut origins = above.to_vec();
        origins.extend_from_slice(&nix.origins);
        let margin = " ".repeat(indent);
        match &nix.node {
            NixNode::Set(attrs) if !attrs.is_empty() => {
                self.document.line(&format!("{head}{{"), &origins);
                stacker::maybe_grow(64 << 10, 1 << 20, || self.bindings(attrs, indent + 2));
                self.document.line(&format!("{margin}}}{tail}"), &[]);
            }
            NixNode::List(items) if items.len() > 1 || !items.iter().all(is_short) => {
                self.document.line(&format!("{head}["), &origins);
                for item in items {
                    self.operand(&" ".repeat(indent + 2), &[], item, "", indent + 2);
                }
                self.document.line(&format!("{margin}]{tail}"), &[]);
            }
            NixNode::Text(pieces) => match spell::indented(pieces) {
                Some(lines) => {
                    self.document.line(&format!("{head}''"), &origins);
                    let last = lines.len().saturating_sub(1);
                    for (at, line) in lines.iter().enumerate() {
                        let end = if at == last { format!("''{tail}") } else { String::new() };
                        let space = if line.is_empty() && at < last {
                            String::new()
                        } else if line.is_empty() {
                            margin.clone()
                        } else {
                            " ".repeat(indent + 2)
                        };
                        self.document.line(&format!("{space}{line}{end}"), &origins);
                    }
                }
                None => self.push(&format!("{head}{}{tail}", spell::quoted(pieces)), &origins),
            },
            NixNode::Apply(function, items) => {
                let Some((last, first)) = items.split_last() else {
                    return self.document.line(&format!("{head}{function}{tail}"), &origins);
                };
                let mut head = format!("{head}{function} ");
                for item in first {
                    head.push_str(&inline_operand(item));
                    head.push(' ');
                    origins.extend(item.all_origins());
                }
                stacker::maybe_grow(64 << 10, 1 << 20, || {
                    self.operand(&head, &origins, last, tail, indent);
                });
            }
            NixNode::Bool(_)
            | NixNode::Int(_)
            | NixNode::Float(_)
            | NixNode::File(_)
            | NixNode::Code(_)
            | NixNode::Set(_)
            | NixNode::List(_) => {
                origins.extend(nix.all_origins());
                self.push(&format!("{head}{}{tail}", inline(nix)), &origins);
            }
        }
    }

    /// A value where a function or a list takes it: between parentheses, if it needs them.
    fn operand(&mut self, head: &str, above: &[OriginId], nix: &Nix, tail: &str, indent: usize) {
        if is_atom(nix) {
            self.value(head, above, nix, tail, indent);
        } else {
            self.value(&format!("{head}("), above, nix, &format!("){tail}"), indent);
        }
    }
}

/// Whether it stands on one line with its neighbours.
fn is_short(nix: &Nix) -> bool {
    match &nix.node {
        NixNode::Set(attrs) => attrs.is_empty(),
        NixNode::List(items) => items.is_empty(),
        NixNode::Text(pieces) => spell::indented(pieces).is_none(),
        NixNode::Apply(_, items) => items.iter().all(is_short),
        NixNode::Bool(_) | NixNode::Int(_) | NixNode::Float(_) | NixNode::File(_) => true,
        NixNode::Code(code) => !code.contains('\n'),
    }
}

/// Whether it needs no parentheses as an argument or in a list.
fn is_atom(nix: &Nix) -> bool {
    match &nix.node {
        NixNode::Int(value) => *value >= 0,
        NixNode::Float(value) => value.is_finite() && value.is_sign_positive(),
        NixNode::Code(code) => {
            code.starts_with(|c: char| c.is_ascii_alphabetic())
                && code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        }
        NixNode::File(path) => {
            spell::file(path).starts_with("./") && !spell::file(path).contains(' ')
        }
        NixNode::Apply(..) => false,
        NixNode::Bool(_) | NixNode::Text(_) | NixNode::List(_) | NixNode::Set(_) => true,
    }
}

fn inline_operand(nix: &Nix) -> String {
    let text = inline(nix);
    if is_atom(nix) { text } else { format!("({text})") }
}

/// The whole expression on one line, except for line breaks in the user's code.
fn inline(nix: &Nix) -> String {
    match &nix.node {
        NixNode::Bool(value) => value.to_string(),
        NixNode::Int(value) => spell::int(*value),
        NixNode::Float(value) => spell::float(*value),
        NixNode::Text(pieces) => spell::quoted(pieces),
        NixNode::File(path) => spell::file(path),
        // A comment at the end of code would swallow what follows.
        NixNode::Code(code) if code.contains('#') => format!("({code}\n)"),
        NixNode::Code(code) => code.clone(),
        NixNode::List(items) if items.is_empty() => "[ ]".to_owned(),
        NixNode::List(items) => {
            let items: Vec<String> = items.iter().map(inline_operand).collect();
            format!("[ {} ]", items.join(" "))
        }
        NixNode::Set(attrs) if attrs.is_empty() => "{ }".to_owned(),
        NixNode::Set(attrs) => {
            let all: String = attrs
                .iter()
                .map(|(name, value)| format!("{} = {}; ", spell::attr_path(&[name]), inline(value)))
                .collect();
            format!("{{ {all}}}")
        }
        NixNode::Apply(function, items) => {
            let items: Vec<String> = items.iter().map(inline_operand).collect();
            format!("{function} {}", items.join(" "))
        }
    }
}
