//! The fields of a node that were asked for, by name. Most nodes have a few, some have many thousands.

use std::collections::BTreeMap;
use std::mem::size_of;
use std::sync::Arc;

use super::state::Cell;

/// So many lie in one row; more become a tree.
const FEW: usize = 48;

/// Fields by name, in the order of their names.
#[derive(Clone, Debug)]
pub enum Cells {
    Few(Vec<(Arc<str>, Cell)>),
    Many(BTreeMap<Arc<str>, Cell>),
}

impl Default for Cells {
    fn default() -> Cells {
        Cells::Few(Vec::new())
    }
}

impl Cells {
    /// The bytes of a field.
    pub const ROW: usize = size_of::<(Arc<str>, Cell)>();

    /// Room for so many.
    #[must_use]
    pub fn of(fields: usize) -> Cells {
        Cells::Few(Vec::with_capacity(fields.min(FEW)))
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Cell> {
        match self {
            Cells::Few(row) => row.get(place(row, name).ok()?).map(|(_, cell)| cell),
            Cells::Many(tree) => tree.get(name),
        }
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Cell> {
        match self {
            Cells::Few(row) => {
                let at = place(row, name).ok()?;
                row.get_mut(at).map(|(_, cell)| cell)
            }
            Cells::Many(tree) => tree.get_mut(name),
        }
    }

    /// Sets a field; what it was before is gone.
    pub fn insert(&mut self, name: Arc<str>, cell: Cell) {
        match self {
            Cells::Few(row) => match place(row, &name) {
                Ok(at) => row[at].1 = cell,
                Err(at) if row.len() < FEW => row.insert(at, (name, cell)),
                Err(_) => {
                    let mut tree: BTreeMap<_, _> = std::mem::take(row).into_iter().collect();
                    tree.insert(name, cell);
                    *self = Cells::Many(tree);
                }
            },
            Cells::Many(tree) => {
                tree.insert(name, cell);
            }
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Cells::Few(row) => row.len(),
            Cells::Many(tree) => tree.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every field, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Cell)> {
        let (row, tree) = match self {
            Cells::Few(row) => (Some(row.iter()), None),
            Cells::Many(tree) => (None, Some(tree.iter())),
        };
        let row = row.into_iter().flatten().map(|(name, cell)| (name, cell));
        row.chain(tree.into_iter().flatten())
    }

    /// Every field's cell, by name.
    pub fn values(&self) -> impl Iterator<Item = &Cell> {
        self.iter().map(|(_, cell)| cell)
    }
}

fn place(row: &[(Arc<str>, Cell)], name: &str) -> Result<usize, usize> {
    row.binary_search_by(|(known, _)| (**known).cmp(name))
}

#[cfg(test)]
mod tests {
    use super::{Cell, Cells, FEW};
    use crate::state::Progress;
    use qg_provenance::leaf::Priority;

    #[test]
    fn names_are_in_order_few_or_many() {
        let mut cells = Cells::default();
        for (count, step) in (0..FEW * 3).rev().enumerate() {
            let name = format!("{step:03}");
            let cell = || Cell { progress: Progress::Fresh, priority: Priority::Plain };
            assert!(cells.get(&name).is_none());
            cells.insert(name.as_str().into(), cell());
            cells.insert(
                name.as_str().into(),
                Cell { progress: Progress::Running, priority: Priority::Plain },
            );
            assert_eq!(cells.len(), count + 1);
            assert!(matches!(cells.get(&name), Some(Cell { progress: Progress::Running, .. })));
            assert!(cells.get_mut(&name).is_some() && cells.get("none").is_none());
            let names: Vec<_> = cells.iter().map(|(name, _)| name.to_string()).collect();
            assert!(names.is_sorted());
        }
    }
}
