//! `checks.nix`: a NixOS test for each service that runs by itself: its unit starts, and its ports answer.

use std::fmt::Write as _;

use qg_fleet::leaf::{At, Data, OriginId, Priority};
use qg_fleet::service::{Answer, Port, Service, UnitScope};
use qg_formats::json::quoted;
use qg_formats::nix::{Nix, Set, function};

use super::{On, hosts, services};
use crate::{OutputFile, Prepared};

const COMMENT: &[&str] = &[
    "Made by qgc from the sources of the fleet; changes made here are lost.",
    "",
    "A test in a virtual machine for each service of NixOS that needs no secret and no other service.",
    "`modules` are those that the services come from, where nixpkgs has none.",
    "",
    "    checks.x86_64-linux = import ./build/checks.nix { inherit pkgs; };",
];

/// The file, where there is something to test.
pub(super) fn file(fleet: &Prepared<'_>) -> Option<OutputFile> {
    let mut all = Set::new();
    let mut without = Vec::new();
    for on in hosts(fleet) {
        let native = |service: &Service| service.container.is_none() && !service.native.is_empty();
        for (name, service) in fleet.model.services_on(on.name).filter(|(_, it)| native(it)) {
            if let Some(why) = why_not(on, service) {
                without.push(format!("  {name}: {why}"));
            } else if all.get(name).is_none() {
                // One that several hosts have is tested once.
                let arguments = vec![test(on.fleet, name, service).nix(service.origin)];
                all.put(name, Nix::apply(&["pkgs", "testers", "runNixOSTest"], arguments));
            }
        }
    }
    if all.is_empty() {
        return None;
    }
    let mut comment: Vec<&str> = COMMENT.to_vec();
    if !without.is_empty() {
        comment.extend(["", "Without a test, since it could not pass there:"]);
        comment.extend(without.iter().map(String::as_str));
    }
    let nix = all.nix(OriginId::default());
    Some(
        function(&["pkgs", "lib ? pkgs.lib", "modules ? [ ]", "..."], &nix, &comment)
            .file("checks.nix"),
    )
}

/// Why a machine that has nothing else cannot show that a service starts.
fn why_not(on: On<'_>, service: &Service) -> Option<String> {
    if let Answer::No(reason) = &service.test.value {
        return Some(reason.because.value.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if service.unit.scope.value == UnitScope::Session {
        return Some("its unit starts when somebody logs in".to_owned());
    }
    if !service.unit.name.ends_with(".service") {
        return Some(format!("{} is no service", service.unit.name.value));
    }
    if let Some(need) = service.needs.first() {
        return Some(format!("it needs {}", need.value));
    }
    if let Some(secret) = service.reads.first() {
        return Some(format!("it reads {}", secret.value));
    }
    let here = |address: &str| {
        matches!(address, "0.0.0.0" | "::" | "::1" | "localhost") || address.starts_with("127.")
    };
    if let Some(port) = service.ports.values().find(|port| !here(&port.address)) {
        return Some(format!("it listens on {}, which its host alone has", port.address.value));
    }
    service.native.values().find_map(|data| of_its_host(on, service, data))
}

/// What in the options of a service means something on its own machine only.
fn of_its_host(on: On<'_>, service: &Service, data: &At<Data>) -> Option<String> {
    match &data.value {
        Data::Nix(_) | Data::File(_) | Data::Sealed(_) => {
            Some("its options are code, or files beside it".to_owned())
        }
        Data::List(items) => items.iter().find_map(|it| of_its_host(on, service, it)),
        Data::Record(fields) => fields.values().find_map(|it| of_its_host(on, service, it)),
        Data::Text(text) => {
            let alone = |what: &str| format!("it is told {what}, which its host alone has");
            let address = on.host.address.as_ref().filter(|it| text.contains(it.as_str()));
            let folder = || text.starts_with('/') && is_kept_by_others(on, service, text);
            match address {
                Some(address) => Some(alone(address)),
                None => folder().then(|| alone(text)),
            }
        }
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_) => None,
    }
}

/// Whether a path lies in what the host or another of its services keeps.
fn is_kept_by_others(on: On<'_>, service: &Service, path: &str) -> bool {
    let others = on.fleet.model.services_on(on.name).map(|(_, it)| it);
    let others = others.filter(|it| it.unit.name.value != service.unit.name.value);
    let mut folders = on.host.state.keys().chain(others.flat_map(|it| it.state.keys()));
    folders.any(|folder| {
        path.strip_prefix(folder.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn test(fleet: &Prepared<'_>, name: &str, service: &At<Service>) -> Set {
    let by = service.origin;
    let mut machine = Set::new();
    machine.put("imports", Nix::select(&["modules"], by));
    services::native(fleet, service, &mut machine);
    let mut script = format!("machine.wait_for_unit({})\n", quoted(&service.unit.name));
    let mut origins = vec![service.unit.name.origin];
    // Where a port listens that nobody says is the module's matter.
    let said = |port: &&At<Port>| {
        port.priority != Priority::SchemaDefault && port.protocols().contains(&"tcp")
    };
    for port in service.ports.values().filter(said) {
        let address = match port.address.as_str() {
            "0.0.0.0" | "::" => "localhost",
            address => address,
        };
        let number = port.host.number;
        let _ = writeln!(script, "machine.wait_for_open_port({number}, {})", quoted(address));
        origins.push(port.host.origin);
    }
    let mut all = Set::new();
    all.put("name", Nix::text(name, by));
    all.put_at(&["nodes", "machine"], machine.nix(by));
    let mut script = Nix::text(script, by);
    script.origins = origins;
    all.put("testScript", script);
    all
}
