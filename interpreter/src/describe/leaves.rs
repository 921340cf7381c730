//! Every leaf that the sources say, and which of them the output is made of.

use std::collections::BTreeSet;

use qg_evaluation::Shape;
use qg_evaluation::value::{NodeId, Parts, Val, Value};
use qg_fleet::leaf::{OriginId, Priority};
use qg_fleet::origin::OriginKind;
use qg_lang::span::Span;
use qg_targets::OutputFile;

use super::View;
use super::said::is_definition;
use crate::Build;

/// A leaf of the model that a source says, of an entity that is switched on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The way to it: `service.sonarr.route.web.expose`.
    pub path: String,
    /// The field of a schema that it lies in, as `Route.expose`; of free data, the field that holds all of it.
    pub field: String,
    /// The fields of schemas around that one, the innermost first: `Service.route`.
    pub around: Vec<String>,
    /// Where that field is declared; none for what no schema declares.
    pub declared: Option<Span>,
    pub origin: OriginId,
    /// Where it is said.
    pub span: Span,
    /// Its row among the places.
    pub(crate) row: u32,
}

impl Build {
    /// Every leaf of the model that somebody says, the library's own definitions included: scalars, references,
    /// variants without payload, and what has nothing in it.
    #[must_use]
    pub fn leaves(&self) -> Vec<Leaf> {
        self.look(|view| view.leaves())
    }

    /// The origins of everything that files say, and of what that was made of.
    #[must_use]
    pub fn reached(&self, files: &[OutputFile]) -> BTreeSet<OriginId> {
        self.made_of(files.iter().flat_map(|file| &file.lines).flatten().copied())
    }

    /// These origins, and those of everything that they were made of; what lost is not among it.
    #[must_use]
    pub fn made_of(&self, origins: impl IntoIterator<Item = OriginId>) -> BTreeSet<OriginId> {
        self.look(|view| {
            let (mut all, mut todo) = (BTreeSet::new(), Vec::from_iter(origins));
            while let Some(id) = todo.pop() {
                if all.insert(id) {
                    let row = view.state.origins.get(id);
                    todo.extend(row.into_iter().flat_map(|row| row.parents));
                }
            }
            all
        })
    }
}

impl View<'_> {
    fn leaves(self) -> Vec<Leaf> {
        let places = self.places();
        let mut leaves = Vec::new();
        for row in places.rows() {
            let val = places.val(row);
            let said = self.state.origins.get(val.origin).filter(|it| is_said(it.how));
            let Some(said) = said.filter(|_| self.is_leaf(val)) else { continue };
            // What a module has by itself nobody says: its place names the module.
            let is_of_module = said.how == OriginKind::Said(Priority::SchemaDefault)
                && self.analysis.sources.get(said.span.file).is_some_and(|it| !it.is_std());
            if is_of_module {
                continue;
            }
            let mut around = places.around(row).filter_map(|row| node_of(places.val(row)));
            if around.any(|node| self.is_off(node)) {
                continue;
            }
            let (field, around, declared) = self.fields(row);
            leaves.push(Leaf {
                path: places.path(row),
                field,
                around,
                declared,
                origin: val.origin,
                span: said.span,
                row,
            });
        }
        leaves
    }

    /// Whether nothing lies in a value that is a leaf of its own.
    fn is_leaf(self, val: &Val) -> bool {
        match val.value.parts() {
            Parts::Elements(list) => list.items.is_empty(),
            Parts::Fields(id) => {
                let mut cells = self.state.node(id).cells.iter();
                cells.all(|(_, cell)| {
                    cell.progress.done().is_none_or(|val| matches!(val.value, Value::Absent))
                })
            }
            Parts::None => !matches!(
                val.value,
                Value::Unknown | Value::Absent | Value::Function(_) | Value::Lambda(_)
            ),
        }
    }

    /// Whether an entity is switched off: nothing is made of it.
    fn is_off(self, node: NodeId) -> bool {
        self.cell(node, "enabled").is_some_and(|val| matches!(val.value, Value::Bool(false)))
    }

    /// The innermost field of a schema that a place lies in, those around it, and where the first is declared.
    fn fields(self, row: u32) -> (String, Vec<String>, Option<Span>) {
        let places = self.places();
        let (mut at, mut found) = (row, Vec::new());
        for parent in places.around(row) {
            let shape = node_of(places.val(parent)).map(|node| &self.state.node(node).shape);
            if let Some(Shape::Record(schema)) = shape {
                let schema = self.analysis.declarations.schema(*schema);
                let key = places.key(at);
                let declared = schema.field(key).map(|it| it.span);
                found.push((format!("{}.{key}", schema.name), declared));
            }
            at = parent;
        }
        let mut found = found.into_iter();
        let (field, declared) = found.next().unwrap_or_else(|| (places.key(at).to_owned(), None));
        (field, found.map(|(field, _)| field).collect(), declared)
    }
}

fn node_of(val: &Val) -> Option<NodeId> {
    if let Parts::Fields(id) = val.value.parts() { Some(id) } else { None }
}

/// Whether a place of a source says it, rather than a rule of the language.
fn is_said(how: OriginKind) -> bool {
    is_definition(how) || matches!(how, OriginKind::Written | OriginKind::Computed)
}
