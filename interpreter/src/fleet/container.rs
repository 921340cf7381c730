//! Mirrors `std/container.qg`: containers, pods, networks and volumes of Podman.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::leaf::{At, EntityPath, RefOr, Sealed};
use super::service::Unit;

/// A container, run through a Quadlet file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Container {
    pub image: At<RefOr<String>>,
    pub pod: Option<At<EntityPath>>,
    pub network: At<Networking>,
    pub user: Option<At<EntityPath>>,
    pub group: Option<At<EntityPath>>,
    /// By the path inside.
    pub mounts: BTreeMap<String, At<Mount>>,
    pub env: BTreeMap<String, At<Sealed>>,
    pub env_files: At<Vec<At<RefOr<String>>>>,
    pub container_name: Option<At<String>>,
    pub hostname: Option<At<String>>,
    pub add_capabilities: At<Vec<At<String>>>,
    pub drop_capabilities: At<Vec<At<String>>>,
    pub devices: At<Vec<At<String>>>,
    pub dns: At<Vec<At<String>>>,
    pub kernel_modules: At<Vec<At<String>>>,
    pub entrypoint: At<Vec<At<String>>>,
    pub command: At<Vec<At<String>>>,
    pub labels: BTreeMap<String, At<String>>,
    pub sysctl: BTreeMap<String, At<Sealed>>,
    pub tmpfs: At<Vec<At<String>>>,
    pub read_only: At<bool>,
    pub init: At<bool>,
    pub no_new_privileges: At<bool>,
    /// Bytes.
    pub shm_size: Option<At<u64>>,
    /// Bytes.
    pub memory: Option<At<u64>>,
    pub pids_limit: Option<At<i64>>,
    pub health: Option<At<Health>>,
    pub auto_update: At<AutoUpdate>,
    pub pull: Option<At<Pull>>,
    /// Milliseconds.
    pub stop_timeout: Option<At<u64>>,
    pub podman_args: At<Vec<At<String>>>,
    /// Further keys of [Container].
    pub quadlet: BTreeMap<String, At<Vec<At<String>>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Networking {
    #[default]
    Bridge,
    Host,
    None,
    Of(Networks),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Networks {
    pub networks: At<Vec<At<EntityPath>>>,
    pub aliases: At<Vec<At<String>>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoUpdate {
    #[default]
    None,
    Registry,
    Local,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pull {
    Always,
    Missing,
    Never,
    Newer,
}

impl Pull {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Pull::Always => "always",
            Pull::Missing => "missing",
            Pull::Never => "never",
            Pull::Newer => "newer",
        }
    }
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Mount {
    /// A path of the host, a `./file` beside the sources, a volume or a secret.
    pub source: At<MountSource>,
    pub read_only: At<bool>,
    pub relabel: At<Relabel>,
    pub options: At<Vec<At<String>>>,
}

/// What a mount's source is, told apart by its form in the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    Path(String),
    /// Relative to the fleet's root.
    File(String),
    Volume(EntityPath),
    Secret(EntityPath),
}

impl<'de> Deserialize<'de> for MountSource {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<MountSource, D::Error> {
        Ok(match RefOr::<super::leaf::Data>::deserialize(deserializer)? {
            RefOr::Ref(path) if path.kind() == "secret" => MountSource::Secret(path),
            RefOr::Ref(path) => MountSource::Volume(path),
            RefOr::Value(super::leaf::Data::File(path)) => MountSource::File(path),
            RefOr::Value(super::leaf::Data::Text(path)) => MountSource::Path(path),
            RefOr::Value(_) => return Err(serde::de::Error::custom("a mount's source")),
        })
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relabel {
    #[default]
    None,
    Shared,
    Private,
}

/// How Podman sees that a container is well.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Health {
    pub command: At<Vec<At<String>>>,
    /// Milliseconds, as the other times.
    pub interval: Option<At<u64>>,
    pub timeout: Option<At<u64>>,
    pub retries: Option<At<i64>>,
    pub start_period: Option<At<u64>>,
    pub ready: At<bool>,
}

/// Containers that share one network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Pod {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub networks: At<Vec<At<EntityPath>>>,
    pub dns: At<Vec<At<String>>>,
    pub hostname: Option<At<String>>,
    pub unit: At<Unit>,
    pub quadlet: BTreeMap<String, At<Vec<At<String>>>>,
}

/// A network of Podman.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Network {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub subnet: Option<At<String>>,
    pub gateway: Option<At<String>>,
    pub internal: At<bool>,
    pub ipv6: At<bool>,
    pub interface: Option<At<String>>,
    pub unit: At<Unit>,
    pub quadlet: BTreeMap<String, At<Vec<At<String>>>>,
}

/// A volume of Podman.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Volume {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub device: Option<At<String>>,
    pub unit: At<Unit>,
    pub quadlet: BTreeMap<String, At<Vec<At<String>>>>,
}
