//! Places of the model, for findings.

use qg_lang::span::{FileId, Span};

use crate::fleet::Fleet;
use crate::fleet::leaf::OriginId;

/// The place to show for a value; the start of the first file where none is known.
#[must_use]
pub(super) fn place(fleet: &Fleet, origin: OriginId) -> Span {
    fleet.origins.span(origin).unwrap_or(Span::new(FileId(0), 0, 0))
}

/// The first of these that is known.
#[must_use]
pub(super) fn first_place(fleet: &Fleet, origins: &[OriginId]) -> Span {
    let known = origins.iter().find_map(|origin| fleet.origins.span(*origin));
    known.unwrap_or(Span::new(FileId(0), 0, 0))
}
