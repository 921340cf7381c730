//! Rows that never move: an arena grows by pieces, so that it never needs twice its size for a moment.

use std::ops::{Index, IndexMut};

/// Rows of one piece: a power of two, so that a place is found with two steps.
const PIECE: usize = 1 << 12;

/// Rows by number, from 0.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    pieces: Vec<Vec<T>>,
}

impl<T> Default for Arena<T> {
    fn default() -> Arena<T> {
        Arena { pieces: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Adds a row and gives its number.
    pub fn push(&mut self, row: T) -> usize {
        let at = self.len();
        match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => piece.push(row),
            // The first piece grows as it is needed, for most questions are small.
            None => {
                let mut piece = Vec::with_capacity(if at == 0 { 0 } else { PIECE });
                piece.push(row);
                self.pieces.push(piece);
            }
        }
        at
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| (self.pieces.len() - 1) * PIECE + last.len())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    #[must_use]
    pub fn get(&self, at: usize) -> Option<&T> {
        self.pieces.get(at / PIECE)?.get(at % PIECE)
    }

    /// Every row, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }
}

impl<T> Index<usize> for Arena<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.pieces[at / PIECE][at % PIECE]
    }
}

impl<T> IndexMut<usize> for Arena<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut self.pieces[at / PIECE][at % PIECE]
    }
}

#[cfg(test)]
mod tests {
    use super::{Arena, PIECE};

    #[test]
    fn rows_are_found_by_number_in_every_piece() {
        let mut arena = Arena::default();
        assert!(arena.is_empty() && arena.get(0).is_none());
        for row in 0..PIECE * 2 + 3 {
            assert_eq!(arena.push(row), row);
        }
        arena[PIECE] += 1;
        assert_eq!(
            (arena.len(), arena[PIECE - 1], arena[PIECE]),
            (PIECE * 2 + 3, PIECE - 1, PIECE + 1)
        );
        assert_eq!(arena.get(PIECE * 2 + 2), Some(&(PIECE * 2 + 2)));
        assert!(arena.get(PIECE * 2 + 3).is_none());
        assert_eq!(arena.iter().count(), arena.len());
    }
}
