//! Podman and its Quadlet files.

use std::collections::BTreeMap;

use qg_fleet::host::{Account, QuadletWay};
use qg_fleet::leaf::OriginId;
use qg_fleet::rootless::Rootless;
use qg_formats::nix::{Nix, NixExpr, Set};

use super::{On, put_etc, restarts};
use crate::quadlet::{mounted_file, sources};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    storage(on, set);
    let quadlets = on.fleet.units_on(on.name);
    let Some(first) = quadlets.first() else { return };
    // Its module links Podman's generators, for the system and for accounts.
    set.put_at(&["virtualisation", "podman", "enable"], Nix::bool(true, first.by));
    let rootless = on.fleet.rootless(on.name);
    if let Some(it) = rootless {
        account(on, it, set);
    }
    for file in quadlets {
        if on.host.podman.through.value == QuadletWay::EnvironmentEtc {
            let to = format!("{}/{}.{}", on.fleet.quadlet_folder(on.name), file.name, file.kind);
            put_etc(set, &to, Nix::path(file.place(), file.by));
            continue;
        }
        let kinds = format!("{}s", file.kind);
        let text = Nix::apply(&["builtins", "readFile"], vec![Nix::path(file.place(), file.by)]);
        let option = ["virtualisation", "quadlet", &kinds, file.name, "rawConfig"];
        match rootless {
            None => set.put_at(&option, text),
            Some(it) => {
                let of = ["home-manager", "users", it.name()];
                set.put_at(&[&of[..], &option].concat(), text);
                let enable = ["virtualisation", "quadlet", "enable"];
                set.put_at(&enable, Nix::bool(true, on.host.podman.through.origin));
            }
        }
    }
    restarts::put(on, quadlets, set);
    for (_, network) in on.fleet.model.networks_on(on.name) {
        if let Some(bridge) = &network.interface {
            // Names of containers are answered for by the host, on the bridge.
            let port = Nix::list(vec![Nix::int(53, bridge.origin)], bridge.origin);
            let option = ["networking", "firewall", "interfaces", bridge, "allowedUDPPorts"];
            set.put_at(&option, port);
        }
    }
    mounted_files(on, set);
    kernel_modules(on, set);
}

/// `storage.conf`, where something of it is said. Its program stands where every version of it reads it.
fn storage(on: On<'_>, set: &mut Set) {
    let said = &on.host.podman.storage;
    let mut all = Set::new();
    if let Some(driver) = &said.driver {
        all.put("driver", Nix::text(driver.name(), driver.origin));
    }
    for (key, path) in [("graphroot", &said.graph_root), ("runroot", &said.run_root)] {
        if let Some(path) = path {
            all.put(key, Nix::text(path.value.clone(), path.origin));
        }
    }
    if let Some(program) = &said.mount_program {
        let path = Nix::text(program.value.clone(), program.origin);
        all.put_at(&["options", "mount_program"], path);
    }
    if !all.is_empty() {
        let by = said.origin;
        set.put_at(&["virtualisation", "containers", "enable"], Nix::bool(true, by));
        let option = ["virtualisation", "containers", "storage", "settings", "storage"];
        set.put_at(&option, all.nix(by));
    }
}

/// What an account needs that runs containers without anybody logged in.
fn account(on: On<'_>, rootless: Rootless<'_>, set: &mut Set) {
    let by = rootless.user.origin;
    let user = on.fleet.model.user.get(rootless.name());
    let login = user.and_then(|user| match &user.kind.value {
        Account::Login(login) => Some(login),
        Account::System | Account::FromModule => None,
    });
    let of = ["users", "users", rootless.name()];
    if login.is_none_or(|login| !login.linger.value) {
        set.put_at(&[&of[..], &["linger"]].concat(), Nix::bool(true, by));
    }
    if login.is_none_or(|login| login.sub_ids.is_none()) {
        set.put_at(&[&of[..], &["autoSubUidGidRange"]].concat(), Nix::bool(true, by));
    }
}

/// Files beside the sources that Podman's units read, where the Quadlet files say they are.
fn mounted_files(on: On<'_>, set: &mut Set) {
    for (path, by) in sources(on.fleet, on.name) {
        put_etc(set, &mounted_file(path), Nix::source(format!("files/{path}"), by));
    }
}

fn kernel_modules(on: On<'_>, set: &mut Set) {
    let mut all: BTreeMap<&str, Vec<OriginId>> = BTreeMap::new();
    for (_, _, container) in on.fleet.containers_on(on.name) {
        for module in container.kernel_modules.iter() {
            all.entry(&module.value).or_default().push(module.origin);
        }
    }
    if !all.is_empty() {
        let text =
            |(name, by): (&str, Vec<OriginId>)| Nix::new(NixExpr::Text(name.to_owned()), &by);
        let list = Nix::list(all.into_iter().map(text).collect(), OriginId::default());
        set.put_at(&["boot", "kernelModules"], list);
    }
}
