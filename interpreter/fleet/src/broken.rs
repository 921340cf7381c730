//! Which parts of an evaluated model have something unknown in them.

use qg_evaluation::Evaluation;
use qg_evaluation::value::{NodeId, Parts, Value};

/// For each node: whether a field of it, or of anything written in it, is unknown.
#[derive(Debug, Default)]
pub struct Broken(Vec<Option<bool>>);

impl Broken {
    /// Looks at every node once.
    #[must_use]
    pub fn of(state: &Evaluation) -> Broken {
        let mut broken = Broken(vec![None; state.nodes.len()]);
        for at in 0..state.nodes.len() as u32 {
            broken.node(state, NodeId(at));
        }
        broken
    }

    #[must_use]
    pub fn is(&self, id: NodeId) -> bool {
        self.0.get(id.0 as usize).copied().flatten().unwrap_or(false)
    }

    fn node(&mut self, state: &Evaluation, id: NodeId) -> bool {
        if let Some(known) = self.0.get(id.0 as usize).copied().flatten() {
            return known;
        }
        // Records are trees; a node on the way is taken as whole while its parts are looked at.
        if let Some(cell) = self.0.get_mut(id.0 as usize) {
            *cell = Some(false);
        }
        let mut found = false;
        for cell in state.node(id).cells.values() {
            found |= cell.progress.done().is_none_or(|val| self.value(state, &val.value));
        }
        if let Some(cell) = self.0.get_mut(id.0 as usize) {
            *cell = Some(found);
        }
        found
    }

    fn value(&mut self, state: &Evaluation, value: &Value) -> bool {
        match value.parts() {
            Parts::Elements(list) => {
                !list.complete || list.items.iter().any(|item| self.value(state, &item.value))
            }
            Parts::Fields(id) => self.node(state, id),
            Parts::None => matches!(value, Value::Unknown),
        }
    }
}
