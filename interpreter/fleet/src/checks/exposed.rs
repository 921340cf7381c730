//! Ports that other machines reach although nothing says so, or past what guards a route.

use std::collections::BTreeMap;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::network::is_loopback;
use qg_lang::url::Url;

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::backends::field;
use crate::host::Manager;
use crate::leaf::{EntityPath, OriginId, RefOr};
use crate::listeners::{Listener, Owner};
use crate::route::{Exposure, Login};
use crate::ways::ServiceRoute;

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::PUBLISHED, codes::PAST_GUARD, codes::UNREADABLE_PORT], run };

fn run(fleet: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let guarded = Guarded::of(fleet);
    for (host, of) in &fleet.model.host {
        let listeners = fleet.listeners_on(host);
        for unreadable in &listeners.unreadable {
            let message = format!("`{}` says no port to listen on", unreadable.text);
            let span = place(fleet, unreadable.origin);
            found.push(
                Diagnostic::error(codes::UNREADABLE_PORT, span, message)
                    .help("write it as `127.0.0.1:8080:80`"),
            );
        }
        // A range is one text, and one finding.
        let mut told: Vec<OriginId> = Vec::new();
        for listener in &listeners.all {
            if matches!(listener.of, Owner::Proxy(_) | Owner::Route)
                || told.contains(&listener.origin)
            {
                continue;
            }
            if let Some(way) = guarded.past(fleet, host, listener) {
                told.push(listener.origin);
                found.push(past_guard(fleet, host, listener, way));
            } else if is_unsaid(of.manager.value, listener) {
                let met = is_met(fleet, host, listener);
                // The firewall of NixOS has a rule for that: those hosts alone come through.
                if met && of.manager.value == Manager::Nixos {
                    continue;
                }
                told.push(listener.origin);
                found.push(published(fleet, host, of.manager.value, listener, met));
            }
        }
    }
}

/// Whether other machines reach a port that nothing in the source opens.
fn is_unsaid(manager: Manager, listener: &Listener<'_>) -> bool {
    let unfiltered = listener.forwarded || manager == Manager::Plain;
    unfiltered && !listener.open && !listener.is_local()
}

/// Whether a proxy or login server of another host needs a port.
fn is_met(fleet: &Facts<'_>, host: &str, listener: &Listener<'_>) -> bool {
    let Owner::Service(name) = listener.of else { return false };
    fleet.met_on(host).iter().any(|it| {
        let port = fleet.model.service.get(name).and_then(|of| of.ports.get(&it.port));
        it.service == name
            && !it.from.is_empty()
            && it.at.value == listener.address
            && port.is_some_and(|port| port.host.number == listener.port)
    })
}

fn published(
    fleet: &Facts<'_>,
    host: &str,
    manager: Manager,
    listener: &Listener<'_>,
    met: bool,
) -> Diagnostic {
    let (address, port) = (&listener.address, listener.port);
    let which = if port == 0 { "a port".to_owned() } else { format!("port {port}") };
    let why = match manager {
        Manager::Plain => "no firewall of ours is there",
        Manager::Nixos => "Podman hands it on before the firewall is asked",
    };
    let message = format!("{which} of host.{host} is published on {address}: {why}");
    let span = own_place(fleet, &[listener.address_origin, listener.origin]);
    let finding = Diagnostic::error(codes::PUBLISHED, span, message).here(listener.what.clone());
    if met {
        return finding.help("another host's proxy needs it: say `open = true`, and keep others out by that machine's own firewall");
    }
    finding
        .help("leave the address out, or publish it on 127.0.0.1: then only the host reaches it")
        .help("say `open = true` in `ports` if other machines are to reach it")
}

fn past_guard(
    fleet: &Facts<'_>,
    host: &str,
    listener: &Listener<'_>,
    way: ServiceRoute<'_>,
) -> Diagnostic {
    let (asks, origin) = match &way.route.login.value {
        Login::Sso(_) => ("login", way.route.login.origin),
        Login::Own | Login::None => ("client certificate", way.route.expose.origin),
    };
    let message = format!(
        "port {} of host.{host} leads past the {asks} that {} asks for",
        listener.port,
        way.title()
    );
    let span = own_place(fleet, &[listener.origin, listener.address_origin]);
    let guard = own_place(fleet, &[origin, way.route.origin]);
    Diagnostic::error(codes::PAST_GUARD, span, message)
        .here(format!("{}: other machines reach it", listener.what))
        .also(guard, format!("the {asks} is asked for by the proxy alone"))
        .help("let only the proxy reach it: drop `open`, or publish it on 127.0.0.1; where the proxy is elsewhere, say `address = host.NAME.address`")
        .help("say `expose` and `login` of the route as they are to be, if nobody is to be asked")
}

