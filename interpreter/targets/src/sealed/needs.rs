//! What units cannot start without: secrets that are opened, and files that are put together from some.
//!
//! Each unit looks for its own files (`AssertPathExists=`), and nothing requires the unit that makes them: one bad
//! secret stops nobody who does without it, and nothing that runs already.

use std::collections::BTreeMap;

use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::secret_uses::SecretUses;
use qg_fleet::service::Unit;

use crate::Prepared;

/// The unit that makes the files.
pub const UNIT: &str = "qg-sealed.service";

/// The files that a unit cannot start without, by path, each with who said so.
pub type Needed = BTreeMap<String, OriginId>;

impl Prepared<'_> {
    /// The files that the units of a host cannot start without, by unit.
    #[must_use]
    pub fn needed_on(&self, host: &str) -> &BTreeMap<String, Needed> {
        static NONE: BTreeMap<String, Needed> = BTreeMap::new();
        let all = self.needed.get_or_init(|| {
            let said = &self.secret_uses;
            let one = |host: &String| (host.clone(), Find::on(self, said, host));
            self.model.host.keys().map(one).collect()
        });
        all.get(host).unwrap_or(&NONE)
    }
}

/// Fields whose units are found one by one.
const OWN: [(&str, &str); 4] =
    [("Host", "unit"), ("Host", "timer"), ("Service", "units"), ("Service", "timer")];

struct Find<'f> {
    fleet: &'f Prepared<'f>,
    found: BTreeMap<String, Needed>,
}

impl Find<'_> {
    fn on(fleet: &Prepared<'_>, said: &SecretUses<'_>, host: &str) -> BTreeMap<String, Needed> {
        let mut find = Find { fleet, found: BTreeMap::new() };
        let model = &fleet.model;
        for sealed in fleet.sealed_on(host) {
            for unit in &sealed.units {
                find.path(unit, sealed.result(), sealed.by);
            }
        }
        // What stands in a text is in a file that is put together: of those above.
        for it in said.on(host).filter(|it| !it.in_text) {
            if OWN.contains(&it.within.key()) {
                continue;
            }
            if let Some(unit) = model.unit_of(it.of) {
                find.secret(unit, it.secret, it.origin);
            }
        }
        // Those of a session start long after the machine's, which know nothing of them.
        for own in fleet.own_units_on(host).iter().filter(|it| it.is_of_system()) {
            let name = own.name();
            let scripts = own.unit.scripts().collect::<Vec<_>>();
            let of_scripts = scripts.iter().flat_map(|it| {
                let uses = said.of("script", it.entity());
                uses.map(|used| At::new(used.secret.clone(), it.origin))
            });
            for secret in own.unit.secrets().chain(of_scripts) {
                find.path(&name, fleet.secret_path(&secret), secret.origin);
            }
        }
        let services = model.services_on(host).map(|(_, service)| &service.unit);
        for unit in services.chain(model.podman_units(host)) {
            find.scripts(said, unit);
        }
        for (key, proxy) in model.proxies_on(host) {
            if let Some((_, service)) = model.runs_proxy(proxy)
                && let Some(needs) = fleet.needs_of(key)
            {
                let files = needs.env_files.iter().chain(&needs.files);
                files.for_each(|secret| find.secret(&service.unit, secret, proxy.origin));
            }
        }
        for (key, portal) in model.portals_on(host) {
            if let Some(service) = model.service.get(portal.service.entity()) {
                let named = fleet.portal_secrets(key).iter().map(|(_, secret)| secret);
                let files = named.chain(fleet.portal_files(key));
                files.for_each(|secret| find.secret(&service.unit, secret, portal.origin));
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

    /// A script reads its secrets when it runs.
    fn scripts(&mut self, said: &SecretUses<'_>, unit: &Unit) {
        for reference in unit.scripts() {
            for it in said.of("script", reference.entity()) {
                self.secret(unit, it.secret, reference.origin);
            }
        }
    }
}
