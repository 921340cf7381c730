//! Questions that checks and targets ask of a fleet.

use super::container::Container;
use super::leaf::{At, EntityPath};
use super::secret_uses::Entity;
use super::service::{Service, Unit};
use super::{Fleet, Model};

impl Model {
    /// The unit that runs an entity; none of what no unit runs.
    #[must_use]
    pub fn unit_of(&self, (kind, key): Entity<'_>) -> Option<&Unit> {
        Some(match kind {
            "service" => &self.service.get(key)?.unit,
            "pod" => &self.pod.get(key)?.unit,
            "network" => &self.network.get(key)?.unit,
            "volume" => &self.volume.get(key)?.unit,
            "pulled" => &self.pulled.get(key)?.unit,
            "build" => &self.build.get(key)?.unit,
            "kube" => &self.kube.get(key)?.unit,
            "artifact" => &self.artifact.get(key)?.unit,
            _ => return None,
        })
    }
}

impl Fleet {
    /// The services of a host that are containers, by name.
    pub fn containers_on<'f>(
        &'f self,
        host: &str,
    ) -> impl Iterator<Item = (&'f str, &'f At<Service>, &'f At<Container>)> + use<'f> {
        let services = self.model.services_on(host);
        services.filter_map(|(name, service)| Some((name, service, service.container.as_ref()?)))
    }

    /// The services whose containers live in a pod, by name.
    pub fn members<'f>(
        &'f self,
        pod: &str,
    ) -> impl Iterator<Item = (&'f str, &'f At<Service>, &'f At<Container>)> + use<'f> {
        let members = self.model.members_of(pod);
        members.filter_map(|(name, service)| Some((name, service, service.container.as_ref()?)))
    }

    /// The name of the systemd unit of a service or pod.
    #[must_use]
    pub fn unit_name(&self, path: &EntityPath) -> Option<&str> {
        let unit = match path.kind() {
            "service" => &self.model.service.get(path.entity())?.unit,
            "pod" => &self.model.pod.get(path.entity())?.unit,
            "kube" => &self.model.kube.get(path.entity())?.unit,
            _ => return None,
        };
        Some(&unit.name.value)
    }

    /// Where a secret lies on its host when it is opened.
    #[must_use]
    pub fn secret_path(&self, secret: &EntityPath) -> String {
        self.model.secret.get(secret.entity()).map_or_else(String::new, |it| it.path.value.clone())
    }
}
