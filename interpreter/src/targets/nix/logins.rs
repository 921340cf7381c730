//! Traefik and Authelia: their NixOS modules, with the files of their targets and the secrets they read.

use super::{On, put_etc, secrets};
use crate::fleet::leaf::OriginId;
use crate::fleet::runners::AUTHELIA_FILE;
use crate::formats::nix::{Nix, Set};
use crate::targets::sealed::env_path;
use crate::targets::traefik::{DYNAMIC_PATH, STATIC_PATH};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    // More than one on a host is refused by a check.
    if let Some((_, proxy)) = on.fleet.model.proxies_on(on.name).next() {
        let by = proxy.origin;
        let dynamic = Nix::path("traefik/dynamic.yml", by);
        put_etc(set, DYNAMIC_PATH, dynamic.clone());
        let runs = on.fleet.model.runs_proxy(proxy);
        if runs.is_some_and(|(_, service)| service.container.is_some()) {
            // Its Quadlet file mounts them.
            put_etc(set, STATIC_PATH, Nix::path("traefik/static.yml", by));
            portals(on, set);
            return;
        }
        let data = proxy.engine.data();
        let options = ["services", "traefik"];
        let mut traefik = Set::new();
        traefik.put("enable", Nix::bool(true, by));
        traefik.put("staticConfigFile", Nix::path("traefik/static.yml", by));
        traefik.put("dataDir", Nix::text(data.value.clone(), data.origin));
        set.put_at(&options, traefik.nix(by));
        let mut unit = Set::new();
        unit.put("restartTriggers", Nix::list(vec![dynamic], by));
        let files = environment_files(on, by);
        if !files.is_empty() {
            unit.put_at(&["serviceConfig", "EnvironmentFile"], Nix::list(files, by));
        }
        set.put_at(&["systemd", "services", "traefik"], unit.nix(by));
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

/// The files with the variables that Traefik's unit gets.
fn environment_files(on: On<'_>, by: OriginId) -> Vec<Nix> {
    let mut files = Vec::new();
    if !on.fleet.proxy_secrets(on.name).is_empty() {
        files.push(Nix::text(env_path("traefik"), by));
    }
    let secrets = on.fleet.proxy_env_files(on.name);
    files.extend(secrets.iter().map(|secret| secrets::path(on, secret, by)));
    files
}
