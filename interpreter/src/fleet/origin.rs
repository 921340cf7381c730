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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    pub span: Span,
    pub how: How,
    /// What it was computed from, and the loops and calls around it.
    pub parents: &'a [OriginId],
    /// Sayings of the same field that lost against this one.
    pub lost: &'a [OriginId],
}

/// All origins of an evaluation. Row 0 is the unknown one.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    rows: Vec<Row>,
    /// The parents and then the lost ones of each row, one row after another.
    others: Vec<OriginId>,
}

/// There are many: a row owns no list of its own.
#[derive(Clone, Copy, Debug)]
struct Row {
    span: Span,
    how: How,
    /// Where the lost ones begin, and where they end; the parents begin where the row before ends.
    lost: u32,
    end: u32,
}

impl Origins {
    /// Adds a row and gives its number.
    pub fn add(&mut self, origin: Origin<'_>) -> OriginId {
        let room = (u32::MAX as usize).saturating_sub(self.others.len());
        let fits = origin.parents.len() + origin.lost.len() <= room;
        let origin = if fits { origin } else { Origin { parents: &[], lost: &[], ..origin } };
        self.others.extend_from_slice(origin.parents);
        let lost = self.others.len() as u32;
        self.others.extend_from_slice(origin.lost);
        let end = self.others.len() as u32;
        self.rows.push(Row { span: origin.span, how: origin.how, lost, end });
        OriginId(self.rows.len() as u32)
    }

    #[must_use]
    pub fn get(&self, id: OriginId) -> Option<Origin<'_>> {
        let index = (id.0 as usize).checked_sub(1)?;
        let row = self.rows.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.rows.get(before));
        let start = start.map_or(0, |before| before.end as usize);
        let (lost, end) = (row.lost as usize, row.end as usize);
        Some(Origin {
            span: row.span,
            how: row.how,
            parents: self.others.get(start..lost)?,
            lost: self.others.get(lost..end)?,
        })
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
