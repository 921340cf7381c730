//! Backends, transports, entry points and TLS: what a proxy would drop, or what it does not have.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::backends::{BackendProtocol, Balancer};
use qg_fleet::checks::place::place;
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::path::folders_above;
use qg_fleet::proxy::{Acme, Challenge, SECURE, Traefik, TraefikProxy, entry_port};
use qg_fleet::ways::ServiceRoute;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::checks::Check;
use crate::checks::routes::unreachable;
use crate::{Prepared, traefik};

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::BAD_BACKEND,
        codes::BAD_ENTRY,
        codes::MIXED_TLS,
        codes::NEVER_REACHED,
        codes::BAD_ACME,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (key, balancer) in &fleet.model.backend {
        backend(fleet, key, balancer, found);
    }
    for way in fleet.model.ways().filter(|way| way.is_published()) {
        leads(fleet, way, found);
    }
    for of in fleet.model.traefiks() {
        let key = of.key;
        points(fleet, of, found);
        authorities(fleet, of.options, found);
        for way in fleet.model.ways_of(key) {
            known(fleet, of, way, found);
        }
        for traefik::Mixed { name, own, route, other } in traefik::mixed_tls(fleet, key) {
            let message = format!("{name} has two kinds of TLS options");
            let by = own.map_or(route.origin, |own| own.origin);
            found.push(
                Diagnostic::error(codes::MIXED_TLS, place(fleet, by), message)
                    .also(place(fleet, other.origin), "these, elsewhere")
                    .help("say the same `tls` on every route of the name"),
            );
        }
        never_reached(fleet, key, found);
    }
}

/// What Traefik cannot build, or can never use.
fn backend(fleet: &Prepared<'_>, key: &str, of: &At<Balancer>, found: &mut Vec<Diagnostic>) {
    let does = &of.does;
    let mut say = |origin: OriginId, why: String, help: &str| {
        let origin = if origin == OriginId::default() { does.origin } else { origin };
        let message = format!("backend.{key} {why}");
        found.push(Diagnostic::error(codes::BAD_BACKEND, place(fleet, origin), message).help(help));
    };
    let list = match does.kind.as_str() {
        "loadBalancer" | "tcp" | "udp" => Some("servers"),
        "weighted" | "highestRandomWeight" => Some("services"),
        "mirroring" => Some("mirrors"),
        _ => None,
    };
    if let Some(list) = list
        && does.items(list).next().is_none()
    {
        let origin = does.get(list).map_or(OriginId(0), |it| it.origin);
        say(origin, format!("leads nowhere: `{list}` is empty"), "name at least one");
    }
    if does.kind == "weighted"
        && let Some(sticky) = does.get("sticky")
        && fleet.model.protocol_of(key).is_some_and(|it| it != BackendProtocol::Http)
    {
        say(sticky.origin, "has no cookies: it is not for HTTP".to_owned(), "drop `sticky`");
    }
    if !fleet.partial && fleet.model.protocol_of(key).is_none() {
        let why = "leads back to itself, or to backends that speak different protocols";
        say(OriginId(0), why.to_owned(), "HTTP, TCP and UDP have backends of their own");
    }
    health(fleet, key, of, found);
    transport_fits(fleet, key, of, found);
}

/// A group that knows how it is needs members that know it.
fn health(fleet: &Prepared<'_>, key: &str, of: &At<Balancer>, found: &mut Vec<Diagnostic>) {
    let does = &of.does;
    let grouped = !matches!(does.kind.as_str(), "loadBalancer" | "tcp" | "udp");
    let asked = does.get("healthCheck").filter(|_| grouped);
    let failover = does.kind == "failover";
    for (index, member) in of.members().enumerate() {
        let Some(inner) = fleet.model.backend.get(member.entity()) else { continue };
        let knows = inner.does.get("healthCheck").is_some();
        // `service` comes first: without news of it, or answers that count as errors, nobody fails over.
        let needed = asked.is_some() || failover && index == 0 && does.get("errors").is_none();
        // Of mirrors nobody asks.
        if knows || !needed || (does.kind == "mirroring" && index > 0) {
            continue;
        }
        let name = member.entity();
        let message = format!(
            "backend.{key} needs to know how backend.{name} is, which has no `healthCheck`"
        );
        let finding = Diagnostic::error(codes::BAD_BACKEND, place(fleet, member.origin), message)
            .also(place(fleet, inner.does.origin), "this one")
            .help("say `healthCheck` there");
        found.push(finding);
    }
}

