//! What the server answers, one feature per file. Each reads a snapshot and knows nothing of the
//! server around it.

pub(crate) mod actions;
pub(crate) mod completion;
pub(crate) mod diagnostics;
pub(crate) mod goto;
pub(crate) mod hover;
pub(crate) mod symbols;
