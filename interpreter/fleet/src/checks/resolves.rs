//! Names of routes that somebody is told another address of: rewrites of its DNS servers, `/etc/hosts`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;
use qg_lang::network;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{At, Data, OriginId};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::RESOLVES_ELSEWHERE], run };

/// What a name is told to be.
struct Told<'f> {
    name: String,
    address: IpAddr,
    origin: OriginId,
    /// The host whose own table it is; others ask a server.
    host: Option<&'f str>,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<String, (&str, OriginId)> = BTreeMap::new();
    for (key, proxy) in &fleet.model.proxy {
        for way in fleet.model.ways_of(key).filter(|way| way.route.has_names()) {
            for name in fleet.model.names(way.route) {
                names.entry(name.value).or_insert((proxy.on.entity(), way.route.host.origin));
            }
        }
    }
    for told in told(fleet) {
        let below = told.name.strip_prefix("*.");
        let known = match below {
            None => names.get(&told.name),
            Some(rest) => names.iter().find_map(|(name, of)| {
                name.strip_suffix(rest).is_some_and(|it| it.ends_with('.')).then_some(of)
            }),
        };
        let Some((host, route)) = known else { continue };
        let Some(of) = fleet.model.host.get(*host) else { continue };
        let own: Vec<IpAddr> = of
            .address
            .iter()
            .chain(of.addresses.values())
            .filter_map(|it| network::address(&it.value))
            .collect();
        let near = |it: &IpAddr| it.is_ipv4() == told.address.is_ipv4() && is_private(it);
        let same = told.address.is_loopback() && told.host.is_none_or(|it| it == *host);
        // What is outside may lead here by ways that nobody tells of.
        if own.contains(&told.address)
            || same
            || told.address.is_unspecified()
            || !own.iter().any(near)
            || !(is_private(&told.address) || told.address.is_loopback())
        {
            continue;
        }
        let other = fleet.model.host.iter().find(|(_, it)| {
            let mut all = it.address.iter().chain(it.addresses.values());
            all.any(|it| network::address(&it.value) == Some(told.address))
        });
        let which = other.map_or_else(String::new, |(name, _)| format!(", which is host.{name}"));
        let message = format!(
            "`{}` is told to be {}{which}, and its proxy is on host.{host}",
            told.name, told.address
        );
        out.push(
            Diagnostic::warning(codes::RESOLVES_ELSEWHERE, place(fleet, told.origin), message)
                .also(place(fleet, *route), "a route that is answered there")
                .help(format!("say `host.{host}.address`")),
        );
    }
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_private() || it.octets()[0] == 100 && it.octets()[1] & 0xc0 == 64,
        IpAddr::V6(it) => it.is_unique_local(),
    }
}

fn told<'f>(fleet: &'f Facts<'_>) -> Vec<Told<'f>> {
    let mut all = Vec::new();
    for host in fleet.model.host.keys() {
        for said in fleet.said(host, &["networking", "hosts"]) {
            for (address, list) in said.record().into_iter().flatten() {
                let names =
                    if let Data::List(items) = &list.value { items.as_slice() } else { &[] };
                for name in names {
                    put(&mut all, name.text(), Some(address), name.origin, Some(host));
                }
            }
        }
        for said in fleet.said(host, &["networking", "extraHosts"]) {
            for line in said.text().unwrap_or_default().lines() {
                let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
                let address = words.next();
                for name in words {
                    put(&mut all, Some(name), address, said.origin, Some(host));
                }
            }
        }
        let adguard = ["services", "adguardhome", "settings"];
        for said in fleet.said(host, &adguard) {
            let filtering = said.record().and_then(|it| it.get("filtering"));
            for at in filtering.into_iter().chain(said.record().and_then(|it| it.get("dns"))) {
                for item in items(at.record().and_then(|it| it.get("rewrites"))) {
                    let Some(fields) = item.record() else { continue };
                    let text = |key: &str| fields.get(key).and_then(|it| it.text());
                    let by = fields.get("answer").map_or(item.origin, |it| it.origin);
                    put(&mut all, text("domain"), text("answer"), by, None);
                }
            }
        }
        for said in fleet.said(host, &["services", "unbound", "settings", "server", "local-data"]) {
            let one = std::slice::from_ref(said);
            let list = if let Data::List(items) = &said.value { items.as_slice() } else { one };
            for item in list {
                // `"films.example.org. IN A 192.168.0.28"`
                let text = item.text().unwrap_or_default().trim_matches(['"', '\'']);
                let words: Vec<&str> = text.split_whitespace().collect();
                let record = words.iter().position(|it| matches!(*it, "A" | "AAAA"));
                let address = record.and_then(|at| words.get(at + 1)).copied();
                put(&mut all, words.first().copied(), address, item.origin, None);
            }
        }
    }
    all
}

fn items(data: Option<&At<Data>>) -> &[At<Data>] {
    match data.map(|it| &it.value) {
        Some(Data::List(items)) => items,
        _ => &[],
    }
}

fn put<'f>(
    all: &mut Vec<Told<'f>>,
    name: Option<&str>,
    address: Option<&str>,
    origin: OriginId,
    host: Option<&'f str>,
) {
    let Some((name, address)) = name.zip(address.and_then(network::address)) else { return };
    let name = name.trim_end_matches('.').to_lowercase();
    all.push(Told { name, address, origin, host });
}
