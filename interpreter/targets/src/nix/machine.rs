//! The machine itself: imports, name, platform, time, firewall.

use std::collections::BTreeMap;

use qg_fleet::host::{Storage, Unfree};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::nix::{Nix, NixExpr, Set};

use super::{On, extra, files, state};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let host = on.host;
    let mut imports: Vec<Nix> = host.modules.iter().filter_map(files::imported).collect();
    if let Some(data) = extra(host) {
        imports.push(Nix::path("extra.nix", data.origin));
    }
    if !imports.is_empty() {
        set.put("imports", Nix::list(imports, host.modules.origin));
    }
    set.put_at(&["networking", "hostName"], Nix::text(on.name, host.origin));
    if let Storage::Zfs(zfs) = &host.storage.value {
        let id = Nix::text(zfs.host_id.value.clone(), zfs.host_id.origin);
        set.put_at(&["networking", "hostId"], id);
    }
    firewall(on, set);
    let platform = Nix::text(host.system.name(), host.system.origin);
    set.put_at(&["nixpkgs", "hostPlatform"], platform);
    if let Some(system) = &host.build_on {
        set.put_at(&["nixpkgs", "buildPlatform"], Nix::text(system.name(), system.origin));
    }
    if let Some(unfree) = &host.unfree {
        put_unfree(unfree, set);
    }
    if let Some(version) = &host.state_version {
        set.put_at(&["system", "stateVersion"], Nix::text(version.value.clone(), version.origin));
    }
    let zone = &on.fleet.model.fleet.timezone;
    set.put_at(&["time", "timeZone"], Nix::text(zone.value.clone(), zone.origin));
}

/// nixpkgs asks its configuration for each package whose licence is not free.
fn put_unfree(unfree: &At<Unfree>, set: &mut Set) {
    let config = ["nixpkgs", "config"];
    match &unfree.value {
        Unfree::All => {
            let option = [&config[..], &["allowUnfree"]].concat();
            set.put_at(&option, Nix::bool(true, unfree.origin));
        }
        Unfree::Only(only) => {
            // The names have no character that means something in Nix.
            let names: Vec<String> =
                only.packages.iter().map(|it| format!("\"{}\"", it.value)).collect();
            let by: Vec<OriginId> = only.packages.iter().map(|it| it.origin).collect();
            let asked =
                format!("package: builtins.elem (lib.getName package) [ {} ]", names.join(" "));
            let option = [&config[..], &["allowUnfreePredicate"]].concat();
            set.put_at(&option, Nix::new(NixExpr::Raw(asked), &by));
        }
    }
}

type Ports = BTreeMap<u16, Vec<OriginId>>;

/// What the host opens itself, what its services open, and its ways in.
fn firewall(on: On<'_>, set: &mut Set) {
    let model = &on.fleet.model;
    let (mut tcp, mut udp) = (Ports::new(), Ports::new());
    let open = |ports: &mut Ports, number: u16, by: &[OriginId]| {
        ports.entry(number).or_default().extend_from_slice(by);
    };
    for port in on.host.firewall.tcp.iter() {
        open(&mut tcp, port.number, &[port.origin]);
    }
    for port in on.host.firewall.udp.iter() {
        open(&mut udp, port.number, &[port.origin]);
    }
    for (_, service) in model.services_on(on.name) {
        for port in service.ports.values().filter(|port| port.open.value && port.publish.value) {
            let by = [port.host.origin, port.open.origin];
            for protocol in port.protocols() {
                let ports = if *protocol == "udp" { &mut udp } else { &mut tcp };
                open(ports, port.host.number, &by);
            }
        }
    }
    for (key, proxy) in model.proxies_on(on.name) {
        for port in proxy.engine.open_ports() {
            let ports = if port.udp { &mut udp } else { &mut tcp };
            open(ports, port.number, &[port.origin]);
        }
        for way in model.ways_of(key) {
            if let Some(port) = &way.route.tcp {
                open(&mut tcp, port.number, &[port.origin]);
            } else if let Some(port) = &way.route.udp {
                open(&mut udp, port.number, &[port.origin]);
            }
        }
    }
    for (option, ports) in [("allowedTCPPorts", tcp), ("allowedUDPPorts", udp)] {
        if !ports.is_empty() {
            let numbers = ports
                .into_iter()
                .map(|(port, by)| Nix::new(NixExpr::Int(port.into()), &by))
                .collect();
            let list = Nix::list(numbers, on.host.firewall.origin);
            set.put_at(&["networking", "firewall", option], list);
        }
    }
    let firewall = &on.host.firewall;
    for (option, ranges) in [
        ("allowedTCPPortRanges", &firewall.tcp_ranges),
        ("allowedUDPPortRanges", &firewall.udp_ranges),
    ] {
        if !ranges.is_empty() {
            let all = ranges.iter().filter_map(range).collect();
            set.put_at(&["networking", "firewall", option], Nix::list(all, ranges.origin));
        }
    }
    if !firewall.trusted.is_empty() {
        let all = state::texts(&firewall.trusted, firewall.trusted.origin);
        set.put_at(&["networking", "firewall", "trustedInterfaces"], all);
    }
    if let Some(ping) = &firewall.ping {
        let ping = Nix::bool(ping.value, ping.origin);
        set.put_at(&["networking", "firewall", "allowPing"], ping);
    }
}

/// `{ from = 8000; to = 8100; }`
fn range(range: &At<String>) -> Option<Nix> {
    let (from, to) = range.split_once('-')?;
    let mut all = Set::new();
    all.put("from", Nix::int(from.parse::<u16>().ok()?, range.origin));
    all.put("to", Nix::int(to.parse::<u16>().ok()?, range.origin));
    Some(all.nix(range.origin))
}
