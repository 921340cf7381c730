//! What a field holds lies in the record of that field: how deep, and whether that has an end. Free
//! data may take up any record, also one around it.
//!
//! Fields are worth something one after the other, so whichever field closes a cycle or goes past
//! the limit finds all others of it computed. It is found there, and everything that walks values
//! afterwards (the model's reader, the formats, hover) meets a tree, and no deep one.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;
use qg_lang::stack::MAX_NESTING;

use super::Evaluator;
use crate::value::{NodeId, Val, Value};

impl Evaluator<'_> {
    /// Notes that a field holds a value; false (and reported) where it cannot.
    pub(crate) fn encloses(&mut self, node: NodeId, name: &Arc<str>, val: &Val) -> bool {
        let depth = self.state.node(node).depth;
        if depth + val.value.height() > MAX_NESTING {
            self.nested_in(node, name, val);
            return false;
        }
        let mut todo = Vec::new();
        if val.value.weight() > 0 && !self.charge(val.value.weight(), self.start()) {
            return true;
        }
        records(val, depth, &mut todo);
        // Nearly every record is new when it is put into its field.
        let new = |id: NodeId| id != node && self.state.node(id).cells.is_empty();
        if !todo.iter().all(|(id, _)| new(*id))
            && let Some(way) = self.way_back(node, &todo)
        {
            self.leads_back(node, name, val, way);
            return false;
        }
        self.lower(todo) || {
            self.nested_in(node, name, val);
            false
        }
    }

    /// Notes how deep records lie at least, and what is in them; false past the limit.
    fn lower(&mut self, mut todo: Vec<(NodeId, usize)>) -> bool {
        while let Some((id, depth)) = todo.pop() {
            let node = self.state.node_mut(id);
            if depth <= node.depth {
                continue;
            }
            node.depth = depth;
            if depth > MAX_NESTING {
                return false;
            }
            let before = todo.len();
            for val in self.state.node(id).cells.values().filter_map(|cell| cell.progress.done()) {
                records(val, depth, &mut todo);
            }
            if todo.len() > before && !self.charge(todo.len() - before, self.start()) {
                return true;
            }
        }
        true
    }

    fn nested_in(&mut self, node: NodeId, name: &Arc<str>, val: &Val) {
        let span = self.state.origins.span(val.origin).unwrap_or_else(|| self.start());
        self.too_deep_a_field(node, name, span);
    }

    /// Reports a value that leads back to the node whose field it is to become.
    fn leads_back(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        val: &Val,
        way: Vec<(NodeId, Arc<str>)>,
    ) {
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
        let mut finding = Diagnostic::error(codes::eval::CYCLE, at, message)
            .help("data that holds itself has no end: name the part that is meant");
        for (id, name) in way {
            let origin = self.state.node(id).cells.get(&name).and_then(|cell| cell.progress.done());
            let span: Option<Span> = origin.and_then(|val| self.state.origins.span(val.origin));
            if let Some(span) = span.filter(|span| *span != at) {
                let path = self.state.field_path(id, &name);
                finding = finding.also(span, format!("`{path}` leads back to it"));
            }
        }
        self.report(finding);
    }

    /// The fields by which records lead to a node, outermost first; none where they do not. What
    /// holds something lies less deep, so what lies deeper than the node need not be looked at.
    fn way_back(
        &mut self,
        node: NodeId,
        starts: &[(NodeId, usize)],
    ) -> Option<Vec<(NodeId, Arc<str>)>> {
        let depth = self.state.node(node).depth;
        // What was reached, and from where; the first ones from nowhere.
        let mut from: HashMap<NodeId, Option<(NodeId, Arc<str>)>> = HashMap::new();
        let mut todo = Vec::new();
        for (id, _) in starts {
            if self.state.node(*id).depth <= depth && from.insert(*id, None).is_none() {
                todo.push(*id);
            }
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
            for (name, cell) in self.state.node(id).cells.iter() {
                let Some(val) = cell.progress.done() else { continue };
                records(val, 0, &mut inner);
                let near = inner.drain(..).filter(|(it, _)| self.state.node(*it).depth <= depth);
                found.extend(near.map(|(child, _)| (child, Arc::clone(name))));
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

/// The records that a value holds, without those inside them, and how deep they lie where what holds
/// the value lies at this depth: each list around them counts.
fn records(val: &Val, depth: usize, out: &mut Vec<(NodeId, usize)>) {
    let mut todo = vec![(val, depth + 1)];
    // One list may stand at many places.
    let mut seen = BTreeSet::new();
    while let Some((val, depth)) = todo.pop() {
        match &val.value {
            Value::Record(id) | Value::Variant(_, _, Some(id)) => out.push((*id, depth)),
            Value::List(list) | Value::Set(list) => {
                if list.height() == 1 || seen.insert((Arc::as_ptr(&list.items).cast::<()>(), depth))
                {
                    let items = list.items.iter().filter(|item| item.has_parts());
                    todo.extend(items.map(|item| (item, depth + 1)));
                }
            }
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
