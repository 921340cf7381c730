//! Ports that another host's proxy or login server reaches: on which address, and who comes.

use std::collections::{BTreeMap, BTreeSet};

use super::backends::field;
use super::host::Manager;
use super::leaf::{At, EntityPath, OriginId, Priority, RefOr};
use super::route::Login;
use super::service::{Port, Service};
use super::{Fleet, Model};
use qg_lang::network::is_loopback;

/// A port of one host that programs of others use.
#[derive(Clone, Debug)]
pub struct Met {
    pub service: String,
    pub port: String,
    /// The address by which they come.
    pub at: At<String>,
    /// The hosts that come, each with its own address there and with who sends it.
    pub from: BTreeMap<String, (At<String>, Vec<OriginId>)>,
    /// The hosts whose address there is not known.
    pub unknown: BTreeMap<String, OriginId>,
}

impl Model {
    /// The addresses by which two hosts meet, the first one's and the second one's: those in the first
    /// network that both have an address in, else those in the local network.
    #[must_use]
    pub fn meet<'f>(
        &'f self,
        from: &str,
        to: &str,
    ) -> (Option<&'f At<String>>, Option<&'f At<String>>) {
        let (Some(from), Some(to)) = (self.host.get(from), self.host.get(to)) else {
            return (None, None);
        };
        let shared = to
            .addresses
            .iter()
            .find_map(|(network, to)| Some((Some(from.addresses.get(network)?), Some(to))));
        shared.unwrap_or((from.address.as_ref(), to.address.as_ref()))
    }

    /// A host's own address in the network in which another host has the given one.
    fn beside<'f>(&'f self, from: &str, to: &str, at: &str) -> Option<&'f At<String>> {
        let (from, to) = (self.host.get(from)?, self.host.get(to)?);
        let network = to.addresses.iter().find(|(_, it)| it.value == at).map(|(name, _)| name);
        match network {
            Some(network) => from.addresses.get(network),
            None if to.address.as_ref().is_some_and(|it| it.value == at) => from.address.as_ref(),
            None => None,
        }
    }

    /// Whether a port that says nothing of its address is published for a proxy on another host: Podman
    /// does that, and the host's firewall is ours.
    #[must_use]
    pub fn follows(&self, service: &Service, port: &Port) -> bool {
        let host = service.on.as_ref().and_then(|on| self.host.get(on.entity()));
        service.container.is_some()
            && port.address.priority == Priority::SchemaDefault
            && !port.open.value
            && host.is_some_and(|host| host.manager.value == Manager::Nixos)
    }

    /// The ports that what runs on a host leads to, each with who says so.
    fn leads_to(&self, host: &str) -> Vec<(EntityPath, OriginId)> {
        let mut all = Vec::new();
        for (key, proxy) in self.proxies_on(host) {
            let mut backends: BTreeSet<&str> = BTreeSet::new();
            let mut asks = false;
            for way in self.ways_of(key) {
                asks |= matches!(way.route.login.value, Login::Sso(_));
                match &way.route.to.value {
                    RefOr::Ref(path) if path.kind() == "backend" => {
                        backends.extend(self.backends_below(path.entity()));
                    }
                    RefOr::Ref(path) => all.push((path.clone(), way.route.to.origin)),
                    RefOr::Value(_) => {}
                }
            }
            let servers = backends.into_iter().filter_map(|name| self.backend.get(name));
            for server in servers.flat_map(|it| it.servers()) {
                let to =
                    field(server, "to").and_then(|to| Some((to.reference()?.clone(), to.origin)));
                all.extend(to);
            }
            if asks
                && let Some((_, portal)) = self.portal_for(host)
                && let Some(way) = self.way(&portal.route)
                && let RefOr::Ref(path) = &way.route.to.value
            {
                all.push((path.clone(), proxy.origin));
            }
        }
        for (_, portal) in self.portals_on(host) {
            all.extend(portal.engine.leads_to());
        }
        all
    }
}

impl Fleet {
    pub(super) fn find_met(&self) -> BTreeMap<String, Vec<Met>> {
        let model = &self.model;
        let mut all: BTreeMap<String, Vec<Met>> = BTreeMap::new();
        for from in model.host.keys() {
            for (path, by) in model.leads_to(from) {
                let Some(service) = model.service.get(path.entity()) else { continue };
                let Some(on) = &service.on else { continue };
                let Some(port) = service.ports.get(path.last()) else { continue };
                if on.entity() == from || port.open.value || !port.publish.value {
                    continue;
                }
                let (ours, theirs) = if model.follows(service, port) {
                    model.meet(from, on.entity())
                } else {
                    let at = &port.address;
                    (model.beside(from, on.entity(), at), Some(at))
                };
                let Some(at) = theirs else { continue };
                if is_loopback(at) {
                    continue;
                }
                let met = all.entry(on.entity().to_owned()).or_default();
                let known = met.iter().position(|it| {
                    it.service == path.entity() && it.port == path.last() && it.at.value == at.value
                });
                let index = known.unwrap_or_else(|| {
                    met.push(Met {
                        service: path.entity().to_owned(),
                        port: path.last().to_owned(),
                        at: at.clone(),
                        from: BTreeMap::new(),
                        unknown: BTreeMap::new(),
                    });
                    met.len() - 1
                });
                let Some(met) = met.get_mut(index) else { continue };
                // A rule speaks of one kind of address.
                let same = |it: &&At<String>| it.contains(':') == at.contains(':');
                match ours.filter(same) {
                    Some(ours) => {
                        let entry = met.from.entry(from.clone());
                        entry.or_insert_with(|| (ours.clone(), Vec::new())).1.push(by);
                    }
                    None => {
                        met.unknown.entry(from.clone()).or_insert(by);
                    }
                }
            }
        }
        for met in all.values_mut() {
            met.sort_by(|a, b| {
                (&a.service, &a.port, &a.at.value).cmp(&(&b.service, &b.port, &b.at.value))
            });
        }
        all
    }
}
