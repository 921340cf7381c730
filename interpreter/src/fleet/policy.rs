//! Mirrors the policies of `std/model.qg`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::leaf::{At, EntityPath};

/// A rule of the user's own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Policy {
    pub deny: BTreeMap<String, At<Denial>>,
}

/// One thing that it refuses.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Denial {
    pub at: At<EntityPath>,
    pub because: At<String>,
}
