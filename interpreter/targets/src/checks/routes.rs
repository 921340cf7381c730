//! Routes: each has a name of its own, a proxy that answers, and something it leads to.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::place;
use qg_fleet::leaf::{EntityPath, OriginId, Priority, RefOr};
use qg_fleet::path::{BadPath, decoded};
use qg_fleet::proxy::{Proxy, ProxyEngine};
use qg_fleet::route::{Exposure, Login, Sni};
use qg_fleet::ways::{ServiceRoute, Unanswered, Unreachable};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::span::Span;
use qg_lang::url::Url;

use crate::checks::Check;
use crate::{Prepared, traefik};

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::SAME_ROUTE,
        codes::NO_PROXY,
        codes::NO_WAY,
        codes::MIXED_EXPOSURE,
        codes::NO_CLIENT_CA,
        codes::BAD_NAME,
        codes::TCP_ROUTE,
        codes::PATH_IGNORED,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for way in fleet.model.ways() {
        names(fleet, way, found);
        if !way.route.is_http() {
            below_http(fleet, way, found);
        }
        if way.is_published() {
            answered(fleet, way, found);
        }
    }
    for (key, proxy) in &fleet.model.proxy {
        let told = same(fleet, key, found);
        mixed(fleet, key, &told, found);
        certificates(fleet, key, proxy, found);
    }
}

fn names(fleet: &Prepared<'_>, way: ServiceRoute<'_>, found: &mut Vec<Diagnostic>) {
    if way.route.has_names() {
        for name in fleet.model.names(way.route) {
            if let Some(why) = bad_name(&name) {
                let span = place(fleet, name.origin);
                let message = format!("`{}` is no name for a route: {why}", name.value);
                found.push(Diagnostic::error(codes::BAD_NAME, span, message));
            }
        }
    }
    if let Some(path) = &way.route.path
        && let Some(why) = bad_path(path)
    {
        let span = place(fleet, path.origin);
        let message = format!("`{}` is no path for a route: {why}", path.value);
        found.push(Diagnostic::error(codes::BAD_NAME, span, message));
    }
}

fn bad_name(name: &str) -> Option<&'static str> {
    let bad = |label: &str| {
        label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-')
    };
    if name.contains([':', '/']) {
        Some("neither scheme nor port nor path belongs to it")
    } else if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_') {
        Some("it has letters, digits, `-` and dots")
    } else if name.len() > 253 || name.split('.').any(bad) {
        Some("a part between dots is empty, too long, or has `-` at an end")
    } else {
        None
    }
}

fn bad_path(text: &str) -> Option<&'static str> {
    let raw = |c: char| c.is_control() || " ?#\\\"<>^`{|}".contains(c);
    if !text.starts_with('/') {
        return Some("it begins with `/`");
    }
    if text.chars().any(raw) {
        return Some("it has no `?` or `#`; blanks, quotes and brackets are written as `%20`");
    }
    let path = match decoded(text) {
        Ok(path) => path,
        Err(BadPath::Escape) => return Some("behind `%` stand two digits, as in `%20`"),
        Err(BadPath::NotText) => return Some("what is encoded in it is no text in UTF-8"),
    };
    // Both programs, and the one behind them, must see one path in it.
    let hidden = |c: char| c.is_control() || "/?#\\%;".contains(c);
    let encoded = |c: char| path.matches(c).count() > text.matches(c).count();
    if path.chars().any(|c| hidden(c) && encoded(c)) {
        return Some(
            "`/`, `?`, `#`, `\\`, `%`, `;` and line breaks are not for everybody the same encoded",
        );
    }
    if path.split('/').skip(1).any(|part| part == "." || part == "..") || path.contains("//") {
        return Some(
            "requests are tidied before they are compared: `//`, `.` and `..` never arrive",
        );
    }
    None
}

