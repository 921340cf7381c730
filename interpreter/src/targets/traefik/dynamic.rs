//! Dynamic options: a router and a service for each route, and what guards it.

use std::collections::{BTreeMap, BTreeSet};

use super::SECURE;
use super::middleware::{self, is_exempt};
use super::options::tcp_entry_point;
use super::rule::{priority, rule};
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, EntityPath, OriginId};
use crate::fleet::proxy::Proxy;
use crate::fleet::route::{Exposure, Login};
use crate::fleet::ways::{Backend, Way};
use crate::formats::{Entries, Node, Piece, Tree};
use crate::targets::names::Names;

/// All four identity headers: one that is not listed reaches the program as the client sent it.
const IDENTITY: &[&str] = &["Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name"];

/// The TLS options of names that ask for a client certificate.
const PRIVATE: &str = "private";

pub(super) fn tree(
    fleet: &Fleet,
    key: &str,
    proxy: &At<Proxy>,
    seal: &dyn Fn(&EntityPath) -> Piece,
) -> Tree {
    let mut maker = Maker::new(fleet, key, proxy);
    // The user's middlewares have the first choice of names.
    for name in middleware::used(&fleet.model, key, proxy) {
        if let Some(found) = fleet.model.middleware.get(name) {
            let tree = middleware::tree(found, &mut maker.names, seal);
            let name = maker.names.name(name);
            maker.http.middlewares.put(name, tree);
        }
    }
    for way in fleet.model.ways_of(key) {
        // A route that leads nowhere is refused by a check.
        if let Ok(backend) = fleet.model.backend(proxy.on.entity(), way) {
            if let Some(port) = &way.route.tcp {
                maker.tcp_router(way, port.map(|port| port.number), &backend);
            } else {
                maker.router(way, &backend);
            }
        }
    }
    maker.finish()
}

/// `http` or `tcp`.
#[derive(Default)]
struct Section {
    routers: Entries,
    middlewares: Entries,
    services: Entries,
}

impl Section {
    fn tree(self, by: OriginId) -> Tree {
        let mut section = Entries::new();
        // Traefik refuses a file with an empty section.
        section.put_some("routers", Some(self.routers.tree(by)));
        section.put_some("middlewares", Some(self.middlewares.tree(by)));
        section.put_some("services", Some(self.services.tree(by)));
        section.tree(by)
    }
}

struct Maker<'f> {
    fleet: &'f Fleet,
    proxy: &'f At<Proxy>,
    /// Names that ask for a client certificate, and who made them.
    private: BTreeMap<String, OriginId>,
    /// Names that several routers have.
    shared: BTreeSet<String>,
    /// Names of HTTP middlewares.
    names: Names,
    routers: Names,
    http: Section,
    tcp: Section,
    /// The name of the middleware for the local network.
    lan: Option<String>,
    tcp_lan: bool,
    /// The name of each portal's middleware.
    logins: BTreeMap<String, String>,
}

