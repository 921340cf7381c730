//! The language server over its pipes: the real `qgc lsp`.
#![allow(clippy::unwrap_used, clippy::string_slice)] // texts of tests, cut where they are known

mod broken;
mod data;
mod features;
mod findings;
mod fleet;
mod fuzz;
mod libraries;
mod life;
mod memory;
mod phases;
mod typing;
mod windows;
