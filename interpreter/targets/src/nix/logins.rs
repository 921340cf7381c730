//! Proxies and portals: their NixOS modules, with the files of their targets and the secrets they read.

use qg_fleet::leaf::OriginId;
use qg_formats::nix::{Nix, Set};

use super::{On, put_etc, secrets};
use crate::engines::{Engine, engine, login_engine};
use crate::sealed::env_path;

pub(super) fn put(on: On<'_>, set: &mut Set) {
    // More than one on a host is refused by a check.
    if let Some((_, proxy)) = on.fleet.model.proxies_on(on.name).next() {
        let (by, engine) = (proxy.origin, engine(&proxy.engine));
        let runs = on.fleet.model.runs_proxy(proxy);
        let in_container = runs.is_some_and(|(_, service)| service.container.is_some());
        // The Quadlet file of a container mounts all of them.
        for file in engine.files.iter().filter(|file| in_container || file.always) {
            put_etc(set, file.to, Nix::path(file.from, by));
        }
        if !in_container {
            (engine.nixos)(on.fleet, proxy, environment_files(on, engine, by), set);
        }
    }
    portals(on, set);
}

fn portals(on: On<'_>, set: &mut Set) {
    for (key, portal) in on.fleet.model.portals_on(on.name) {
        let native = |key: &str| {
            on.fleet.model.service.get(key).is_some_and(|service| service.container.is_none())
        };
        let by = portal.origin;
        let engine = login_engine(&portal.engine);
        if !native(portal.service.entity()) {
            // Its Quadlet file mounts it.
            put_etc(set, engine.file.to, Nix::path(engine.file.from, by));
            continue;
        }
        let mut variables = Set::new();
        for (name, value) in engine.variables {
            variables.put(*name, Nix::text(*value, by));
        }
        for (variable, secret) in on.fleet.portal_secrets(key) {
            variables.put(variable, secrets::path(on, secret, by));
        }
        (engine.nixos)(portal, variables, set);
    }
}

/// The files with the variables that the unit of a proxy gets.
fn environment_files(on: On<'_>, engine: &Engine, by: OriginId) -> Vec<Nix> {
    let mut files = Vec::new();
    if !on.fleet.proxy_secrets(on.name).is_empty() {
        files.push(Nix::text(env_path(engine.name), by));
    }
    let secrets = on.fleet.proxy_env_files(on.name);
    files.extend(secrets.iter().map(|secret| secrets::path(on, secret, by)));
    files
}
