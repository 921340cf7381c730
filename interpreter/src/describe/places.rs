//! Which place of the model each origin is the origin of.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use qg_evaluation::value::{Lists, NodeId, Parts, Val};
use qg_evaluation::{Evaluation, spell};
use qg_fleet::leaf::OriginId;

/// The places of a model, found once after its evaluation.
#[derive(Debug, Default)]
pub(crate) struct Places {
    rows: Vec<Place>,
    by_origin: HashMap<OriginId, u32>,
}

#[derive(Debug)]
struct Place {
    /// The place around; none at the top.
    parent: Option<u32>,
    /// The key there; elements of a list have none, and are called like it.
    key: Option<Arc<str>>,
    val: Val,
}

impl Places {
    pub(crate) fn of(state: &Evaluation) -> Places {
        let mut places = Places::default();
        let Some(model) = state.model else { return places };
        let (mut seen, mut lists) = (BTreeSet::new(), Lists::default());
        let mut todo: Vec<(NodeId, Option<u32>)> = vec![(model, None)];
        while let Some((node, parent)) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            for (key, cell) in state.node(node).cells.iter() {
                if let Some(val) = cell.progress.done() {
                    places.add(parent, Some(Arc::clone(key)), val, &mut todo, &mut lists);
                }
            }
        }
        places
    }

    fn add(
        &mut self,
        parent: Option<u32>,
        key: Option<Arc<str>>,
        val: &Val,
        todo: &mut Vec<(NodeId, Option<u32>)>,
        lists: &mut Lists,
    ) {
        let row = self.rows.len() as u32;
        self.rows.push(Place { parent, key, val: val.clone() });
        if val.origin != OriginId::default() {
            self.by_origin.entry(val.origin).or_insert(row);
        }
        match val.value.parts() {
            Parts::Fields(id) => todo.push((id, Some(row))),
            Parts::Elements(list) => {
                if !lists.is_new(list) {
                    return;
                }
                for item in list.items.iter() {
                    self.add(Some(row), None, item, todo, lists);
                }
            }
            Parts::None => {}
        }
    }

    /// Whether what has an origin is an element of a list.
    pub(super) fn is_element(&self, origin: OriginId) -> bool {
        let row = self.by_origin.get(&origin).and_then(|row| self.rows.get(*row as usize));
        row.is_some_and(|place| place.key.is_none())
    }

    /// The dotted way to what has an origin, and its value.
    pub(super) fn get(&self, origin: OriginId) -> Option<(String, &Val)> {
        let row = *self.by_origin.get(&origin)?;
        Some((self.path(row), &self.rows.get(row as usize)?.val))
    }

    /// Every place, the outer ones first.
    pub(crate) fn rows(&self) -> std::ops::Range<u32> {
        0..self.rows.len() as u32
    }

    /// What is at a place.
    pub(crate) fn val(&self, row: u32) -> &Val {
        &self.rows[row as usize].val
    }

    /// The key of a place; nothing for an element of a list.
    pub(crate) fn key(&self, row: u32) -> &str {
        self.rows[row as usize].key.as_deref().unwrap_or("")
    }

    /// The places around a place, the innermost first.
    pub(crate) fn around(&self, row: u32) -> impl Iterator<Item = u32> {
        let parent = |row: &u32| self.rows.get(*row as usize)?.parent;
        std::iter::successors(parent(&row), parent)
    }

    pub(super) fn path(&self, row: u32) -> String {
        let mut keys = Vec::new();
        let mut at = Some(row);
        while let Some(place) = at.and_then(|row| self.rows.get(row as usize)) {
            keys.extend(place.key.as_ref().map(|key| spell(key)));
            at = place.parent;
        }
        keys.reverse();
        keys.join(".")
    }
}
