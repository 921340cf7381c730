//! `checks.nix`: a NixOS test for each service that runs by itself: its unit starts, and its ports answer.

use std::fmt::Write as _;

use super::{hosts, services};
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, Data, OriginId};
use crate::fleet::service::Service;
use crate::formats::json::quoted;
use crate::formats::nix::{Nix, Set, function};
use crate::targets::OutputFile;

const COMMENT: &[&str] = &[
    "Made by qgc from the sources of the fleet; changes made here are lost.",
    "",
    "A test in a virtual machine for each service of NixOS that needs no secret and no other service.",
    "`modules` are those that the services come from, where nixpkgs has none.",
    "",
    "    checks.x86_64-linux = import ./build/checks.nix { inherit pkgs; };",
];

/// The file, where there is something to test.
pub(super) fn file(fleet: &Fleet) -> Option<OutputFile> {
    let mut all = Set::new();
    for on in hosts(fleet) {
        for (name, service) in fleet.model.services_on(on.name).filter(|(_, it)| is_alone(it)) {
            // One that several hosts have is tested once.
            if all.get(name).is_none() {
                let arguments = vec![test(fleet, name, service).nix(service.origin)];
                all.put(name, Nix::apply(&["pkgs", "testers", "runNixOSTest"], arguments));
            }
        }
    }
    if all.is_empty() {
        return None;
    }
    let nix = all.nix(OriginId::default());
    Some(function(&["pkgs", "modules ? [ ]", "..."], &nix, COMMENT).file("checks.nix"))
}

/// Whether a machine that has nothing else can run it.
fn is_alone(service: &Service) -> bool {
    !service.native.is_empty()
        && service.container.is_none()
        && service.needs.is_empty()
        && service.reads.is_empty()
        && service.unit.name.ends_with(".service")
        && service.native.values().all(is_plain)
}

/// Data without code and files, which mean something on their own machine only.
fn is_plain(data: &At<Data>) -> bool {
    match &data.value {
        Data::Nix(_) | Data::File(_) | Data::Sealed(_) => false,
        Data::List(items) => items.iter().all(is_plain),
        Data::Record(fields) => fields.values().all(is_plain),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => true,
    }
}

fn test(fleet: &Fleet, name: &str, service: &At<Service>) -> Set {
    let by = service.origin;
    let mut machine = Set::new();
    machine.put("imports", Nix::select(&["modules"], by));
    services::native(fleet, service, &mut machine);
    let mut script = format!("machine.wait_for_unit({})\n", quoted(&service.unit.name));
    let mut origins = vec![service.unit.name.origin];
    for port in service.ports.values().filter(|port| port.protocols().contains(&"tcp")) {
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
