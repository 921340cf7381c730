//! Names to definitions.
