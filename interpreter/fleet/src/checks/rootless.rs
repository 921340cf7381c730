//! Containers of an account: what they cannot do that root's can.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::is_library;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::host::Host;
use crate::leaf::{At, Data, EntityPath, OriginId, Priority};
use crate::listeners::Owner;
use crate::service::Unit;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::ROOTLESS], run };

/// Below it only root may listen, unless the kernel is told otherwise.
const FIRST_PORT: i64 = 1024;

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        let Some(rootless) = fleet.rootless(name) else { continue };
        let who = rootless.user;
        let mut say = |at: OriginId, message: String, help: &str| {
            let finding = Diagnostic::error(codes::ROOTLESS, place(fleet, at), message).help(help);
            let here = "its containers belong to this account";
            out.push(finding.also(place(fleet, host.podman.origin), here));
        };
        let user = fleet.model.user.get(who.entity());
        let is_here = user.is_some_and(|user| user.on.iter().any(|on| on.entity() == name));
        if rootless.uid.is_none() || !is_here {
            let message = format!("{} has no number on host.{name}", who.value);
            say(
                who.origin,
                message,
                "say `uid` and `on` where it is declared: its files lie below the number",
            );
            continue;
        }
        let first = first_port(host);
        let low = |port: u16| i64::from(port) < first;
        for (at, number) in points(fleet, name).into_iter().filter(|(_, it)| low(*it)) {
            say(at, format!("{} may not listen on port {number}", who.value), LOW_HELP);
        }
        for (key, service) in fleet.model.services_on(name) {
            let of_account = service.container.is_some();
            for need in service.needs.iter().chain(service.unit.after.iter()) {
                if is_of_account(fleet, need) != of_account && need.kind() == "service" {
                    let message = format!("service.{key} cannot wait for {}", need.value);
                    let help = "units of the system and of an account know nothing of one another";
                    say(need.origin, message, help);
                }
            }
            if !of_account {
                continue;
            }
            as_root(&service.unit, &format!("service.{key}"), &mut say);
            for port in service.ports.values().filter(|it| it.publish.value && low(it.host.number))
            {
                let message = format!("{} may not listen on port {}", who.value, port.host.number);
                // The host's side is the inside one, where nobody says another.
                let said = port.host.priority != Priority::SchemaDefault;
                let at = if said { port.host.origin } else { port.inside.origin };
                say(at, message, LOW_HELP);
            }
        }
        for (key, pod) in fleet.model.pods_on(name) {
            as_root(&pod.unit, &format!("pod.{key}"), &mut say);
        }
    }
}

const LOW_PORTS: &str = "net.ipv4.ip_unprivileged_port_start";
const LOW_HELP: &str =
    "take one from 1024 on, or say boot.sysctl.\"net.ipv4.ip_unprivileged_port_start\"";

/// The first port that everybody may listen on (ip-sysctl of the kernel).
fn first_port(host: &Host) -> i64 {
    let Some(said) = host.boot.sysctl.get(LOW_PORTS) else { return FIRST_PORT };
    if let Data::Int(number) = said.value {
        return number;
    }
    said.text().and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

/// Where a proxy of the account listens on the host itself.
fn points(fleet: &Facts<'_>, host: &str) -> Vec<(OriginId, u16)> {
    let by_account = fleet.model.proxies_on(host).find(|(_, proxy)| {
        let run = fleet.model.runs_proxy(proxy);
        run.is_some_and(|(_, service)| {
            let container = service.container.as_ref();
            fleet.rootless_of(service).is_some() && container.is_some_and(|it| fleet.is_on_host(it))
        })
    });
    let Some((_, proxy)) = by_account else { return Vec::new() };
    // What only the library says is said by the proxy.
    let own = |at: OriginId| fleet.origins.span(at).is_some_and(|span| !is_library(span.file));
    let of_proxy = |of: &Owner<'_>| matches!(of, Owner::Proxy(_) | Owner::Route);
    let all = fleet.listeners_on(host).all.iter();
    let all = all.filter(|it| of_proxy(&it.of) && it.port != 0);
    all.map(|it| (if own(it.origin) { it.origin } else { proxy.origin }, it.port)).collect()
}

fn is_of_account(fleet: &Facts<'_>, path: &At<EntityPath>) -> bool {
    let service = fleet.model.service.get(path.entity());
    service.is_some_and(|service| fleet.rootless_of(service).is_some())
}

fn as_root(unit: &Unit, what: &str, say: &mut impl FnMut(OriginId, String, &str)) {
    if !unit.before_start_as_root.is_empty() {
        let message = format!("nothing of {what} can run as root");
        say(
            unit.before_start_as_root.origin,
            message,
            "say `before_start`: it runs as the account",
        );
    }
}
