//! Types: what is declared, and whether each expression fits.

mod body;
mod bounds;
mod bring;
mod calls;
mod checker;
mod cycles;
mod declare;
pub mod env;
mod expr;
mod fits;
pub mod formats;
mod get;
mod graph;
mod guesses;
mod literals;
mod members;
mod mismatch;
mod modules;
mod names;
mod narrowing;
pub mod nix;
mod nix_height;
mod nixpkgs;
mod ops;
mod order;
mod refine;
pub(crate) mod run;
mod show;
pub mod types;
mod variants;

pub use literals::beside;
pub use ops::not_below;

/// A type as one would write it.
#[must_use]
pub fn spell_type(declarations: &types::Declarations, ty: &types::Type) -> String {
    let tables = env::Tables::new(declarations);
    env::Env { declarations, tables: &tables }.show(ty)
}
