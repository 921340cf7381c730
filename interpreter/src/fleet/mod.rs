//! The typed fleet: what checks and targets read. Each leaf knows where it came from.
//!
//! [`Model`] mirrors `schema Model` of the standard library, struct by schema and field by field;
//! it is read through serde from the evaluated model.

pub mod broken;
pub mod leaf;
pub mod origin;
pub mod read;

use std::sync::Arc;

use origin::Origins;

/// Every enabled entity of the fleet, by kind and key.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Model {}

/// A whole fleet, or what of it is known.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    pub model: Model,
    pub origins: Arc<Origins>,
    /// Something is missing because it has an error: nothing is concluded from what is not there.
    pub partial: bool,
}
