//! Podman and its Quadlet files.

use std::collections::BTreeMap;

use super::{On, put_etc};
use crate::fleet::host::{Account, QuadletWay};
use crate::fleet::leaf::OriginId;
use crate::fleet::rootless::Rootless;
use crate::formats::nix::{Expr, Nix, Part, Set};
use crate::targets::quadlet::{mounted_file, sources, units_on};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let quadlets = units_on(on.fleet, on.name);
    let Some((_, _, by)) = quadlets.first() else { return };
    set.put_at(&["virtualisation", "podman", "enable"], Nix::bool(true, *by));
    let through = &on.host.podman.through;
    let rootless = on.fleet.rootless(on.name);
    if let Some(it) = rootless {
        account(on, it, set);
    }
    let folder = on.fleet.quadlet_folder(on.name);
    for (kind, name, by) in &quadlets {
        let file = Nix::path(format!("quadlet/{name}.{kind}"), *by);
        match through.value {
            QuadletWay::EnvironmentEtc => {
                put_etc(set, &format!("{folder}/{name}.{kind}"), file);
            }
            QuadletWay::QuadletNix => {
                let kinds = format!("{kind}s");
                let text = Nix::apply(&["builtins", "readFile"], vec![file]);
                let option = ["virtualisation", "quadlet", &kinds, name, "rawConfig"];
                match rootless {
                    None => set.put_at(&option, text),
                    Some(it) => {
                        let of = ["home-manager", "users", it.name()];
                        set.put_at(&[&of[..], &option].concat(), text);
                        let enable = ["virtualisation", "quadlet", "enable"];
                        set.put_at(&enable, Nix::bool(true, through.origin));
                    }
                }
            }
        }
    }
    if through.value == QuadletWay::EnvironmentEtc {
        // NixOS takes no generators out of packages by itself.
        let by = through.origin;
        let package = Nix::select(&["config", "virtualisation", "podman", "package"], by);
        let kind = if rootless.is_some() { "user" } else { "system" };
        let name = format!("podman-{kind}-generator");
        let rest = format!("/lib/systemd/{kind}-generators/{name}");
        let generator = Nix::filled(vec![Part::Hole(package), Part::Text(rest)], by);
        match rootless {
            None => set.put_at(&["systemd", "generators", &name], generator),
            Some(_) => set.put_at(&["systemd", "user", "generators", &name], generator),
        }
    }
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
        put_etc(set, &mounted_file(path), Nix::path(format!("files/{path}"), by));
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
        let text = |(name, by): (&str, Vec<OriginId>)| Nix::new(Expr::Text(name.to_owned()), &by);
        let list = Nix::list(all.into_iter().map(text).collect(), OriginId::default());
        set.put_at(&["boot", "kernelModules"], list);
    }
}
