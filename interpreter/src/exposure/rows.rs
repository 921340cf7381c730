//! The matrix: everything that can be reached, host by host, with who can.

use qg_fleet::Facts;
use qg_fleet::checks::place::own_place;
use qg_fleet::leaf::OriginId;
use qg_fleet::listeners::{Listener, Owner};
use qg_fleet::route::{Exposure, Login};
use qg_fleet::ways::ServiceRoute;
use qg_lang::network;
use qg_lang::span::Span;
use serde::Serialize;

use super::claims::{Door, asks};
use super::who::{Asks, From};

/// Something that can be reached, or that nobody can reach.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub host: String,
    pub kind: Kind,
    /// `service.sonarr.route.web`, `service.dns.ports.dns`, `proxy.edge, https`
    pub what: String,
    /// Where: `https://sonarr.example.org`, `0.0.0.0:53/udp`.
    pub at: String,
    /// What it comes through: a proxy and its entry points.
    pub through: Option<String>,
    pub from: From,
    /// All of these are asked.
    pub asks: Vec<Asks>,
    /// Where it is said.
    #[serde(skip)]
    pub place: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Route,
    /// A router of a proxy's raw options.
    Router,
    EntryPoint,
    Port,
    Firewall,
}

/// All rows that the model speaks of, by host.
pub(super) fn rows(fleet: &Facts<'_>) -> Vec<Row> {
    let mut all = Vec::new();
    let ways = fleet.model.ways();
    all.extend(ways.filter_map(|way| route(fleet, way)));
    for host in fleet.model.host.keys() {
        let listeners = &fleet.listeners_on(host).all;
        all.extend(listeners.iter().filter_map(|it| listener(fleet, host, it)));
        firewall(fleet, host, &mut all);
    }
    all.sort_by(|a, b| (&a.host, a.kind, &a.what, &a.at).cmp(&(&b.host, b.kind, &b.what, &b.at)));
    all
}

fn route(fleet: &Facts<'_>, way: ServiceRoute<'_>) -> Option<Row> {
    let (key, proxy) = fleet.model.proxy_of(way).ok()?;
    let route = way.route;
    let (from, asks) = asks(fleet, proxy, way);
    let points: Vec<&str> = route.entry_points.iter().map(|it| it.as_str()).collect();
    let through = match route.expose.value {
        Exposure::Internal => None,
        Exposure::Public | Exposure::Private | Exposure::Lan if points.is_empty() => {
            Some(format!("proxy.{key}"))
        }
        Exposure::Public | Exposure::Private | Exposure::Lan => {
            Some(format!("proxy.{key}, {}", points.join(", ")))
        }
    };
    let origin = match &route.login.value {
        Login::Sso(_) => route.login.origin,
        Login::Own | Login::None => route.expose.origin,
    };
    // What the library says by itself is shown at the route.
    let own =
        |it: &OriginId| fleet.origins.span(*it).is_some_and(|at| !qg_lang::is_library(at.file));
    Some(Row {
        host: proxy.on.entity().to_owned(),
        kind: Kind::Route,
        what: way.title(),
        at: route.url.value.clone(),
        through,
        from,
        asks,
        place: fleet.origins.span(Some(origin).filter(own).unwrap_or(route.origin)),
    })
}

fn listener(fleet: &Facts<'_>, host: &str, listener: &Listener<'_>) -> Option<Row> {
    let of = |by: Option<OriginId>| by.unwrap_or(listener.origin);
    let (kind, by) = match listener.of {
        Owner::Proxy(key) => {
            (Kind::EntryPoint, of(fleet.model.proxy.get(key).map(|it| it.engine.origin)))
        }
        Owner::Service(_) | Owner::Pod(_) | Owner::Kube(_) => (Kind::Port, listener.origin),
        // Its route has a row.
        Owner::Route => return None,
    };
    let mut from = reach(fleet, host, listener);
    if let (Owner::Proxy(key), From::Lan(_) | From::Network) = (listener.of, &from)
        && fleet.model.ways_of(key).any(|way| way.route.expose.value != Exposure::Lan)
    {
        // Whoever wants routes for the internet leads it here.
        from = From::Internet;
    }
    let at = qg_fleet::ways::authority(&listener.address, Some(listener.port));
    Some(Row {
        host: host.to_owned(),
        kind,
        what: listener.what.clone(),
        at: format!("{at}/{}", listener.protocol),
        through: None,
        from,
        asks: Vec::new(),
        place: Some(own_place(fleet, &[listener.origin, by])),
    })
}

