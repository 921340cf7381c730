//! Who said a value. The values of an evaluation, the leaves of the model and the lines of the output all know it, and
//! so it stands below them.

#[cfg(feature = "json")]
mod json;
pub mod leaf;
pub mod origin;
pub mod url;
