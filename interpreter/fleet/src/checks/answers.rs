//! Routes that lead to where nothing of the fleet listens, and services that nothing runs.

use std::collections::{BTreeMap, BTreeSet};

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::unread as codes;
use qg_lang::network::is_loopback;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::host::Manager;
use crate::leaf::{At, Data, RefOr};
use crate::leaves::{LeafOrigin, LeafValue, ModelStep, each};
use crate::proxy::ProxyEngine;
use crate::service::Service;
use crate::ways::{Backend, ServiceRoute};

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::NOTHING_LISTENS, codes::NOTHING_RUNS], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // What could not be read might listen, or run it.
    if fleet.partial {
        return;
    }
    for (key, proxy) in &fleet.model.proxy {
        for way in fleet.model.ways_of(key) {
            out.extend(nobody_answers(fleet, proxy.on.entity(), way));
        }
    }
    let idle: Vec<_> =
        fleet.model.service.iter().filter(|(name, it)| is_idle(fleet, name, it)).collect();
    if idle.is_empty() {
        return;
    }
    let nix = nix_words(fleet);
    let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, service) in idle {
        let here = service.on.as_ref().and_then(|on| nix.get(on.entity()));
        let speaks_of = |word: &str| here.is_some_and(|words| words.contains(word));
        let host = service.on.as_ref().map_or("", |it| it.entity());
        let in_units = units.entry(host).or_insert_with(|| unit_numbers(fleet, host));
        let known = |number: u16| {
            let number = number.to_string();
            speaks_of(&number) || in_units.contains(number.as_str())
        };
        if speaks_of(name) || service.ports.values().any(|it| known(it.host.number)) {
            continue;
        }
        out.push(
            Diagnostic::warning(
                codes::NOTHING_RUNS,
                place(fleet, service.origin),
                format!("nothing runs `service.{name}`"),
            )
            .help("say what does: a `container`, a NixOS module (`native`), a unit (`units`), or where it runs outside of the fleet (`at`)")
            .help("what a module of your own runs says its unit: `unit.name = \"….service\"`"),
        );
    }
}

/// A route to a number of a host of the fleet that no program of the model listens on.
fn nobody_answers(fleet: &Facts<'_>, on: &str, way: ServiceRoute<'_>) -> Option<Diagnostic> {
    let RefOr::Value(url) = &way.route.to.value else { return None };
    let backend = Backend::at(url, Vec::new())?;
    let port = backend.port?;
    let host = if is_loopback(&backend.address) {
        on
    } else {
        let of = |address: &Option<At<String>>| {
            address.as_ref().is_some_and(|it| it.value == backend.address)
        };
        fleet.model.host.iter().find(|(_, it)| of(&it.address))?.0.as_str()
    };
    if fleet.listeners_on(host).all.iter().any(|it| it.port == port)
        || may_listen(fleet, host, port)
    {
        return None;
    }
    let at = place(fleet, way.route.to.origin);
    let message = format!(
        "nothing in the fleet listens on port {port} of host.{host}, where {} leads",
        way.title()
    );
    Some(
        Diagnostic::warning(codes::NOTHING_LISTENS, at, message)
            .help("lead it to a port of a service: `to = service.x.ports.web`; what runs there all the same says so: `ports.web = …` of its service"),
    )
}

/// Whether something of a host may listen on a port without a word of the model: its own Nix, a module of its own, a
/// unit or a container that says no ports, or whatever else runs on a host that NixOS does not make.
pub(super) fn may_listen(fleet: &Facts<'_>, host: &str, port: u16) -> bool {
    let Some(of) = fleet.model.host.get(host) else { return true };
    let listeners = fleet.listeners_on(host);
    let number = port.to_string();
    let mut nix = std::iter::once(&of.nix).chain(of.modules.iter());
    let mut containers = fleet.containers_on(host);
    let modules = fleet.switched_on(host).iter().filter_map(|it| fleet.module_behind(&it.option));
    let mut ports = modules.flat_map(|it| it.ports.iter().map(|it| it.number).collect::<Vec<_>>());
    of.manager.value != Manager::Nixos
        || !listeners.unreadable.is_empty()
        || listeners.all.iter().any(|it| it.port == 0)
        || nix.any(|it| fleet.speaks_of(it, &number) || has_number(it, port))
        || of.modules.iter().any(|it| matches!(it.value, Data::Nix(_)))
        || containers.any(|(_, service, it)| fleet.is_on_host(it) && service.ports.is_empty())
        || ports.any(|it| it == Some(port))
        || unit_numbers(fleet, host).contains(number.as_str())
}

