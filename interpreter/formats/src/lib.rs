//! File formats: how a tree of plain data is spelled, with the origins of every line.
//!
//! What each writer makes is read back by an independent reader in its tests.

pub mod directives;
pub mod document;
pub mod ini;
pub mod json;
pub mod nix;
pub mod sops;
#[cfg(test)]
#[path = "../../../tests/src/sops.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod sops_files;
pub mod systemd;
pub mod tera;
pub mod toml;
pub mod tree;
pub mod yaml;

pub use document::{Document, Refusal};
pub use tree::{Entries, Seal, Tree, TreeNode, TreePiece};
