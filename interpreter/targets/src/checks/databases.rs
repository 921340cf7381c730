//! Services that use a database of their host and do not wait for it: they fail when the machine starts, and come up by
//! chance.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::{own_place, place};
use qg_fleet::container::Networking;
use qg_fleet::leaf::{At, OriginId, RefOr, SealedPart};
use qg_fleet::leaves::{LeafValue, ModelStep, each};
use qg_fleet::service::Service;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::units as codes;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[codes::NOBODY_WAITS], run };

/// Parts of the names of images and modules that are databases.
const DATABASES: [&str; 12] = [
    "postgres",
    "postgis",
    "pgvector",
    "timescale",
    "mariadb",
    "mysql",
    "mongo",
    "couchdb",
    "clickhouse",
    "cockroach",
    "influxdb",
    "percona",
];

/// A database of a host.
struct Database<'f> {
    name: &'f str,
    service: &'f At<Service>,
    /// The ports that it answers on in its own network, as they stand in texts, and on the host.
    inside: Vec<String>,
    outside: Vec<String>,
}

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        let databases: Vec<Database<'_>> = fleet
            .containers_on(host)
            .filter(|(_, _, it)| match &it.image.value {
                RefOr::Value(text) => DATABASES
                    .iter()
                    .any(|word| text.split('/').next_back().is_some_and(|it| it.starts_with(word))),
                RefOr::Ref(_) => false,
            })
            .map(|(name, service, _)| {
                let ports = || service.ports.values();
                let inside = ports().map(|it| it.inside.number.to_string()).collect();
                let outside = ports().map(|it| it.host.number.to_string()).collect();
                Database { name, service, inside, outside }
            })
            .collect();
        if databases.is_empty() {
            continue;
        }
        for (name, service) in fleet.model.services_on(host) {
            let is_one = databases.iter().any(|it| it.name == name);
            if is_one || service.container.is_none() && service.native.is_empty() {
                continue;
            }
            let waits = waits_for(fleet, name);
            for database in &databases {
                if waits.contains(database.name) || says_unit(service, database) {
                    continue;
                }
                if let Some(by) = uses(service, database) {
                    let message = format!(
                        "service.{name} uses service.{} and does not wait for it",
                        database.name
                    );
                    out.push(
                        Diagnostic::warning(codes::NOBODY_WAITS, own_place(fleet, &[by]), message)
                            .also(place(fleet, database.service.origin), "the database")
                            .help(format!("say `needs = [service.{}]`", database.name)),
                    );
                }
            }
        }
    }
}

/// All that a service waits for, and what that waits for; members of a pod stop and start with it.
fn waits_for<'f>(fleet: &'f Prepared<'_>, name: &str) -> BTreeSet<&'f str> {
    let mut all = BTreeSet::new();
    let mut left = vec![name];
    while let Some(next) = left.pop() {
        let Some(service) = fleet.model.service.get(next) else { continue };
        for it in service.needs.iter().chain(service.unit.after.iter()) {
            if it.kind() == "service" && all.insert(it.entity()) {
                left.push(it.entity());
            }
        }
    }
    all
}

/// Whether its unit names that of the database in other words.
fn says_unit(service: &Service, database: &Database<'_>) -> bool {
    let unit = &database.service.unit.name.value;
    let mut said = false;
    each(&service.unit, &mut |_, value, _| {
        if let LeafValue::Text(text) = value {
            said |= text.split_whitespace().any(|it| it == unit) && text != service.unit.name.value;
        }
    });
    let natives: &BTreeMap<_, _> = &service.native;
    for value in natives.values() {
        each(value, &mut |_, value, _| {
            if let LeafValue::Text(text) | LeafValue::Nix(text) = value {
                said |= text.contains(unit.as_str());
            }
        });
    }
    said
}

