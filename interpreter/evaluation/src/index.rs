//! What a body says, read off its text once: which item sets which field.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use qg_lang::ast::{Block, Body, Field, ItemKind, Key, Mark};
use qg_lang::span::Span;

/// The items of one body, by the field they set.
#[derive(Debug, Default)]
pub struct BodyIndex {
    /// Keeps the body alive, since the index is found by its address.
    pub body: Option<Arc<Body>>,
    pub fields: BTreeMap<Arc<str>, Vec<usize>>,
    /// Items whose first key is computed.
    pub computed: Vec<usize>,
    /// Loops and conditions, and what they may set.
    pub generators: Vec<(usize, Writes)>,
    pub lets: Vec<usize>,
    /// Whether an item could not be parsed.
    pub broken: bool,
}

/// The fields that a loop or condition may set.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    pub fields: BTreeSet<Arc<str>>,
    pub any: bool,
}

impl Writes {
    #[must_use]
    pub fn may_set(&self, field: &str) -> bool {
        self.any || self.fields.contains(field)
    }

    fn add(&mut self, other: Writes) {
        self.fields.extend(other.fields);
        self.any |= other.any;
    }
}

impl BodyIndex {
    #[must_use]
    pub fn new(body: &Arc<Body>) -> BodyIndex {
        let mut index = BodyIndex { body: Some(Arc::clone(body)), ..BodyIndex::default() };
        for (at, item) in body.items.iter().enumerate() {
            match &item.kind {
                ItemKind::Field(Field { path, .. }) | ItemKind::Block(Block { path, .. }) => {
                    match path.first().and_then(Key::literal) {
                        Some(key) => index.fields.entry(key).or_default().push(at),
                        None => index.computed.push(at),
                    }
                }
                ItemKind::For(it) => index.generators.push((at, writes(&it.body))),
                ItemKind::If(it) => {
                    let mut all = writes(&it.then);
                    it.otherwise.iter().for_each(|body| all.add(writes(body)));
                    index.generators.push((at, all));
                }
                ItemKind::Let(_) => index.lets.push(at),
                ItemKind::Error => index.broken = true,
                ItemKind::Fn(_)
                | ItemKind::Schema(_)
                | ItemKind::Enum(_)
                | ItemKind::Type(_)
                | ItemKind::Import(_) => {}
            }
        }
        index
    }
}

/// The fields that the items of a body may set.
fn writes(body: &Body) -> Writes {
    let mut all = Writes::default();
    for item in &body.items {
        match &item.kind {
            ItemKind::Field(Field { path, .. }) | ItemKind::Block(Block { path, .. }) => {
                match path.first().and_then(Key::literal) {
                    Some(key) => {
                        all.fields.insert(key);
                    }
                    None => all.any = true,
                }
            }
            ItemKind::For(it) => all.add(writes(&it.body)),
            ItemKind::If(it) => {
                all.add(writes(&it.then));
                it.otherwise.iter().for_each(|body| all.add(writes(body)));
            }
            ItemKind::Let(_)
            | ItemKind::Fn(_)
            | ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_)
            | ItemKind::Error => {}
        }
    }
    all
}

/// The path of an item, its label included, and its mark.
#[must_use]
pub(super) fn keys(kind: &ItemKind) -> (Vec<&Key>, Option<(Mark, Span)>) {
    match kind {
        ItemKind::Field(Field { mark, path, .. }) => (path.iter().collect(), *mark),
        ItemKind::Block(Block { mark, path, label, .. }) => {
            (path.iter().chain(label).collect(), *mark)
        }
        ItemKind::For(_)
        | ItemKind::If(_)
        | ItemKind::Let(_)
        | ItemKind::Fn(_)
        | ItemKind::Schema(_)
        | ItemKind::Enum(_)
        | ItemKind::Type(_)
        | ItemKind::Import(_)
        | ItemKind::Error => (Vec::new(), None),
    }
}
