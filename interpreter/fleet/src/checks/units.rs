//! Units: what they are called, and whether each can start at all.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{At, EntityPath, OriginId, RefOr};
use crate::podman::Keys;
use crate::service::Unit;

const CODES: &[Code] =
    &[codes::fleet::UNIT_CYCLE, codes::fleet::SAME_NAME, codes::target::UNIT_NAME];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    given_names(fleet, out);
    for host in fleet.model.host.keys() {
        shared_names(fleet, host, out);
    }
    cycles(fleet, out);
}

/// Quadlet derives the names of units from those of its files, unless `ServiceName` says another.
fn given_names<'f>(fleet: &'f Facts<'f>, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let mut names: Vec<(String, &'f At<Unit>, OriginId)> = Vec::new();
    let mut name = |key: &str, ending: &str, unit: &'f At<Unit>, keys: &Keys| {
        let own = keys.get("ServiceName").and_then(|said| said.last());
        let given = own.map_or_else(|| format!("{key}{ending}"), |own| own.value.clone());
        let at = own.map_or(unit.name.origin, |own| own.origin);
        names.push((format!("{given}.service"), unit, at));
    };
    for (key, service) in &model.service {
        if let Some(container) = &service.container {
            name(key, "", &service.unit, &container.quadlet);
        }
    }
    model.pod.iter().for_each(|(key, it)| name(key, "-pod", &it.unit, &it.quadlet));
    model.network.iter().for_each(|(key, it)| name(key, "-network", &it.unit, &it.quadlet));
    model.volume.iter().for_each(|(key, it)| name(key, "-volume", &it.unit, &it.quadlet));
    model.pulled.iter().for_each(|(key, it)| name(key, "-image", &it.unit, &it.quadlet));
    model.build.iter().for_each(|(key, it)| name(key, "-build", &it.unit, &it.quadlet));
    model.artifact.iter().for_each(|(key, it)| name(key, "-artifact", &it.unit, &it.quadlet));
    model.kube.iter().for_each(|(key, it)| name(key, "", &it.unit, &it.quadlet));
    for (given, unit, at) in names {
        if unit.name.value != given && !unit.name.is_empty() {
            let message = format!(
                "the unit is called `{given}`, by its Quadlet file, not `{}`",
                unit.name.value
            );
            out.push(
                Diagnostic::error(
                    codes::target::UNIT_NAME,
                    place(fleet, at),
                    message,
                )
                .help(format!("say `unit.name = \"{given}\"`, or leave both out: it follows from the name of the service or pod")),
            );
        }
    }
}

/// Something that has a name in Podman or systemd.
struct Named<'f> {
    name: String,
    what: String,
    origin: OriginId,
    /// Why its name is that one.
    because: &'f str,
}

/// Why the unit of a service that NixOS modules run is called so.
const NATIVE: &str = "the unit of a module";

fn shared_names(fleet: &Facts<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let mut units = Vec::new();
    let mut podman = Vec::new();
    for (key, service) in fleet.model.services_on(host) {
        if let Some(container) = &service.container {
            let (name, origin) = match &container.container_name {
                Some(name) => (name.value.clone(), name.origin),
                None => (key.to_owned(), service.origin),
            };
            let what = format!("service.{key}");
            let because = "a name of containers and pods";
            podman.push(Named { name, what: what.clone(), origin, because });
            let name = format!("{key}.service");
            units.push(Named { name, what, origin: service.origin, because: "a unit" });
        } else if !service.native.is_empty() {
            units.push(Named {
                name: service.unit.name.value.clone(),
                what: format!("service.{key}"),
                origin: service.origin,
                because: NATIVE,
            });
        }
    }
    for (key, pod) in model.pods_on(host) {
        let (what, origin) = (format!("pod.{key}"), pod.origin);
        let because = "a name of containers and pods";
        podman.push(Named { name: key.to_owned(), what: what.clone(), origin, because });
        units.push(Named { name: format!("{key}-pod.service"), what, origin, because: "a unit" });
    }
    let networks = model.networks_on(host).map(|(key, it)| ("network", key, it.origin));
    let volumes = model.volumes_on(host).map(|(key, it)| ("volume", key, it.origin));
    let pulled = model.pulled_on(host).map(|(key, it)| ("image", key, it.origin));
    let builds = model.builds_on(host).map(|(key, it)| ("build", key, it.origin));
    let artifacts = model.artifacts_on(host).map(|(key, it)| ("artifact", key, it.origin));
    let rest = networks.chain(volumes).chain(pulled).chain(builds).chain(artifacts);
    for (key, kube) in model.kubes_on(host) {
        let (what, origin) = (format!("kube.{key}"), kube.origin);
        units.push(Named { name: format!("{key}.service"), what, origin, because: "a unit" });
    }
    for (kind, key, origin) in rest {
        let name = format!("{key}-{kind}.service");
        units.push(Named { name, what: format!("{kind}.{key}"), origin, because: "a unit" });
    }
    for all in [units, podman] {
        let mut known: BTreeMap<&str, &Named<'_>> = BTreeMap::new();
        for named in &all {
            let Some(first) = known.insert(&named.name, named) else { continue };
            // Two services may say the options of one module.
            if [first.because, named.because] == [NATIVE, NATIVE] {
                continue;
            }
            let message = format!(
                "`{}` and `{}` share {} of host.{host}: `{}`",
                first.what,
                named.what,
                if named.because == NATIVE { first.because } else { named.because },
                named.name
            );
            out.push(
                Diagnostic::error(codes::fleet::SAME_NAME, place(fleet, named.origin), message)
                    .also(place(fleet, first.origin), "the other one")
                    .help("give one of them another name"),
            );
        }
    }
}

