//! The firewall for ports that another host's proxy reaches: open to that host alone.
//!
//! What Podman publishes for root is turned to its container before the firewall's own chain sees it
//! (DNAT), so a second rule stands before that: everybody else is dropped there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use qg_fleet::leaf::OriginId;
use qg_formats::nix::{Nix, NixExpr, Set};

use super::On;

/// A way through the firewall.
struct Hole<'f> {
    /// Whether the addresses are those of IPv6.
    six: bool,
    at: &'f str,
    port: u16,
    protocol: &'static str,
    /// Who may come.
    from: Vec<&'f str>,
    /// Whether Podman publishes it for root, past the firewall.
    published: bool,
}

/// What the chain is called that drops everybody else.
const CHAIN: &str = "qg-elsewhere";

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let mut holes: BTreeMap<(&str, u16, &str), Hole<'_>> = BTreeMap::new();
    let mut by: Vec<OriginId> = Vec::new();
    for met in on.fleet.met_on(on.name) {
        let service = on.fleet.model.service.get(&met.service);
        let Some(port) = service.and_then(|it| it.ports.get(&met.port)) else { continue };
        let firewall = &on.host.firewall;
        let mut opened = firewall.tcp.iter().chain(firewall.udp.iter());
        if met.from.is_empty() || opened.any(|it| it.number == port.host.number) {
            continue;
        }
        by.extend([port.host.origin, met.at.origin]);
        for (address, who) in met.from.values() {
            by.push(address.origin);
            by.extend(who);
        }
        for protocol in port.protocols() {
            let key = (met.at.as_str(), port.host.number, *protocol);
            let hole = holes.entry(key).or_insert_with(|| Hole {
                six: met.at.contains(':'),
                at: &met.at,
                port: port.host.number,
                protocol,
                from: Vec::new(),
                published: false,
            });
            hole.published |= service.is_some_and(|it| it.container.is_some())
                && on.fleet.rootless(on.name).is_none();
            hole.from.extend(met.from.values().map(|(address, _)| address.as_str()));
            hole.from.sort_unstable();
            hole.from.dedup();
        }
    }
    if holes.is_empty() {
        return;
    }
    let holes: Vec<Hole<'_>> = holes.into_values().collect();
    let nftables = "config.networking.nftables.enable";
    let when = |condition: &str, value: Nix| {
        let condition = Nix::new(NixExpr::Raw(condition.to_owned()), &[]);
        Nix::apply(&["lib", "mkIf"], vec![condition, value])
    };
    let text = |text: String| Nix::new(NixExpr::Text(text), &by);
    let iptables = format!("!{nftables}");
    let mut options = vec![
        ("extraInputRules", nftables, accepted(&holes)),
        ("extraCommands", iptables.as_str(), commands(&holes)),
    ];
    if holes.iter().any(|hole| hole.published) {
        let mut table = Set::new();
        table.put("family", text("inet".to_owned()));
        table.put("content", text(chain(&holes)));
        let mut tables = Set::new();
        tables.put(CHAIN, Nix::new(NixExpr::Set(table), &by));
        let tables = when(nftables, Nix::new(NixExpr::Set(tables), &by));
        set.put_at(&["networking", "nftables", "tables"], tables);
        options.push(("extraStopCommands", &iptables, stopped()));
    }
    for (option, condition, lines) in options {
        set.put_at(&["networking", "firewall", option], when(condition, text(lines)));
    }
}

/// nft(8)'s word for the kind of address.
fn family(six: bool) -> &'static str {
    if six { "ip6" } else { "ip" }
}

/// Rules of nftables in the chain of the firewall.
fn accepted(holes: &[Hole<'_>]) -> String {
    holes.iter().fold(String::new(), |mut all, hole| {
        let (ip, from) = (family(hole.six), hole.from.join(", "));
        let (at, protocol, port) = (hole.at, hole.protocol, hole.port);
        let _ =
            writeln!(all, "{ip} saddr {{ {from} }} {ip} daddr {at} {protocol} dport {port} accept");
        all
    })
}

/// A chain of nftables before Podman's.
fn chain(holes: &[Hole<'_>]) -> String {
    let start =
        format!("chain {CHAIN} {{\n  type filter hook prerouting priority raw; policy accept;\n");
    let mut all = holes.iter().filter(|hole| hole.published).fold(start, |mut all, hole| {
        let (ip, from) = (family(hole.six), hole.from.join(", "));
        let (at, protocol, port) = (hole.at, hole.protocol, hole.port);
        let _ = writeln!(
            all,
            "  iifname != \"lo\" {ip} daddr {at} {protocol} dport {port} {ip} saddr != {{ {from} }} drop"
        );
        all
    });
    all.push_str("}\n");
    all
}

/// The same for iptables.
fn commands(holes: &[Hole<'_>]) -> String {
    let mut all = String::new();
    for (command, six) in [("iptables", false), ("ip6tables", true)] {
        let ours = || holes.iter().filter(|hole| hole.six == six);
        if ours().next().is_none() {
            continue;
        }
        for hole in ours() {
            let (at, protocol, port) = (hole.at, hole.protocol, hole.port);
            for from in &hole.from {
                let _ = writeln!(
                    all,
                    "{command} -w -A nixos-fw -p {protocol} -s {from} -d {at} --dport {port} -j nixos-fw-accept"
                );
            }
        }
        let published = || ours().filter(|hole| hole.published);
        if published().next().is_none() {
            continue;
        }
        let _ = writeln!(
            all,
            "{command} -w -t raw -N {CHAIN} 2>/dev/null || {command} -w -t raw -F {CHAIN}\n\
             {command} -w -t raw -C PREROUTING -j {CHAIN} 2>/dev/null || {command} -w -t raw -I PREROUTING -j {CHAIN}\n\
             {command} -w -t raw -A {CHAIN} -i lo -j RETURN"
        );
        for hole in published() {
            let (at, protocol, port) = (hole.at, hole.protocol, hole.port);
            for from in &hole.from {
                let _ = writeln!(
                    all,
                    "{command} -w -t raw -A {CHAIN} -p {protocol} -s {from} -d {at} --dport {port} -j RETURN"
                );
            }
            let _ = writeln!(
                all,
                "{command} -w -t raw -A {CHAIN} -p {protocol} -d {at} --dport {port} -j DROP"
            );
        }
    }
    all
}

/// What takes the chain away again.
fn stopped() -> String {
    ["iptables", "ip6tables"].iter().fold(String::new(), |mut all, command| {
        let _ = writeln!(
            all,
            "{command} -w -t raw -D PREROUTING -j {CHAIN} 2>/dev/null || true\n\
             {command} -w -t raw -F {CHAIN} 2>/dev/null || true\n\
             {command} -w -t raw -X {CHAIN} 2>/dev/null || true"
        );
        all
    })
}
