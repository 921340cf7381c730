//! Scripts: programs in the store. A secret is read when they run.

use std::collections::BTreeMap;

use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::service::Script;
use qg_formats::nix::{Nix, NixPart, Set};

use super::{On, put_etc};
use crate::Prepared;
use crate::quadlet::common::script_path;
use crate::quadlet::run_as::wrappers;

/// The scripts that something on a host runs, by key.
pub(super) fn used<'f>(fleet: &'f Prepared<'f>, host: &str) -> BTreeMap<&'f str, &'f At<Script>> {
    let model = &fleet.model;
    let mut keys: Vec<&EntityPath> = Vec::new();
    let services = model.services_on(host).map(|(_, service)| &service.unit);
    for unit in services.chain(model.podman_units(host)) {
        keys.extend(unit.scripts().map(|it| &it.value));
    }
    let own = fleet.own_units_on(host);
    let own: Vec<At<EntityPath>> = own.iter().flat_map(|it| it.unit.scripts()).collect();
    keys.extend(own.iter().map(|it| &it.value));
    for (_, _, backup) in model.vaults_on(host).flat_map(|(vault, _)| model.backups_to(vault)) {
        keys.extend(backup.before.iter().chain(backup.after.iter()).map(|it| &it.value));
    }
    let found = keys.into_iter().filter_map(|path| model.script.get_key_value(path.entity()));
    found.map(|(key, script)| (key.as_str(), script)).collect()
}

/// Where the text of a script lies in the output, seen from its host's folder.
pub(super) fn file(key: &str) -> String {
    format!("scripts/{key}.sh")
}

/// The path to the programs that a script calls.
fn path(script: &Script) -> Vec<NixPart> {
    if script.packages.is_empty() {
        return Vec::new();
    }
    let packages = &script.packages;
    let names = packages.iter().map(|it| Nix::select(&package(&it.value), it.origin)).collect();
    let list = Nix::list(names, packages.origin);
    vec![
        NixPart::Text("export PATH=".to_owned()),
        NixPart::Hole(Nix::apply(&["lib", "makeBinPath"], vec![list])),
        NixPart::Text(":$PATH\n".to_owned()),
    ]
}

/// `pkgs.python3Packages.x`
pub(super) fn package(name: &str) -> Vec<&str> {
    std::iter::once("pkgs").chain(name.split('.')).collect()
}

/// What runs a script, as parts of a string.
pub(super) fn command(on: On<'_>, reference: &At<EntityPath>) -> Vec<NixPart> {
    let key = reference.entity();
    let by = reference.origin;
    let Some(script) = on.fleet.model.script.get(key) else { return Vec::new() };
    vec![NixPart::Hole(program(key, script, by))]
}

/// A script as a program in the store.
fn program(key: &str, script: &At<Script>, by: OriginId) -> Nix {
    let mut text = path(script);
    let file = Nix::path(file(key), by);
    text.push(NixPart::Hole(Nix::apply(&["builtins", "readFile"], vec![file])));
    let name = Nix::text(super::files::store_name(key), by);
    Nix::apply(&["pkgs", "writeShellScript"], vec![name, Nix::filled(text, script.origin)])
}

/// Those that units of containers and pods run, where the Quadlet files say they are.
pub(super) fn put(on: On<'_>, set: &mut Set) {
    let model = &on.fleet.model;
    let containers = on.fleet.containers_on(on.name).map(|(_, service, _)| &service.unit);
    let run = containers.chain(model.podman_units(on.name)).flat_map(|unit| unit.scripts());
    let run: BTreeMap<&str, OriginId> = run.map(|it| (it.entity(), it.origin)).collect();
    for (key, by) in run {
        if let Some(script) = model.script.get(key) {
            put_etc(set, &script_path(key), program(key, script, by));
        }
    }
    for wrapper in wrappers(on.fleet, on.name) {
        let by = wrapper.by;
        let name = Nix::text(super::files::store_name(&wrapper.script), by);
        let util_linux = Nix::select(&["pkgs", "util-linux"], by);
        // The program is the first word behind `exec`.
        let command = wrapper.command("/bin/setpriv");
        let rest = command.strip_prefix("exec ").unwrap_or(&command).to_owned();
        let text =
            vec![NixPart::Text("exec ".to_owned()), NixPart::Hole(util_linux), NixPart::Text(rest)];
        let program = Nix::apply(&["pkgs", "writeShellScript"], vec![name, Nix::filled(text, by)]);
        put_etc(set, &wrapper.path(), program);
    }
}
