//! Routes that could never answer, or not as they are guarded.

use qg_fleet::checks::place::first_place;
use qg_fleet::guards;
use qg_fleet::leaf::OriginId;
use qg_fleet::proxy::TraefikProxy;
use qg_fleet::route::{Exposure, Sni};
use qg_fleet::ways::ServiceRoute;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::network;

use crate::Prepared;
use crate::checks::Check;
use crate::traefik;

pub(super) const CHECK: Check = Check { codes: &[codes::UNANSWERED], run };

/// Above this Traefik 3.7 keeps priorities for itself (`maxUserPriority` of `pkg/server/router`).
const HIGHEST: i64 = i64::MAX - 1000;

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for key in fleet.model.proxy.keys() {
        for way in fleet.model.ways_of(key) {
            by_address(fleet, way, found);
        }
    }
    for of in fleet.model.traefiks() {
        let ways: Vec<ServiceRoute<'_>> = fleet.model.ways_of(of.key).collect();
        for way in &ways {
            priority(fleet, *way, found);
            if way.route.tcp.is_some() {
                takes_all(fleet, of, *way, &ways, found);
            }
        }
    }
}

fn report(fleet: &Prepared<'_>, at: OriginId, way: ServiceRoute<'_>, why: &str) -> Diagnostic {
    let message = format!("{} would never answer: {why}", way.title());
    Diagnostic::error(codes::UNANSWERED, first_place(fleet, &[at, way.route.origin]), message)
}

/// A client names no address when it speaks TLS, and what goes by the name in TLS finds none.
fn by_address(fleet: &Prepared<'_>, way: ServiceRoute<'_>, found: &mut Vec<Diagnostic>) {
    let route = way.route;
    if !route.has_names() {
        return;
    }
    let goes_by_name = match route.sni.value {
        Sni::Ended | Sni::Passed if !route.is_http() => Some(route.sni.origin),
        Sni::Ended | Sni::Passed | Sni::Off if route.expose.value == Exposure::Private => {
            Some(route.expose.origin)
        }
        Sni::Ended | Sni::Passed | Sni::Off => route.tls.as_ref().map(|tls| tls.origin),
    };
    let Some(by) = goes_by_name else { return };
    for name in fleet.model.names(route) {
        if network::address(&name.value).is_some() {
            let why = format!("nobody asks for {} by name", name.value);
            found.push(
                report(fleet, name.origin, way, &why)
                    .also(first_place(fleet, &[by, route.origin]), "this goes by the name in TLS")
                    .help("give it a name, or say `expose = lan`"),
            );
        }
    }
}

fn priority(fleet: &Prepared<'_>, way: ServiceRoute<'_>, found: &mut Vec<Diagnostic>) {
    let Some(said) = &way.route.value.priority else { return };
    if said.value > HIGHEST {
        let why = format!("Traefik takes no priority above {HIGHEST}");
        found.push(report(fleet, said.origin, way, &why));
    }
    if said.value == 0 {
        let message = "a priority of 0 is none: the length of the rule would count";
        let span = first_place(fleet, &[said.origin]);
        found.push(
            Diagnostic::error(codes::UNANSWERED, span, message)
                .help("drop it, or say another number"),
        );
    }
}

/// By its name in TLS a TCP route takes whole connections, whatever is asked in them.
fn takes_all(
    fleet: &Prepared<'_>,
    TraefikProxy { proxy, options: traefik, .. }: TraefikProxy<'_>,
    tcp: ServiceRoute<'_>,
    ways: &[ServiceRoute<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let Some(port) = &tcp.route.tcp else { return };
    let point = traefik::tcp_point(traefik, port.number);
    let names = fleet.model.names(tcp.route);
    for other in ways {
        let own = fleet.model.names(other.route);
        let shared = own.iter().find(|name| names.iter().any(|it| it.value == name.value));
        let on = guards::entry_points(other.route).contains(&point.as_str());
        // The same name without a path on the HTTPS port is told of where routes are compared.
        let told = other.below().is_empty() && port.number == traefik.https.number;
        if other.route.is_http()
            && on
            && !told
            && tcp.route.has_names()
            && let Some(name) = shared
        {
            let why = format!("{} takes every connection to {}", tcp.title(), name.value);
            found.push(
                report(fleet, name.origin, *other, &why)
                    .also(first_place(fleet, &[tcp.route.sni.origin]), "by this")
                    .help("give one of them another name, or another port"),
            );
        }
        let open = other.route.tcp.as_ref().is_some_and(|it| it.number == port.number)
            && other.route.sni.value == Sni::Off
            && tcp.route.sni.value != Sni::Off;
        let alike = guards::Guards::of(&fleet.model, proxy, *other)
            == guards::Guards::of(&fleet.model, proxy, tcp);
        if open && !alike {
            let message = format!(
                "{} would take what is meant for {}, which is guarded otherwise, if that were missing",
                other.title(),
                tcp.title()
            );
            found.push(
                Diagnostic::error(
                    codes::UNANSWERED,
                    first_place(fleet, &[port.origin, other.route.origin]),
                    message,
                )
                .also(first_place(fleet, &[tcp.route.sni.origin]), "the other one")
                .help("give one of them another port"),
            );
        }
    }
}