/// What a unit starts after: the other one's path, and who says so.
fn edges(fleet: &Facts<'_>) -> BTreeMap<EntityPath, Vec<(EntityPath, OriginId)>> {
    let mut all = BTreeMap::new();
    let path = |kind: &str, key: &str| EntityPath(vec![kind.to_owned(), key.to_owned()]);
    let plain = |list: &At<Vec<At<EntityPath>>>| -> Vec<(EntityPath, OriginId)> {
        list.iter().map(|it| (it.value.clone(), it.origin)).collect()
    };
    for (key, service) in &fleet.model.service {
        let mut found = plain(&service.needs);
        found.extend(plain(&service.unit.after));
        let pod = service.container.as_ref().and_then(|container| container.pod.as_ref());
        found.extend(pod.map(|pod| (pod.value.clone(), pod.origin)));
        all.insert(path("service", key), found);
    }
    for (key, pod) in &fleet.model.pod {
        all.insert(path("pod", key), plain(&pod.unit.after));
    }
    for host in fleet.model.host.keys() {
        for own in fleet.own_units_on(host) {
            let said = own.unit.requires.iter().chain(own.unit.after.iter());
            let named = said.filter_map(|it| match &it.value {
                RefOr::Ref(other) => Some((other.clone(), it.origin)),
                RefOr::Value(_) => None,
            });
            all.insert(own.path, named.collect());
        }
    }
    all
}

/// Reports each cycle once, at one of its references.
fn cycles(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let edges = edges(fleet);
    let mut done: BTreeMap<&EntityPath, bool> = BTreeMap::new();
    for start in edges.keys() {
        // The way from the start: each unit, and how many of its references were followed.
        let mut way: Vec<(&EntityPath, usize)> = Vec::new();
        if !done.contains_key(start) {
            done.insert(start, false);
            way.push((start, 0));
        }
        while let Some((at, next)) = way.last_mut() {
            let at: &EntityPath = at;
            let Some((target, origin)) = edges.get(at).and_then(|it| it.get(*next)) else {
                done.insert(at, true);
                way.pop();
                continue;
            };
            *next += 1;
            let Some((target, _)) = edges.get_key_value(target) else { continue };
            match done.get(target) {
                None => {
                    done.insert(target, false);
                    way.push((target, 0));
                }
                Some(true) => {}
                Some(false) => {
                    let from = way.iter().position(|(unit, _)| *unit == target).unwrap_or(0);
                    let names: Vec<String> = way
                        .iter()
                        .skip(from)
                        .map(|(unit, _)| unit.to_string())
                        .chain([target.to_string()])
                        .collect();
                    let message = format!("units wait for one another: {}", names.join(" → "));
                    let span = place(fleet, *origin);
                    let mut finding = Diagnostic::error(codes::fleet::UNIT_CYCLE, span, message)
                        .help("one of these references has to go: none of them could start");
                    for (unit, next) in way.iter().skip(from) {
                        let reference =
                            next.checked_sub(1).and_then(|at| edges.get(*unit)?.get(at));
                        if let Some((to, by)) = reference
                            && place(fleet, *by) != span
                        {
                            finding =
                                finding.also(place(fleet, *by), format!("{unit} waits for {to}"));
                        }
                    }
                    out.push(finding);
                }
            }
        }
    }
}
