//! Proxies, portals and containers of an account on hosts without NixOS: something has to run them.

use qg_fleet::checks::place::place;
use qg_fleet::container::Networking;
use qg_fleet::host::Account;
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::service::Service;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;
use crate::engines::engine;

pub(super) fn run(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    for (key, proxy) in model.proxies_on(host) {
        let what = format!("proxy.{key}");
        match model.runs_proxy(proxy) {
            Some((key, service)) => {
                let on = service.on.as_ref().map(|on| on.entity());
                if on != Some(host) {
                    let message = format!("{what} is on host.{host}, and service.{key} is not");
                    let at = proxy.service.as_ref().map_or(proxy.origin, |it| it.origin);
                    let help = "name a service of the same host";
                    out.push(
                        Diagnostic::error(codes::NOBODY_RUNS, place(fleet, at), message).help(help),
                    );
                }
                network(fleet, &what, (key, service), proxy.origin, out);
            }
            None => {
                let message = format!("nothing runs {what} on host.{host}");
                let help = engine(&proxy.engine).run;
                let at = place(fleet, proxy.origin);
                out.push(Diagnostic::error(codes::NOBODY_RUNS, at, message).help(help));
            }
        }
    }
    for (key, portal) in model.portals_on(host) {
        let Some((service, of)) = model.service.get_key_value(portal.service.entity()) else {
            continue;
        };
        network(fleet, &format!("portal.{key}"), (service, of), portal.origin, out);
    }
    account(fleet, host, out);
}

/// Its files speak of the host's own addresses, which a container has with the host's network only.
fn network(
    fleet: &Prepared<'_>,
    what: &str,
    (key, service): (&str, &At<Service>),
    by: OriginId,
    out: &mut Vec<Diagnostic>,
) {
    let Some(container) = &service.container else { return };
    let raw = container.quadlet.get("Network");
    let raw = raw.is_some_and(|all| all.iter().any(|it| it.value == "host"));
    if container.network.value == Networking::Host || raw {
        return;
    }
    let message = format!("service.{key} runs {what}, and does not see the addresses of its host");
    let at = container.pod.as_ref().map_or(container.origin, |pod| pod.origin);
    out.push(
        Diagnostic::error(codes::OWN_NETWORK, place(fleet, at), message)
            .also(place(fleet, by), "its files lead to the host's own addresses")
            .help("say `network = host` of the container"),
    );
}

/// Containers of an account want its home, its numbers and a place in /etc/subuid, which nobody makes there.
fn account(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let Some(rootless) = fleet.rootless(host) else { return };
    let Some(user) = fleet.model.user.get(rootless.name()) else { return };
    if user.kind.value == Account::System {
        let message = format!("user.{} cannot run containers on host.{host}", rootless.name());
        out.push(
            Diagnostic::error(codes::PLAIN_ACCOUNT, place(fleet, rootless.user.origin), message)
                .also(place(fleet, user.origin), "it has no home and no numbers below it")
                .help("make the account by hand (adduser gives it all of that), and say `kind = from_module` and its `uid`"),
        );
    }
}
