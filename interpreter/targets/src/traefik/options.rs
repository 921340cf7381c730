//! Static options: entry points, certificates, providers, logs.

use std::collections::BTreeMap;

use qg_fleet::leaf::{At, Data, EntityPath, OriginId, RefOr};
use qg_fleet::proxy::{Acme, Challenge, SECURE, Traefik, TraefikProxy, entry_port};
use qg_fleet::ways::authority;
use qg_formats::{Entries, Tree, TreeNode};

use super::DYNAMIC_PATH;
use super::dynamic::{Secrets, file};
use super::spell::Spelling;
use crate::Prepared;
use crate::merge::{Clash, fill, merge};

pub(super) fn tree(
    fleet: &Prepared<'_>,
    TraefikProxy { key, proxy, options: traefik }: TraefikProxy<'_>,
    secrets: &Secrets<'_>,
) -> (Tree, Vec<Clash>) {
    let refer = |path: &EntityPath, by: OriginId| file(fleet, secrets, path, by);
    let spelling = Spelling { seal: secrets.seal, refer: &refer };
    let by = proxy.engine.origin;
    let mut root = Entries::new();

    let mut global = Entries::new();
    global.put("checkNewVersion", Tree::bool(false, by));
    global.put("sendAnonymousUsage", Tree::bool(false, by));
    root.put("global", global.tree(by));

    root.put("log", log(traefik, &spelling));
    let access = &traefik.access_log;
    if !matches!(access.get("enabled"), Some(At { value: Data::Bool(false), .. })) {
        let mut log = spelling.entries("AccessLog", access);
        if !access.contains_key("format") {
            log.put("format", Tree::text("common", access.origin));
        }
        root.put("accessLog", log.tree(access.origin));
    }

    let mut points = entry_points(fleet, key, traefik, by);
    let clashes = merge(&mut points, own_points(traefik, &spelling, by));
    root.put("entryPoints", points);
    let mut resolvers = Entries::new();
    if let Some(acme) = &traefik.acme {
        resolvers.put(acme.resolver.value.clone(), resolver(acme, traefik, &spelling));
    }
    for (name, acme) in &traefik.resolvers {
        resolvers.put(name, resolver(acme, traefik, &spelling));
    }
    let first = traefik.acme.as_ref().or(traefik.resolvers.values().next());
    root.put_some("certificatesResolvers", first.map(|acme| resolvers.tree(acme.origin)));
    if let Some(port) = &traefik.dashboard {
        let mut api = Entries::new();
        api.put("dashboard", Tree::bool(true, port.origin));
        // On the entry point `traefik`, which is on loopback.
        api.put("insecure", Tree::bool(true, port.origin));
        root.put("api", api.tree(port.origin));
    }
    if let Some(first) = traefik.plugins.values().next() {
        let mut plugins = Entries::new();
        for (name, plugin) in &traefik.plugins {
            let mut entry = Entries::new();
            let module = &plugin.module;
            entry.put("moduleName", Tree::text(module.value.clone(), module.origin));
            let version = &plugin.version;
            entry.put("version", Tree::text(version.value.clone(), version.origin));
            if let Some(hash) = &plugin.hash {
                entry.put("hash", Tree::text(hash.value.clone(), hash.origin));
            }
            if let Some(settings) = &plugin.settings {
                let entries = spelling.entries("Settings", settings);
                entry.put_some("settings", Some(entries.tree(settings.origin)));
            }
            plugins.put(name.clone(), entry.tree(plugin.origin));
        }
        let mut experimental = Entries::new();
        // Without a plugin its routers would be gone, and a broader one could answer unguarded.
        experimental.put("abortOnPluginFailure", Tree::bool(true, first.origin));
        experimental.put("plugins", plugins.tree(first.origin));
        root.put("experimental", experimental.tree(first.origin));
    }

    let mut file = Entries::new();
    file.put("filename", Tree::text(DYNAMIC_PATH, by));
    let mut providers = Entries::new();
    providers.put("file", file.tree(by));
    root.put("providers", providers.tree(by));
    (root.tree(proxy.origin), clashes)
}

/// What it writes of itself: Traefik's own default, `ERROR`, would not tell of routers that are left out.
fn log(traefik: &Traefik, spelling: &Spelling<'_>) -> Tree {
    let said = &traefik.log;
    let level = said.get("level");
    let word = level.and_then(|it| it.text()).unwrap_or("info").to_uppercase();
    let mut log = Entries::new();
    log.put("level", Tree::text(word, level.map_or(said.origin, |it| it.origin)));
    let rest = said.iter().filter(|(key, _)| *key != "level");
    let rest = rest.map(|(key, data)| (key.clone(), data.clone())).collect();
    log.extend(spelling.entries("TraefikLog", &rest));
    log.tree(said.origin)
}

