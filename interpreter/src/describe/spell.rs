//! Values as one would write them.
#![allow(clippy::wildcard_enum_match_arm)] // of the many shapes of a node a few matter here

use qg_lang::Analysis;

use super::names;
use crate::eval::{State, spell, spell_scalar};
use crate::value::{List, NodeId, Piece, Val, Value};

/// A value that is longer than this on one line gets a line for each of its parts.
const WIDTH: usize = 72;

/// How much of a value is spelled out.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Parts of one collection.
    pub items: usize,
    /// Collections inside one another.
    pub depth: usize,
}

/// Enough to know a value by.
pub const GLANCE: Limits = Limits { items: 12, depth: 4 };

/// All that a person would read.
pub const FULL: Limits = Limits { items: 1000, depth: 16 };

/// Spells the values of one evaluation.
#[derive(Clone, Copy)]
pub(super) struct Speller<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) state: &'a State,
    pub(super) limits: Limits,
}

impl Speller<'_> {
    pub(super) fn spell(self, val: &Val, depth: usize) -> String {
        match &val.value {
            Value::Unknown => "…".to_owned(),
            Value::Absent => "unset".to_owned(),
            Value::Bool(it) => it.to_string(),
            Value::Text(text) => quoted(text),
            Value::Sealed(pieces) => {
                let inner: String = pieces.iter().map(|piece| self.piece(piece)).collect();
                format!("\"{inner}\"")
            }
            Value::Nix(text) => format!("nix\"\"\"{text}\"\"\""),
            Value::List(list) | Value::Set(list) => self.list(list, depth),
            Value::Record(id) => self.record(*id, depth),
            Value::Ref(id) => self.state.node_path(*id),
            Value::Variant(id, index, payload) => {
                let variants = &self.analysis.declarations.enumeration(*id).variants;
                let name = variants.get(*index as usize).map_or("…", |it| &*it.name);
                match payload {
                    Some(payload) => format!("{name} {}", self.record(*payload, depth)),
                    None => name.to_owned(),
                }
            }
            Value::Function(id) => self.analysis.declarations.function(*id).name.to_string(),
            Value::Lambda(_) => "a function".to_owned(),
            Value::Int(_)
            | Value::Float(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::Mode(_)
            | Value::Path(_)
            | Value::File(_)
            | Value::Address(_)
            | Value::Subnet(_)
            | Value::Port(_)
            | Value::Ports(..) => spell_scalar(&val.value).unwrap_or_else(|| "…".to_owned()),
        }
    }

    fn piece(self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => escaped(text),
            Piece::Secret(id) => format!("${{{}}}", self.state.node_path(*id)),
        }
    }

    fn list(self, list: &List, depth: usize) -> String {
        if list.items.is_empty() && list.complete {
            return "[]".to_owned();
        }
        if depth >= self.limits.depth {
            return "[…]".to_owned();
        }
        let shown = list.items.iter().take(self.limits.items);
        let mut shown: Vec<String> = shown.map(|item| self.spell(item, depth + 1)).collect();
        if list.items.len() > self.limits.items || !list.complete {
            shown.push("…".to_owned());
        }
        laid_out("[", &shown, "]", depth, false)
    }

    fn record(self, id: NodeId, depth: usize) -> String {
        let node = self.state.node(id);
        let names = names(self.analysis, node);
        let there = names.iter().filter_map(|name| {
            let val = node.slots.get(name)?.memo.done()?;
            (!matches!(val.value, Value::Absent)).then_some((name, val))
        });
        let fields: Vec<_> = there.collect();
        if fields.is_empty() {
            return "{}".to_owned();
        }
        if depth >= self.limits.depth {
            return "{ … }".to_owned();
        }
        let shown = fields.iter().take(self.limits.items);
        let mut shown: Vec<String> = shown
            .map(|(name, val)| format!("{} = {}", spell(name), self.spell(val, depth + 1)))
            .collect();
        if fields.len() > self.limits.items {
            shown.push("…".to_owned());
        }
        laid_out("{", &shown, "}", depth, depth == 0)
    }
}

/// Parts between brackets: on one line where they fit, else one line each.
fn laid_out(open: &str, parts: &[String], close: &str, depth: usize, tall: bool) -> String {
    let blank = if open == "{" { " " } else { "" };
    let line = format!("{open}{blank}{}{blank}{close}", parts.join(", "));
    if !tall && !line.contains('\n') && line.chars().count() <= WIDTH {
        return line;
    }
    let indent = "  ".repeat(depth);
    let comma = if open == "[" { "," } else { "" };
    let parts: String = parts.iter().map(|part| format!("{indent}  {part}{comma}\n")).collect();
    format!("{open}\n{parts}{indent}{close}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.replace("${", "$${")
}
