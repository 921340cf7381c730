//! Dynamic options: a router and a service for each route, and what guards it.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::backends::BackendProtocol;
use qg_fleet::guards::{self, Shared};
use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::proxy::{Proxy, Traefik, TraefikProxy};
use qg_fleet::route::{Exposure, Login, Route};
use qg_fleet::ways::ServiceRoute;
use qg_formats::{Entries, Seal, Tree, TreeNode};

use super::fields::Fields;
use super::middleware;
use super::order::Order;
use super::rule::{priority, rule};
use super::spell::Spelling;
use super::tls::TlsNames;
use crate::Prepared;
use crate::names::Names;

/// All four identity headers: one that is not listed reaches the program as the client sent it.
const IDENTITY: &[&str] = &["Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name"];

/// How the file spells secrets: inside a text, and as the path of a file.
pub(super) struct Secrets<'a> {
    pub(super) seal: Seal<'a>,
    pub(super) path: &'a dyn Fn(&EntityPath) -> String,
}

/// The path of a secret's file.
pub(super) fn file(
    fleet: &Prepared<'_>,
    secrets: &Secrets<'_>,
    path: &EntityPath,
    by: OriginId,
) -> Tree {
    let origin = fleet.model.secret.get(path.entity()).map(|it| it.path.origin);
    let origins: Vec<OriginId> = std::iter::once(by).chain(origin).collect();
    Tree::new(TreeNode::Text((secrets.path)(path)), &origins)
}

pub(super) fn tree(fleet: &Prepared<'_>, of: TraefikProxy<'_>, secrets: &Secrets<'_>) -> Tree {
    let TraefikProxy { key, proxy, options: _ } = of;
    let labels = Labels::new(fleet, key, proxy);
    let refer = |path: &EntityPath, by: OriginId| match path.kind() {
        "secret" => file(fleet, secrets, path, by),
        "middleware" => Tree::text(labels.middlewares.given(&[path.entity()]), by),
        "transport" => Tree::text(labels.transports.given(&[path.entity()]), by),
        "backend" => Tree::text(labels.services.given(&backend_key(path.entity())), by),
        _ => Tree::text(labels.services.given(&way_key(path)), by),
    };
    let spelling = Spelling { seal: secrets.seal, refer: &refer };
    let mut maker = Maker::new(fleet, of, &labels, &spelling);
    for http in [true, false] {
        for name in middleware::used_by(&fleet.model, key, proxy, http) {
            if let Some(found) = fleet.model.middleware.get(name) {
                let tree = middleware::tree(found, http, &spelling);
                let section = if http { &mut maker.http } else { &mut maker.tcp };
                section.middlewares.put(labels.middlewares.given(&[name]), tree);
            }
        }
    }
    for way in fleet.model.ways_of(key) {
        // A route that leads nowhere is refused by a check, and so is one without its login server.
        let Some(service) = maker.service(way) else { continue };
        match way.route.protocol() {
            BackendProtocol::Http => maker.router(way, service),
            BackendProtocol::Tcp => maker.tcp_router(way, service),
            BackendProtocol::Udp => maker.udp_router(way, service),
        }
    }
    maker.finish()
}

/// What a route's router and service are called by.
pub(super) fn way_key(path: &EntityPath) -> [&str; 2] {
    [path.entity(), path.last()]
}

/// What a backend's service is called by.
pub(super) fn backend_key(name: &str) -> [&str; 3] {
    // Three parts, as no route has them.
    ["backend", name, ""]
}

/// What everything is called in the file.
pub(super) struct Labels {
    pub(super) middlewares: Names,
    /// Routers, and the services behind them.
    pub(super) services: Names,
    pub(super) transports: Names,
}