/// The numbers in the texts of a host's units and of its services', and of what these say to their modules.
fn unit_numbers<'f>(fleet: &'f Facts<'_>, host: &str) -> BTreeSet<&'f str> {
    let mut found = BTreeSet::new();
    let mut look = |_: &[ModelStep<'f>], value: LeafValue<'f>, _: LeafOrigin| {
        if let LeafValue::Text(text) = value {
            found.extend(text.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()));
        }
    };
    if let Some(of) = fleet.model.host.get(host) {
        each(&of.unit, &mut look);
        each(&of.timer, &mut look);
    }
    for (_, service) in fleet.model.services_on(host) {
        each(&service.unit, &mut look);
        each(&service.units, &mut look);
        each(&service.timer, &mut look);
        each(&service.native, &mut look);
    }
    found
}

/// Whether data has a number in it.
fn has_number(data: &At<Data>, number: u16) -> bool {
    match &data.value {
        Data::Int(it) => *it == i64::from(number),
        Data::List(items) => items.iter().any(|it| has_number(it, number)),
        Data::Record(fields) => fields.values().any(|it| has_number(it, number)),
        Data::Bool(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Text(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => false,
    }
}

/// Whether nothing in the model runs a service that is to run on a NixOS host.
fn is_idle(fleet: &Facts<'_>, name: &str, service: &Service) -> bool {
    let model = &fleet.model;
    let Some(host) =
        service.on.as_ref().and_then(|it| model.host.get(it.entity()).map(|host| (it, host)))
    else {
        return false;
    };
    let (on, host) = host;
    let runs = service.container.is_some()
        || !service.native.is_empty()
        || !service.units.is_empty()
        || !service.timer.is_empty()
        || service.at.is_some();
    // A unit's name that somebody says is that of a unit which is there.
    let own_unit = fleet
        .origins
        .span(service.unit.name.origin)
        .is_some_and(|it| !qg_lang::is_library(it.file));
    let engine = model.proxies_on(on.entity()).any(|(_, it)| match it.engine.value {
        ProxyEngine::Traefik(_) => name == "traefik",
        ProxyEngine::Caddy(_) => name == "caddy",
    });
    let portal = model.portal.values().any(|it| it.service.entity() == name);
    host.manager.value == Manager::Nixos
        && !runs
        && !own_unit
        && !engine
        && !portal
        && !service.ports.is_empty()
}

/// Every word of the Nix of each host: of its modules, and of what its `nix` says.
fn nix_words<'f>(fleet: &'f Facts<'_>) -> BTreeMap<&'f str, BTreeSet<&'f str>> {
    let split =
        |text: &'f str| text.split(|it: char| !(it.is_ascii_alphanumeric() || "_-".contains(it)));
    let mut words: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    each(&fleet.model, &mut |way, value, _| {
        let [ModelStep::Field(kind), ModelStep::Key(host), ModelStep::Field(field), rest @ ..] =
            way
        else {
            return;
        };
        if kind.name != "host" || !["nix", "modules"].contains(&field.name) {
            return;
        }
        let words = words.entry(host).or_default();
        for step in rest {
            if let ModelStep::Key(key) = step {
                words.extend(split(key));
            }
        }
        if let LeafValue::Text(text) | LeafValue::Nix(text) = value {
            words.extend(split(text));
        }
        if let LeafValue::File(path) = value {
            words.extend(fleet.text_of(path).into_iter().flat_map(split));
        }
    });
    words
}
