//! How much work it is to compare values: that of their parts, as often as they stand there.

use std::collections::HashMap;

use qg_lang::span::Span;

use super::Evaluator;
use super::limits::extent;
use super::state::Evaluation;
use crate::value::{NodeId, Parts, Val, Value};

impl Evaluator<'_> {
    /// Counts the work of sorting; false when the fuel is used up.
    pub(crate) fn charge_sorting<'v>(
        &mut self,
        items: impl Iterator<Item = &'v Val>,
        span: Span,
    ) -> bool {
        let mut scale = Scale { state: &self.state, nodes: HashMap::new() };
        let (mut count, mut weight) = (0_usize, 0_usize);
        for item in items {
            count += 1;
            weight = weight.saturating_add(scale.value(&item.value));
        }
        // Each is compared about as often as the number of all can be halved.
        let rounds = (usize::BITS - count.leading_zeros()) as usize;
        self.charge(weight.saturating_mul(rounds), span)
    }
}

struct Scale<'s> {
    state: &'s Evaluation,
    /// What was weighed already: a record that stands at many places is walked once.
    nodes: HashMap<NodeId, usize>,
}

impl Scale<'_> {
    fn value(&mut self, value: &Value) -> usize {
        match value.parts() {
            Parts::Elements(list) => {
                let parts = list.items.iter().map(|item| self.value(&item.value));
                parts.fold(1, usize::saturating_add)
            }
            Parts::Fields(id) => self.node(id),
            Parts::None => 1 + extent(value),
        }
    }

    fn node(&mut self, id: NodeId) -> usize {
        if let Some(known) = self.nodes.get(&id) {
            return *known;
        }
        let node = self.state.node(id);
        if node.placed {
            // Compared by its place.
            return 1 + node.depth;
        }
        let vals = node.cells.values().filter_map(|cell| cell.progress.done());
        let weight = vals.fold(1_usize, |sum, val| sum.saturating_add(self.value(&val.value)));
        self.nodes.insert(id, weight);
        weight
    }
}
