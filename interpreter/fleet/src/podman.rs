//! Images that are pulled or built, and what is said in the words of Kubernetes.

use std::collections::BTreeMap;

use super::Model;
use super::container::Volume;
use super::leaf::At;
pub use super::model::podman::*;
use super::service::Unit;

/// Keys of a Quadlet section by their own names.
pub type Keys = BTreeMap<String, At<Vec<At<String>>>>;

impl Volume {
    /// Whether what it is made of is a folder, which is bound; a device has a file system.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        let mut raw = self.quadlet.get("Type").into_iter().flat_map(|it| it.iter());
        self.r#type.is_none() && raw.all(|it| it.value == "bind")
    }
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
}
