//! What units cannot start without: secrets that are opened, and files that are put together from some.
//!
//! Each unit looks for its own files (`AssertPathExists=`), and nothing requires the unit that makes them: one bad
//! secret stops nobody who does without it, and nothing that runs already.

use std::collections::BTreeMap;

use crate::fleet::Fleet;
use crate::fleet::leaf::{At, EntityPath, MountSource, OriginId, RefOr};
use crate::fleet::service::Unit;

/// The unit that makes the files.
pub const UNIT: &str = "qg-sealed.service";

/// The files that a unit cannot start without, by path, each with who said so.
pub type Needed = BTreeMap<String, OriginId>;

impl Fleet {
    /// The files that the units of a host cannot start without, by unit.
    #[must_use]
    pub fn needed_on(&self, host: &str) -> &BTreeMap<String, Needed> {
        static NONE: BTreeMap<String, Needed> = BTreeMap::new();
        let all = self.needed.get_or_init(|| {
            let one = |host: &String| (host.clone(), Find::on(self, host));
            self.model.host.keys().map(one).collect()
        });
        all.get(host).unwrap_or(&NONE)
    }
}

struct Find<'f> {
    fleet: &'f Fleet,
    found: BTreeMap<String, Needed>,
}

impl Find<'_> {
    fn on(fleet: &Fleet, host: &str) -> BTreeMap<String, Needed> {
        let mut find = Find { fleet, found: BTreeMap::new() };
        let model = &fleet.model;
        for sealed in fleet.sealed_on(host) {
            for unit in &sealed.units {
                find.path(unit, sealed.result(), sealed.by);
            }
        }
        for (_, service) in model.services_on(host) {
            find.scripts(&service.unit);
            for secret in service.reads.iter() {
                find.secret(&service.unit, secret, secret.origin);
            }
        }
        for (_, service, container) in fleet.containers_on(host) {
            for file in container.env_files.iter() {
                find.file(&service.unit, Some(file));
            }
            for mount in container.mounts.values() {
                find.source(&service.unit, Some(&mount.source));
            }
        }
        model.podman_units(host).for_each(|unit| find.scripts(unit));
        for (_, it) in model.pulled_on(host) {
            find.file(&it.unit, it.auth_file.as_ref());
        }
        for (_, it) in model.builds_on(host) {
            find.file(&it.unit, it.auth_file.as_ref());
            it.secrets.values().for_each(|secret| find.secret(&it.unit, secret, secret.origin));
        }
        for (_, it) in model.artifacts_on(host) {
            find.file(&it.unit, it.auth_file.as_ref());
        }
        for (_, proxy) in model.proxies_on(host) {
            if let Some((_, service)) = model.runs_proxy(proxy) {
                let files = fleet.proxy_env_files(host).into_iter().chain(fleet.proxy_files(host));
                files.for_each(|secret| find.secret(&service.unit, &secret, proxy.origin));
            }
        }
        for (key, portal) in model.portals_on(host) {
            if let Some(service) = model.service.get(portal.service.entity()) {
                let named = fleet.portal_secrets(key, portal).into_iter().map(|(_, secret)| secret);
                let files = named.chain(fleet.portal_files(key, portal));
                files.for_each(|secret| find.secret(&service.unit, &secret, portal.origin));
            }
        }
        find.found
    }

    fn path(&mut self, unit: &str, path: String, by: OriginId) {
        self.found.entry(unit.to_owned()).or_default().entry(path).or_insert(by);
    }

    fn secret(&mut self, unit: &Unit, secret: &EntityPath, by: OriginId) {
        self.path(&unit.name, self.fleet.secret_path(secret), by);
    }

    fn source(&mut self, unit: &Unit, source: Option<&At<MountSource>>) {
        if let Some(At { value: MountSource::Secret(secret), origin, .. }) = source {
            self.secret(unit, secret, *origin);
        }
    }

    fn file(&mut self, unit: &Unit, file: Option<&At<RefOr<String>>>) {
        if let Some(At { value: RefOr::Ref(secret), origin, .. }) = file {
            self.secret(unit, secret, *origin);
        }
    }

    /// A script reads its secrets when it runs.
    fn scripts(&mut self, unit: &Unit) {
        for reference in unit.scripts() {
            let script = self.fleet.model.script.get(reference.entity());
            if let Some(text) = script.and_then(|script| script.text.as_ref()) {
                text.secrets().for_each(|secret| self.secret(unit, secret, reference.origin));
            }
        }
    }
}
