//! What is known about a place of the model, or about a line of the output, after an evaluation: the
//! value, and who said it. Nothing here evaluates; it reads what [`qg_evaluation`] remembers. Hover,
//! `qgc why` and the REPL take their words from here.

mod leaves;
mod places;
mod said;
mod spell;
mod why;

use std::sync::{Arc, PoisonError};

use qg_evaluation::value::{NodeId, Val, Value};
use qg_evaluation::{Evaluation, MapEntries, Node, Shape};
use qg_fleet::leaf::OriginId;
use qg_fleet::origin::OriginKind;
use qg_lang::Analysis;
use qg_lang::span::Span;
use qg_lang::stack::roomy;

use crate::Build;
pub use leaves::Leaf;
pub(crate) use places::Places;
pub use said::{Provenance, ProvenancePart};
use said::{Reach, Tables, is_definition, said};
use spell::Speller;
pub use spell::{FULL, GLANCE, SpellLimits};
pub(crate) use why::keys;
pub use why::{Line, Unexplained};

/// What an editor shows.
const NEAR: Reach = Reach { places: 16, depth: 1 };
/// What `qgc why` tells.
const FAR: Reach = Reach { places: 40, depth: 4 };

/// A value, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The way to it: `service.sonarr.route.web.expose`. Empty for what has no place in the model.
    pub path: String,
    /// As it would be written. None where it has an error.
    pub value: Option<String>,
    /// Who said it: those that count first, then those that lost.
    pub said: Vec<Provenance>,
}

impl Build {
    /// A checked fleet without its values, for questions about names and types only.
    #[must_use]
    pub fn unevaluated(analysis: Analysis) -> Build {
        Build { analysis, ..Build::default() }
    }

    /// A value as one would write it.
    #[must_use]
    pub fn spell(&self, val: &Val, limits: SpellLimits) -> String {
        self.look(|view| view.speller(limits).spell(val, 0))
    }

    /// The value at a place of the model, as far as it was computed.
    #[must_use]
    pub fn value_at(&self, path: &[&str]) -> Option<Described> {
        self.look(|view| {
            let (node, field) = view.find(path)?;
            view.described(node, field, NEAR)
        })
    }

    /// The same, as one would write it, without who said it.
    #[must_use]
    pub fn spelled_at(&self, path: &[&str]) -> Option<String> {
        self.look(|view| {
            let (node, field) = view.find(path)?;
            let val = view.cell(node, field)?;
            (!val.is_unknown()).then(|| view.speller(GLANCE).spell(val, 0))
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
                MapEntries::Done(entries) => entries.keys().map(Arc::clone).collect(),
                MapEntries::Fresh | MapEntries::Running => Vec::new(),
            },
            None => Vec::new(),
        })
    }

    /// Where something in the model was created or said.
    #[must_use]
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a record alone has a place beside its value's"
    )]
    pub fn place_of(&self, path: &[&str]) -> Option<Span> {
        self.look(|view| {
            let (node, field) = view.find(path)?;
            let val = view.cell(node, field)?;
            let origin = match val.value {
                Value::Record(id) => view.state.node(id).origin,
                _ => val.origin,
            };
            view.state.origins.span(origin)
        })
    }

    fn look<T>(&self, question: impl FnOnce(View<'_>) -> T) -> T {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        roomy(|| question(View { build: self, analysis: &self.analysis, state: &state }))
    }
}

/// A value of an evaluation at work, on one line where it fits.
pub(crate) fn spelled(analysis: &Analysis, state: &Evaluation, val: &Val) -> String {
    roomy(|| Speller { analysis, state, limits: GLANCE }.spell(val, 1))
}

#[derive(Clone, Copy)]
struct View<'a> {
    build: &'a Build,
    analysis: &'a Analysis,
    state: &'a Evaluation,
}

impl<'a> View<'a> {
    fn speller(self, limits: SpellLimits) -> Speller<'a> {
        Speller { analysis: self.analysis, state: self.state, limits }
    }

    fn places(self) -> &'a Places {
        self.build.places.get_or_init(|| Places::of(self.state))
    }

    fn cell(self, node: NodeId, field: &str) -> Option<&'a Val> {
        self.state.node(node).cells.get(field)?.progress.done()
    }

    /// The record that holds a place, and the last step to it.
    fn find<'p>(self, path: &[&'p str]) -> Option<(NodeId, &'p str)> {
        let (last, way) = path.split_last()?;
        Some((self.node_at(way)?, last))
    }

    /// The record at a place; that of a variant's payload too.
    fn node_at(self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(self.state.model?, |node, key| self.below(node, key))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have fields")]
    fn below(self, node: NodeId, key: &str) -> Option<NodeId> {
        match self.cell(node, key)?.value {
            Value::Record(id) | Value::Ref(id) | Value::Variant(_, _, Some(id)) => Some(id),
            _ => None,
        }
    }

    fn described(self, node: NodeId, field: &str, reach: Reach) -> Option<Described> {
        let val = self.cell(node, field)?;
        let value = (!val.is_unknown()).then(|| self.speller(GLANCE).spell(val, 0));
        let path = match self.places().get(val.origin) {
            // A payload does not know where it lies.
            Some((path, found)) if found.origin == val.origin && !self.state.node(node).placed => {
                path
            }
            Some(_) | None => self.state.field_path(node, field),
        };
        Some(Described { path, value, said: self.said(val, reach) })
    }

    /// Who said a value, and who its elements.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a short list alone tells who said each of its elements"
    )]
    fn said(self, val: &Val, reach: Reach) -> Vec<Provenance> {
        let items = match &val.value {
            Value::List(list) | Value::Set(list) if list.items.len() <= GLANCE.items => {
                &*list.items
            }
            _ => &[],
        };
        let (origins, sources) = (&self.state.origins, &self.analysis.sources);
        said(Tables { origins, places: self.places(), sources }, val.origin, items, reach)
    }

    fn said_at(self, span: Span, most: usize) -> Vec<Described> {
        let mut found = Vec::new();
        for (index, node) in self.state.nodes.iter().enumerate() {
            let id = NodeId(index as u32);
            if !node.placed {
                continue;
            }
            for (field, cell) in node.cells.iter() {
                let Some(val) = cell.progress.done() else { continue };
                if self.comes_from(val.origin, span) {
                    found.extend(self.described(id, field, NEAR));
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
        (row.span == span && is_definition(row.how))
            || row.lost.iter().any(at)
            || (row.how == OriginKind::Computed && row.parents.iter().any(at))
    }
}

/// The fields of a record, or the keys of a map, as far as they are known.
fn names(analysis: &Analysis, node: &Node) -> Vec<Arc<str>> {
    match (&node.shape, &node.entries) {
        (Shape::Record(schema), _) => {
            let fields = &analysis.declarations.schema(*schema).fields;
            fields.iter().map(|field| Arc::clone(&field.name)).collect()
        }
        (_, MapEntries::Done(entries)) => entries.keys().map(Arc::clone).collect(),
        (_, MapEntries::Fresh | MapEntries::Running) => Vec::new(),
    }
}
