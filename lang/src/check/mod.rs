//! Types: what is declared, and whether each expression fits.

pub mod types;
