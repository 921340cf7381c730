//! Things that are said of one host and live on another.

use qg_fleet::checks::place::first_place;
use qg_fleet::container::Networking;
use qg_fleet::leaf::{At, EntityPath, MountSource, OriginId, RefOr};
use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::Check;
use crate::Prepared;

const CODES: &[Code] = &[codes::fleet::ELSEWHERE];
pub(super) const CHECK: Check = Check { codes: CODES, run };

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for (name, service) in &fleet.model.service {
        let Some(on) = &service.on else { continue };
        let host = on.entity();
        let mut near = |what: &At<EntityPath>| {
            check(fleet, &format!("service.{name}"), host, on.origin, what, out);
        };
        service.needs.iter().for_each(&mut near);
        service.unit.after.iter().for_each(&mut near);
        service.backup.values().flat_map(|it| it.stop.iter()).for_each(&mut near);
        for state in service.state.values() {
            state.owner.iter().chain(&state.group).for_each(&mut near);
        }
        let Some(container) = &service.container else { continue };
        container.pod.iter().for_each(&mut near);
        if let RefOr::Ref(image) = &container.image.value {
            near(&At::new(image.clone(), container.image.origin));
        }
        container.user.iter().for_each(&mut near);
        container.group.iter().for_each(&mut near);
        if let Networking::Of(of) = &container.network.value {
            of.networks.iter().for_each(&mut near);
        }
        for mount in container.mounts.values() {
            if let MountSource::Volume(volume) = &mount.source.value {
                near(&At::new(volume.clone(), mount.source.origin));
            }
        }
    }
    for name in fleet.model.host.keys() {
        own_units(fleet, name, out);
    }
    for (name, host) in &fleet.model.host {
        for state in host.state.values() {
            for account in state.owner.iter().chain(&state.group) {
                check(fleet, &format!("host.{name}"), name, host.origin, account, out);
            }
        }
        // A secret is where something uses it, and so has to be who may read it.
        for (key, uses) in fleet.secrets_on(name) {
            let Some(secret) = fleet.model.secret.get(key) else { continue };
            let by = uses.by.first().copied().unwrap_or(secret.origin);
            for account in secret.owner.iter().chain(&secret.group) {
                check(fleet, &format!("secret.{key}"), name, by, account, out);
            }
        }
    }
    for (name, kube) in &fleet.model.kube {
        for network in kube.networks.iter() {
            let host = kube.on.entity();
            check(fleet, &format!("kube.{name}"), host, kube.on.origin, network, out);
        }
    }
    for (name, pod) in &fleet.model.pod {
        for network in pod.networks.iter() {
            let host = pod.on.entity();
            check(fleet, &format!("pod.{name}"), host, pod.on.origin, network, out);
        }
    }
}

/// What the units that a host and its services say themselves refer to, and its timers.
fn own_units(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let mut check = |subject: &EntityPath, placed: OriginId, said: &At<RefOr<String>>| {
        if let RefOr::Ref(other) = &said.value {
            let target = At::new(other.clone(), said.origin);
            check(fleet, &subject.to_string(), host, placed, &target, out);
        }
    };
    for it in fleet.own_units_on(host) {
        let placed = it.unit.origin;
        for account in it.unit.user.iter().chain(&it.unit.group) {
            let said = At::new(RefOr::Ref(account.value.clone()), account.origin);
            check(&it.path, placed, &said);
        }
        let related = it.unit.related().flat_map(|(_, all)| all.iter());
        related.for_each(|said| check(&it.path, placed, said));
    }
    for it in fleet.timers_on(host) {
        let said = it.timer.after.iter().chain(it.timer.wants.iter());
        said.chain(&it.timer.starts).for_each(|said| check(&it.path, it.timer.origin, said));
    }
}

/// Reports a reference whose target is not on the host.
fn check(
    fleet: &Prepared<'_>,
    subject: &str,
    host: &str,
    placed: OriginId,
    target: &At<EntityPath>,
    out: &mut Vec<Diagnostic>,
) {
    let hosts = hosts_of(fleet, target);
    if hosts.is_empty() || hosts.iter().any(|it| it == host) {
        return;
    }
    let here = first_place(fleet, &[target.origin, placed]);
    let there = first_place(fleet, &[placed, target.origin]);
    let places: Vec<String> = hosts.iter().map(|it| format!("`host.{it}`")).collect();
    out.push(
        Diagnostic::error(
            codes::fleet::ELSEWHERE,
            here,
            format!(
                "`{subject}` is on `host.{host}`, but `{}` is on {}",
                target.value,
                places.join(" and ")
            ),
        )
        .also(there, format!("`{subject}` is placed here"))
        .help("put both on one host, or remove the reference"),
    );
}

/// The hosts that have an entity; none where it has no place.
fn hosts_of(fleet: &Prepared<'_>, path: &EntityPath) -> Vec<String> {
    let model = &fleet.model;
    let name = path.entity();
    let one = |on: Option<&At<EntityPath>>| -> Vec<String> {
        on.map(|on| on.entity().to_owned()).into_iter().collect()
    };
    match path.kind() {
        "host" => vec![name.to_owned()],
        "service" => one(model.service.get(name).and_then(|it| it.on.as_ref())),
        "pod" => one(model.pod.get(name).map(|it| &it.on)),
        "network" => one(model.network.get(name).map(|it| &it.on)),
        "pulled" => one(model.pulled.get(name).map(|it| &it.on)),
        "build" => one(model.build.get(name).map(|it| &it.on)),
        "artifact" => one(model.artifact.get(name).map(|it| &it.on)),
        "kube" => one(model.kube.get(name).map(|it| &it.on)),
        "volume" => one(model.volume.get(name).map(|it| &it.on)),
        "user" => model.user.get(name).map_or_else(Vec::new, |it| hosts(&it.on)),
        "group" => model.group.get(name).map_or_else(Vec::new, |it| hosts(&it.on)),
        _ => Vec::new(),
    }
}

fn hosts(on: &At<Vec<At<EntityPath>>>) -> Vec<String> {
    on.iter().map(|host| host.entity().to_owned()).collect()
}
