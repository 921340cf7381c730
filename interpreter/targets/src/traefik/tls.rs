//! TLS with clients: options by host name, certificates, and what strangers are shown.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::choice::Options;
use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::proxy::{Acme, Traefik};
use qg_fleet::route::{Route, Sni};
use qg_formats::{Entries, Tree};

use super::dynamic::{Maker, wrap};
use super::spell::Spelling;
use crate::Prepared;
use crate::names::Names;

/// The TLS options of names that ask for a client certificate, where nothing else is said of them.
const PRIVATE: &str = "private";

/// What Traefik takes for names that name no options.
const DEFAULT: &str = "default";

/// TLS options are chosen per host name: every router with one name says the same ones.
pub(super) struct TlsNames<'f> {
    /// Names that ask for a client certificate, and who made them.
    private: BTreeMap<String, OriginId>,
    /// The options that each name has been given.
    chosen: BTreeMap<String, &'f At<EntityPath>>,
    names: Names,
    /// What routers have asked for: the options' key, and whether they ask for a certificate.
    used: BTreeMap<String, (Option<String>, Option<OriginId>)>,
}

impl<'f> TlsNames<'f> {
    pub(super) fn new(fleet: &'f Prepared<'f>, key: &'f str) -> TlsNames<'f> {
        let mut chosen = BTreeMap::new();
        for way in fleet.model.ways_of(key) {
            if let Some(tls) = &way.route.tls {
                for name in fleet.model.names(way.route) {
                    chosen.entry(name.value).or_insert(tls);
                }
            }
        }
        let mut names = Names::default();
        names.fresh(DEFAULT);
        names.fresh(PRIVATE);
        let private = fleet.model.private_names(key);
        TlsNames { private, chosen, names, used: BTreeMap::new() }
    }

    /// The options of a router with these names, and who said so.
    fn of(&mut self, names: &[String], may_be_private: bool) -> Option<(String, OriginId)> {
        let private = names.iter().find_map(|name| self.private.get(name)).copied();
        let private = private.filter(|_| may_be_private);
        let chosen = names.iter().find_map(|name| self.chosen.get(name)).copied();
        let name = match (chosen, private) {
            (None, None) => return None,
            (None, Some(_)) => PRIVATE.to_owned(),
            (Some(path), None) => self.names.name(path.entity()),
            (Some(path), Some(_)) => self.names.joined(&[path.entity(), PRIVATE]),
        };
        let key = chosen.map(|path| path.entity().to_owned());
        self.used.insert(name.clone(), (key, private));
        let origin = private.or(chosen.map(|path| path.origin)).unwrap_or_default();
        Some((name, origin))
    }

    /// `tls` of the dynamic file.
    pub(super) fn tree(
        self,
        fleet: &Prepared<'_>,
        traefik: &Traefik,
        by: OriginId,
        spelling: &Spelling<'_>,
    ) -> Tree {
        let nothing = Options::new();
        let of = |key: Option<&str>| {
            key.and_then(|key| fleet.model.tls_options.get(key)).map_or(&nothing, |it| &it.value)
        };
        let own = traefik.tls.as_ref().map(|path| path.entity());
        let mut options = Entries::new();
        if let Some(path) = &traefik.tls {
            let entries = spelling.entries("Options", of(own));
            options.put_some(DEFAULT, Some(entries.tree(path.origin)));
        }
        for (name, (key, private)) in self.used {
            let mut chosen = of(key.as_deref().or(own)).clone();
            let mut origin = by;
            let mut guard = None;
            if let Some(ca) = traefik.client_ca.as_ref().filter(|_| private.is_some()) {
                chosen.remove("clientAuth");
                origin = ca.origin;
                let mut auth = Entries::new();
                let file = (spelling.refer)(ca, ca.origin);
                auth.put("caFiles", Tree::list(vec![file], ca.origin));
                auth.put("clientAuthType", Tree::text("RequireAndVerifyClientCert", ca.origin));
                guard = Some(auth.tree(ca.origin));
            }
            let mut entries = spelling.entries("Options", &chosen);
            entries.put_some("clientAuth", guard);
            options.put_some(name, Some(entries.tree(origin)));
        }
        let mut tls = Entries::new();
        let pairs = traefik.certificates.iter().map(|pair| pair_tree(pair, spelling)).collect();
        tls.put_some("certificates", Some(Tree::list(pairs, traefik.certificates.origin)));
        tls.put_some("options", Some(options.tree(by)));
        if let Some(shown) = &traefik.default_certificate {
            let (key, kind) = match shown.kind.as_str() {
                "generated" => ("defaultGeneratedCert", "GeneratedCert"),
                _ => ("defaultCertificate", "Certificate"),
            };
            let entries = spelling.entries(kind, &shown.options);
            let store = wrap(key, entries.tree(shown.origin), shown.origin);
            tls.put("stores", wrap(DEFAULT, store, shown.origin));
        }
        tls.tree(by)
    }
}

fn pair_tree(pair: &At<Options>, spelling: &Spelling<'_>) -> Tree {
    spelling.entries("Certificate", pair).tree(pair.origin)
}

impl Maker<'_> {
    /// The TLS part of a router.
    pub(super) fn router_tls(&mut self, route: &Route, names: &[String], by: OriginId) -> Tree {
        let mut tls = Entries::new();
        let resolver = self.traefik.resolver(route.resolver.as_ref());
        if let Some((name, _)) = &resolver {
            tls.put("certResolver", Tree::text(name.value.clone(), name.origin));
        }
        let domains: Vec<Tree> = route
            .certificate
            .iter()
            .map(|domain| self.spelling.entries("Domain", domain).tree(domain.origin))
            .collect();
        if !domains.is_empty() {
            tls.put("domains", Tree::list(domains, route.certificate.origin));
        } else if let Some((_, acme)) = &resolver {
            tls.put_some("domains", self.wildcard(acme, names));
        }
        let over_http = route.is_http() || route.sni.value == Sni::Off;
        if let Some((name, origin)) = self.tls.of(names, over_http) {
            tls.put("options", Tree::text(name, origin));
        }
        tls.tree(by)
    }

