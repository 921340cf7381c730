//! The printer: two spaces, chains for single attributes, long lists one item a line.

use qg_provenance::leaf::OriginId;

use super::spell::{self, escaped};
use super::{Nix, NixExpr, NixPart, Set};
use crate::Document;
use crate::document::Refusal;

/// Columns after which a list or an application takes several lines.
const WIDTH: usize = 100;

/// A file that holds one expression.
#[must_use]
pub fn expression(nix: &Nix, comment: &[&str]) -> Document {
    let mut printer = Printer::new(comment);
    printer.value(nix, 0, true);
    printer.document.twice = nix.twice();
    printer.end()
}

/// A file that holds a function: `{ a, b }: …`. The arguments are names of variables.
#[must_use]
pub fn function(arguments: &[&str], nix: &Nix, comment: &[&str]) -> Document {
    let mut printer = Printer::new(comment);
    printer.write(&format!("{{ {} }}:", arguments.join(", ")));
    printer.next();
    printer.value(nix, 0, true);
    printer.document.twice = nix.twice();
    printer.end()
}

/// A file that holds a NixOS module.
#[must_use]
pub fn module(options: &Set, origin: OriginId, comment: &[&str]) -> Document {
    let mut printer = Printer::new(comment);
    printer.write("{ config, lib, pkgs, ... }:");
    printer.next();
    printer.origins(&[origin]);
    printer.top(options);
    printer.document.twice = options.twice();
    printer.end()
}

#[derive(Default)]
struct Printer {
    document: Document,
    line: String,
    by: Vec<OriginId>,
}

impl Printer {
    fn new(comment: &[&str]) -> Printer {
        let mut printer = Printer::default();
        for line in comment {
            printer.document.line(&format!("# {line}"), &[]);
        }
        printer
    }

    fn write(&mut self, text: &str) {
        self.line.push_str(text);
    }

    fn origins(&mut self, origins: &[OriginId]) {
        self.by.extend_from_slice(origins);
    }

    fn next(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.document.line(&line, &std::mem::take(&mut self.by));
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.line.push_str("  ");
        }
    }

    fn end(mut self) -> Document {
        if !self.line.is_empty() {
            self.next();
        }
        self.document
    }

    /// The outermost set, with an empty line between its parts.
    fn top(&mut self, set: &Set) {
        self.write("{");
        self.next();
        for (index, entry) in set.0.iter().enumerate() {
            if index > 0 {
                self.next();
            }
            self.entry(entry, 1);
        }
        self.write("}");
    }

    fn entry(&mut self, (key, value): &(String, Nix), depth: usize) {
        self.indent(depth);
        self.write(&spell::name(key));
        let mut value = value;
        self.origins(&value.origins);
        while let NixExpr::Set(set) = &value.expr
            && let [(key, inner)] = set.0.as_slice()
        {
            self.write(".");
            self.write(&spell::name(key));
            value = inner;
            self.origins(&value.origins);
        }
        self.write(" = ");
        self.value(value, depth, true);
        self.write(";");
        self.next();
    }

    /// A text with code in it that takes several lines: it is told, and `""` keeps the file one that Nix reads.
    fn unwritten(&mut self, nix: &Nix) {
        let why = "has an expression in it that does not fit on a line";
        let text = "a text".to_owned();
        self.document.refused.push(Refusal { text, why, by: nix.all_origins() });
        self.write("\"\"");
    }

    /// A value behind what stands on its line; `free` where no parentheses are needed.
    fn value(&mut self, nix: &Nix, depth: usize, free: bool) {
        self.origins(&nix.origins);
        if let Some(inline) = inline(nix, free)
            && (self.line.chars().count() + inline.chars().count() < WIDTH || is_scalar(&nix.expr))
        {
            self.origins(&nix.all_origins());
            self.write(&inline);
            return;
        }
        match &nix.expr {
            NixExpr::Set(set) => {
                self.write("{");
                self.next();
                set.0.iter().for_each(|entry| self.entry(entry, depth + 1));
                self.indent(depth);
                self.write("}");
            }
            NixExpr::List(items) => {
                self.write("[");
                self.next();
                for item in items {
                    self.indent(depth + 1);
                    self.value(item, depth + 1, false);
                    self.next();
                }
                self.indent(depth);
                self.write("]");
            }
            NixExpr::Apply(function, arguments) => {
                if !free {
                    self.write("(");
                }
                self.write(&spell::select(function));
                for argument in arguments {
                    self.write(" ");
                    self.value(argument, depth, false);
                }
                if !free {
                    self.write(")");
                }
            }
            NixExpr::Raw(text) => self.raw(text, &nix.origins, depth),
            NixExpr::Twice(all) => all.iter().take(1).for_each(|it| self.value(it, depth, free)),
            NixExpr::Bool(_)
            | NixExpr::Int(_)
            | NixExpr::Float(_)
            | NixExpr::Text(_)
            | NixExpr::Filled(_)
            | NixExpr::Path(_)
            | NixExpr::Select(_) => match inline(nix, free) {
                Some(text) => self.write(&text),
                None => self.unwritten(nix),
            },
        }
    }

    /// Lines as they are: moving them would change strings in them.
    fn raw(&mut self, text: &str, origins: &[OriginId], depth: usize) {
        self.write("(");
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.next();
                self.origins(origins);
            }
            self.write(line);
        }
        // A comment there would swallow what follows.
        if text.split('\n').next_back().is_some_and(|line| line.contains('#')) {
            self.next();
            self.origins(origins);
            self.indent(depth);
        }
        self.write(")");
    }
}

