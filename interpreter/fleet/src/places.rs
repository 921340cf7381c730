//! Who is where, found once: what runs over all hosts asks for each only what is there, so that its
//! cost grows with the fleet and not with its square.

use std::collections::BTreeMap;

use super::Model;
use super::container::{Network, Pod, Volume};
use super::host::{Group, User};
use super::leaf::{At, EntityPath};
use super::mentions::SecretPaths;
use super::podman::{Artifact, Build, Kube, Pulled};
use super::portal::Portal;
use super::proxy::Proxy;
use super::secret::Secret;
use super::service::{Service, Vault};
use super::ways::ServiceRoute;

/// The keys of what is on one host, by kind; each list in the order of the keys.
#[derive(Clone, Debug, Default)]
struct HostEntry {
    services: Vec<String>,
    pods: Vec<String>,
    networks: Vec<String>,
    volumes: Vec<String>,
    pulled: Vec<String>,
    builds: Vec<String>,
    kubes: Vec<String>,
    artifacts: Vec<String>,
    users: Vec<String>,
    groups: Vec<String>,
    secrets: Vec<String>,
    vaults: Vec<String>,
    proxies: Vec<String>,
    portals: Vec<String>,
}

/// Every key of the model by where it belongs.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostIndex {
    hosts: BTreeMap<String, HostEntry>,
    /// The services whose containers live in a pod.
    members: BTreeMap<String, Vec<String>>,
    /// The published routes that a proxy answers for: service and route.
    ways: BTreeMap<String, Vec<(String, String)>>,
    /// What goes into a vault: service and backup.
    backups: BTreeMap<String, Vec<(String, String)>>,
    /// The services that log people in through a portal.
    clients: BTreeMap<String, Vec<String>>,
    /// Where the secrets lie.
    pub(super) secret_paths: SecretPaths,
}

impl HostIndex {
    fn of(model: &Model) -> HostIndex {
        let secret_paths = SecretPaths::of(&model.secret);
        let mut all = HostIndex { secret_paths, ..HostIndex::default() };
        for (key, service) in &model.service {
            if let Some(on) = &service.on {
                all.on(on).services.push(key.clone());
            }
            let container = service.container.as_ref();
            if let Some(pod) = container.and_then(|container| container.pod.as_ref()) {
                put(&mut all.members, pod.entity(), key.clone());
            }
            for (name, backup) in &service.backup {
                if let Some(to) = &backup.to {
                    put(&mut all.backups, to.entity(), (key.clone(), name.clone()));
                }
            }
        }
        model.pod.iter().for_each(|(key, it)| all.on(&it.on).pods.push(key.clone()));
        model.network.iter().for_each(|(key, it)| all.on(&it.on).networks.push(key.clone()));
        model.volume.iter().for_each(|(key, it)| all.on(&it.on).volumes.push(key.clone()));
        model.pulled.iter().for_each(|(key, it)| all.on(&it.on).pulled.push(key.clone()));
        model.build.iter().for_each(|(key, it)| all.on(&it.on).builds.push(key.clone()));
        model.kube.iter().for_each(|(key, it)| all.on(&it.on).kubes.push(key.clone()));
        model.artifact.iter().for_each(|(key, it)| all.on(&it.on).artifacts.push(key.clone()));
        model.vault.iter().for_each(|(key, it)| all.on(&it.on).vaults.push(key.clone()));
        model.proxy.iter().for_each(|(key, it)| all.on(&it.on).proxies.push(key.clone()));
        for (key, user) in &model.user {
            user.on.iter().for_each(|on| all.on(on).users.push(key.clone()));
        }
        for (key, group) in &model.group {
            group.on.iter().for_each(|on| all.on(on).groups.push(key.clone()));
        }
        for (key, secret) in &model.secret {
            secret.on.iter().for_each(|on| all.on(on).secrets.push(key.clone()));
        }
        for (key, portal) in &model.portal {
            if let Some(host) = model.host_of(&portal.service) {
                all.hosts.entry(host.to_owned()).or_default().portals.push(key.clone());
            }
        }
        for (key, service) in model.service.iter().filter(|(_, it)| it.oidc.is_some()) {
            let near =
                service.on.as_ref().and_then(|on| all.hosts.get(on.entity())?.portals.first());
            if let Some(portal) = near.or_else(|| model.portal.keys().next()).cloned() {
                put(&mut all.clients, &portal, key.clone());
            }
        }
        for way in model.ways().filter(ServiceRoute::is_published) {
            let proxy = match &way.route.via {
                Some(via) if model.proxy.contains_key(via.entity()) => Some(via.entity()),
                _ => all.nearest(model, way.of),
            };
            if let Some(proxy) = proxy.map(str::to_owned) {
                put(&mut all.ways, &proxy, (way.service.to_owned(), way.name.to_owned()));
            }
        }
        // A host named twice in one list is there once.
        for here in all.hosts.values_mut() {
            here.users.dedup();
            here.groups.dedup();
            here.secrets.dedup();
        }
        all
    }

