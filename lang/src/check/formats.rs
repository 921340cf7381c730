//! Placeholder until the checker lands.
use super::types::Type;
/// x
pub fn fits(_ty: &Type, _text: &str) -> Result<(), String> { Ok(()) }
