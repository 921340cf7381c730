//! The typed fleet: what checks and targets read. Each leaf knows where it came from.
//!
//! [`Model`] mirrors `schema Model` of the standard library, struct by schema and field by field;
//! it is read through serde from the evaluated model.

pub mod backup;
pub mod broken;
pub mod container;
pub mod host;
pub mod leaf;
pub mod origin;
pub mod policy;
pub mod portal;
pub mod proxy;
pub mod read;
pub mod route;
pub mod service;
pub mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use qg_lang::world::World;

use container::MountSource;
use leaf::{At, Data};
use origin::Origins;

/// Every enabled entity of the fleet, by kind and key.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Model {
    pub fleet: host::FleetWide,
    pub host: BTreeMap<String, At<host::Host>>,
    pub user: BTreeMap<String, At<host::User>>,
    pub group: BTreeMap<String, At<host::Group>>,
    pub people: BTreeMap<String, At<route::People>>,
    pub person: BTreeMap<String, At<route::Person>>,
    pub secret: BTreeMap<String, At<backup::Secret>>,
    pub proxy: BTreeMap<String, At<proxy::Proxy>>,
    pub middleware: BTreeMap<String, At<proxy::Middleware>>,
    pub portal: BTreeMap<String, At<portal::Portal>>,
    pub service: BTreeMap<String, At<service::Service>>,
    pub pod: BTreeMap<String, At<container::Pod>>,
    pub network: BTreeMap<String, At<container::Network>>,
    pub volume: BTreeMap<String, At<container::Volume>>,
    pub vault: BTreeMap<String, At<backup::Vault>>,
    pub script: BTreeMap<String, At<service::Script>>,
    pub policy: BTreeMap<String, At<policy::Policy>>,
}

/// A whole fleet, or what of it is known.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    pub model: Model,
    pub origins: Arc<Origins>,
    /// Something is missing because it has an error: nothing is concluded from what is not there.
    pub partial: bool,
    /// What is in the files beside the sources that templates and whole files are made from, by path.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

impl Fleet {
    /// Reads the files beside the sources that targets look into.
    pub fn read_files(&mut self, world: &dyn World) {
        let mut named: BTreeSet<String> = BTreeSet::new();
        let model = &self.model;
        let hosts = model.host.values().flat_map(|host| host.file.values());
        let services = model.service.values().flat_map(|service| service.file.values());
        let files = hosts.chain(services).flat_map(|file| [&file.template, &file.source]);
        named.extend(files.flatten().map(|path| path.value.clone()));
        let scripts = model.script.values().filter_map(|script| script.file.as_ref());
        let secrets = model.secret.values().filter_map(|secret| secret.file.as_ref());
        named.extend(scripts.chain(secrets).map(|path| path.value.clone()));
        for host in model.host.values() {
            host.modules.iter().for_each(|module| data_files(module, &mut named));
            host.nix.iter().for_each(|data| data_files(data, &mut named));
        }
        for service in model.service.values() {
            service.native.values().for_each(|data| data_files(data, &mut named));
            for mount in service.container.iter().flat_map(|it| it.mounts.values()) {
                if let MountSource::File(path) = &mount.source.value {
                    named.insert(path.clone());
                }
            }
        }
        for path in named {
            if let Some(bytes) = world.read(&path) {
                self.files.insert(path, bytes);
            }
        }
    }
}

/// Every file beside the sources in free data.
fn data_files(data: &At<Data>, found: &mut BTreeSet<String>) {
    match &data.value {
        Data::File(path) => {
            found.insert(path.clone());
        }
        Data::List(items) => items.iter().for_each(|item| data_files(item, found)),
        Data::Record(fields) => fields.values().for_each(|value| data_files(value, found)),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_) => {}
    }
}