/// The ports that other machines reach without a proxy, and that say so; what leads past a guard is refused before
/// it comes here, where the words alone show it.
pub(super) fn doors(fleet: &Facts<'_>) -> Vec<Door> {
    let mut all = Vec::new();
    for (host, of) in &fleet.model.host {
        for it in &fleet.listeners_on(host).all {
            let proxy = matches!(it.of, Owner::Proxy(_) | Owner::Route);
            if proxy || it.protocol != "tcp" || !fleet.is_reachable(host, it) {
                continue;
            }
            let own = if is_anywhere(&it.address) { "127.0.0.1" } else { it.address.as_str() };
            let outside = match (is_anywhere(&it.address), &of.address) {
                (true, Some(address)) => address.value.to_string(),
                (true, None) => host.clone(),
                (false, _) => it.address.clone(),
            };
            let at = |address: &str| qg_fleet::ways::authority(address, Some(it.port));
            all.push(Door {
                host: host.clone(),
                what: it.what.clone(),
                at: at(&outside),
                server: at(own),
                from: reach(fleet, host, it),
            });
        }
    }
    all
}

/// Who gets to a port.
fn reach(fleet: &Facts<'_>, host: &str, listener: &Listener<'_>) -> From {
    if listener.is_local() {
        return From::Host;
    }
    let Some(of) = fleet.model.host.get(host) else { return From::Nobody };
    let firewall = fleet.firewall_of(host);
    if fleet.is_reachable(host, listener) {
        let network = of.addresses.iter().find(|(_, it)| it.value == listener.address);
        return match network {
            Some((name, _)) => From::Interface(vec![name.clone()]),
            None if is_anywhere(&listener.address) => outer(fleet, host),
            None if is_private(&listener.address) => From::Lan(Vec::new()),
            None => From::Internet,
        };
    }
    let opened = firewall.opened.iter().filter(|it| it.holds(listener.port, listener.protocol));
    let by = opened.filter_map(|it| it.interface.clone());
    let mut by: Vec<String> =
        firewall.trusted.iter().map(|it| it.value.clone()).chain(by).collect();
    by.sort();
    by.dedup();
    let met = fleet.met_on(host).iter().filter(|it| {
        let port = fleet.model.service.get(&it.service).and_then(|of| of.ports.get(&it.port));
        port.is_some_and(|port| port.host.number == listener.port)
    });
    let mut hosts: Vec<String> = met.flat_map(|it| it.from.keys().cloned()).collect();
    hosts.sort();
    hosts.dedup();
    match (by.is_empty(), hosts.is_empty()) {
        (_, false) => From::Hosts(hosts),
        (false, true) => From::Interface(by),
        (true, true) => From::Host,
    }
}

/// Who gets to a host that lets everybody in: the internet, where it has an address there.
pub(super) fn outer(fleet: &Facts<'_>, host: &str) -> From {
    let of = fleet.model.host.get(host);
    let mut all = of.into_iter().flat_map(|it| it.address.iter().chain(it.addresses.values()));
    let known = of.is_some_and(|it| it.address.is_some() || !it.addresses.is_empty());
    match known {
        false => From::Network,
        true if all.all(|it| is_private(it)) => From::Lan(Vec::new()),
        true => From::Internet,
    }
}

fn is_anywhere(address: &str) -> bool {
    matches!(address, "" | "0.0.0.0" | "::")
}

/// Networks that the internet does not lead to (RFC 1918, 4193, 4291, 6598).
const PRIVATE: &[&str] =
    &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"];

fn is_private(address: &str) -> bool {
    let Some(address) = network::address(address) else { return false };
    PRIVATE.iter().filter_map(|it| network::network(it)).any(|it| it.contains(&address))
}

/// What a host opens by words for the whole machine, and the firewall where there is none.
fn firewall(fleet: &Facts<'_>, host: &str, all: &mut Vec<Row>) {
    let firewall = fleet.firewall_of(host);
    let mut put = |what: &str, at: String, from: From, origin: OriginId| {
        let (host, what) = (host.to_owned(), what.to_owned());
        let (through, asks, place) = (None, Vec::new(), fleet.origins.span(origin));
        all.push(Row { host, kind: Kind::Firewall, what, at, through, from, asks, place });
    };
    if let Some(off) = firewall.off {
        put("firewall, switched off", "every port".to_owned(), outer(fleet, host), off);
    }
    for it in &firewall.opened {
        let ports =
            if it.from == it.to { it.from.to_string() } else { format!("{}-{}", it.from, it.to) };
        let from = match &it.interface {
            Some(name) => From::Interface(vec![name.clone()]),
            None => outer(fleet, host),
        };
        put("firewall, open", format!("{ports}/{}", it.protocol), from, it.origin);
    }
    for name in &firewall.trusted {
        let from = From::Interface(vec![name.value.clone()]);
        put("firewall, trusted", "every port".to_owned(), from, name.origin);
    }
}
