//! Containers that belong to an account instead of root.

use super::Fleet;
use super::leaf::{At, EntityPath};
use super::service::Service;

/// The account whose containers those of a host are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rootless<'f> {
    pub user: &'f At<EntityPath>,
    /// Refused by a check where it is missing.
    pub uid: Option<i64>,
}

impl Rootless<'_> {
    #[must_use]
    pub fn name(&self) -> &str {
        self.user.entity()
    }

    /// The unit of systemd that runs all of its units.
    #[must_use]
    pub fn manager(&self) -> String {
        format!("user@{}.service", self.uid.unwrap_or_default())
    }
}

impl Fleet {
    /// Whose containers those of a host are; root's where there is none.
    #[must_use]
    pub fn rootless(&self, host: &str) -> Option<Rootless<'_>> {
        let user = self.model.host.get(host)?.podman.user.as_ref()?;
        let uid = self.model.user.get(user.entity()).and_then(|it| it.uid).map(|it| it.value);
        Some(Rootless { user, uid })
    }

    /// Where the Quadlet files of a host are.
    #[must_use]
    pub fn quadlet_folder(&self, host: &str) -> String {
        const ALL: &str = "/etc/containers/systemd";
        match self.rootless(host) {
            Some(rootless) => format!("{ALL}/users/{}", rootless.uid.unwrap_or_default()),
            None => ALL.to_owned(),
        }
    }

    /// The account that a service's unit belongs to, where it is a container that is not root's.
    #[must_use]
    pub fn rootless_of(&self, service: &Service) -> Option<Rootless<'_>> {
        service.container.as_ref()?;
        self.rootless(service.on.as_ref()?.entity())
    }
}
