//! Two things on one port of a host.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use crate::fleet::Fleet;
use crate::fleet::container::Networking;
use crate::fleet::leaf::{OriginId, PortNumber, Rung};
use crate::fleet::service::Service;

use super::Check;

const CODES: &[Code] = &[codes::fleet::PORT_TAKEN];
pub(super) const CHECK: Check = Check { codes: CODES, run };

/// Something that listens on a host.
struct Listener {
    address: String,
    what: String,
    origin: OriginId,
}

fn run(fleet: &Fleet, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let mut taken: BTreeMap<(u16, &str), Vec<Listener>> = BTreeMap::new();
        for (name, proxy) in fleet.model.proxies_on(host) {
            let traefik = proxy.traefik();
            for (point, port, options) in traefik.own_points() {
                let on = options.get("on").and_then(|it| it.text()).unwrap_or("0.0.0.0");
                let protocol = if port.udp { "udp" } else { "tcp" };
                taken.entry((port.number, protocol)).or_default().push(Listener {
                    address: on.to_owned(),
                    what: format!("proxy.{name}, entry point {point}"),
                    origin: port.origin,
                });
            }
            for (port, what) in [(&traefik.http, "http"), (&traefik.https, "https")] {
                taken.entry((port.number, "tcp")).or_default().push(Listener {
                    address: "0.0.0.0".to_owned(),
                    what: format!("proxy.{name}, {what}"),
                    origin: port.origin,
                });
            }
        }
        let proxies = fleet.model.proxies_on(host);
        let ways = proxies.flat_map(|(name, proxy)| {
            fleet.model.ways_of(name).map(move |way| (way, proxy.traefik()))
        });
        for (way, traefik) in ways {
            let shared = |port: &PortNumber| {
                let own = traefik.own_points().any(|(_, it, _)| it.number == port.number);
                own || traefik.https.number == port.number
            };
            let tcp = way.route.tcp.as_ref().filter(|port| !shared(port)).map(|it| (it, "tcp"));
            let udp = way.route.udp.as_ref().filter(|_| tcp.is_none()).map(|it| (it, "udp"));
            for (port, protocol) in tcp.into_iter().chain(udp) {
                taken.entry((port.number, protocol)).or_default().push(Listener {
                    address: "0.0.0.0".to_owned(),
                    what: format!("the proxy, for {}", way.title()),
                    origin: port.origin,
                });
            }
        }
        for (name, service) in fleet.model.services_on(host) {
            for (key, port) in &service.ports {
                if !listens(service, port.publish.value) {
                    continue;
                }
                for protocol in port.protocols() {
                    taken.entry((port.host.number, *protocol)).or_default().push(Listener {
                        address: port.address.value.clone(),
                        what: format!("service.{name}.ports.{key}"),
                        // What follows from the inner port is said there.
                        origin: match port.host.rung {
                            Rung::SchemaDefault => port.inside.origin,
                            Rung::KindDefault | Rung::Default | Rung::Plain | Rung::Override => {
                                port.host.origin
                            }
                        },
                    });
                }
            }
        }
        for ((number, protocol), mut listeners) in taken {
            listeners.sort_by_key(|it| fleet.origins.span(it.origin));
            for (at, second) in listeners.iter().enumerate() {
                let first = listeners.iter().take(at).find(|first| {
                    // Two proxies of one host, and two TCP routes with one port, are refused as such.
                    let both =
                        |start: &str| [first, second].iter().all(|it| it.what.starts_with(start));
                    first.what != second.what
                        && !(both("proxy.") && of(&first.what) != of(&second.what))
                        && !both("the proxy")
                        && overlap(&first.address, &second.address)
                });
                if let Some(first) = first {
                    report(fleet, host, number, protocol, first, second, out);
                }
            }
        }
    }
}

/// `proxy.edge` of `proxy.edge, https`.
fn of(what: &str) -> &str {
    what.split(',').next().unwrap_or(what)
}

/// A port inside a pod or bridge that is not published is the container's own matter.
fn listens(service: &Service, publish: bool) -> bool {
    match &service.container {
        Some(container) => {
            publish
                || (container.pod.is_none() && matches!(container.network.value, Networking::Host))
        }
        None => true,
    }
}

/// Whether two addresses cannot listen on one port.
fn overlap(a: &str, b: &str) -> bool {
    let any = |address: &str| matches!(address, "0.0.0.0" | "::" | "");
    a == b || any(a) || any(b)
}

fn report(
    fleet: &Fleet,
    host: &str,
    number: u16,
    protocol: &str,
    first: &Listener,
    second: &Listener,
    out: &mut Vec<Diagnostic>,
) {
    let (Some(here), Some(there)) =
        (fleet.origins.span(second.origin), fleet.origins.span(first.origin))
    else {
        return;
    };
    out.push(
        Diagnostic::error(
            codes::fleet::PORT_TAKEN,
            here,
            format!("port {number}/{protocol} of `host.{host}` is taken twice"),
        )
        .here(second.what.clone())
        .also(there, first.what.clone())
        .help("give one of them another port on the host: `ports.NAME = { inside = …, host = … }`"),
    );
}