/// A transport over HTTP for HTTP, one over TCP for TCP.
fn transport_fits(fleet: &Prepared<'_>, key: &str, of: &At<Balancer>, found: &mut Vec<Diagnostic>) {
    let Some(said) = of.does.get("serversTransport") else { return };
    let Some(path) = said.reference() else { return };
    let wanted = if of.does.kind == "tcp" { "tcp" } else { "http" };
    let Some(transport) = fleet.model.transport.get(path.entity()) else { return };
    if transport.does.kind != wanted {
        let message = format!("backend.{key} needs a transport `does = {wanted} {{ … }}`");
        found.push(
            Diagnostic::error(codes::BAD_BACKEND, place(fleet, said.origin), message)
                .also(place(fleet, transport.does.origin), "this is another one"),
        );
    }
}

/// A route and its backend speak the same, and the proxy reaches every server.
fn leads(fleet: &Prepared<'_>, way: ServiceRoute<'_>, found: &mut Vec<Diagnostic>) {
    let protocol = way.route.protocol();
    if let Some(said) = &way.route.transport {
        let wanted = if protocol == BackendProtocol::Http { "http" } else { "tcp" };
        let other = fleet.model.transport.get(said.entity());
        let fits = other.is_none_or(|it| it.does.kind == wanted);
        let idle = way.route.backend().is_some() || protocol == BackendProtocol::Udp;
        if idle || !fits {
            let why = if idle {
                "a backend says `serversTransport` itself, and UDP has none".to_owned()
            } else {
                format!("over {} it is one that `does = {wanted} {{ … }}`", protocol.name())
            };
            let message = format!("{} has no use for this transport: {why}", way.title());
            let span = place(fleet, said.origin);
            found.push(Diagnostic::error(codes::BAD_BACKEND, span, message));
        }
    }
    let Some(path) = way.route.backend() else { return };
    let to = place(fleet, way.route.to.origin);
    if let Some(other) = fleet.model.protocol_of(path.entity())
        && other != protocol
    {
        let (title, a, b) = (way.title(), protocol.name(), other.name());
        let message = format!("{title} goes over {a}, and {path} over {b}");
        let help = "lead it to another backend, or say `tcp` or `udp` on the route";
        found.push(Diagnostic::error(codes::BAD_BACKEND, to, message).help(help));
    }
    let Ok((_, proxy)) = fleet.model.proxy_of(way) else { return };
    for name in fleet.model.backends_below(path.entity()) {
        let Some(balancer) = fleet.model.backend.get(name) else { continue };
        for server in balancer.servers() {
            if let Err(why) = fleet.model.server(proxy.on.entity(), server)
                && !fleet.partial
            {
                let what = format!("a server of backend.{name}");
                let span = place(fleet, server.origin);
                found.push(unreachable(&why, proxy.on.entity(), &what, span));
            }
        }
    }
}

/// The entry points that a proxy names itself.
fn points(fleet: &Prepared<'_>, of: TraefikProxy<'_>, found: &mut Vec<Diagnostic>) {
    let key = of.key;
    for (name, point) in &of.options.entry_points {
        let built_in = name == "web" || name == SECURE;
        if !built_in && entry_port(point).is_none() {
            let message = format!("proxy.{key} listens nowhere for `{name}`");
            found.push(
                Diagnostic::error(codes::BAD_ENTRY, place(fleet, point.origin), message)
                    .help("say its `port`; `web` and `websecure` are there already"),
            );
        }
    }
}

/// What a route names of its proxy has to be there.
fn known(
    fleet: &Prepared<'_>,
    TraefikProxy { key, proxy, options: traefik }: TraefikProxy<'_>,
    way: ServiceRoute<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for point in way.route.entry_points.iter() {
        let own = traefik.entry_points.get(point.as_str()).and_then(|it| entry_port(it));
        let name = point.as_str();
        let why = if !way.route.is_http() {
            "a route over TCP or UDP is answered at its port".to_owned()
        } else if name == "web" {
            "on `web` everything would go over the wire in clear".to_owned()
        } else if name == SECURE || own.is_some_and(|port| !port.udp) {
            continue;
        } else {
            format!("proxy.{key} has no entry point `{name}` for HTTP")
        };
        let mut finding = Diagnostic::error(codes::BAD_ENTRY, place(fleet, point.origin), why)
            .also(place(fleet, proxy.engine.origin), "the proxy");
        if way.route.is_http() {
            let names = traefik.own_points().map(|(name, ..)| name).chain([SECURE]);
            finding = finding.suggest(name, place(fleet, point.origin), names);
        }
        found.push(finding);
    }
    if let Some(chosen) = &way.route.resolver
        && traefik.resolver(Some(chosen)).is_none()
    {
        let message = format!("proxy.{key} has no resolver `{}`", chosen.value);
        let names = traefik.acme.iter().map(|acme| acme.resolver.as_str());
        let names = names.chain(traefik.resolvers.keys().map(String::as_str));
        let span = place(fleet, chosen.origin);
        found.push(
            Diagnostic::error(codes::BAD_ACME, span, message)
                .suggest(chosen, span, names)
                .also(place(fleet, proxy.engine.origin), "the proxy"),
        );
    }
    let names_port = [&way.route.tcp, &way.route.udp];
    for port in names_port.into_iter().flatten() {
        let taken = port.number == traefik.http.number
            || port.number == traefik.https.number && !way.route.has_names();
        if taken && way.route.udp.is_none() {
            let message = format!("{} would take over what the proxy answers itself", way.title());
            found
                .push(Diagnostic::error(codes::BAD_ENTRY, place(fleet, port.origin), message).help(
                "say another port; with `sni = passed` it may share the HTTPS port, by its name",
            ));
        }
    }
}

