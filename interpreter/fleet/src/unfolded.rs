//! How large a fleet is when it is written out: a value that stands at many places is one value to the
//! evaluation, and many to the files of a host.

use std::collections::HashMap;
use std::sync::Arc;

use qg_evaluation::value::{List, NodeId, Piece, Val, Value};
use qg_evaluation::{Evaluation, spell, spell_size};
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::{FileId, Span};

/// The bytes that a value comes to on its way into a file, without its text: as a leaf of the model with
/// its key and its origin, as a part of a document, as a line.
const VALUE: f64 = 400.0;
/// How often a text is held on that way.
const TEXTS: f64 = 3.0;
/// What each line of a file has beside its text: who said it, in the file and in the manifest (two rows
/// of one number, with what the allocator needs).
const LINE: f64 = 150.0;

/// The finding of a fleet that comes to more than so many bytes when it is written out.
#[must_use]
pub fn too_large(state: &Evaluation, limit: u64) -> Option<Diagnostic> {
    let mut scale =
        Scale { state, nodes: HashMap::new(), lists: HashMap::new(), texts: HashMap::new() };
    let model = state.model?;
    let whole = scale.node(model);
    // What the evaluation holds stays beside it.
    if whole + state.held as f64 <= limit as f64 {
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

/// Weights are floats: what doubles sixty times and more still has one.
struct Scale<'s> {
    state: &'s Evaluation,
    /// What was weighed already: a value that stands at many places is walked once.
    nodes: HashMap<NodeId, f64>,
    lists: HashMap<usize, (Arc<[Val]>, f64)>,
    texts: HashMap<usize, f64>,
}

impl Scale<'_> {
    fn value(&mut self, value: &Value) -> f64 {
        match value {
            Value::List(list) | Value::Set(list) => self.list(list),
            Value::Record(id) | Value::Variant(_, _, Some(id)) => self.node(*id),
            Value::Text(text) | Value::Path(text) | Value::File(text) | Value::Nix(text) => {
                VALUE + self.text(text)
            }
            Value::Sealed(pieces) => {
                let parts = pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => VALUE + self.text(text),
                    Piece::Secret(_) => VALUE,
                });
                parts.sum()
            }
            Value::Unknown
            | Value::Absent
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::Mode(_)
            | Value::Address(_)
            | Value::Subnet(_)
            | Value::Port(_)
            | Value::Ports(..)
            | Value::Ref(_)
            | Value::Variant(..)
            | Value::Function(_)
            | Value::Lambda(_) => VALUE,
        }
    }

    /// The values of an evaluation live as long as this, so that no other text comes to lie where one lay.
    fn text(&mut self, text: &Arc<str>) -> f64 {
        let weigh = || {
            let lines = text.bytes().filter(|byte| *byte == b'\n').count();
            TEXTS * text.len() as f64 + LINE * lines as f64
        };
        *self.texts.entry(text.as_ptr() as usize).or_insert_with(weigh)
    }

    fn list(&mut self, list: &List) -> f64 {
        let address = list.items.as_ptr() as usize;
        if let Some((_, known)) = self.lists.get(&address) {
            return *known;
        }
        let parts = list.items.iter().map(|item| self.value(&item.value));
        let weight = parts.fold(VALUE, std::ops::Add::add);
        self.lists.insert(address, (Arc::clone(&list.items), weight));
        weight
    }

    fn node(&mut self, id: NodeId) -> f64 {
        if let Some(known) = self.nodes.get(&id) {
            return *known;
        }
        let cells = self.state.node(id).cells.values();
        let mut weight = VALUE;
        for val in cells.filter_map(|cell| cell.progress.done()) {
            if !matches!(val.value, Value::Absent) {
                weight += self.value(&val.value);
            }
        }
        self.nodes.insert(id, weight);
        weight
    }

    /// The innermost place of the model to which most of the weight belongs.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a record alone has a place, and parts to go down to"
    )]
    fn heaviest(&mut self, root: NodeId, whole: f64) -> (String, Span) {
        let (mut path, mut span) = (Vec::new(), None);
        let (mut at, mut weight) = (root, whole);
        loop {
            let mut heaviest: Option<(f64, Arc<str>, Val)> = None;
            let mut endless = 0;
            for (name, cell) in self.state.node(at).cells.iter() {
                let Some(val) = cell.progress.done() else { continue };
                let own = self.value(&val.value);
                endless += usize::from(own.is_infinite());
                if heaviest.as_ref().is_none_or(|(most, ..)| own > *most) {
                    heaviest = Some((own, Arc::clone(name), val.clone()));
                }
            }
            let Some((own, name, val)) = heaviest else { break };
            let here = self.state.origins.span(val.origin).or(match val.value {
                Value::Record(id) => self.state.origins.span(self.state.node(id).origin),
                _ => None,
            });
            if own <= weight / 2.0 && endless != 1 {
                // Of many that are alike, the first stands for all.
                span = span.or(here);
                break;
            }
            path.push(spell(&name));
            span = here;
            weight = own;
            match val.value {
                // What has no place in the model has its say where it was put into one.
                Value::Record(id) if self.state.node(id).placed => at = id,
                _ => break,
            }
        }
        (path.join("."), span.unwrap_or_else(|| Span::new(FileId(0), 0, 0)))
    }
}
