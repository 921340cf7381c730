//! Podman, its Quadlet files, and the environments with secrets in them.

use std::collections::BTreeMap;

use super::{On, secrets};
use crate::fleet::container::Container;
use crate::fleet::host::QuadletWay;
use crate::fleet::leaf::{At, OriginId};
use crate::fleet::service::Service;
use crate::formats::nix::{Expr, Nix, Part, Set};
use crate::targets::quadlet::{mounted_file, sources};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let quadlets = quadlets(on);
    let Some((_, _, by)) = quadlets.first() else { return };
    set.put_at(&["virtualisation", "podman", "enable"], Nix::bool(true, *by));
    let through = &on.host.podman.through;
    for (kind, name, by) in &quadlets {
        let file = Nix::path(format!("quadlet/{name}.{kind}"), *by);
        match through.value {
            QuadletWay::EnvironmentEtc => {
                let path = format!("containers/systemd/{name}.{kind}");
                set.put_at(&["environment", "etc", &path, "source"], file);
            }
            QuadletWay::QuadletNix => {
                let kinds = format!("{kind}s");
                let text = Nix::apply(&["builtins", "readFile"], vec![file]);
                set.put_at(&["virtualisation", "quadlet", &kinds, name, "rawConfig"], text);
            }
        }
    }
    if through.value == QuadletWay::EnvironmentEtc {
        // NixOS takes no generators out of packages by itself.
        let by = through.origin;
        let package = Nix::select(&["config", "virtualisation", "podman", "package"], by);
        let rest = "/lib/systemd/system-generators/podman-system-generator".to_owned();
        let generator = Nix::filled(vec![Part::Hole(package), Part::Text(rest)], by);
        set.put_at(&["systemd", "generators", "podman-system-generator"], generator);
    }
    for network in on.fleet.model.network.values().filter(|it| it.on.entity() == on.name) {
        if let Some(bridge) = &network.interface {
            // Names of containers are answered for by the host, on the bridge.
            let port = Nix::list(vec![Nix::int(53, bridge.origin)], bridge.origin);
            let option = ["networking", "firewall", "interfaces", bridge, "allowedUDPPorts"];
            set.put_at(&option, port);
        }
    }
    mounted_files(on, set);
    kernel_modules(on, set);
    environments(on, set);
}

/// Every Quadlet file of the host: kind, name, and who asked for it.
fn quadlets(on: On<'_>) -> Vec<(&'static str, &str, OriginId)> {
    let model = &on.fleet.model;
    let mut all: Vec<_> =
        containers(on).map(|(name, _, it)| ("container", name, it.origin)).collect();
    let here = |host: &str| host == on.name;
    let pods = model.pod.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(pods.map(|(name, it)| ("pod", name.as_str(), it.origin)));
    let networks = model.network.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(networks.map(|(name, it)| ("network", name.as_str(), it.origin)));
    let volumes = model.volume.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(volumes.map(|(name, it)| ("volume", name.as_str(), it.origin)));
    let pulled = model.pulled.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(pulled.map(|(name, it)| ("image", name.as_str(), it.origin)));
    let builds = model.build.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(builds.map(|(name, it)| ("build", name.as_str(), it.origin)));
    let kubes = model.kube.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(kubes.map(|(name, it)| ("kube", name.as_str(), it.origin)));
    let artifacts = model.artifact.iter().filter(|(_, it)| here(it.on.entity()));
    all.extend(artifacts.map(|(name, it)| ("artifact", name.as_str(), it.origin)));
    all
}

/// The containers of the host, with their services.
fn containers(on: On<'_>) -> impl Iterator<Item = (&str, &At<Service>, &At<Container>)> {
    on.fleet.model.service.iter().filter_map(move |(name, service)| {
        let host = service.on.as_ref()?.entity();
        let container = service.container.as_ref()?;
        (host == on.name).then_some((name.as_str(), service, container))
    })
}

/// Files beside the sources that Podman's units read, where the Quadlet files say they are.
fn mounted_files(on: On<'_>, set: &mut Set) {
    for (path, by) in sources(on.fleet, on.name) {
        let place = mounted_file(path);
        let below = place.strip_prefix("/etc/").unwrap_or(&place);
        let file = Nix::path(format!("files/{path}"), by);
        set.put_at(&["environment", "etc", below, "source"], file);
    }
}

fn kernel_modules(on: On<'_>, set: &mut Set) {
    let mut all: BTreeMap<&str, Vec<OriginId>> = BTreeMap::new();
    for (_, _, container) in containers(on) {
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

/// What of the environment of containers has secrets.
fn environments(on: On<'_>, set: &mut Set) {
    for (name, service, container) in containers(on) {
        let mut content = Vec::new();
        let mut by = Vec::new();
        for (key, value) in container.env.iter().filter(|(_, it)| it.plain().is_none()) {
            content.push(Part::Text(format!("{key}=")));
            content.extend(secrets::sealed(on, value));
            content.push(Part::Text("\n".to_owned()));
            by.push(value.origin);
        }
        if !content.is_empty() {
            let mut content = Nix::filled(content, container.origin);
            content.origins = by;
            let units = [service.unit.name.value.clone()];
            secrets::template(set, &format!("{name}.env"), content, &units, Set::new());
        }
    }
}