/// A route over TCP or UDP has a port, and nothing that looks into requests.
fn below_http(fleet: &Prepared<'_>, way: ServiceRoute<'_>, found: &mut Vec<Diagnostic>) {
    let route = way.route;
    let mut report = |origin: OriginId, what: &str, help: &str| {
        let span = place(fleet, if origin == OriginId::default() { route.origin } else { origin });
        let message = format!("{} goes over {}: {what}", way.title(), route.protocol().name());
        found.push(Diagnostic::error(codes::TCP_ROUTE, span, message).help(help));
    };
    if let (Some(_), Some(udp)) = (&route.tcp, &route.udp) {
        report(udp.origin, "it has one port, over one of both", "make two routes of it");
    }
    if route.tcp.is_none() && (route.expose.value == Exposure::Lan || route.sni.value != Sni::Off) {
        let origin =
            if route.sni.value == Sni::Off { route.expose.origin } else { route.sni.origin };
        let help = "say `expose = public`, without `sni`; the firewall says who reaches the port";
        report(origin, "the proxy looks at neither names nor addresses there", help);
    }
    if route.sni.value == Sni::Passed
        && let Some(tls) = &route.tls
    {
        report(tls.origin, "with `sni = passed` TLS is the program's", "drop `tls`");
    }
    if route.expose.value == Exposure::Private {
        report(
            route.expose.origin,
            "nobody can be asked for a certificate",
            "say `expose = public`, or `expose = lan`",
        );
    }
    if let Login::Sso(_) = &route.login.value {
        report(route.login.origin, "nobody can be asked to log in", "say `login = own`");
    }
    if let Some(path) = &route.path {
        report(path.origin, "it has no paths", "drop `path`");
    }
    let on_requests = route.r#use.iter().find(|it| {
        let known = fleet.model.middleware.get(it.entity());
        known.is_some_and(|it| !traefik::is_for(&it.does.kind, false))
    });
    if let Some(first) = on_requests {
        let help = "over TCP there are `ipAllowList` and `inFlightConn`";
        report(first.origin, "this middleware works on requests", help);
    }
    if let RefOr::Value(url) = &route.to.value
        && Url::of_server(url).is_none_or(|url| url.port().is_none())
    {
        report(route.to.origin, "what it leads to has a port", "write it as `tcp://HOST:PORT`");
    }
}

/// Who answers, and whether what it leads to can be reached.
fn answered(fleet: &Prepared<'_>, way: ServiceRoute<'_>, found: &mut Vec<Diagnostic>) {
    let span = place(fleet, way.route.origin);
    let proxy = match fleet.model.proxy_of(way) {
        Ok((_, proxy)) => proxy,
        // What is missing may be there, and have an error.
        Err(_) if fleet.partial => return,
        Err(why) => {
            let why = match why {
                Unanswered::NoHost if fleet.model.proxy.is_empty() => "there is none".to_owned(),
                Unanswered::NoHost => "there are several, and its service has no host".to_owned(),
                Unanswered::NoProxy { host } => format!("there is none on host.{host}"),
            };
            let message = format!("no proxy answers for {}: {why}", way.title());
            found.push(
                Diagnostic::error(codes::NO_PROXY, span, message)
                    .help("say which one: `via = proxy.…`")
                    .help("say `expose = internal` if only programs on the host use it"),
            );
            return;
        }
    };
    let to = place(fleet, way.route.to.origin);
    if way.route.backend().is_some() {
        // Its servers are looked at one by one.
        return;
    }
    if let Err(why) = fleet.model.backend(proxy.on.entity(), way) {
        if fleet.partial {
            return;
        }
        let what = format!("what {} leads to", way.title());
        let finding = unreachable(&why, proxy.on.entity(), &what, to);
        found.push(match (&why, &way.route.to.value) {
            (Unreachable::Unpublished, RefOr::Ref(port)) => not_published(fleet, port, finding),
            _ => finding,
        });
        return;
    }
    if let RefOr::Value(url) = &way.route.to.value
        && way.route.is_http()
        && let Some(url) = Url::of_server(url)
    {
        let (scheme, rest) = (url.scheme(), url.rest());
        let said = &way.route.scheme;
        if said.priority != Priority::SchemaDefault && said.word() != scheme {
            let message = format!("the URL says {scheme}, and `scheme` says {}", said.word());
            found.push(
                Diagnostic::error(codes::NO_WAY, place(fleet, said.origin), message)
                    .also(to, "the URL")
                    .help("say it in the URL: `scheme` is for a port of a service"),
            );
        }
        if !["http", "https", "h2c"].contains(&scheme) {
            let message = format!("a route goes on over http, https or h2c, not {scheme}");
            found.push(Diagnostic::error(codes::NO_WAY, to, message));
        }
        if !rest.trim_end_matches('/').is_empty() {
            let message = format!("`{rest}` would be ignored: only the server of a URL counts");
            let help = match &proxy.engine.value {
                ProxyEngine::Traefik(_) => {
                    "drop it, or `use` a middleware `does = addPrefix { prefix = … }`"
                }
                ProxyEngine::Caddy(_) => "drop it",
            };
            found.push(Diagnostic::error(codes::PATH_IGNORED, to, message).help(help));
        }
    }
}

/// Shows who says that a port is not published: it may stand far from a route that a default makes.
fn not_published(fleet: &Prepared<'_>, port: &EntityPath, finding: Diagnostic) -> Diagnostic {
    let of = fleet.model.service.get(port.entity()).and_then(|it| it.ports.get(port.last()));
    match of {
        Some(port) => finding.also(place(fleet, port.publish.origin), "it is not published"),
        None => finding,
    }
}