impl Labels {
    fn new(fleet: &Prepared<'_>, key: &str, proxy: &Proxy) -> Labels {
        let (mut middlewares, mut services) = (Names::default(), Names::default());
        // The user's middlewares have the first choice of names.
        for name in middleware::used(&fleet.model, key, proxy) {
            middlewares.name(name);
        }
        for way in fleet.model.ways_of(key) {
            services.joined(&[way.service, way.name]);
        }
        for name in fleet.model.backend.keys() {
            services.named(&backend_key(name), &format!("backend.{name}"));
        }
        let mut transports = Names::default();
        for name in fleet.model.transport.keys() {
            transports.name(name);
        }
        Labels { middlewares, services, transports }
    }
}

/// `http`, `tcp` or `udp`.
#[derive(Default)]
pub(super) struct Section {
    pub(super) routers: Entries,
    pub(super) middlewares: Entries,
    pub(super) services: Entries,
    pub(super) transports: Entries,
}

impl Section {
    fn tree(self, by: OriginId) -> Tree {
        let mut section = Entries::new();
        // Traefik refuses a file with an empty section.
        section.put_some("routers", Some(self.routers.tree(by)));
        section.put_some("middlewares", Some(self.middlewares.tree(by)));
        section.put_some("services", Some(self.services.tree(by)));
        section.put_some("serversTransports", Some(self.transports.tree(by)));
        section.tree(by)
    }
}

pub(super) struct Maker<'f> {
    pub(super) fleet: &'f Prepared<'f>,
    pub(super) key: &'f str,
    pub(super) proxy: &'f At<Proxy>,
    /// What Traefik is told of it.
    pub(super) traefik: &'f Traefik,
    pub(super) labels: &'f Labels,
    pub(super) spelling: &'f Spelling<'f>,
    pub(super) tls: TlsNames<'f>,
    /// Which routes have a name.
    pub(super) shared: Shared<'f>,
    /// Names of HTTP middlewares.
    names: Names,
    pub(super) http: Section,
    pub(super) tcp: Section,
    pub(super) udp: Section,
    /// The name of the middleware for the local network.
    lan: Option<String>,
    /// The name of the middleware that refuses encoded characters.
    encoded: Option<String>,
    pub(super) tcp_lan: Option<String>,
    /// The name of each portal's middleware.
    logins: BTreeMap<String, String>,
    /// Backends and transports that are in the file already.
    pub(super) made: BTreeSet<EntityPath>,
}