fn is_scalar(expr: &NixExpr) -> bool {
    match expr {
        NixExpr::List(items) => items.is_empty(),
        NixExpr::Set(set) => set.is_empty(),
        NixExpr::Apply(_, _) | NixExpr::Twice(_) => false,
        NixExpr::Bool(_)
        | NixExpr::Int(_)
        | NixExpr::Float(_)
        | NixExpr::Text(_)
        | NixExpr::Filled(_)
        | NixExpr::Path(_)
        | NixExpr::Select(_)
        | NixExpr::Raw(_) => true,
    }
}

/// An expression on one line, where it has no set with something in it and no lines of its own.
#[expect(clippy::wildcard_enum_match_arm, reason = "a set as an argument has a form of its own")]
fn inline(nix: &Nix, free: bool) -> Option<String> {
    let guarded = |spelled: String, free: bool| {
        if !free && spell::is_loose(&spelled) { format!("({spelled})") } else { spelled }
    };
    Some(match &nix.expr {
        NixExpr::Bool(it) => it.to_string(),
        NixExpr::Int(it) => guarded(spell::int(*it), free),
        NixExpr::Float(it) => guarded(spell::float(*it), free),
        NixExpr::Text(it) => spell::text(it),
        NixExpr::Filled(parts) => filled(parts)?,
        NixExpr::Path(it) => guarded(spell::path(it), free),
        NixExpr::Select(parts) => spell::select(parts),
        // A comment would swallow what follows.
        NixExpr::Raw(it) if it.contains(['\n', '\r', '#']) => return None,
        NixExpr::Raw(it) => {
            let simple = it.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
            if free || simple { it.clone() } else { format!("({it})") }
        }
        NixExpr::Apply(function, arguments) => {
            let mut all = spell::select(function);
            for argument in arguments {
                all.push(' ');
                match &argument.expr {
                    NixExpr::Set(set) if function.iter().eq(PATH) => all.push_str(&short(set)?),
                    _ => all.push_str(&inline(argument, false)?),
                }
            }
            if free { all } else { format!("({all})") }
        }
        NixExpr::List(items) => {
            let mut all = String::from("[ ");
            for item in items {
                all.push_str(&inline(item, false)?);
                all.push(' ');
            }
            all.push(']');
            all
        }
        NixExpr::Set(set) if set.is_empty() => "{ }".to_owned(),
        NixExpr::Set(_) => return None,
        NixExpr::Twice(all) => return all.first().and_then(|it| inline(it, free)),
    })
}

/// What is asked with a set, and still stands inside strings.
const PATH: [&str; 2] = ["builtins", "path"];

/// A set on one line.
fn short(set: &Set) -> Option<String> {
    let mut all = String::from("{ ");
    for (key, value) in &set.0 {
        for part in [&spell::name(key), " = ", &inline(value, true)?, "; "] {
            all.push_str(part);
        }
    }
    all.push('}');
    Some(all)
}

/// A string with holes. A hole of several lines stays one, which Nix does not mind.
fn filled(parts: &[NixPart]) -> Option<String> {
    let mut all = String::from("\"");
    for (index, part) in parts.iter().enumerate() {
        match part {
            NixPart::Text(text) => {
                let hole = matches!(parts.get(index + 1), Some(NixPart::Hole(_)));
                all.push_str(&escaped(text, hole));
            }
            NixPart::Hole(hole) => {
                all.push_str("${");
                all.push_str(&inline(hole, true)?);
                all.push('}');
            }
        }
    }
    all.push('"');
    Some(all)
}
