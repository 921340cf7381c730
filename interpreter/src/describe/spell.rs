//! Values as one would write them.

use std::borrow::Cow;
use std::cell::Cell;

use qg_evaluation::value::{List, NodeId, Piece, Val, Value};
use qg_evaluation::{Evaluation, spell, spell_scalar};
use qg_lang::Analysis;

use super::names;

/// A value that is longer than this on one line gets a line for each of its parts.
const WIDTH: usize = 72;

/// How much of a value is spelled out.
#[derive(Clone, Copy, Debug)]
pub struct SpellLimits {
    /// Parts of one collection.
    pub items: usize,
    /// Collections inside one another.
    pub depth: usize,
    /// Bytes of all texts in it.
    pub bytes: usize,
}

/// Enough to know a value by.
pub const GLANCE: SpellLimits = SpellLimits { items: 12, depth: 4, bytes: 4 << 10 };

/// All that a person would read.
pub const FULL: SpellLimits = SpellLimits { items: 1000, depth: 16, bytes: 1 << 20 };

/// Spells the values of one evaluation.
#[derive(Clone, Copy)]
pub(super) struct Speller<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) state: &'a Evaluation,
    pub(super) limits: SpellLimits,
}

impl Speller<'_> {
    pub(super) fn spell(self, val: &Val, depth: usize) -> String {
        self.value(val, depth, &Cell::new(self.limits.bytes))
    }

    /// `room` is what may still be spelled: each value takes from it.
    fn value(self, val: &Val, depth: usize, room: &Cell<usize>) -> String {
        room.set(room.get().saturating_sub(1));
        match &val.value {
            Value::Unknown => "…".to_owned(),
            Value::Absent => "unset".to_owned(),
            Value::Bool(it) => it.to_string(),
            Value::Text(text) => format!("\"{}\"", escaped(text, room)),
            Value::Sealed(pieces) => {
                let inner: String = pieces.iter().map(|piece| self.piece(piece, room)).collect();
                format!("\"{inner}\"")
            }
            Value::Nix(text) => format!("nix\"\"\"{}\"\"\"", cut(text, room)),
            Value::List(list) | Value::Set(list) => self.list(list, depth, room),
            Value::Record(id) => self.record(*id, depth, room),
            Value::Ref(id) => self.state.node_path(*id),
            Value::Variant(id, index, payload) => {
                let variants = &self.analysis.declarations.enumeration(*id).variants;
                let name = variants.get(*index as usize).map_or("…", |it| &*it.name);
                match payload {
                    Some(payload) => format!("{name} {}", self.record(*payload, depth, room)),
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

    fn piece(self, piece: &Piece, room: &Cell<usize>) -> String {
        match piece {
            Piece::Text(text) => escaped(text, room),
            Piece::Secret(id) => format!("${{{}}}", self.state.node_path(*id)),
        }
    }

    fn list(self, list: &List, depth: usize, room: &Cell<usize>) -> String {
        if list.items.is_empty() && list.complete {
            return "[]".to_owned();
        }
        if depth >= self.limits.depth {
            return "[…]".to_owned();
        }
        let some = list.items.iter().take(self.limits.items).take_while(|_| room.get() > 0);
        let mut shown: Vec<String> = some.map(|item| self.value(item, depth + 1, room)).collect();
        if list.items.len() > shown.len() || !list.complete {
            shown.push("…".to_owned());
        }
        laid_out("[", &shown, "]", depth, false)
    }

    fn record(self, id: NodeId, depth: usize, room: &Cell<usize>) -> String {
        let node = self.state.node(id);
        let names = names(self.analysis, node);
        let there = names.iter().filter_map(|name| {
            let val = node.cells.get(name)?.progress.done()?;
            (!matches!(val.value, Value::Absent)).then_some((name, val))
        });
        let fields: Vec<_> = there.collect();
        if fields.is_empty() {
            return "{}".to_owned();
        }
        if depth >= self.limits.depth {
            return "{ … }".to_owned();
        }
        let some = fields.iter().take(self.limits.items).take_while(|_| room.get() > 0);
        let mut shown: Vec<String> = some
            .map(|(name, val)| format!("{} = {}", spell(name), self.value(val, depth + 1, room)))
            .collect();
        if fields.len() > shown.len() {
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

/// A text, or as much of it as there is room for.
fn cut<'t>(text: &'t str, room: &Cell<usize>) -> Cow<'t, str> {
    let left = room.get();
    room.set(left.saturating_sub(text.len()));
    if text.len() <= left {
        return Cow::Borrowed(text);
    }
    let end = (0..=left).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or("")))
}

fn escaped(text: &str, room: &Cell<usize>) -> String {
    let text = cut(text, room);
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