/// The guarded routes, by the service and the inner port that they lead to.
struct Guarded<'f> {
    ports: BTreeMap<(&'f str, u16), ServiceRoute<'f>>,
    /// By the host and the port of an address of its own, where a route says a URL.
    urls: BTreeMap<(&'f str, u16), ServiceRoute<'f>>,
}

impl<'f> Guarded<'f> {
    fn of(fleet: &'f Facts<'f>) -> Guarded<'f> {
        let mut all = Guarded { ports: BTreeMap::new(), urls: BTreeMap::new() };
        for (key, proxy) in &fleet.model.proxy {
            for way in fleet.model.ways_of(key).filter(ServiceRoute::is_guarded) {
                let host = proxy.on.entity();
                for port in targets(fleet, way) {
                    all.add(fleet, host, &port, way);
                }
                if let RefOr::Value(url) = &way.route.to.value
                    && let Some(url) = Url::of_server(url)
                    && let Some(port) = url.port()
                    && is_own(fleet, host, url.host())
                {
                    all.urls.entry((host, port)).or_insert(way);
                }
            }
        }
        all
    }

    /// For a proxy on another host a port is opened to that host alone, where the firewall is ours.
    fn add(&mut self, fleet: &'f Facts<'f>, proxy: &str, port: &EntityPath, way: ServiceRoute<'f>) {
        let Some((name, service)) = fleet.model.service.get_key_value(port.entity()) else {
            return;
        };
        let on = service.on.as_ref().map(|on| on.entity());
        let host = on.and_then(|on| fleet.model.host.get(on));
        let filtered = host.is_some_and(|host| host.manager.value == Manager::Nixos);
        if let Some(port) = service.ports.get(port.last()).filter(|_| filtered || on == Some(proxy))
        {
            self.ports.entry((name, port.inside.number)).or_insert(way);
        }
    }

    /// The guarded route that a port leads past.
    fn past(
        &self,
        fleet: &'f Facts<'f>,
        host: &str,
        listener: &Listener<'f>,
    ) -> Option<ServiceRoute<'f>> {
        if listener.protocol != "tcp" || !fleet.is_reachable(host, listener) {
            return None;
        }
        let by_url = self.urls.get(&(host, listener.port));
        let by_port = match listener.of {
            Owner::Service(name) => self.ports.get(&(name, listener.inside)),
            Owner::Pod(pod) => fleet
                .model
                .members_of(pod)
                .find_map(|(member, _)| self.ports.get(&(member, listener.inside))),
            Owner::Kube(_) | Owner::Proxy(_) | Owner::Route => None,
        };
        by_port.or(by_url).copied()
    }
}

/// Whether a name in a URL is the host itself.
fn is_own(fleet: &Facts<'_>, host: &str, name: &str) -> bool {
    let of = fleet.model.host.get(host);
    let mut own = of.into_iter().flat_map(|it| it.address.iter().chain(it.addresses.values()));
    is_loopback(name) || own.any(|it| it.value == name)
}

/// The ports of services that a route leads to, those of a backend's servers too.
fn targets(fleet: &Facts<'_>, way: ServiceRoute<'_>) -> Vec<EntityPath> {
    match (&way.route.to.value, way.route.backend()) {
        (_, Some(backend)) => {
            let backends = fleet.model.backends_below(backend.entity());
            let all = backends.into_iter().filter_map(|name| fleet.model.backend.get(name));
            let servers = all.flat_map(|it| it.servers().collect::<Vec<_>>());
            servers.filter_map(|server| field(server, "to")?.reference().cloned()).collect()
        }
        (RefOr::Ref(port), None) => vec![port.clone()],
        (RefOr::Value(_), None) => Vec::new(),
    }
}

impl ServiceRoute<'_> {
    /// Whether the proxy asks for a login or a certificate before it lets somebody through.
    fn is_guarded(&self) -> bool {
        let private = self.route.expose.value == Exposure::Private;
        self.route.is_http() && (private || matches!(self.route.login.value, Login::Sso(_)))
    }
}
