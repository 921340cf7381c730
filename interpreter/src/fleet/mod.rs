//! The typed fleet: what checks and targets read. Each leaf knows where it came from.
//!
//! [`Model`] mirrors `schema Model` of the standard library, struct by schema and field by field;
//! it is read through serde from the evaluated model.

pub mod broken;
pub mod leaf;
pub mod origin;
pub mod portal;
pub mod proxy;
pub mod read;
pub mod route;
pub mod service;
pub mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use leaf::At;
use origin::Origins;

/// Every enabled entity of the fleet, by kind and key.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Model {
    pub fleet: service::FleetWide,
    pub host: BTreeMap<String, At<service::Host>>,
    pub service: BTreeMap<String, At<service::Service>>,
    pub secret: BTreeMap<String, At<service::Secret>>,
    pub proxy: BTreeMap<String, At<proxy::Proxy>>,
    pub middleware: BTreeMap<String, At<proxy::Middleware>>,
    pub portal: BTreeMap<String, At<portal::Portal>>,
    pub people: BTreeMap<String, At<route::People>>,
    pub person: BTreeMap<String, At<route::Person>>,
}

/// A whole fleet, or what of it is known.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    pub model: Model,
    pub origins: Arc<Origins>,
    /// Something is missing because it has an error: nothing is concluded from what is not there.
    pub partial: bool,
}
