//! Networks that are everybody, where a few are meant; and tunnels, whose visitors all come from near.

use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;
use qg_lang::network::network;

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::choice::Choice;
use crate::leaf::{At, Data, OriginId, RefOr};
use crate::proxy::Proxy;
use crate::route::Exposure;

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::EVERYBODY, codes::LAN_HIDDEN], run };

/// Images and modules of programs that hand on what comes to them elsewhere: the proxy sees their address.
const TUNNELS: &[&str] = &["cloudflared", "ngrok", "frpc", "rathole", "pangolin", "newt", "inlets"];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // A default says it once, for many hosts.
    let mut told = BTreeSet::new();
    let mut say = |origin: OriginId, message: String, help: &str| {
        let span = place(fleet, origin);
        if told.insert(span) {
            out.push(Diagnostic::error(codes::EVERYBODY, span, message).help(help.to_owned()));
        }
    };
    for (key, proxy) in &fleet.model.proxy {
        for network in proxy.lan.iter().filter(|it| is_everybody(&it.value.to_string())) {
            let message = format!("`{}` of proxy.{key} calls everybody local", network.value);
            say(network.origin, message, "name the networks that are local, as 192.168.0.0/16");
        }
    }
    for (name, middleware) in &fleet.model.middleware {
        for range in ranges(&middleware.does) {
            if let Some(text) = range.spelled().filter(|it| is_everybody(it)) {
                let message = format!("middleware.{name} lets everybody in: `{text}`");
                say(range.origin, message, "name the networks that may come, or leave it out");
            }
        }
    }
    for (name, host) in &fleet.model.host {
        for it in host.fail2ban.iter().flat_map(|it| it.ignoreip.iter()) {
            if is_everybody(&it.value.to_string()) {
                let message = format!("fail2ban of host.{name} keeps nobody out: `{}`", it.value);
                say(it.origin, message, "name the addresses that are never kept out");
            }
        }
    }
    for (key, proxy) in &fleet.model.proxy {
        tunnel(fleet, key, proxy, out);
    }
}

fn ranges(does: &Choice) -> Vec<&At<Data>> {
    if does.kind == "ipAllowList" { does.items("sourceRange").collect() } else { Vec::new() }
}

/// Whether nobody is outside.
fn is_everybody(text: &str) -> bool {
    network(text).is_some_and(|it| it.prefix_len() == 0)
}

/// Routes for the local network, behind a tunnel that runs beside the proxy.
fn tunnel(fleet: &Facts<'_>, key: &str, proxy: &At<Proxy>, out: &mut Vec<Diagnostic>) {
    let Some(way) = fleet
        .model
        .ways_of(key)
        .find(|way| way.route.expose.value == Exposure::Lan && way.route.is_http())
    else {
        return;
    };
    let host = proxy.on.entity();
    let tunnels = fleet.model.services_on(host).filter_map(|(name, service)| {
        let image = service.container.as_ref().map(|it| match &it.image.value {
            RefOr::Value(image) => image.as_str(),
            RefOr::Ref(path) => path.last(),
        });
        let image = image.unwrap_or_default();
        let native: Vec<&str> = service.native.keys().map(String::as_str).collect();
        let is_one = |it: &&str| {
            let module = |path: &&str| path.split('.').any(|part| part == *it);
            image.contains(&format!("/{it}")) || native.iter().any(module)
        };
        let inside = service.container.as_ref().is_some_and(|it| !fleet.is_on_host(it));
        TUNNELS.iter().any(is_one).then_some((name, service.origin, inside))
    });
    for (name, origin, inside) in tunnels {
        // In a network of its own its address is one of Podman's; else it comes by loopback.
        let near = if inside { "10.88.0.7" } else { "127.0.0.1" };
        let address = qg_lang::network::address(near);
        let local = proxy.lan.iter().find(|it| {
            let network = network(&it.value.to_string());
            network.zip(address).is_some_and(|(network, address)| network.contains(&address))
        });
        let Some(local) = local else { continue };
        let at = own_place(fleet, &[way.route.expose.origin, way.route.origin]);
        let message = format!(
            "whoever comes through service.{name} is local for {}: the proxy sees the tunnel's address",
            way.title()
        );
        let mut finding = Diagnostic::warning(codes::LAN_HIDDEN, at, message)
            .also(place(fleet, origin), "it hands on what comes from the internet");
        let lan = own_place(fleet, &[local.origin, proxy.origin]);
        if lan != at {
            finding = finding.also(lan, format!("`{}` is local here", local.value));
        }
        out.push(
            finding
                .help("say `lan` of the proxy without the network that the tunnel is in")
                .help("or guard the route by `login = sso` or `expose = private`"),
        );
    }
}