/// Why a proxy on a host cannot reach something.
pub(crate) fn unreachable(why: &Unreachable<'_>, host: &str, what: &str, at: Span) -> Diagnostic {
    let (why, help) = match why {
        Unreachable::Nowhere => (
            "the service runs on no host".to_owned(),
            "say `on`, or where it answers: `at = \"http://…\"`".to_owned(),
        ),
        Unreachable::Unpublished => {
            let why = "the port is not published on its host".to_owned();
            (why, "leave `publish` as it is, or lead the route to another port".to_owned())
        }
        Unreachable::Loopback { host: other } => (
            format!("it listens on loopback of host.{other}, and the proxy runs on host.{host}"),
            format!(
                "let it listen where that host comes: `address = host.{other}.address`; `open = true` is for everybody, and has to be said where no NixOS has a firewall"
            ),
        ),
        Unreachable::NoAddress { host: other } => {
            (format!("host.{other} has no address"), format!("say its `address` in `host {other}`"))
        }
        Unreachable::BadUrl => (
            "that is no URL with a name in it".to_owned(),
            "write it as `http://HOST:PORT`".to_owned(),
        ),
    };
    let message = format!("the proxy cannot reach {what}: {why}");
    Diagnostic::error(codes::NO_WAY, at, message).help(help)
}

/// Two routes for one name and path, or for one port.
/// Gives the names for which that is so.
fn same(fleet: &Prepared<'_>, proxy: &str, found: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let mut clashing = BTreeSet::new();
    let https = fleet.model.proxy.get(proxy).map_or(0, |it| it.engine.https().number);
    let mut known: BTreeMap<String, (ServiceRoute<'_>, OriginId)> = BTreeMap::new();
    for way in fleet.model.ways_of(proxy) {
        let names = fleet.model.names(way.route);
        let keys: Vec<(String, OriginId)> = match (&way.route.tcp, &way.route.udp) {
            (None, None) => names
                .iter()
                .map(|name| (format!("{}{}", name.value, way.below()), name.origin))
                .collect(),
            // By its name it takes every request of it, whatever the path.
            (Some(port), _) if way.route.has_names() => names
                .iter()
                .map(|name| {
                    let at = if port.number == https {
                        String::new()
                    } else {
                        format!(":{}", port.value)
                    };
                    (format!("{}{at}", name.value), name.origin)
                })
                .collect(),
            (Some(port), _) => vec![(format!("port {}/tcp", port.value), port.origin)],
            (None, Some(port)) => vec![(format!("port {}/udp", port.value), port.origin)],
        };
        for (key, origin) in keys {
            // A name that nobody said is the default of its route.
            let origin = if origin == OriginId::default() { way.route.origin } else { origin };
            if let Some((first, other)) = known.get(&key) {
                clashing.extend(names.iter().map(|it| it.value.clone()));
                let message =
                    format!("{} and {} both answer for {key}", first.title(), way.title());
                found.push(
                    Diagnostic::error(codes::SAME_ROUTE, place(fleet, origin), message)
                        .also(place(fleet, *other), "the other one")
                        .help("give one of them another `host`, a `path`, or another port"),
                );
                break;
            }
            known.insert(key, (way, origin));
        }
    }
    clashing
}

/// One name, two kinds of TLS; names of which two routes are one have been told of.
fn mixed(fleet: &Prepared<'_>, proxy: &str, told: &BTreeSet<String>, found: &mut Vec<Diagnostic>) {
    let private = fleet.model.private_names(proxy);
    for way in fleet.model.ways_of(proxy).filter(|way| way.route.is_http()) {
        if way.route.expose.value == Exposure::Private {
            continue;
        }
        let names = fleet.model.names(way.route);
        let mut names = names.iter().filter(|name| !told.contains(&name.value));
        let clash = names.find_map(|name| Some((&name.value, private.get(&name.value)?)));
        if let Some((name, other)) = clash {
            let how = way.route.expose.value.word();
            let message =
                format!("{name} asks for a client certificate elsewhere, and is {how} here");
            let origin = way.route.expose.origin;
            let origin = if origin == OriginId::default() { way.route.origin } else { origin };
            found.push(
                Diagnostic::error(codes::MIXED_EXPOSURE, place(fleet, origin), message)
                    .also(place(fleet, *other), "private here")
                    .help("give the routes different names, or make all of them `private`"),
            );
        }
    }
}

/// Private routes need an authority; local ones need to know what is local.
fn certificates(fleet: &Prepared<'_>, key: &str, proxy: &Proxy, found: &mut Vec<Diagnostic>) {
    for way in fleet.model.ways_of(key).filter(|way| way.route.is_http()) {
        let expose = &way.route.expose;
        if expose.value == Exposure::Private && proxy.engine.client_ca().is_none() {
            let message = format!("{} is private, and proxy.{key} has no `client_ca`", way.title());
            found.push(
                Diagnostic::error(codes::NO_CLIENT_CA, place(fleet, way.route.origin), message)
                    .also(place(fleet, proxy.engine.origin), "the proxy")
                    .help("say `client_ca = secret.…` there, or another `expose` here"),
            );
        }
    }
}
