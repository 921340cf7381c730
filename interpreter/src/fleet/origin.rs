//! Where values come from: one table for a whole evaluation.

use qg_lang::span::Span;

use super::leaf::{OriginId, Rung};

/// How a value came to be at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// Written there: a literal, or an expression that computes.
    Written,
    /// A field was said, on this rung.
    Said(Rung),
    /// A field was said inside an `extend`.
    Extended(Rung),
    /// The result of a function; the place is the call.
    Called,
    /// Bound by a loop; the place is the loop's head.
    Looped,
    /// Said under a condition; the place is the condition.
    Chosen,
    /// Computed from other values.
    Computed,
}

/// One place that had a part in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub span: Span,
    pub how: How,
    /// What it was computed from, and the loops and calls around it.
    pub parents: Vec<OriginId>,
    /// Sayings of the same field that lost against this one.
    pub lost: Vec<OriginId>,
}

/// All origins of an evaluation. Row 0 is the unknown one.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    rows: Vec<Origin>,
}

impl Origins {
    /// Adds a row and gives its number.
    pub fn add(&mut self, origin: Origin) -> OriginId {
        self.rows.push(origin);
        OriginId(self.rows.len() as u32)
    }

    #[must_use]
    pub fn get(&self, id: OriginId) -> Option<&Origin> {
        (id.0 as usize).checked_sub(1).and_then(|index| self.rows.get(index))
    }

    /// The place to show for a value.
    #[must_use]
    pub fn span(&self, id: OriginId) -> Option<Span> {
        self.get(id).map(|origin| origin.span)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
