//! Two things on one port of a host.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::FleetCheck;
use crate::Facts;
use crate::listeners::{Listener, Owner};

const CODES: &[Code] = &[codes::fleet::PORT_TAKEN];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let mut taken: BTreeMap<(u16, &str), Vec<&Listener<'_>>> = BTreeMap::new();
        for listener in &fleet.listeners_on(host).all {
            // What Podman chooses is free.
            if listener.port != 0 {
                taken.entry((listener.port, listener.protocol)).or_default().push(listener);
            }
        }
        for ((number, protocol), mut listeners) in taken {
            listeners.sort_by_key(|it| fleet.origins.span(it.origin));
            for (at, second) in listeners.iter().enumerate() {
                let first = listeners.iter().take(at).find(|first| clash(fleet, first, second));
                if let Some(first) = first {
                    report(fleet, host, number, protocol, first, second, out);
                }
            }
        }
    }
}

/// Whether two programs cannot both listen there, and nothing else says so.
fn clash(fleet: &Facts<'_>, first: &Listener<'_>, second: &Listener<'_>) -> bool {
    // Two proxies of one host, two TCP routes with one port, and two members of a pod on one port are refused as such.
    let refused = match (first.of, second.of) {
        (Owner::Proxy(a), Owner::Proxy(b)) => a != b,
        (Owner::Route, Owner::Route) => true,
        (Owner::Service(a), Owner::Service(b))
            if a != b && first.inside == second.inside && share_a_pod(fleet, a, b) =>
        {
            true
        }
        (a, b) => a == b && first.what == second.what,
    };
    !refused && overlap(&first.address, &second.address)
}

fn share_a_pod(fleet: &Facts<'_>, a: &str, b: &str) -> bool {
    let pod = |name: &str| {
        let container = fleet.model.service.get(name)?.container.as_ref()?;
        container.pod.as_ref().map(|it| it.entity())
    };
    pod(a).is_some_and(|of| pod(b) == Some(of))
}

/// Whether two addresses cannot listen on one port.
fn overlap(a: &str, b: &str) -> bool {
    let any = |address: &str| matches!(address, "0.0.0.0" | "::" | "");
    a == b || any(a) || any(b)
}

fn report(
    fleet: &Facts<'_>,
    host: &str,
    number: u16,
    protocol: &str,
    first: &Listener<'_>,
    second: &Listener<'_>,
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