    /// One certificate for all names that are the domain or lie right below it.
    fn wildcard(&self, acme: &Acme, names: &[String]) -> Option<Tree> {
        let domain = self.fleet.model.fleet.domain.map(|domain| domain.to_lowercase());
        let below = |name: &String| {
            let label = name.strip_suffix(domain.as_str()).and_then(|rest| rest.strip_suffix('.'));
            *name == domain.value || label.is_some_and(|label| !label.contains('.'))
        };
        if !acme.wildcard.value || !names.iter().all(below) {
            return None;
        }
        let by = acme.wildcard.origin;
        let mut entry = Entries::new();
        entry.put("main", Tree::text(domain.value.clone(), domain.origin));
        let all = Tree::text(format!("*.{}", domain.value), domain.origin);
        entry.put("sans", Tree::list(vec![all], by));
        Some(Tree::list(vec![entry.tree(by)], by))
    }
}

/// A name that routes give different TLS options.
pub(crate) struct Mixed<'f> {
    pub(crate) name: String,
    /// What one route says, if anything.
    pub(crate) own: Option<&'f At<EntityPath>>,
    pub(crate) route: &'f At<Route>,
    /// What another one says.
    pub(crate) other: &'f At<EntityPath>,
}

/// Names that routes give different TLS options.
pub(crate) fn mixed<'f>(fleet: &'f Prepared<'f>, proxy: &'f str) -> Vec<Mixed<'f>> {
    let mut first: BTreeMap<String, &At<EntityPath>> = BTreeMap::new();
    let ways = || fleet.model.ways_of(proxy).filter(|way| way.route.is_http());
    for way in ways() {
        if let Some(tls) = &way.route.tls {
            for name in fleet.model.names(way.route) {
                first.entry(name.value).or_insert(tls);
            }
        }
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for way in ways() {
        for name in fleet.model.names(way.route) {
            let Some(other) = first.get(&name.value) else { continue };
            let own = way.route.tls.as_ref();
            if own.is_none_or(|own| own.value != other.value) && seen.insert(way.path()) {
                found.push(Mixed { name: name.value, own, route: way.route, other });
            }
        }
    }
    found
}
