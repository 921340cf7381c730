//! The units that Podman's generator makes of Quadlet files (podman-systemd.unit(5)): which has which name.

use super::Fleet;
use super::leaf::{At, OriginId};
use super::service::Unit;

/// A unit of Podman, and the Quadlet file that it is made of.
#[derive(Clone, Copy, Debug)]
pub struct PodmanUnit<'f> {
    /// What the name of the file ends in.
    pub kind: &'static str,
    pub name: &'f str,
    /// What Podman's generator makes of it.
    pub unit: &'f At<Unit>,
    /// Who asked for it.
    pub by: OriginId,
}

impl PodmanUnit<'_> {
    /// The place of its file in the host's folder.
    #[must_use]
    pub fn place(&self) -> String {
        format!("quadlet/{}.{}", self.name, self.kind)
    }

    /// The name of its unit, without the ending.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.unit.name.as_str();
        name.strip_suffix(".service").unwrap_or(name)
    }
}

impl Fleet {
    pub(super) fn find_podman_units<'f>(&'f self, host: &str) -> Vec<PodmanUnit<'f>> {
        let model = &self.model;
        let unit = |kind, name, unit, by| PodmanUnit { kind, name, unit, by };
        let mut all: Vec<PodmanUnit<'f>> = self
            .containers_on(host)
            .map(|(name, service, it)| unit("container", name, &service.unit, it.origin))
            .collect();
        all.extend(model.pods_on(host).map(|(name, it)| unit("pod", name, &it.unit, it.origin)));
        all.extend(
            model.networks_on(host).map(|(name, it)| unit("network", name, &it.unit, it.origin)),
        );
        all.extend(
            model.volumes_on(host).map(|(name, it)| unit("volume", name, &it.unit, it.origin)),
        );
        all.extend(
            model.pulled_on(host).map(|(name, it)| unit("image", name, &it.unit, it.origin)),
        );
        all.extend(
            model.builds_on(host).map(|(name, it)| unit("build", name, &it.unit, it.origin)),
        );
        all.extend(model.kubes_on(host).map(|(name, it)| unit("kube", name, &it.unit, it.origin)));
        all.extend(
            model.artifacts_on(host).map(|(name, it)| unit("artifact", name, &it.unit, it.origin)),
        );
        all
    }
}
