//! What is known about a place of the model after an evaluation: its value, and who said it. Nothing
//! here evaluates; it reads what [`crate::eval`] remembers.
#![allow(clippy::wildcard_enum_match_arm)] // of the many values, records alone have places in them

use std::sync::{Arc, PoisonError};

use qg_lang::Analysis;
use qg_lang::span::Span;

use crate::Build;
use crate::eval::{Entries, Shape, State, spell, spell_scalar};
use crate::fleet::leaf::{OriginId, Rung};
use crate::fleet::origin::How;
use crate::value::{List, NodeId, Piece, Val, Value};

/// No more than this of a collection is spelled out.
const SHOWN: usize = 12;
/// Nor deeper than this.
const DEPTH: usize = 4;
/// Places behind one value; a `set` may have many.
const PLACES: usize = 16;

/// A value, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The way to it: `service.sonarr.route.web.expose`.
    pub path: String,
    /// As it would be written. None where it has an error.
    pub value: Option<String>,
    /// Who said it: those that count first, then those that lost.
    pub said: Vec<Said>,
}

/// One place that says a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub span: Span,
    pub how: How,
    pub won: bool,
}

impl Said {
    /// How it is said, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.how {
            How::Said(rung) => rung_words(rung),
            How::Extended(Rung::Override) => "`override` in an `extend`",
            How::Extended(Rung::Default) => "`default` in an `extend`",
            How::Extended(Rung::SchemaDefault | Rung::KindDefault | Rung::Plain) => "`extend`",
            How::Called => "from a call",
            How::Looped => "from a loop",
            How::Written | How::Computed => "from",
        }
    }
}

fn rung_words(rung: Rung) -> &'static str {
    match rung {
        Rung::SchemaDefault => "the schema's default",
        Rung::KindDefault => "default for all of its kind",
        Rung::Default => "`default`",
        Rung::Plain => "said",
        Rung::Override => "`override`",
    }
}

impl Build {
    /// A checked fleet without its values, for questions about names and types only.
    #[must_use]
    pub fn unevaluated(analysis: Analysis) -> Build {
        Build { analysis, ..Build::default() }
    }

    /// The value at a place of the model, as far as it was computed.
    #[must_use]
    pub fn value_at(&self, path: &[&str]) -> Option<Described> {
        self.look(|view| {
            let (node, field) = view.find(path)?;
            view.described(node, field)
        })
    }

    /// The places of the model that a piece of source says, at most so many: one for a field
    /// written once, several where a loop or a `default` says it for many.
    #[must_use]
    pub fn said_at(&self, span: Span, most: usize) -> Vec<Described> {
        self.look(|view| view.said_at(span, most))
    }

    /// The keys of a map of the model, in their order: the names of a kind's entities.
    #[must_use]
    pub fn keys_at(&self, path: &[&str]) -> Vec<Arc<str>> {
        self.look(|view| match view.node_at(path) {
            Some(node) => match &view.state.node(node).entries {
                Entries::Done(entries) => entries.keys().map(Arc::clone).collect(),
                Entries::Fresh | Entries::Running => Vec::new(),
            },
            None => Vec::new(),
        })
    }

    /// Where something in the model was created or said.
    #[must_use]
    pub fn place_of(&self, path: &[&str]) -> Option<Span> {
        self.look(|view| {
            let (node, field) = view.find(path)?;
            let val = view.slot(node, field)?;
            let origin = match val.value {
                Value::Record(id) => view.state.node(id).origin,
                _ => val.origin,
            };
            view.state.origins.span(origin)
        })
    }

    fn look<T>(&self, question: impl FnOnce(View<'_>) -> T) -> T {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        question(View { analysis: &self.analysis, state: &state })
    }
}

#[derive(Clone, Copy)]
struct View<'a> {
    analysis: &'a Analysis,
    state: &'a State,
}

