//! Rule 3: what exists comes before what it is worth. Orders the top-level items that make things,
//! and reports cycles: among them, and among definitions.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::Checker;
use super::cycles;
use super::graph::Node;
use super::types::ItemRef;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::span::{FileId, Span};

impl Checker<'_> {
    /// What schema defaults and kinds add to the graph.
    pub(super) fn connect(&mut self) {
        for (schema, homes) in &self.env.tables.homes {
            let span = self.env.schema(*schema).span;
            for (kind, field) in homes {
                self.graph.add(&Node::Field(*kind, field.clone()), Node::Defaults(*schema), span);
            }
        }
        for schema in self.env.tables.kinds.values() {
            if let Some(field) = self.env.schema(*schema).field("enabled") {
                self.graph.add(
                    &Node::Names(*schema),
                    Node::Field(*schema, field.name.clone()),
                    field.span,
                );
            }
        }
    }

    /// Cycles of functions and top-level `let`s.
    pub(super) fn definition_cycles(&mut self) {
        let graph = std::mem::take(&mut self.graph);
        let parts = cycles::parts(&graph, &|node| matches!(node, Node::Let(_) | Node::Function(_)));
        let mut reported = BTreeSet::new();
        for (node, part) in &parts {
            if reported.contains(part) {
                continue;
            }
            if let Some(steps) = cycles::cycle(&graph, node, &parts) {
                reported.insert(*part);
                parts
                    .iter()
                    .filter(|(_, other)| *other == part)
                    .for_each(|(node, _)| self.break_definition(node));
                let span = self.place_of(node);
                let mut diagnostic = Diagnostic::error(
                    names::DEFINITION_CYCLE,
                    span,
                    format!("{} is defined by itself", self.describe(node)),
                );
                for (_, read, span) in &steps {
                    diagnostic = diagnostic.also(*span, format!("reads {}", self.describe(read)));
                }
                self.report(
                    diagnostic
                        .help("there is no recursion; break the cycle at one of these places"),
                );
            }
        }
        self.graph = graph;
    }

    /// The items that make things, in an order in which each reads only what is said. Those in a
    /// cycle are reported and skipped.
    pub(super) fn generators(&mut self, all: &[(ItemRef, Span)]) -> Vec<ItemRef> {
        let graph = std::mem::take(&mut self.graph);
        let parts = cycles::parts(&graph, &|_| true);
        let mut reported = BTreeSet::new();
        let mut skipped = BTreeSet::new();
        for (item, span) in all {
            let node = Node::Generator(*item);
            let Some((node, part)) = parts.get_key_value(&node) else { continue };
            let Some(steps) = cycles::cycle(&graph, node, &parts) else { continue };
            skipped.insert(*item);
            self.skipped.insert(*span);
            if !reported.insert(*part) {
                continue;
            }
            let at = steps.first().map_or(*span, |(_, _, span)| *span);
            let mut diagnostic = Diagnostic::error(
                names::GENERATOR_CYCLE,
                at,
                format!(
                    "what exists here depends on {}, which depends on it",
                    match steps.first() {
                        Some((_, read, _)) => self.describe(read),
                        None => "itself".to_owned(),
                    }
                ),
            );
            for (from, read, span) in steps.iter().skip(1) {
                let text = match (read, from) {
                    (Node::Generator(_), Node::Names(_)) => {
                        format!("this makes {}", self.describe(from))
                    }
                    (Node::Generator(_), _) => format!("this says {}", self.describe(from)),
                    (_, _) => format!("{} depends on {}", self.describe(from), self.describe(read)),
                };
                diagnostic = diagnostic.also(*span, text);
            }
            self.report(diagnostic.help(
                "loop over something that is known before: a `let`, another kind, a list; or only `extend` what is there",
            ));
        }
        // Parts are numbered so that what is read comes first; items of the same number have no order to keep.
        let mut order: Vec<(usize, ItemRef)> = all
            .iter()
            .filter(|(item, _)| !skipped.contains(item))
            .map(|(item, _)| (parts_number(&parts, *item), *item))
            .collect();
        order.sort_unstable();
        self.graph = graph;
        order.into_iter().map(|(_, item)| item).collect()
    }

    /// What is defined by itself is unknown; nothing more is said about it.
    fn break_definition(&mut self, node: &Node) {
        let value = match node {
            Node::Let(id) => Some(&self.env.declarations.global_let(*id).value),
            Node::Function(id) => self.env.declarations.function(*id).body.as_ref(),
            Node::Generator(_) | Node::Names(_) | Node::Field(..) | Node::Defaults(_) => None,
        };
        if let Some(value) = value {
            self.cx.file = value.span.file;
            self.set_broken(value.id);
        }
    }

    fn place_of(&self, node: &Node) -> Span {
        match node {
            Node::Let(id) => self.env.declarations.global_let(*id).span,
            Node::Function(id) => self.env.declarations.function(*id).span,
            Node::Names(id) | Node::Defaults(id) | Node::Field(id, _) => self.env.schema(*id).span,
            Node::Generator(item) => Span::new(item.file, 0, 0),
        }
    }

    /// A node in words.
    fn describe(&self, node: &Node) -> String {
        let kind = |id| match self
            .env
            .tables
            .kind_of
            .get(id)
            .or_else(|| self.env.tables.singles.get(id))
        {
            Some(kind) => kind.to_string(),
            None => self.env.schema(*id).name.to_string(),
        };
        match node {
            Node::Generator(_) => "this item".to_owned(),
            Node::Names(id) => format!("which `{}`s there are", kind(id)),
            Node::Field(id, field) => format!("`{field}` of `{}`", kind(id)),
            Node::Defaults(id) => format!("the defaults of `{}`", self.env.schema(*id).name),
            Node::Let(id) => format!("`{}`", self.env.declarations.global_let(*id).name),
            Node::Function(id) => format!("`{}`", self.env.declarations.function(*id).name),
        }
    }
}

fn parts_number(parts: &BTreeMap<&Node, usize>, item: ItemRef) -> usize {
    parts.get(&Node::Generator(item)).copied().unwrap_or(0)
}

/// The items at the top of files that make things, in the order of files and items.
pub(super) fn top_generators<'a>(
    files: impl Iterator<Item = (FileId, &'a crate::ast::Body)>,
) -> Vec<(ItemRef, Span)> {
    let mut all = Vec::new();
    for (file, body) in files {
        for (index, item) in body.items.iter().enumerate() {
            if super::body::is_generator(item) {
                all.push((ItemRef { file, index: index as u32 }, item.span));
            }
        }
    }
    all
}
