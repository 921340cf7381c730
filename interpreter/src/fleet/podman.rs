//! Mirrors `std/podman.qg`: images that are pulled or built, and what is said in the words of Kubernetes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Model;
use super::container::{MountSource, Pull};
use super::leaf::{At, EntityPath, OriginId};
use super::service::{Port, Unit};

/// Keys of a Quadlet section by their own names.
pub type Keys = BTreeMap<String, At<Vec<At<String>>>>;

/// An image that a host pulls.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Pulled {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub image: At<String>,
    pub tag: Option<At<String>>,
    pub policy: Option<At<Pull>>,
    pub auth_file: Option<At<MountSource>>,
    pub arch: Option<At<String>>,
    pub os: Option<At<String>>,
    pub variant: Option<At<String>>,
    pub tls_verify: Option<At<bool>>,
    pub retry: Option<At<i64>>,
    /// Milliseconds.
    pub retry_delay: Option<At<u64>>,
    pub podman_args: At<Vec<At<String>>>,
    pub unit: At<Unit>,
    pub quadlet: Keys,
}

/// An image that a host builds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Build {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub tags: At<Vec<At<String>>>,
    pub file: Option<At<MountSource>>,
    pub context: Option<At<String>>,
    pub target: Option<At<String>>,
    pub args: BTreeMap<String, At<String>>,
    pub env: BTreeMap<String, At<String>>,
    pub labels: BTreeMap<String, At<String>>,
    pub pull: Option<At<Pull>>,
    pub auth_file: Option<At<MountSource>>,
    pub tls_verify: Option<At<bool>>,
    pub secrets: BTreeMap<String, At<EntityPath>>,
    pub podman_args: At<Vec<At<String>>>,
    pub unit: At<Unit>,
    pub quadlet: Keys,
}

/// Pods and containers in the words of Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Kube {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub yaml: At<Vec<At<MountSource>>>,
    pub config_maps: At<Vec<At<MountSource>>>,
    pub networks: At<Vec<At<EntityPath>>>,
    pub ports: BTreeMap<String, At<Port>>,
    pub exit_codes: Option<At<ExitCodes>>,
    pub down_force: At<bool>,
    pub unit: At<Unit>,
    pub quadlet: Keys,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitCodes {
    All,
    Any,
    None,
}

impl ExitCodes {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ExitCodes::All => "all",
            ExitCodes::Any => "any",
            ExitCodes::None => "none",
        }
    }
}

/// An artifact that a host fetches.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Artifact {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub artifact: At<String>,
    pub auth_file: Option<At<MountSource>>,
    pub tls_verify: Option<At<bool>>,
    pub podman_args: At<Vec<At<String>>>,
    pub unit: At<Unit>,
    pub quadlet: Keys,
}

impl Model {
    /// The units of a host that Podman runs besides those of containers.
    pub fn podman_units<'f>(&'f self, host: &'f str) -> impl Iterator<Item = &'f At<Unit>> {
        let pods = self.pods_on(host).map(|(_, it)| &it.unit);
        let networks = self.networks_on(host).map(|(_, it)| &it.unit);
        let volumes = self.volumes_on(host).map(|(_, it)| &it.unit);
        let pulled = self.pulled_on(host).map(|(_, it)| &it.unit);
        let builds = self.builds_on(host).map(|(_, it)| &it.unit);
        let kubes = self.kubes_on(host).map(|(_, it)| &it.unit);
        let artifacts = self.artifacts_on(host).map(|(_, it)| &it.unit);
        pods.chain(networks)
            .chain(volumes)
            .chain(pulled)
            .chain(builds)
            .chain(kubes)
            .chain(artifacts)
    }

    /// The secrets that images, builds and artifacts of a host need, and who said so.
    pub fn podman_secrets<'f>(
        &'f self,
        host: &'f str,
    ) -> impl Iterator<Item = (&'f EntityPath, OriginId)> {
        let pulled = self.pulled_on(host).map(|(_, it)| &it.auth_file);
        let builds = self.builds_on(host).map(|(_, it)| it);
        let artifacts = self.artifacts_on(host).map(|(_, it)| &it.auth_file);
        let files = pulled.chain(self.builds_on(host).map(|(_, it)| &it.auth_file));
        let files = files.chain(artifacts);
        let files = files.flatten().filter_map(|file| match &file.value {
            MountSource::Secret(secret) => Some((secret, file.origin)),
            MountSource::Path(_) | MountSource::File(_) | MountSource::Volume(_) => None,
        });
        let steps = builds.flat_map(|it| it.secrets.values()).map(|it| (&it.value, it.origin));
        files.chain(steps)
    }
}
