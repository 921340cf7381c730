//! What stands still while something is copied: databases that do not, and services that do for nothing.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use super::related;
use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::own_place;
use crate::folders::is_below;
use crate::leaf::{At, EntityPath, RefOr};
use crate::service::{Backup, Service};

const CODES: &[qg_lang::diagnostic::Code] = &[state::STOPS_ANOTHER, state::COPIED_WHILE_WRITTEN];
pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// Words in the names of images whose program is a database that keeps files.
const DATABASES: [&str; 14] = [
    "postgres",
    "postgresql",
    "pgvector",
    "postgis",
    "timescaledb",
    "mariadb",
    "mysql",
    "mongo",
    "mongodb",
    "couchdb",
    "influxdb",
    "redis",
    "valkey",
    "percona",
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // From what is not there nothing is concluded while something is unknown.
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        for (name, service) in fleet.model.services_on(host) {
            for (key, backup) in service.backup.iter().filter(|(_, it)| it.enabled.value) {
                let concerned = OnceCell::new();
                for stopped in backup.stop.iter() {
                    let concerned =
                        || concerned.get_or_init(|| concerned_by(fleet, host, name, backup));
                    stops(fleet, host, (name, key), backup, &concerned, stopped, out);
                }
                // Where something is stopped, all that writes has to be (QG0618); a dump is made by a script.
                if backup.stop.is_empty() && backup.before.is_empty() {
                    databases(fleet, host, (name, key), backup, out);
                }
            }
        }
    }
}

fn databases(
    fleet: &Facts<'_>,
    host: &str,
    (name, key): (&str, &str),
    backup: &At<Backup>,
    out: &mut Vec<Diagnostic>,
) {
    for (of, service) in fleet.model.services_on(host) {
        for data in data_of(fleet, host, of, service) {
            let Some(path) = backup.paths.iter().find(|path| {
                let path = path.trim_end_matches('/');
                path == data || is_below(data, path) || is_below(path, data)
            }) else {
                continue;
            };
            let message = format!(
                "service.{name}.backup.{key} copies {data}, where the database of service.{of} goes on writing"
            );
            let span = own_place(fleet, &[path.origin, backup.origin]);
            out.push(
                Diagnostic::warning(state::COPIED_WHILE_WRITTEN, span, message)
                    .also(own_place(fleet, &[service.origin]), "the database")
                    .help(format!("say `stop = [service.{of}]`, or copy a dump that a script in `before` makes")),
            );
            break;
        }
    }
}

/// Where a service that is a database keeps its files; nothing of another one.
fn data_of<'f>(
    fleet: &Facts<'f>,
    host: &str,
    name: &'f str,
    service: &'f At<Service>,
) -> Vec<&'f str> {
    let Some(container) = &service.container else {
        let known = service.native.keys().filter_map(|it| fleet.module_behind(it));
        return match known.into_iter().any(|it| it.database) {
            true => service.state.keys().map(|it| it.trim_end_matches('/')).collect(),
            false => Vec::new(),
        };
    };
    let image = match &container.image.value {
        RefOr::Value(image) => image.as_str(),
        RefOr::Ref(image) => {
            fleet.model.pulled.get(image.entity()).map_or("", |it| it.image.as_str())
        }
    };
    if !is_database(image) {
        return Vec::new();
    }
    let mounted =
        fleet.mounted_on(host).iter().filter(|it| it.by == ("service", name) && !it.read_only);
    // Settings and scripts for the first start are no data.
    let data = mounted.filter(|it| !it.inside.starts_with("/etc") && !it.inside.contains("initdb"));
    data.filter_map(|it| it.path()).collect()
}