impl<'f> Maker<'f> {
    fn new(fleet: &'f Fleet, key: &str, proxy: &'f At<Proxy>) -> Maker<'f> {
        let (mut seen, mut shared) = (BTreeSet::new(), BTreeSet::new());
        for way in fleet.model.ways_of(key).filter(|way| way.route.tcp.is_none()) {
            for name in fleet.model.names(way.route) {
                if !seen.insert(name.value.clone()) {
                    shared.insert(name.value);
                }
            }
        }
        Maker {
            fleet,
            proxy,
            private: fleet.model.private_names(key),
            shared,
            names: Names::default(),
            routers: Names::default(),
            http: Section::default(),
            tcp: Section::default(),
            lan: None,
            tcp_lan: false,
            logins: BTreeMap::new(),
        }
    }

    fn router(&mut self, way: Way<'_>, backend: &Backend) {
        let route = way.route;
        let by = route.origin;
        // Without its login server, which a check has refused, it is better not published.
        let Some(middlewares) = self.middlewares(way) else { return };
        let name = self.routers.fresh(&format!("{}-{}", way.service, way.name));
        let names = self.fleet.model.names(route);
        let plain: Vec<String> = names.iter().map(|name| name.value.clone()).collect();

        let mut router = Entries::new();
        let origins = |name| self.fleet.model.name_origins(route, name);
        let mut rule_origins: Vec<OriginId> = names.iter().flat_map(origins).collect();
        rule_origins.extend(route.path.as_ref().map(|path| path.origin));
        let rule = Node::Text(rule(&plain, way.below()));
        router.put("rule", Tree::new(rule, &rule_origins));
        if plain.iter().any(|name| self.shared.contains(name)) {
            let origin = route.path.as_ref().map_or(route.host.origin, |path| path.origin);
            router.put("priority", Tree::int(priority(way.below()), origin));
        }
        // Never on `web`: there the private host would be served in clear text.
        router.put("entryPoints", Tree::list(vec![Tree::text(SECURE, by)], by));
        router.put_some("middlewares", Some(Tree::list(middlewares, by)));
        router.put("service", Tree::text(name.clone(), by));
        router.put("tls", self.tls(&plain, by));
        self.http.routers.put(name.clone(), router.tree(by));

        let mut server = Entries::new();
        server.put("url", Tree::new(Node::Text(backend.url()), &backend.origins));
        let mut balancer = Entries::new();
        balancer.put("servers", Tree::list(vec![server.tree(route.to.origin)], route.to.origin));
        if !route.pass_host.value {
            balancer.put("passHostHeader", Tree::bool(false, route.pass_host.origin));
        }
        self.http.services.put(name, wrap("loadBalancer", balancer.tree(by), by));
    }

    /// TLS options are chosen per host name: every router with a private name says the same ones.
    fn tls(&self, names: &[String], by: OriginId) -> Tree {
        let mut tls = Entries::new();
        if let Some(acme) = &self.proxy.traefik().acme {
            tls.put("certResolver", Tree::text(acme.resolver.value.clone(), acme.resolver.origin));
        }
        if let Some(origin) = names.iter().find_map(|name| self.private.get(name)) {
            tls.put("options", Tree::text(PRIVATE, *origin));
        }
        tls.tree(by)
    }

    /// The guards of a route in their order; none where its login server is missing.
    fn middlewares(&mut self, way: Way<'_>) -> Option<Vec<Tree>> {
        let mut all = Vec::new();
        if !is_exempt(self.proxy, way.service) {
            for path in self.proxy.treatments.iter() {
                all.push(Tree::text(self.names.name(path.entity()), path.origin));
            }
        }
        let expose = &way.route.expose;
        if expose.value == Exposure::Lan {
            all.push(Tree::text(self.lan(), expose.origin));
        }
        if let Login::Sso(_) = &way.route.login.value {
            let portal = self.fleet.model.portal_for(self.proxy.on.entity())?.1.origin;
            let name = Node::Text(self.login()?);
            all.push(Tree::new(name, &[way.route.login.origin, portal]));
        }
        for path in way.route.treatments.iter() {
            all.push(Tree::text(self.names.name(path.entity()), path.origin));
        }
        Some(all)
    }

    fn lan(&mut self) -> String {
        if let Some(name) = &self.lan {
            return name.clone();
        }
        let name = self.names.fresh("lan");
        self.http.middlewares.put(name.clone(), self.allow_list());
        self.lan = Some(name.clone());
        name
    }

    fn allow_list(&self) -> Tree {
        let lan = &self.proxy.lan;
        let mut list = Entries::new();
        list.put("sourceRange", Tree::texts(lan));
        wrap("ipAllowList", list.tree(lan.origin), lan.origin)
    }

    /// The middleware that asks the login server; none where a check has refused the route.
    fn login(&mut self) -> Option<String> {
        let (key, portal) = self.fleet.model.portal_for(self.proxy.on.entity())?;
        if let Some(name) = self.logins.get(key) {
            return Some(name.clone());
        }
        let (_, server) = self.fleet.model.portal_server(self.proxy.on.entity(), portal)?;
        let by = portal.origin;
        let mut auth = Entries::new();
        let address = format!("http://{}/api/authz/forward-auth", server.authority());
        auth.put("address", Tree::new(Node::Text(address), &server.origins));
        // What a client says about itself is not passed on.
        auth.put("trustForwardHeader", Tree::bool(false, by));
        auth.put("maxResponseBodySize", Tree::int(8192, by));
        let headers = IDENTITY.iter().map(|name| Tree::text(*name, by)).collect();
        auth.put("authResponseHeaders", Tree::list(headers, by));
        let name = self.names.fresh(&format!("login-{key}"));
        self.http.middlewares.put(name.clone(), wrap("forwardAuth", auth.tree(by), by));
        self.logins.insert(key.to_owned(), name.clone());
        Some(name)
    }

    fn tcp_router(&mut self, way: Way<'_>, port: At<u16>, backend: &Backend) {
        let route = way.route;
        let by = route.origin;
        let name = self.routers.fresh(&format!("{}-{}", way.service, way.name));
        let mut router = Entries::new();
        let point = Tree::text(tcp_entry_point(port.value), port.origin);
        // Without an entry point it would take over the HTTPS port.
        router.put("entryPoints", Tree::list(vec![point], port.origin));
        router.put("rule", Tree::text("HostSNI(`*`)", port.origin));
        if route.expose.value == Exposure::Lan {
            if !self.tcp_lan {
                self.tcp.middlewares.put("lan", self.allow_list());
                self.tcp_lan = true;
            }
            let lan = Tree::text("lan", route.expose.origin);
            router.put("middlewares", Tree::list(vec![lan], route.expose.origin));
        }
        router.put("service", Tree::text(name.clone(), by));
        self.tcp.routers.put(name.clone(), router.tree(by));

        let mut server = Entries::new();
        server.put("address", Tree::new(Node::Text(backend.authority()), &backend.origins));
        let mut balancer = Entries::new();
        balancer.put("servers", Tree::list(vec![server.tree(route.to.origin)], route.to.origin));
        self.tcp.services.put(name, wrap("loadBalancer", balancer.tree(by), by));
    }

    fn finish(self) -> Tree {
        let by = self.proxy.origin;
        let mut root = Entries::new();
        root.put_some("http", Some(self.http.tree(by)));
        root.put_some("tcp", Some(self.tcp.tree(by)));
        if let Some(ca) = &self.proxy.traefik().client_ca
            && !self.private.is_empty()
            && let Some(secret) = self.fleet.model.secret.get(ca.entity())
        {
            let mut auth = Entries::new();
            let file = Node::Text(secret.path.value.clone());
            let file = Tree::new(file, &[ca.origin, secret.path.origin]);
            auth.put("caFiles", Tree::list(vec![file], ca.origin));
            auth.put("clientAuthType", Tree::text("RequireAndVerifyClientCert", ca.origin));
            let options = wrap("clientAuth", auth.tree(ca.origin), ca.origin);
            let options = wrap(PRIVATE, options, ca.origin);
            root.put("tls", wrap("options", options, ca.origin));
        }
        root.tree(by)
    }
}

/// A map with one entry.
fn wrap(key: &str, tree: Tree, by: OriginId) -> Tree {
    let mut entries = Entries::new();
    entries.put(key, tree);
    entries.tree(by)
}