/// Whether an authority can give what is asked of it.
fn authorities(fleet: &Prepared<'_>, traefik: &Traefik, found: &mut Vec<Diagnostic>) {
    let all: Vec<&At<Acme>> = traefik.acme.iter().chain(traefik.resolvers.values()).collect();
    for acme in &all {
        if acme.wildcard.value && !matches!(acme.challenge.value, Challenge::Dns(_)) {
            let message = "a certificate for all names below a domain needs a DNS challenge";
            found.push(
                Diagnostic::error(codes::BAD_ACME, place(fleet, acme.wildcard.origin), message)
                    .also(place(fleet, acme.challenge.origin), "this is another one")
                    .help("say `challenge = dns { provider = \"…\", credentials = secret.… }`"),
            );
        }
    }
    if let Some(shown) = &traefik.default_certificate
        && let Some(name) = shown.get("resolver")
        && let Some(text) = name.text()
        && traefik.resolver(Some(&At::new(text.to_owned(), name.origin))).is_none()
    {
        let message = format!("the proxy has no resolver `{text}`");
        found.push(Diagnostic::error(codes::BAD_ACME, place(fleet, name.origin), message));
    }
}

/// A longer path below a shorter one of a name has to come first. Each path asks for those above it alone, so that many
/// routes of one name are not held against one another.
fn never_reached(fleet: &Prepared<'_>, proxy: &str, found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(String, String), Vec<ServiceRoute<'_>>> = BTreeMap::new();
    for way in fleet.model.ways_of(proxy).filter(|way| way.route.is_http()) {
        let names: BTreeSet<String> =
            fleet.model.names(way.route).into_iter().map(|it| it.value).collect();
        for name in names {
            known.entry((name, way.below().into_owned())).or_default().push(way);
        }
    }
    let mut told = BTreeSet::new();
    for ((name, below), narrow) in &known {
        for above in folders_above(below) {
            let wide = known.get(&(name.clone(), above.to_owned()));
            for (wide, narrow) in pairs(wide.map_or(&[], Vec::as_slice), narrow) {
                // The wider one first: nothing is left for the other.
                let lost = effective(wide) >= effective(narrow);
                if lost && let Some((by, other)) = chosen(wide, narrow) {
                    // Two routes may share several names.
                    if told.insert((wide.path(), narrow.path())) {
                        found.push(covered(fleet, by, other));
                    }
                }
            }
        }
    }
}

fn pairs<'w, 'f>(
    wide: &'w [ServiceRoute<'f>],
    narrow: &'w [ServiceRoute<'f>],
) -> impl Iterator<Item = (&'w ServiceRoute<'f>, &'w ServiceRoute<'f>)> {
    wide.iter().flat_map(move |wide| narrow.iter().map(move |narrow| (wide, narrow)))
}

/// Of two routes the one whose `priority` is to be told of, and the other one; none where both have none.
fn chosen<'w, 'f>(
    one: &'w ServiceRoute<'f>,
    other: &'w ServiceRoute<'f>,
) -> Option<(&'w ServiceRoute<'f>, &'w ServiceRoute<'f>)> {
    match (one.route.value.priority.is_some(), other.route.value.priority.is_some()) {
        (false, false) => None,
        (true, false) => Some((one, other)),
        (false, true) => Some((other, one)),
        (true, true) if one.path() <= other.path() => Some((one, other)),
        (true, true) => Some((other, one)),
    }
}

fn covered(fleet: &Prepared<'_>, by: &ServiceRoute<'_>, other: &ServiceRoute<'_>) -> Diagnostic {
    let message = format!(
        "of {} and {} the one for the longer path would never answer",
        by.title(),
        other.title()
    );
    let said = by.route.value.priority.as_ref().map_or(by.route.origin, |it| it.origin);
    Diagnostic::error(codes::NEVER_REACHED, place(fleet, said), message)
        .also(place(fleet, other.route.origin), "the other one")
        .help("drop `priority`: longer paths come first by themselves")
}

fn effective(way: &ServiceRoute<'_>) -> i64 {
    way.route.value.priority.as_ref().map_or_else(|| traefik::priority(&way.below()), |it| it.value)
}
