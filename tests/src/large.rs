//! Inputs past a limit of the language, too long to be files of the suite.

use qg_lang::world::MemoryWorld;

/// The code that each one must bring.
pub const CASES: &[(&str, fn() -> MemoryWorld)] = &[];
