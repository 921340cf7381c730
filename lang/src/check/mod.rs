//! Types: what is declared, and whether each expression fits.

pub mod formats;
pub mod types;
/// x
pub fn spell_type(_d: &types::Declarations, _t: &types::Type) -> String { String::new() }
