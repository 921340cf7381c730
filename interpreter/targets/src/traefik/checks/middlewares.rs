//! Middlewares that Traefik would drop, together with every router that uses them.

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::middleware::Middleware;
use qg_fleet::proxy::TraefikProxy;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::{fleet as codes, target};

use super::builds::troubles;
use super::cycles::in_cycles;
use crate::checks::Check;
use crate::{Prepared, traefik};

pub(super) const CHECK: Check =
    Check { codes: &[codes::BAD_MIDDLEWARE, codes::PLAIN_PASSWORD, target::FORMAT_LIMIT], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let inside = |(key, it): (&'_ String, &'_ At<Middleware>)| {
        let names = it.inner();
        (key.clone(), names.map(|path| path.entity().to_owned()).collect())
    };
    let leads = fleet.model.middleware.iter().map(inside).collect();
    let cycles = in_cycles(&leads);
    for (key, middleware) in &fleet.model.middleware {
        for (origin, why) in troubles(&middleware.does) {
            drops(fleet, key, middleware, origin, &why, found);
        }
        if cycles.contains(key.as_str()) {
            let origin = middleware.does.get("middlewares").map_or(OriginId(0), |it| it.origin);
            drops(fleet, key, middleware, origin, "the chain contains itself", found);
        }
        if let Some((_, settings)) = traefik::plugin(middleware) {
            self::settings(fleet, settings, found);
        }
        passwords(fleet, middleware, found);
    }
    for of in fleet.model.traefiks() {
        for name in traefik::used_middlewares(&fleet.model, of.key, of.proxy) {
            if let Some(middleware) = fleet.model.middleware.get(name) {
                plugin(fleet, of, middleware, found);
                page(fleet, of.key, name, middleware, found);
            }
        }
        for middleware in of.proxy.r#use.iter() {
            only_tcp(fleet, middleware.entity(), middleware.origin, found);
        }
    }
    for way in fleet.model.ways().filter(|way| way.route.is_http()) {
        for middleware in way.route.r#use.iter() {
            only_tcp(fleet, middleware.entity(), middleware.origin, found);
        }
    }
}

fn drops(
    fleet: &Prepared<'_>,
    key: &str,
    middleware: &Middleware,
    origin: OriginId,
    why: &str,
    found: &mut Vec<Diagnostic>,
) {
    let origin = if origin == OriginId::default() { middleware.does.origin } else { origin };
    let message = format!("Traefik would drop middleware.{key}: {why}");
    found.push(Diagnostic::error(codes::BAD_MIDDLEWARE, place(fleet, origin), message));
}

/// A hash of a password is nearly one: it is not to stand in a file that everybody can read.
fn passwords(fleet: &Prepared<'_>, middleware: &Middleware, found: &mut Vec<Diagnostic>) {
    let does = &middleware.does;
    if does.kind != "basicAuth" && does.kind != "digestAuth" {
        return;
    }
    for user in does.items("users").filter(|user| user.text().is_some()) {
        let message = "everybody could read this password's hash";
        found.push(
            Diagnostic::error(codes::PLAIN_PASSWORD, place(fleet, user.origin), message)
                .help("put it into a secret: `users = [\"alice:${secret.alice_hash}\"]`"),
        );
    }
}

/// What Traefik cannot read in a plugin's settings: it refuses the whole file for a list of different
/// things or of lists, or takes numbers for text, and an empty list or record for an empty text.
fn settings(fleet: &Prepared<'_>, data: &At<Data>, found: &mut Vec<Diagnostic>) {
    let kind = |data: &Data| match data {
        Data::Bool(_) => Some("switch"),
        Data::Int(_) | Data::Float(_) | Data::Duration(_) | Data::Size(_) | Data::Ref(_) => {
            Some("number")
        }
        Data::Text(_) | Data::Sealed(_) | Data::Nix(_) | Data::File(_) => Some("text"),
        Data::Record(_) => Some("record"),
        Data::List(_) => None,
    };
    let mut report = |origin: OriginId, why: &str| {
        let message = format!("a plugin cannot be told this: {why}");
        found.push(Diagnostic::error(target::FORMAT_LIMIT, place(fleet, origin), message));
    };
    match &data.value {
        Data::List(items) => {
            let first = items.first().map(|item| kind(item));
            if items.is_empty() {
                report(data.origin, "Traefik reads an empty list as an empty text; leave it out");
            } else if first == Some(None) || items.iter().any(|item| Some(kind(item)) != first) {
                report(data.origin, "Traefik reads lists of one kind only, and none of lists");
            } else {
                items.iter().for_each(|item| settings(fleet, item, found));
            }
        }
        Data::Record(fields) => {
            fields.values().for_each(|value| settings(fleet, value, found));
        }
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => {}
    }
}

fn plugin(
    fleet: &Prepared<'_>,
    TraefikProxy { key, proxy, options }: TraefikProxy<'_>,
    middleware: &Middleware,
    found: &mut Vec<Diagnostic>,
) {
    let Some((wanted, _)) = traefik::plugin(middleware) else { return };
    let plugins: &BTreeMap<String, _> = &options.plugins;
    if !plugins.contains_key(wanted) {
        let message = format!("proxy.{key} loads no plugin called `{wanted}`");
        let origin = middleware.does.get("name").map_or(middleware.does.origin, |it| it.origin);
        let span = place(fleet, origin);
        found.push(
            Diagnostic::error(codes::BAD_MIDDLEWARE, span, message)
                .suggest(wanted, span, plugins.keys().map(String::as_str))
                .also(place(fleet, proxy.engine.origin), "the proxy")
                .help("add it to `plugins` there, with its module and version"),
        );
    }
}

/// The page of an `errors` middleware comes from a route of the same proxy.
fn page(fleet: &Prepared<'_>, key: &str, name: &str, of: &Middleware, found: &mut Vec<Diagnostic>) {
    let Some(service) = of.does.get("service").filter(|_| of.does.kind == "errors") else { return };
    let Some(path) = service.reference() else { return };
    let answers = fleet.model.ways_of(key).any(|way| way.route.is_http() && way.path() == *path);
    if !answers && !fleet.partial {
        let message = format!("proxy.{key} uses middleware.{name}, and does not answer for {path}");
        found.push(
            Diagnostic::error(codes::BAD_MIDDLEWARE, place(fleet, service.origin), message)
                .help("name a published route of that proxy"),
        );
    }
}

fn only_tcp(fleet: &Prepared<'_>, name: &str, by: OriginId, found: &mut Vec<Diagnostic>) {
    let Some(middleware) = fleet.model.middleware.get(name) else { return };
    if !traefik::is_for(&middleware.does.kind, true) {
        let message = format!("`{}` is for routes over TCP", middleware.does.kind);
        found.push(
            Diagnostic::error(codes::BAD_MIDDLEWARE, place(fleet, by), message)
                .also(place(fleet, middleware.does.origin), "the middleware"),
        );
    }
}
