//! stand-in
use super::leaf::*;
use super::route::{Oidc, Route};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Service {
    pub on: Option<At<EntityPath>>,
    pub at: Option<At<String>>,
    pub ports: BTreeMap<String, At<Port>>,
    pub route: BTreeMap<String, At<Route>>,
    pub oidc: Option<At<Oidc>>,
    pub file: BTreeMap<String, At<File>>,
}
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Port {
    pub inside: At<PortNumber>,
    pub host: At<PortNumber>,
    pub open: At<bool>,
    pub address: At<String>,
    pub publish: At<bool>,
}
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Host {
    pub address: Option<At<String>>,
    pub file: BTreeMap<String, At<File>>,
}
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Secret {
    pub path: At<String>,
}
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct FleetWide {
    pub domain: At<String>,
}
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct File {
    pub text: Option<At<Sealed>>,
    pub yaml: Option<At<Data>>,
    pub json: Option<At<Data>>,
    pub toml: Option<At<Data>>,
    pub ini: Option<At<Data>>,
    pub template: Option<At<String>>,
    pub values: Option<At<Data>>,
    pub source: Option<At<String>>,
    pub owner: At<String>,
    pub group: At<String>,
    pub mode: At<u32>,
}
