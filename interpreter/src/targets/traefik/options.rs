//! Static options: entry points, certificates, providers, logs.

use std::collections::BTreeMap;

use super::{DYNAMIC_PATH, SECURE};
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, OriginId};
use crate::fleet::proxy::{Acme, Challenge, Proxy, Traefik};
use crate::formats::{Entries, Tree};

pub(super) fn tree(fleet: &Fleet, key: &str, proxy: &At<Proxy>) -> Tree {
    let traefik = proxy.traefik();
    let by = proxy.engine.origin;
    let mut root = Entries::new();

    let mut global = Entries::new();
    global.put("checkNewVersion", Tree::bool(false, by));
    global.put("sendAnonymousUsage", Tree::bool(false, by));
    root.put("global", global.tree(by));

    let mut log = Entries::new();
    log.put("level", Tree::text(traefik.log.name(), traefik.log.origin));
    root.put("log", log.tree(traefik.log.origin));
    if traefik.access_log.value {
        let origin = traefik.access_log.origin;
        let mut log = Entries::new();
        log.put("format", Tree::text("common", origin));
        root.put("accessLog", log.tree(origin));
    }

    root.put("entryPoints", entry_points(fleet, key, traefik, by));
    if let Some(acme) = &traefik.acme {
        let mut resolvers = Entries::new();
        resolvers.put(acme.resolver.value.clone(), resolver(acme, traefik));
        root.put("certificatesResolvers", resolvers.tree(acme.origin));
    }
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
    root.tree(proxy.origin)
}

fn entry_points(fleet: &Fleet, key: &str, traefik: &Traefik, by: OriginId) -> Tree {
    let mut points = Entries::new();

    let mut redirect = Entries::new();
    redirect.put("to", Tree::text(SECURE, by));
    redirect.put("scheme", Tree::text("https", by));
    redirect.put("permanent", Tree::bool(true, by));
    let mut redirections = Entries::new();
    redirections.put("entryPoint", redirect.tree(by));
    let mut http = Entries::new();
    http.put("redirections", redirections.tree(by));
    let mut web = Entries::new();
    web.put("address", Tree::text(format!(":{}", traefik.http.value), traefik.http.origin));
    web.put("http", http.tree(by));
    points.put("web", web.tree(traefik.http.origin));

    let mut http = Entries::new();
    // A client's own `Remote_User` would reach programs that take `_` and `-` for the same.
    http.put("underscoreHeadersStrategy", Tree::text("delete", by));
    let mut secure = Entries::new();
    secure.put("address", Tree::text(format!(":{}", traefik.https.value), traefik.https.origin));
    secure.put("http", http.tree(by));
    points.put(SECURE, secure.tree(traefik.https.origin));

    let ports: BTreeMap<_, _> = fleet
        .model
        .ways_of(key)
        .filter_map(|way| way.route.tcp.as_ref())
        .map(|port| (port.number, port.origin))
        .collect();
    for (number, origin) in ports {
        let mut point = Entries::new();
        point.put("address", Tree::text(format!(":{number}"), origin));
        points.put(tcp_entry_point(number), point.tree(origin));
    }
    if let Some(port) = &traefik.dashboard {
        let mut point = Entries::new();
        point.put("address", Tree::text(format!("127.0.0.1:{}", port.value), port.origin));
        points.put("traefik", point.tree(port.origin));
    }
    points.tree(by)
}

/// The entry point of TCP routes at a port.
pub(super) fn tcp_entry_point(port: u16) -> String {
    format!("tcp-{port}")
}

fn resolver(acme: &At<Acme>, traefik: &Traefik) -> Tree {
    let mut entry = Entries::new();
    entry.put("email", Tree::text(acme.email.value.clone(), acme.email.origin));
    let storage = format!("{}/acme.json", traefik.data.value.trim_end_matches('/'));
    entry.put("storage", Tree::text(storage, traefik.data.origin));
    if let Some(server) = &acme.server {
        entry.put("caServer", Tree::text(server.value.clone(), server.origin));
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
            entry.put("dnsChallenge", challenge.tree(by));
        }
    }
    let mut resolver = Entries::new();
    resolver.put("acme", entry.tree(acme.origin));
    resolver.tree(acme.origin)
}
