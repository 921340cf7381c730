//! Strict coverage: every field of everything is asked for once, so that a mistake nobody's output
//! needs is found all the same; and what is enabled refers to nothing that is disabled.

use std::collections::BTreeSet;
use std::sync::Arc;

use qg_lang::check::types::{LetId, Type};
use qg_lang::diagnostic::{Diagnostic, codes};

use super::Evaluator;
use super::state::Shape;
use crate::value::{Lists, NodeId, Parts, Piece, Val, Value};

impl Evaluator<'_> {
    pub(super) fn force_all(&mut self) {
        if let Some(model) = self.state.model {
            let root = Val::new(Value::Record(model), qg_provenance::leaf::OriginId(0));
            self.force(&root);
            self.check_references();
        }
        for at in 0..self.analysis.declarations.lets.len() {
            let id = LetId(at as u32);
            let span = self.analysis.declarations.global_let(id).span;
            let val = self.global_let(id, span);
            self.force(&val);
        }
        self.settle_conditions();
    }

    /// Asks for everything in a value, without recursion. What lies in one field comes before the
    /// next: so what has no end soon meets the limit of nesting, with little made on the way.
    pub(crate) fn force(&mut self, val: &Val) {
        let mut todo = vec![val.clone()];
        let (mut seen, mut lists) = (BTreeSet::new(), Lists::default());
        while let Some(val) = todo.pop() {
            if self.exhausted {
                return;
            }
            match val.value.parts() {
                Parts::Fields(id) if seen.insert(id) => {
                    let mut names = self.names_of(id);
                    // What the library computes of a thing is about one that is there, with its name.
                    if self.is_no_thing(id) {
                        names.retain(|name| !self.definitions(id, name).is_empty());
                    }
                    let fields = names.iter().map(|it| self.field(id, it));
                    let fields: Vec<Val> = fields.filter(Val::has_parts).collect();
                    todo.extend(fields.into_iter().rev());
                }
                Parts::Elements(list) if lists.is_new(list) => {
                    let items = list.items.iter().rev();
                    todo.extend(items.filter(|item| item.has_parts()).cloned());
                }
                // Walked already, or nothing to walk.
                Parts::Fields(_) | Parts::Elements(_) | Parts::None => {}
            }
        }
    }

    /// Whether it is a record of a kind that stands nowhere in the model: `let t: Service = { … }`, or a copy.
    fn is_no_thing(&self, id: NodeId) -> bool {
        let node = self.state.node(id);
        let declarations = &self.analysis.declarations;
        let (Shape::Record(schema), Some(model), false) =
            (&node.shape, declarations.model, node.placed)
        else {
            return false;
        };
        declarations.schema(model).fields.iter().any(|field| {
            matches!(
                field.ty.unconditional(),
                Type::Map(element) if *element.unconditional() == Type::Record(*schema)
            )
        })
    }

    /// The fields of a record, as its schema or its definitions have them.
    pub fn names_of(&mut self, id: NodeId) -> Vec<Arc<str>> {
        match self.state.node(id).shape.clone() {
            Shape::Record(schema) => {
                let fields = &self.analysis.declarations.schema(schema).fields;
                fields.iter().map(|field| Arc::clone(&field.name)).collect()
            }
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => self.entries(id),
        }
    }

    /// Rule 9: an enabled entity may not refer to a disabled one.
    fn check_references(&mut self) {
        let mut findings = Vec::new();
        let mut lists = Lists::default();
        for at in 0..self.state.nodes.len() as u32 {
            let id = NodeId(at);
            let node = self.state.node(id);
            let Some(owner) = node.entity.or(node.placed.then_some(id)) else { continue };
            let done = node.cells.values().filter_map(|cell| cell.progress.done());
            let leads = |val: &&Val| {
                matches!(
                    val.value,
                    Value::Ref(_) | Value::Sealed(_) | Value::List(_) | Value::Set(_)
                )
            };
            let cells: Vec<Val> = done.filter(leads).cloned().collect();
            if cells.is_empty() {
                continue;
            }
            if self.is_off(owner) || self.is_off(id) {
                continue;
            }
            for val in cells {
                self.disabled_in(&val, &mut lists, &mut findings);
            }
        }
        findings.sort_by_key(|finding: &Diagnostic| finding.primary.span);
        findings.dedup();
        self.diagnostics.extend(findings);
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "references alone are uses; a record has its own turn"
    )]
    fn disabled_in(&mut self, val: &Val, lists: &mut Lists, out: &mut Vec<Diagnostic>) {
        match &val.value {
            Value::List(list) | Value::Set(list) => {
                if !lists.is_new(list) {
                    return;
                }
                for item in list.items.iter() {
                    self.disabled_in(item, lists, out);
                }
            }
            Value::Ref(target) => self.disabled_at(*target, val, out),
            Value::Sealed(pieces) => {
                for piece in pieces.iter() {
                    if let Piece::Secret(target) = piece {
                        self.disabled_at(*target, val, out);
                    }
                }
            }
            _ => {}
        }
    }

    /// What is wrong with a value that refers to something disabled.
    fn disabled_at(&mut self, target: NodeId, val: &Val, out: &mut Vec<Diagnostic>) {
        if !self.is_off_within(target) {
            return;
        }
        let path = self.state.node_path(target);
        let span = self.state.origins.span(val.origin).unwrap_or_else(|| self.start());
        let mut finding =
            Diagnostic::error(codes::eval::DISABLED, span, format!("`{path}` is disabled"))
                .here("used here by something that is enabled")
                .help("enable it, disable what uses it, or remove the reference");
        if let Some(off) = self.off_place(target) {
            finding = finding.also(off, "disabled here");
        }
        out.push(finding);
    }

    /// Whether an entity, or anything that it is a part of, is disabled.
    fn is_off_within(&mut self, id: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(node) = at {
            if self.is_off(node) {
                return true;
            }
            at = self.state.node(node).parent;
        }
        false
    }

    pub(super) fn is_off(&mut self, id: NodeId) -> bool {
        self.is_entity(id) && self.enabled(id) == Some(false)
    }

    fn off_place(&mut self, id: NodeId) -> Option<qg_lang::span::Span> {
        let mut at = Some(id);
        while let Some(node) = at {
            if self.is_off(node) {
                let val = self.field(node, "enabled");
                return self.state.origins.span(val.origin);
            }
            at = self.state.node(node).parent;
        }
        None
    }
}
