//! The fields of a node that were asked for, by name. Most nodes have a few, some have many thousands.

use std::collections::BTreeMap;
use std::mem::size_of;
use std::sync::Arc;

use super::state::Slot;

/// So many lie in one row; more become a tree.
const FEW: usize = 48;

/// Fields by name, in the order of their names.
#[derive(Clone, Debug)]
pub enum Slots {
    Few(Vec<(Arc<str>, Slot)>),
    Many(BTreeMap<Arc<str>, Slot>),
}

impl Default for Slots {
    fn default() -> Slots {
        Slots::Few(Vec::new())
    }
}

impl Slots {
    /// The bytes of a field.
    pub const ROW: usize = size_of::<(Arc<str>, Slot)>();

    /// Room for so many.
    #[must_use]
    pub fn of(fields: usize) -> Slots {
        Slots::Few(Vec::with_capacity(fields.min(FEW)))
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Slot> {
        match self {
            Slots::Few(row) => row.get(place(row, name).ok()?).map(|(_, slot)| slot),
            Slots::Many(tree) => tree.get(name),
        }
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Slot> {
        match self {
            Slots::Few(row) => {
                let at = place(row, name).ok()?;
                row.get_mut(at).map(|(_, slot)| slot)
            }
            Slots::Many(tree) => tree.get_mut(name),
        }
    }

    /// Sets a field; what it was before is gone.
    pub fn insert(&mut self, name: Arc<str>, slot: Slot) {
        match self {
            Slots::Few(row) => match place(row, &name) {
                Ok(at) => row[at].1 = slot,
                Err(at) if row.len() < FEW => row.insert(at, (name, slot)),
                Err(_) => {
                    let mut tree: BTreeMap<_, _> = std::mem::take(row).into_iter().collect();
                    tree.insert(name, slot);
                    *self = Slots::Many(tree);
                }
            },
            Slots::Many(tree) => {
                tree.insert(name, slot);
            }
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Slots::Few(row) => row.len(),
            Slots::Many(tree) => tree.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every field, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Slot)> {
        let (row, tree) = match self {
            Slots::Few(row) => (Some(row.iter()), None),
            Slots::Many(tree) => (None, Some(tree.iter())),
        };
        let row = row.into_iter().flatten().map(|(name, slot)| (name, slot));
        row.chain(tree.into_iter().flatten())
    }

    /// Every field's slot, by name.
    pub fn values(&self) -> impl Iterator<Item = &Slot> {
        self.iter().map(|(_, slot)| slot)
    }
}

fn place(row: &[(Arc<str>, Slot)], name: &str) -> Result<usize, usize> {
    row.binary_search_by(|(known, _)| (**known).cmp(name))
}

#[cfg(test)]
mod tests {
    use super::{FEW, Slot, Slots};
    use crate::eval::state::Memo;
    use crate::fleet::leaf::Rung;

    #[test]
    fn names_are_in_order_few_or_many() {
        let mut slots = Slots::default();
        for (count, step) in (0..FEW * 3).rev().enumerate() {
            let name = format!("{step:03}");
            let slot = || Slot { memo: Memo::Fresh, rung: Rung::Plain };
            assert!(slots.get(&name).is_none());
            slots.insert(name.as_str().into(), slot());
            slots.insert(name.as_str().into(), Slot { memo: Memo::Running, rung: Rung::Plain });
            assert_eq!(slots.len(), count + 1);
            assert!(matches!(slots.get(&name), Some(Slot { memo: Memo::Running, .. })));
            assert!(slots.get_mut(&name).is_some() && slots.get("none").is_none());
            let names: Vec<_> = slots.iter().map(|(name, _)| name.to_string()).collect();
            assert!(names.is_sorted());
        }
    }
}