impl<'a> View<'a> {
    fn slot(self, node: NodeId, field: &str) -> Option<&'a Val> {
        self.state.node(node).slots.get(field)?.memo.done()
    }

    /// The record that holds a place, and the last step to it.
    fn find<'p>(self, path: &[&'p str]) -> Option<(NodeId, &'p str)> {
        let (last, way) = path.split_last()?;
        Some((self.node_at(way)?, last))
    }

    fn node_at(self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(self.state.model?, |node, key| match self.slot(node, key)?.value {
            Value::Record(id) | Value::Ref(id) => Some(id),
            _ => None,
        })
    }

    fn described(self, node: NodeId, field: &str) -> Option<Described> {
        let val = self.slot(node, field)?;
        let value = (!val.is_unknown()).then(|| self.spell(val, 0));
        let path = self.state.field_path(node, field);
        Some(Described { path, value, said: self.said(val.origin) })
    }

    fn said_at(self, span: Span, most: usize) -> Vec<Described> {
        let mut found = Vec::new();
        for (index, node) in self.state.nodes.iter().enumerate() {
            let id = NodeId(index as u32);
            if !node.placed {
                continue;
            }
            for (field, slot) in node.slots.iter() {
                let Some(val) = slot.memo.done() else { continue };
                if self.comes_from(val.origin, span) {
                    found.extend(self.described(id, field));
                    if found.len() >= most {
                        return found;
                    }
                }
            }
        }
        found
    }

    /// Whether a place had its say about a value.
    fn comes_from(self, origin: OriginId, span: Span) -> bool {
        let Some(row) = self.state.origins.get(origin) else { return false };
        let at = |id: &OriginId| self.state.origins.span(*id) == Some(span);
        (row.span == span && is_saying(row.how))
            || row.lost.iter().any(at)
            || (row.how == How::Computed && row.parents.iter().any(at))
    }

    /// The places behind a value: the sayings that count, those that lost, and below a saying that
    /// computes, what it was computed from.
    fn said(self, origin: OriginId) -> Vec<Said> {
        let Some(row) = self.state.origins.get(origin) else { return Vec::new() };
        let mut said = Vec::new();
        let mut add = |id: OriginId, won: bool| {
            if let Some(row) = self.state.origins.get(id) {
                let one = Said { span: row.span, how: row.how, won };
                if said.len() < PLACES && !said.iter().any(|it: &Said| it.span == one.span) {
                    said.push(one);
                }
            }
        };
        if row.how == How::Computed {
            // A set that several places add to.
            row.parents.iter().for_each(|id| add(*id, true));
        } else {
            add(origin, true);
            // From where the value got into that saying: a `let`, a call, another field.
            for parent in row.parents {
                self.sayings_below(*parent, 0, &mut |id| add(id, true));
            }
        }
        row.lost.iter().for_each(|id| add(*id, false));
        said
    }

    /// The nearest sayings that a computed value was made of, loops and calls on the way.
    fn sayings_below(self, id: OriginId, depth: usize, add: &mut impl FnMut(OriginId)) {
        let Some(row) = self.state.origins.get(id) else { return };
        match row.how {
            How::Said(_) | How::Extended(_) => add(id),
            How::Called | How::Looped | How::Computed | How::Written if depth < DEPTH => {
                if matches!(row.how, How::Called | How::Looped) {
                    add(id);
                }
                for parent in row.parents.iter().take(PLACES) {
                    self.sayings_below(*parent, depth + 1, add);
                }
            }
            How::Called | How::Looped | How::Computed | How::Written => {}
        }
    }

    /// A value as one would write it, cut where it is long.
    fn spell(self, val: &Val, depth: usize) -> String {
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
        if depth >= DEPTH && !list.items.is_empty() {
            return "[…]".to_owned();
        }
        let shown = list.items.iter().take(SHOWN).map(|item| self.spell(item, depth + 1));
        let mut shown: Vec<String> = shown.collect();
        if list.items.len() > SHOWN || !list.complete {
            shown.push("…".to_owned());
        }
        format!("[{}]", shown.join(", "))
    }

    fn record(self, id: NodeId, depth: usize) -> String {
        let node = self.state.node(id);
        let names: Vec<Arc<str>> = match (&node.shape, &node.entries) {
            (Shape::Record(schema), _) => {
                let fields = &self.analysis.declarations.schema(*schema).fields;
                fields.iter().map(|field| Arc::clone(&field.name)).collect()
            }
            (_, Entries::Done(entries)) => entries.keys().map(Arc::clone).collect(),
            (_, Entries::Fresh | Entries::Running) => Vec::new(),
        };
        let there = names.iter().filter_map(|name| {
            let val = self.slot(id, name)?;
            (!matches!(val.value, Value::Absent)).then_some((name, val))
        });
        let fields: Vec<_> = there.collect();
        if fields.is_empty() {
            return "{}".to_owned();
        }
        if depth >= DEPTH {
            return "{ … }".to_owned();
        }
        let shown = fields.iter().take(SHOWN);
        let mut shown: Vec<String> = shown
            .map(|(name, val)| format!("{} = {}", spell(name), self.spell(val, depth + 1)))
            .collect();
        if fields.len() > SHOWN {
            shown.push("…".to_owned());
        }
        match depth {
            0 => format!("{{\n  {}\n}}", shown.join("\n  ")),
            _ => format!("{{ {} }}", shown.join(", ")),
        }
    }
}

fn is_saying(how: How) -> bool {
    match how {
        How::Said(_) | How::Extended(_) => true,
        How::Written | How::Called | How::Looped | How::Computed => false,
    }
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
