//! Proxies and Authelia: their NixOS modules, with the files of their targets and the secrets they read.

use qg_fleet::leaf::OriginId;
use qg_fleet::runners::AUTHELIA_FILE;
use qg_formats::nix::{Nix, Set};

use super::{On, put_etc, secrets};
use crate::engines::{Engine, engine};
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
        if !native(portal.service.entity()) {
            // Its Quadlet file mounts it.
            put_etc(set, AUTHELIA_FILE, Nix::path("authelia/configuration.yml", by));
            continue;
        }
        let instance = &portal.authelia().instance;
        let mut all = Set::new();
        all.put("enable", Nix::bool(true, by));
        let file = Nix::path("authelia/configuration.yml", by);
        all.put("settingsFiles", Nix::list(vec![file], by));
        // The variables below name the files.
        all.put_at(&["secrets", "manual"], Nix::bool(true, by));
        let mut variables = Set::new();
        variables.put("X_AUTHELIA_CONFIG_FILTERS", Nix::text("template", by));
        for (variable, secret) in on.fleet.portal_secrets(key, portal) {
            variables.put(variable, secrets::path(on, &secret, by));
        }
        all.put("environmentVariables", variables.nix(by));
        let option = ["services", "authelia", "instances", instance];
        set.put_at(&option, all.nix(instance.origin));
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