fn entry_points(fleet: &Prepared<'_>, key: &str, traefik: &Traefik, by: OriginId) -> Tree {
    let mut points = Entries::new();

    let mut redirect = Entries::new();
    redirect.put("to", Tree::text(SECURE, by));
    redirect.put("scheme", Tree::text("https", by));
    redirect.put("permanent", Tree::bool(true, by));
    let mut redirections = Entries::new();
    redirections.put("entryPoint", redirect.tree(by));
    let mut http = requests(traefik, "web", by);
    http.put("redirections", redirections.tree(by));
    let mut web = Entries::new();
    web.put("address", Tree::text(format!(":{}", traefik.http.value), traefik.http.origin));
    web.put("http", http.tree(by));
    points.put("web", web.tree(traefik.http.origin));

    let mut secure = Entries::new();
    secure.put("address", Tree::text(format!(":{}", traefik.https.value), traefik.https.origin));
    secure.put_some("http", Some(requests(traefik, SECURE, by).tree(by)));
    points.put(SECURE, secure.tree(traefik.https.origin));

    let ports: BTreeMap<_, _> = fleet
        .model
        .ways_of(key)
        .filter_map(|way| way.route.tcp.as_ref())
        .map(|port| (port.number, port.origin))
        .filter(|(number, _)| tcp_point(traefik, *number) == tcp_entry_point(*number))
        .collect();
    for (number, origin) in ports {
        let mut point = Entries::new();
        point.put("address", Tree::text(format!(":{number}"), origin));
        point.put("http", requests(traefik, "", origin).tree(origin));
        points.put(tcp_entry_point(number), point.tree(origin));
    }
    let udp = fleet.model.ways_of(key).filter_map(|way| way.route.udp.as_ref());
    let udp: BTreeMap<_, _> = udp.map(|port| (port.number, port.origin)).collect();
    for (number, origin) in udp {
        let mut point = Entries::new();
        point.put("address", Tree::text(format!(":{number}/udp"), origin));
        points.put(udp_entry_point(number), point.tree(origin));
    }
    if let Some(port) = &traefik.dashboard {
        let mut point = Entries::new();
        point.put("address", Tree::text(format!("127.0.0.1:{}", port.value), port.origin));
        points.put("traefik", point.tree(port.origin));
    }
    points.tree(by)
}

/// Entry points that are there without being named.
const BUILT_IN: &[&str] = &["web", SECURE];

/// What holds on every entry point that requests may come in at, where the user does not say it.
fn requests(traefik: &Traefik, point: &str, by: OriginId) -> Entries {
    let mut http = Entries::new();
    let said = traefik.entry_points.get(point).and_then(|point| point.get("http"));
    let said = said.is_some_and(|http| match &http.value {
        Data::Record(http) => http.contains_key(UNDERSCORES),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::List(_) => false,
    });
    if !said {
        // A client's own `Remote_User` would reach programs that take `_` and `-` for the same.
        http.put(UNDERSCORES, Tree::text("delete", by));
    }
    http
}

/// What holds on entry points that only the raw options name: the same as on all others.
pub(super) fn unnamed_points(fixed: &Tree) -> Tree {
    let by = OriginId::default();
    let mut points = Entries::new();
    for (name, point) in fixed.at(&["entryPoints"]).into_iter().flat_map(Tree::entries) {
        let address = point.at(&["address"]).and_then(Tree::as_text).unwrap_or_default();
        let said = point.at(&["http", UNDERSCORES]).is_some();
        // The dashboard is on loopback.
        if said || name == "traefik" || address.ends_with("/udp") {
            continue;
        }
        let mut http = Entries::new();
        http.put(UNDERSCORES, Tree::new(TreeNode::Text("delete".to_owned()), &point.origins));
        let http = Tree::new(http.tree(by).node, &point.origins);
        let mut own = Entries::new();
        own.put("http", http);
        points.put(name, Tree::new(own.tree(by).node, &point.origins));
    }
    let mut root = Entries::new();
    root.put_some("entryPoints", Some(points.tree(by)));
    root.tree(by)
}

/// What becomes of headers with `_` in their names.
const UNDERSCORES: &str = "underscoreHeadersStrategy";