    fn on(&mut self, host: &EntityPath) -> &mut HostEntry {
        self.hosts.entry(host.entity().to_owned()).or_default()
    }

    /// The proxy that answers for a service which names none: that of its host, or the only one
    /// where it has no host.
    fn nearest<'f>(&'f self, model: &'f Model, service: &Service) -> Option<&'f str> {
        match &service.on {
            Some(on) => Some(self.hosts.get(on.entity())?.proxies.first()?),
            None => {
                let mut all = model.proxy.keys();
                all.next().filter(|_| all.next().is_none()).map(String::as_str)
            }
        }
    }
}

fn put<T>(map: &mut BTreeMap<String, Vec<T>>, key: &str, value: T) {
    match map.get_mut(key) {
        Some(all) => all.push(value),
        None => {
            map.insert(key.to_owned(), vec![value]);
        }
    }
}

/// Entities by their keys.
fn all<'f, T>(
    map: &'f BTreeMap<String, At<T>>,
    keys: Option<&'f Vec<String>>,
) -> impl Iterator<Item = (&'f str, &'f At<T>)> {
    let keys = keys.into_iter().flatten();
    keys.filter_map(|key| map.get_key_value(key)).map(|(key, it)| (key.as_str(), it))
}

/// The questions, one for each kind: what of it is on a host, by key.
macro_rules! on_host {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $field:ident, $schema:ty;)*) => {
        impl Model {
            $(
                $(#[$doc])*
                pub fn $name<'f>(
                    &'f self,
                    host: &str,
                ) -> impl Iterator<Item = (&'f str, &'f At<$schema>)> + use<'f> {
                    all(&self.$kind, self.places().hosts.get(host).map(|here| &here.$field))
                }
            )*
        }
    };
}

on_host! {
    /// The services that a host runs.
    services_on: service, services, Service;
    /// The pods of a host.
    pods_on: pod, pods, Pod;
    /// The networks of Podman on a host.
    networks_on: network, networks, Network;
    /// The volumes of Podman on a host.
    volumes_on: volume, volumes, Volume;
    /// The images that a host pulls.
    pulled_on: pulled, pulled, Pulled;
    /// The images that a host builds.
    builds_on: build, builds, Build;
    /// What a host runs in the words of Kubernetes.
    kubes_on: kube, kubes, Kube;
    /// The artifacts that a host fetches.
    artifacts_on: artifact, artifacts, Artifact;
    /// The accounts that a host has.
    users_on: user, users, User;
    /// The groups that a host has.
    groups_on: group, groups, Group;
    /// The secrets that say themselves that they are on a host.
    secrets_said_on: secret, secrets, Secret;
    /// The vaults whose copies a host makes.
    vaults_on: vault, vaults, Vault;
    /// The proxies of a host; more than one is refused by a check.
    proxies_on: proxy, proxies, Proxy;
    /// The portals whose service a host runs.
    portals_on: portal, portals, Portal;
}

impl Model {
    pub(super) fn places(&self) -> &HostIndex {
        self.found.places.get_or_init(|| HostIndex::of(self))
    }

    /// The services whose containers live in a pod, by key.
    pub fn members_of<'f>(
        &'f self,
        pod: &str,
    ) -> impl Iterator<Item = (&'f str, &'f At<Service>)> + use<'f> {
        all(&self.service, self.places().members.get(pod))
    }

    /// The published routes that a proxy answers for.
    pub fn ways_of<'f>(&'f self, proxy: &str) -> impl Iterator<Item = ServiceRoute<'f>> + use<'f> {
        let keys = self.places().ways.get(proxy).into_iter().flatten();
        keys.filter_map(|(service, route)| self.way_named(service, route))
    }

    /// The services that log people in through a portal.
    pub fn clients_of<'f>(
        &'f self,
        portal: &str,
    ) -> impl Iterator<Item = (&'f str, &'f At<super::route::Oidc>)> + use<'f> {
        let services = all(&self.service, self.places().clients.get(portal));
        services.filter_map(|(key, service)| Some((key, service.oidc.as_ref()?)))
    }

    /// What goes into a vault: the service, the name of the backup, and the backup itself.
    pub fn backups_to<'f>(
        &'f self,
        vault: &str,
    ) -> impl Iterator<Item = (&'f str, &'f str, &'f At<super::service::Backup>)> + use<'f> {
        let keys = self.places().backups.get(vault).into_iter().flatten();
        keys.filter_map(|(service, name)| {
            let (service, of) = self.service.get_key_value(service)?;
            let (name, backup) = of.backup.get_key_value(name)?;
            Some((service.as_str(), name.as_str(), backup))
        })
    }
}
