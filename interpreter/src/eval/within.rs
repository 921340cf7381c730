//! A value that would hold itself: free data may take up any record, also one around it.
//!
//! Fields are worth something one after the other, so whichever field closes such a circle finds
//! all others of it computed. It is found there, and everything that walks values afterwards
//! (the model's reader, the formats, hover) meets a tree.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use crate::value::{NodeId, Val, Value};

use super::Evaluator;

impl Evaluator<'_> {
    /// Reports a value that leads back to the node whose field it is to become.
    pub(super) fn leads_back(&mut self, node: NodeId, name: &Arc<str>, val: &Val) -> bool {
        let Some(way) = self.way_back(node, val) else { return false };
        let mut paths = vec![self.state.field_path(node, name)];
        paths.extend(way.iter().map(|(id, name)| self.state.field_path(*id, name)));
        let at = self.state.origins.span(val.origin).unwrap_or_else(|| self.start());
        let within = match self.state.node_path(node) {
            path if path.is_empty() => "the record around it".to_owned(),
            path => format!("`{path}`"),
        };
        let mut message = format!("`{}` holds {within}, in which it stands", paths[0]);
        if !way.is_empty() {
            message.push_str(": ");
            message.push_str(&paths.join(" → "));
            message.push_str(" → ");
            message.push_str(&paths[0]);
        }
        let mut finding = Diagnostic::error(codes::eval::CIRCLE, at, message)
            .help("data that holds itself has no end: name the part that is meant");
        for (id, name) in way {
            let origin = self.state.node(id).slots.get(&name).and_then(|slot| slot.memo.done());
            let span: Option<Span> = origin.and_then(|val| self.state.origins.span(val.origin));
            if let Some(span) = span.filter(|span| *span != at) {
                let path = self.state.field_path(id, &name);
                finding = finding.also(span, format!("`{path}` leads back to it"));
            }
        }
        self.report(finding);
        true
    }

    /// The fields by which a value leads to a node, outermost first; none where it does not.
    fn way_back(&mut self, node: NodeId, val: &Val) -> Option<Vec<(NodeId, Arc<str>)>> {
        let mut todo = Vec::new();
        records(val, &mut todo);
        // Nearly every record is new when it is put into its field.
        let new = |id: &NodeId| *id != node && self.state.node(*id).slots.is_empty();
        if todo.iter().all(new) {
            return None;
        }
        // What was reached, and from where; the first ones from nowhere.
        let mut from: HashMap<NodeId, Option<(NodeId, Arc<str>)>> = HashMap::new();
        for id in &todo {
            from.insert(*id, None);
        }
        while let Some(id) = todo.pop() {
            if id == node {
                let mut way = Vec::new();
                let mut at = id;
                while let Some(Some((before, name))) = from.get(&at) {
                    way.push((*before, Arc::clone(name)));
                    at = *before;
                }
                way.reverse();
                return Some(way);
            }
            let mut inner = Vec::new();
            let mut found = Vec::new();
            for (name, slot) in self.state.node(id).slots.iter() {
                let Some(val) = slot.memo.done() else { continue };
                records(val, &mut inner);
                found.extend(inner.drain(..).map(|child| (child, Arc::clone(name))));
            }
            if !found.is_empty() && !self.charge(found.len(), self.start()) {
                return None;
            }
            for (child, name) in found {
                if let Entry::Vacant(entry) = from.entry(child) {
                    entry.insert(Some((id, name)));
                    todo.push(child);
                }
            }
        }
        None
    }
}

/// The records that a value holds, without those inside them.
fn records(val: &Val, out: &mut Vec<NodeId>) {
    let mut todo = vec![val];
    while let Some(val) = todo.pop() {
        match &val.value {
            Value::Record(id) | Value::Variant(_, _, Some(id)) => out.push(*id),
            Value::List(list) | Value::Set(list) => todo.extend(list.items.iter()),
            Value::Variant(..)
            | Value::Unknown
            | Value::Absent
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::Mode(_)
            | Value::Path(_)
            | Value::Port(_)
            | Value::Ports(..)
            | Value::Address(_)
            | Value::Subnet(_)
            | Value::Sealed(_)
            | Value::Nix(_)
            | Value::File(_)
            | Value::Ref(_)
            | Value::Function(_)
            | Value::Lambda(_) => {}
        }
    }
}
