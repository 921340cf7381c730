//! What the server answers, one feature per file. Each reads a snapshot and knows nothing of the
//! server around it.

pub(crate) mod diagnostics;
