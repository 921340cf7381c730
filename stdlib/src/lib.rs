//! The standard library of QG: schemas, kinds and functions, written in the language itself.

/// Virtual path and text of each file, in the order of their paths.
pub const FILES: &[(&str, &str)] = &[];