fn is_database(image: &str) -> bool {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    let name = last.split(':').next().unwrap_or(last);
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    // What works with one: `postgres-exporter`, `redis-commander`, `mongo-express`, `mysql-backup`.
    let works_with = [
        "exporter",
        "commander",
        "express",
        "backup",
        "insight",
        "admin",
        "ui",
        "operator",
        "dump",
    ];
    let words: Vec<&str> = words.collect();
    words.iter().any(|it| DATABASES.contains(it)) && !words.iter().any(|it| works_with.contains(it))
}

/// A service that stands still for a copy that it has nothing to do with.
fn stops<'f: 'c, 'c>(
    fleet: &Facts<'_>,
    host: &str,
    (name, key): (&str, &str),
    backup: &At<Backup>,
    concerned: &dyn Fn() -> &'c BTreeSet<&'f str>,
    stopped: &At<EntityPath>,
    out: &mut Vec<Diagnostic>,
) {
    if stopped.kind() != "service" || stopped.entity() == name || backup.paths.is_empty() {
        return;
    }
    let other = stopped.entity();
    let Some(service) = fleet.model.service.get(other) else { return };
    let copied = |path: &str| is_copied(backup, path);
    let keeps = service.state.keys().any(|it| copied(it));
    let mounts = || {
        fleet
            .mounted_on(host)
            .iter()
            .any(|it| it.by == ("service", other) && it.path().is_some_and(copied))
    };
    let writes = || service.unit.read_write_paths.iter().any(|it| copied(it));
    if keeps || mounts() || writes() || speaks(fleet, service, backup) {
        return;
    }
    // What goes with something that has to do with it: a database's programs, members of one pod.
    let pod = |it: &Service| {
        it.container.as_ref().and_then(|it| it.pod.as_ref()).map(|it| it.entity().to_owned())
    };
    let near = concerned().iter().any(|of| {
        let Some(it) = fleet.model.service.get(*of) else { return false };
        leads(fleet, other, of)
            || leads(fleet, of, other)
            || pod(it).is_some() && pod(it) == pod(service)
    });
    if near {
        return;
    }
    let message = format!(
        "service.{name}.backup.{key} stops service.{other}, which has nothing to do with what it copies"
    );
    let span = own_place(fleet, &[stopped.origin]);
    out.push(
        Diagnostic::warning(state::STOPS_ANOTHER, span, message)
            .also(own_place(fleet, &[service.origin]), "the service")
            .help("stop what writes there: the service itself, if nothing else does"),
    );
}

fn is_copied(backup: &Backup, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    backup.paths.iter().any(|it| related(it.trim_end_matches('/'), path))
}

/// The services of a host that have to do with what a backup copies: whose it is, and who keeps or mounts some of it.
fn concerned_by<'f>(
    fleet: &'f Facts<'_>,
    host: &str,
    name: &str,
    backup: &Backup,
) -> BTreeSet<&'f str> {
    let mounted = fleet.mounted_on(host).iter();
    let copied = mounted.filter(|it| it.path().is_some_and(|it| is_copied(backup, it)));
    let mounts: BTreeSet<(&str, &str)> = copied.map(|it| it.by).collect();
    let services = fleet.model.services_on(host).filter(|(of, it)| {
        *of == name
            || it.state.keys().any(|it| is_copied(backup, it))
            || mounts.contains(&("service", *of))
    });
    services.map(|(of, _)| of).collect()
}

/// Whether one service needs another, directly or through further ones.
fn leads(fleet: &Facts<'_>, from: &str, to: &str) -> bool {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![from]);
    while let Some(at) = todo.pop() {
        let Some(service) = fleet.model.service.get(at).filter(|_| seen.insert(at)) else {
            continue;
        };
        let after = service.unit.after.iter();
        for need in service.needs.iter().chain(after) {
            if need.entity() == to {
                return true;
            }
            todo.push(need.entity());
        }
    }
    false
}

/// Whether the options of a service name what is copied.
fn speaks(fleet: &Facts<'_>, service: &Service, backup: &Backup) -> bool {
    backup.paths.iter().any(|path| service.native.values().any(|it| fleet.speaks_of(it, path)))
}