/// Entry points that the proxy names itself, and what it says of the others.
fn own_points(traefik: &Traefik, spelling: &Spelling<'_>, by: OriginId) -> Tree {
    let mut points = Entries::new();
    for (name, options) in &traefik.entry_points {
        let mut point = Entries::new();
        if let Some(port) = entry_port(options) {
            let on = options.get("on").and_then(|on| on.text()).unwrap_or_default();
            let suffix = if port.udp { "/udp" } else { "" };
            let address = format!("{}{suffix}", authority(on, Some(port.number)));
            point.put("address", Tree::text(address, port.origin));
        }
        point.extend(spelling.entries("EntryPoint", options));
        let mut point = point.tree(options.origin);
        let takes_requests = entry_port(options).is_some_and(|port| !port.udp);
        if takes_requests && !BUILT_IN.contains(&name.as_str()) {
            let mut ours = Entries::new();
            ours.put_some(
                "http",
                Some(requests(traefik, name, options.origin).tree(options.origin)),
            );
            fill(&mut point, ours.tree(options.origin));
        }
        points.put_some(name, Some(point));
    }
    points.tree(by)
}

/// The entry point of UDP routes at a port.
pub(super) fn udp_entry_point(port: u16) -> String {
    format!("udp-{port}")
}

/// The entry point of TCP routes at a port: one that is there already, or one of their own.
pub(crate) fn tcp_point(traefik: &Traefik, port: u16) -> String {
    if traefik.https.number == port {
        return SECURE.to_owned();
    }
    let own = traefik.own_points().find(|(_, it, _)| it.number == port && !it.udp);
    own.map_or_else(|| tcp_entry_point(port), |(name, ..)| name.to_owned())
}

/// An entry point for the TCP routes of one port.
fn tcp_entry_point(port: u16) -> String {
    format!("tcp-{port}")
}

fn resolver(acme: &At<Acme>, traefik: &Traefik, spelling: &Spelling<'_>) -> Tree {
    let mut entry = Entries::new();
    entry.put("email", Tree::text(acme.email.value.clone(), acme.email.origin));
    let storage = format!("{}/acme.json", traefik.data.value.trim_end_matches('/'));
    entry.put("storage", Tree::text(storage, traefik.data.origin));
    if let Some(server) = &acme.server {
        entry.put("caServer", Tree::text(server.value.clone(), server.origin));
    }
    entry.put_some("emailAddresses", Some(Tree::texts(&acme.email_addresses)));
    if let Some(key) = &acme.key_type {
        entry.put("keyType", Tree::text(key.word(), key.origin));
    }
    for (name, text) in [
        ("preferredChain", &acme.preferred_chain),
        ("profile", &acme.profile),
        ("caServerName", &acme.ca_server_name),
    ] {
        if let Some(text) = text {
            entry.put(name, Tree::text(text.value.clone(), text.origin));
        }
    }
    if let Some(hours) = &acme.certificates_duration {
        entry.put("certificatesDuration", Tree::int(hours.value, hours.origin));
    }
    let trusted = acme.ca_certificates.iter().map(|it| match &it.value {
        RefOr::Ref(secret) => (spelling.refer)(secret, it.origin),
        RefOr::Value(path) => Tree::text(path.clone(), it.origin),
    });
    let trusted = Tree::list(trusted.collect(), acme.ca_certificates.origin);
    entry.put_some("caCertificates", Some(trusted));
    if let Some(pool) = &acme.ca_system_cert_pool {
        entry.put("caSystemCertPool", Tree::bool(pool.value, pool.origin));
    }
    let by = acme.challenge.origin;
    match &acme.challenge.value {
        Challenge::Http => {
            let mut http = Entries::new();
            http.put("entryPoint", Tree::text("web", by));
            entry.put("httpChallenge", http.tree(by));
        }
        // An empty section means that it is switched on.
        Challenge::Tls => entry.put("tlsChallenge", Entries::new().tree(by)),
        Challenge::Dns(dns) => {
            let mut challenge = Entries::new();
            let provider = &dns.provider;
            challenge.put("provider", Tree::text(provider.value.clone(), provider.origin));
            challenge.put_some("resolvers", Some(Tree::texts(&dns.resolvers)));
            if let Some(options) = &dns.propagation {
                let entries = spelling.entries("Propagation", options);
                challenge.put_some("propagation", Some(entries.tree(options.origin)));
            }
            entry.put("dnsChallenge", challenge.tree(by));
        }
    }
    let mut resolver = Entries::new();
    resolver.put("acme", entry.tree(acme.origin));
    resolver.tree(acme.origin)
}
