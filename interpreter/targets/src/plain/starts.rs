//! What makes the machine take all of it up: in the order of needs, what changed anew, and nothing twice.

use std::collections::BTreeSet;

use qg_fleet::host::Account;
use qg_fleet::leaf::{EntityPath, Priority};
use qg_formats::Document;

use super::{On, native, own_units};
use crate::fail2ban;
use crate::sealed::{UNIT, word};

pub(super) fn write(on: On<'_>, script: &mut Document) {
    let by = on.host.origin;
    let model = &on.fleet.model;
    for (name, user) in model.users_on(on.name) {
        if user.kind.value != Account::FromModule {
            continue;
        }
        let groups = user.groups.iter().map(|it| (it.last(), it.origin));
        let more = user.extra_groups.iter().map(|it| (it.value.as_str(), it.origin));
        for (group, by) in groups.chain(more) {
            script.text(&format!("member {} {}", word(name), word(group)), &[by]);
        }
    }
    let zone = &model.fleet.timezone;
    if zone.priority != Priority::SchemaDefault {
        script.text(&format!("zone {}", word(zone)), &[zone.origin]);
    }
    for line in [
        "live systemd-tmpfiles --create /etc/tmpfiles.d/qg.conf || problem \"not every folder is there\"",
        "renew - systemd-modules-load.service",
        "renew - systemd-sysctl.service",
        "about - daemon-reload || problem \"systemd did not read its units\"",
    ] {
        script.line(line, &[by]);
    }
    let sealed = on.fleet.sealed_on(on.name);
    if sealed.is_empty() {
        script.line("unseal", &[by]);
    }
    if on.fleet.secrets_on(on.name).is_empty() {
        script.line("close", &[by]);
    } else {
        script.line(&format!("secrets {UNIT}"), &[by]);
    }
    let folder = on.fleet.quadlet_folder(on.name);
    if let Some(rootless) = on.fleet.rootless(on.name) {
        let (name, by) = (word(rootless.name()), rootless.user.origin);
        let manager = word(&rootless.manager());
        script.text(
            &format!("live loginctl enable-linger {name} || problem {name}' cannot run without a session'"),
            &[by],
        );
        script
            .text(&format!("about - start {manager} || problem {manager}' does not start'"), &[by]);
        script.text(
            &format!("about {folder}/x daemon-reload || problem \"systemd of the account did not read its units\""),
            &[by],
        );
    }
    let file = |name: &str, kind: &str| word(&format!("{folder}/{name}.{kind}"));
    // What the others stand on, in this order.
    for it in on.fleet.units_on(on.name) {
        if matches!(it.kind, "network" | "volume" | "image" | "build" | "artifact") {
            let unit = word(&it.unit.name);
            script.text(&format!("renew {} {unit}", file(it.name, it.kind)), &[it.by]);
        }
    }
    for path in ordered(on) {
        let key = path.entity();
        match path.kind() {
            "pod" => {
                let Some(pod) = model.pod.get(key) else { continue };
                let unit = word(&pod.unit.name);
                script.text(&format!("start {} {unit}", file(key, "pod")), &[pod.origin]);
            }
            "kube" => {
                let Some(kube) = model.kube.get(key) else { continue };
                let unit = word(&kube.unit.name);
                script.text(&format!("start {} {unit}", file(key, "kube")), &[kube.origin]);
            }
            _ => {
                let Some(service) = model.service.get(key) else { continue };
                let unit = word(&service.unit.name);
                let line = if service.container.is_some() {
                    format!("start {} {unit}", file(key, "container"))
                } else if native::is_whole(service) {
                    let enable = format!("about - enable --quiet {unit}");
                    let told = format!("problem {unit}' is not enabled'");
                    script.text(&format!("{enable} || {told}"), &[service.origin]);
                    format!("start - {unit}")
                } else if native::must_run(on, key) {
                    format!("start - {unit}")
                } else {
                    format!("touched - {unit}")
                };
                script.text(&line, &[service.origin]);
            }
        }
    }
    own_units::start(on, script);
    // It reads what the others write.
    if let Some(ban) = &on.host.fail2ban {
        script.text(&format!("start - {}", word(fail2ban::UNIT)), &[ban.origin]);
    }
    script.line("finish", &[by]);
}

/// Pods, services and kubes of a host, each behind what it needs. A cycle is refused by a check.
fn ordered(on: On<'_>) -> Vec<EntityPath> {
    let model = &on.fleet.model;
    let path = |kind: &str, key: &str| EntityPath(vec![kind.to_owned(), key.to_owned()]);
    let pods = model.pods_on(on.name).map(|(key, _)| path("pod", key));
    let services = model.services_on(on.name).map(|(key, _)| path("service", key));
    let kubes = model.kubes_on(on.name).map(|(key, _)| path("kube", key));
    let all: Vec<EntityPath> = pods.chain(services).chain(kubes).collect();
    let here: BTreeSet<EntityPath> = all.iter().cloned().collect();
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for start in all {
        // What is still to be done: a unit, and whether what it needs is done.
        let mut todo = vec![(start, false)];
        while let Some((at, is_done)) = todo.pop() {
            if is_done {
                order.push(at);
            } else if here.contains(&at) && seen.insert(at.clone()) {
                let needs = needs(on, &at);
                todo.push((at, true));
                todo.extend(needs.into_iter().rev().map(|need| (need, false)));
            }
        }
    }
    order
}

/// What a unit starts behind.
fn needs(on: On<'_>, of: &EntityPath) -> Vec<EntityPath> {
    let model = &on.fleet.model;
    match of.kind() {
        "pod" => {
            let pod = model.pod.get(of.entity());
            pod.iter().flat_map(|pod| pod.unit.after.iter()).map(|it| it.value.clone()).collect()
        }
        "kube" => {
            let kube = model.kube.get(of.entity());
            kube.iter().flat_map(|kube| kube.unit.after.iter()).map(|it| it.value.clone()).collect()
        }
        _ => {
            let Some(service) = model.service.get(of.entity()) else { return Vec::new() };
            let pod = service.container.as_ref().and_then(|it| it.pod.as_ref());
            let needs = service.needs.iter().chain(service.unit.after.iter()).chain(pod);
            needs.map(|it| it.value.clone()).collect()
        }
    }
}
