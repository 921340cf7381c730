//! How large a fleet is when it is written out: a value that stands at many places is one value to the
//! evaluation, and many to the files of a host.
#![allow(clippy::wildcard_enum_match_arm)] // of the many forms those with parts or a text matter here

use std::collections::HashMap;
use std::sync::Arc;

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::{FileId, Span};

use crate::eval::{State, spell, spell_size};
use crate::value::{List, NodeId, Val, Value};

/// The bytes that a value comes to on its way into a file, without its text: as a leaf of the model with
/// its key and its origin, as a part of a document, as a line.
const VALUE: u64 = 400;
/// How often a text is held on that way.
const TEXTS: u64 = 3;

/// The finding of a fleet that comes to more than so many bytes when it is written out.
#[must_use]
pub fn too_large(state: &State, limit: u64) -> Option<Diagnostic> {
    let mut scale = Scale { state, nodes: HashMap::new(), lists: HashMap::new() };
    let model = state.model?;
    let whole = scale.node(model);
    if whole <= limit {
        return None;
    }
    let (path, span) = scale.heaviest(model, whole);
    let subject = match path.as_str() {
        "" => "this fleet".to_owned(),
        path => format!("`{path}`"),
    };
    let limit = spell_size(limit);
    let message = format!("{subject} comes to more than {limit} of memory when it is written out");
    let finding = Diagnostic::error(codes::eval::OUT_OF_MEMORY, span, message);
    Some(finding.help("a value that stands at many places is written at each of them"))
}

struct Scale<'s> {
    state: &'s State,
    /// What was weighed already: a value that stands at many places is walked once.
    nodes: HashMap<NodeId, u64>,
    lists: HashMap<usize, (Arc<[Val]>, u64)>,
}

impl Scale<'_> {
    fn value(&mut self, value: &Value) -> u64 {
        match value {
            Value::List(list) | Value::Set(list) => self.list(list),
            Value::Record(id) | Value::Variant(_, _, Some(id)) => self.node(*id),
            Value::Text(text) | Value::Path(text) | Value::File(text) | Value::Nix(text) => {
                VALUE.saturating_add(TEXTS * text.len() as u64)
            }
            Value::Sealed(pieces) => VALUE.saturating_mul(pieces.len() as u64),
            _ => VALUE,
        }
    }

    fn list(&mut self, list: &List) -> u64 {
        let address = list.items.as_ptr() as usize;
        if let Some((_, known)) = self.lists.get(&address) {
            return *known;
        }
        let parts = list.items.iter().map(|item| self.value(&item.value));
        let weight = parts.fold(VALUE, u64::saturating_add);
        self.lists.insert(address, (Arc::clone(&list.items), weight));
        weight
    }

    fn node(&mut self, id: NodeId) -> u64 {
        if let Some(known) = self.nodes.get(&id) {
            return *known;
        }
        let slots = self.state.node(id).slots.values();
        let mut weight = VALUE;
        for val in slots.filter_map(|slot| slot.memo.done()) {
            if !matches!(val.value, Value::Absent) {
                weight = weight.saturating_add(self.value(&val.value));
            }
        }
        self.nodes.insert(id, weight);
        weight
    }

    /// The innermost place to which most of the weight belongs.
    fn heaviest(&mut self, root: NodeId, whole: u64) -> (String, Span) {
        let (mut path, mut span) = (Vec::new(), None);
        let (mut at, mut weight) = (root, whole);
        loop {
            let mut heaviest: Option<(u64, Arc<str>, Val)> = None;
            for (name, slot) in self.state.node(at).slots.iter() {
                let Some(val) = slot.memo.done() else { continue };
                let own = self.value(&val.value);
                if heaviest.as_ref().is_none_or(|(most, ..)| own > *most) {
                    heaviest = Some((own, Arc::clone(name), val.clone()));
                }
            }
            // Of a weight that no number holds nobody knows the half.
            let most = |own: u64| own > weight / 2 && (path.is_empty() || weight < u64::MAX);
            let Some((own, name, val)) = heaviest.filter(|(own, ..)| most(*own)) else { break };
            path.push(spell(&name));
            span = self.state.origins.span(val.origin).or(span);
            weight = own;
            match val.value {
                Value::Record(id) | Value::Variant(_, _, Some(id)) => at = id,
                _ => break,
            }
        }
        (path.join("."), span.unwrap_or_else(|| Span::new(FileId(0), 0, 0)))
    }
}
