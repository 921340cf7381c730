//! Where values come from: one table for a whole evaluation.

use std::mem::size_of;
use std::sync::Arc;

use qg_lang::span::Span;

use super::leaf::{OriginId, Priority};

/// How a value came to be at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginKind {
    /// Written there: a literal, or an expression that computes.
    Written,
    /// A field was said, on this priority.
    Said(Priority),
    /// A field was said inside an `extend`.
    Extended(Priority),
    /// The result of a function; the place is the call.
    Called,
    /// Bound by a loop; the place is the loop's head.
    Looped,
    /// Said under a condition; the place is the condition.
    Chosen,
    /// Computed from other values.
    Computed,
    /// What NixOS has for it, by the table of its modules; the place names the module.
    Module,
}

/// One place that had a part in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    pub span: Span,
    pub how: OriginKind,
    /// What it was computed from, and the loops and calls around it.
    pub parents: &'a [OriginId],
    /// Definitions of the same field that lost against this one.
    pub lost: &'a [OriginId],
}

/// All origins of an evaluation. Row 0 is the unknown one.
///
/// They lie in pieces: the table of a large fleet never needs twice its size to grow, and who goes on
/// with it while another still reads it shares all of them but the last.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    pieces: Vec<Arc<Piece>>,
}

/// Rows of one piece.
const PIECE: usize = 1 << 12;

#[derive(Clone, Debug, Default)]
struct Piece {
    rows: Vec<Row>,
    /// The parents and then the lost ones of each row, one row after another.
    others: Vec<OriginId>,
}

/// There are many: a row owns no list of its own.
#[derive(Clone, Copy, Debug)]
struct Row {
    span: Span,
    how: OriginKind,
    /// Where the lost ones begin, and where they end; the parents begin where the row before ends.
    lost: u32,
    end: u32,
}

impl Origins {
    /// Adds a row and gives its number.
    pub fn add(&mut self, origin: Origin<'_>) -> OriginId {
        if self.pieces.last().is_none_or(|piece| piece.rows.len() >= PIECE) {
            self.pieces.push(Arc::default());
        }
        if let Some(last) = self.pieces.last_mut() {
            let piece = Arc::make_mut(last);
            piece.others.extend_from_slice(origin.parents);
            let lost = piece.others.len() as u32;
            piece.others.extend_from_slice(origin.lost);
            let end = piece.others.len() as u32;
            piece.rows.push(Row { span: origin.span, how: origin.how, lost, end });
        }
        OriginId(self.len() as u32)
    }

    /// The bytes that a row takes.
    #[must_use]
    pub fn size(origin: &Origin<'_>) -> usize {
        size_of::<Row>() + size_of::<OriginId>() * (origin.parents.len() + origin.lost.len())
    }

    #[must_use]
    pub fn get(&self, id: OriginId) -> Option<Origin<'_>> {
        let index = (id.0 as usize).checked_sub(1)?;
        let (piece, index) = (self.pieces.get(index / PIECE)?, index % PIECE);
        let row = piece.rows.get(index)?;
        let start = index.checked_sub(1).and_then(|before| piece.rows.get(before));
        let start = start.map_or(0, |before| before.end as usize);
        let (lost, end) = (row.lost as usize, row.end as usize);
        Some(Origin {
            span: row.span,
            how: row.how,
            parents: piece.others.get(start..lost)?,
            lost: piece.others.get(lost..end)?,
        })
    }

    /// The place to show for a value.
    #[must_use]
    pub fn span(&self, id: OriginId) -> Option<Span> {
        self.get(id).map(|origin| origin.span)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| (self.pieces.len() - 1) * PIECE + last.rows.len())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use qg_lang::span::{FileId, Span};

    use super::*;

    #[test]
    fn each_row_keeps_what_it_was_made_of_across_pieces() {
        let mut origins = Origins::default();
        for row in 0..PIECE as u32 * 2 + 5 {
            let parents = [OriginId(row)];
            let (span, how) = (Span::new(FileId(0), row, row + 1), OriginKind::Computed);
            let lost: &[OriginId] = if row % 2 == 0 { &parents } else { &[] };
            assert_eq!(
                origins.add(Origin { span, how, parents: &parents, lost }),
                OriginId(row + 1)
            );
        }
        let before = origins.clone();
        origins.add(Origin {
            span: Span::new(FileId(0), 7, 8),
            how: OriginKind::Called,
            parents: &[],
            lost: &[],
        });
        assert_eq!(origins.len(), before.len() + 1);
        for row in [0, 1, PIECE as u32 - 1, PIECE as u32, PIECE as u32 * 2 + 4] {
            let found = before.get(OriginId(row + 1)).expect("it was added");
            assert_eq!((found.span.start, found.parents), (row, &[OriginId(row)][..]));
            assert_eq!(found.lost.len(), usize::from(row % 2 == 0));
        }
        assert!(origins.get(OriginId(0)).is_none());
    }
}