impl<'f> Maker<'f> {
    fn new(
        fleet: &'f Prepared<'f>,
        TraefikProxy { key, proxy, options: traefik }: TraefikProxy<'f>,
        labels: &'f Labels,
        spelling: &'f Spelling<'f>,
    ) -> Maker<'f> {
        Maker {
            fleet,
            key,
            proxy,
            traefik,
            labels,
            spelling,
            tls: TlsNames::new(fleet, key),
            shared: Shared::new(&fleet.model, key, proxy),
            names: labels.middlewares.clone(),
            http: Section::default(),
            tcp: Section::default(),
            udp: Section::default(),
            lan: None,
            encoded: None,
            tcp_lan: None,
            logins: BTreeMap::new(),
            made: BTreeSet::new(),
        }
    }

    fn router(&mut self, way: ServiceRoute<'f>, service: String) {
        let route = way.route;
        let by = route.origin;
        let Some(middlewares) = self.middlewares(way) else { return };
        let name = self.labels.services.given(&way_key(&way.path()));
        let names = self.fleet.model.names(route);
        let plain: Vec<String> = names.iter().map(|name| name.value.clone()).collect();

        let mut router = Entries::new();
        let origins = |name| self.fleet.model.name_origins(route, name);
        let mut rule_origins: Vec<OriginId> = names.iter().flat_map(origins).collect();
        rule_origins.extend(route.path.as_ref().map(|path| path.origin));
        let without = self.shared.without(way);
        rule_origins.extend(without.iter().flat_map(|part| &part.origins));
        let rule = TreeNode::Text(rule(&plain, &way.below(), &without));
        router.put("rule", Tree::new(rule, &rule_origins));
        if let Some(priority) = &route.value.priority {
            router.put("priority", Tree::int(priority.value, priority.origin));
        } else if plain.iter().any(|name| self.shared.is_shared(name)) {
            let origin = route.path.as_ref().map_or(route.host.origin, |path| path.origin);
            router.put("priority", Tree::int(priority(&way.below()), origin));
        }
        router.put("entryPoints", entry_points(route, by));
        router.put_some("middlewares", Some(Tree::list(middlewares, by)));
        router.put("service", Tree::text(service, by));
        router.put("tls", self.router_tls(route, &plain, by));
        if let Some(options) = &route.observability {
            let entries = self.spelling.entries("RouterObservabilityConfig", options);
            router.put_some("observability", Some(entries.tree(options.origin)));
        }
        self.http.routers.put(name, router.tree(by));
    }

    /// What a request goes through, in this order; none where the login server of a route is missing.
    fn middlewares(&mut self, way: ServiceRoute<'f>) -> Option<Vec<Tree>> {
        let route = way.route;
        let order = Order::of(&self.fleet.model, self.proxy, way);
        let mut all = Vec::new();
        // Before anything that goes by the path.
        let names = self.fleet.model.names(route);
        let divided = names.iter().find(|name| self.shared.is_divided(&name.value));
        if let Some(name) = divided.filter(|_| order.says_nothing_of_encoding()) {
            let by = route.path.as_ref().map_or(name.origin, |path| path.origin);
            all.push(Tree::text(self.encoded(), by));
        }
        for path in &order.before_login {
            all.push((self.spelling.refer)(path, path.origin));
        }
        let expose = &route.expose;
        if expose.value == Exposure::Lan {
            all.push(Tree::text(self.lan(), expose.origin));
        }
        if let Login::Sso(_) = &route.login.value {
            let portal = self.fleet.model.portal_for(self.proxy.on.entity())?.1.origin;
            let name = TreeNode::Text(self.login()?);
            all.push(Tree::new(name, &[route.login.origin, portal]));
        }
        for path in &order.after_login {
            all.push((self.spelling.refer)(path, path.origin));
        }
        Some(all)
    }

    /// The middleware that refuses paths with encoded characters which the login server, or the program, may
    /// take for others than the proxy did.
    fn encoded(&mut self) -> String {
        if let Some(name) = &self.encoded {
            return name.clone();
        }
        let by = self.proxy.origin;
        let mut none = Entries::new();
        for character in
            Fields::get().of("EncodedCharacters").into_iter().flat_map(|all| all.keys())
        {
            none.put(character, Tree::bool(false, by));
        }
        let name = self.names.fresh("encoded");
        let tree = wrap("encodedCharacters", none.tree(by), by);
        self.http.middlewares.put(name.clone(), tree);
        self.encoded = Some(name.clone());
        name
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

    pub(super) fn allow_list(&self) -> Tree {
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
        auth.put("address", Tree::new(TreeNode::Text(address), &server.origins));
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

    fn finish(self) -> Tree {
        let by = self.proxy.origin;
        let tls = self.tls.tree(self.fleet, self.traefik, self.proxy.engine.origin, self.spelling);
        let mut root = Entries::new();
        root.put_some("http", Some(self.http.tree(by)));
        root.put_some("tcp", Some(self.tcp.tree(by)));
        root.put_some("udp", Some(self.udp.tree(by)));
        root.put_some("tls", Some(tls));
        root.tree(by)
    }
}

/// Never on `web`: there the private host would be served in clear text.
fn entry_points(route: &Route, by: OriginId) -> Tree {
    if route.entry_points.is_empty() {
        let all = guards::entry_points(route).into_iter().map(|name| Tree::text(name, by));
        Tree::list(all.collect(), by)
    } else {
        Tree::texts(&route.entry_points)
    }
}

/// A map with one entry.
pub(super) fn wrap(key: &str, tree: Tree, by: OriginId) -> Tree {
    let mut entries = Entries::new();
    entries.put(key, tree);
    entries.tree(by)
}