/// By which hosts and ports a service reaches a database: members of a pod share its network, what has the network of
/// the host finds what is published there, and a container of its own finds others by their names.
fn places<'f>(service: &Service, database: &'f Database<'_>) -> Vec<(&'f str, &'f str)> {
    const LOCAL: [&str; 4] = ["127.0.0.1", "localhost", "[::1]", "::1"];
    let pod = |of: &Service| {
        let pod = of.container.as_ref().and_then(|it| it.pod.as_ref());
        pod.map(|it| it.entity().to_owned())
    };
    let on_host = service.container.as_ref().is_none_or(|it| it.network.value == Networking::Host);
    let same_pod = pod(service).is_some() && pod(service) == pod(database.service);
    let all = |hosts: &'f [&'f str], ports: &'f [String]| -> Vec<(&'f str, &'f str)> {
        let pairs = hosts.iter().flat_map(|host| ports.iter().map(|port| (*host, port.as_str())));
        pairs.collect()
    };
    let mut found = Vec::new();
    if same_pod {
        found.extend(all(&LOCAL, &database.inside));
    } else if on_host {
        found.extend(all(&LOCAL, &database.outside));
    } else {
        found.extend(database.inside.iter().map(|port| (database.name, port.as_str())));
        found.extend(all(&["host.containers.internal"], &database.outside));
    }
    found
}

/// Whether a text has a host with a port in it, and not as a part of longer ones.
fn names_place(text: &str, host: &str, port: &str) -> bool {
    let whole = format!("{host}:{port}");
    text.match_indices(&whole).any(|(at, _)| {
        let behind = text.get(at + whole.len()..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        !behind.starts_with(|c: char| c.is_ascii_digit())
            && !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.')
    })
}

/// Where a service names the port of a database, or the database itself as a host, if it does.
fn uses(service: &At<Service>, database: &Database<'_>) -> Option<OriginId> {
    let mut found = None;
    let places = places(service, database);
    let mut look = |name: &str, text: &str, by: OriginId| {
        let small = name.to_ascii_lowercase();
        let says = |all: &[&str]| all.iter().any(|it| small.contains(it));
        let is_host = text == database.name && says(&["host", "server", "addr"]);
        let is_port =
            says(&["db_port", "database_port", "postgres_port", "pg_port", "mysql_port", "pgport"])
                && places.iter().any(|(_, port)| *port == text);
        let is_named = || places.iter().any(|(host, port)| names_place(text, host, port));
        if found.is_none() && (is_host || is_port || is_named()) {
            found = Some(by);
        }
    };
    let mut walk = |way: &[ModelStep<'_>], value: LeafValue<'_>, by: OriginId| {
        let name = way.iter().rev().find_map(ModelStep::key);
        let name = name.unwrap_or_default();
        match value {
            LeafValue::Text(text) => look(name, text, by),
            LeafValue::Sealed(text) => {
                let parts = text.0.iter().map(|it| match it {
                    SealedPart::Text(text) => text.as_str(),
                    SealedPart::Secret(_) => "*",
                });
                look(name, &parts.collect::<String>(), by);
            }
            LeafValue::Int(number) => look(name, &number.to_string(), by),
            LeafValue::Bool(_)
            | LeafValue::Duration(_)
            | LeafValue::Size(_)
            | LeafValue::Float(_)
            | LeafValue::Mode(_)
            | LeafValue::Port(_)
            | LeafValue::File(_)
            | LeafValue::Nix(_)
            | LeafValue::Ref(_)
            | LeafValue::Word(_)
            | LeafValue::Empty => {}
        }
    };
    if let Some(container) = &service.container {
        each(&container.env, &mut |way, value, said| walk(way, value, said.origin));
        each(&container.quadlet, &mut |way, value, said| walk(way, value, said.origin));
        each(&container.command, &mut |way, value, said| walk(way, value, said.origin));
    }
    each(&service.native, &mut |way, value, said| walk(way, value, said.origin));
    each(&service.file, &mut |way, value, said| walk(way, value, said.origin));
    found
}
