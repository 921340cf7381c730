//! Room for functions that call themselves.
//!
//! What was written may nest [`MAX_NESTING`] deep, in text and in values alike, so what walks a tree, a
//! type or a value finds its room at the door of each phase ([`roomy`]). What follows one definition to
//! the next may go much further, and asks at each step ([`grow`]).

/// How deep brackets nest in a text, and lists, records and types in one another.
pub const MAX_NESTING: usize = 128;

/// How many expressions may wait for one another. A definition that needs the next one takes about two.
pub const MAX_WAITING: usize = 40_000;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Runs one step of what may go deep, on more stack where little is left. What it calls in turn needs
/// less than what is left at least, or asks again.
pub fn grow<T>(step: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(256 * KIB, 4 * MIB, step)
}

/// Runs a phase that recurses no deeper than things may nest, whatever thread it is on: for each level
/// there are 64 KiB.
pub fn roomy<T>(phase: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(MAX_NESTING * 64 * KIB, 16 * MIB, phase)
}
