//! Proxies and their middlewares: what Traefik would drop, and what it does not know.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Diagnostic, codes::fleet as codes, codes::target};

use super::Check;
use super::patterns::go_problem;
use super::place::{first_place, place};
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, Data, EntityPath, OriginId};
use crate::fleet::proxy::{Middleware, Proxy, Treatment};
use crate::fleet::route::Exposure;
use crate::formats::{Piece, Tree};
use crate::targets::authelia;
use crate::targets::merge::Clash;
use crate::targets::traefik::{self, fields::Fields};

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::BAD_MIDDLEWARE,
        codes::ONE_PER_HOST,
        target::FORMAT_LIMIT,
        target::OPTION_CLASH,
        target::SECRET_IN_STATIC,
        target::UNKNOWN_OPTION,
    ],
    run,
};

fn run(fleet: &Fleet, found: &mut Vec<Diagnostic>) {
    let mut hosts: BTreeMap<&str, &At<Proxy>> = BTreeMap::new();
    for (key, proxy) in &fleet.model.proxy {
        if let Some(other) = hosts.insert(proxy.on.entity(), proxy) {
            let message = format!("host.{} has another proxy already", proxy.on.entity());
            found.push(
                Diagnostic::error(codes::ONE_PER_HOST, place(fleet, proxy.origin), message)
                    .also(place(fleet, other.origin), "the other one"),
            );
        }
        for name in traefik::used_middlewares(&fleet.model, key, proxy) {
            if let Some(middleware) = fleet.model.middleware.get(name) {
                plugin(fleet, key, proxy, middleware, found);
            }
        }
        let lan = fleet.model.ways_of(key).find(|way| way.route.expose.value == Exposure::Lan);
        if let Some(way) = lan
            && proxy.lan.is_empty()
        {
            let message = format!("proxy.{key} knows no local network: `lan` is empty");
            found.push(
                Diagnostic::error(codes::BAD_MIDDLEWARE, place(fleet, proxy.lan.origin), message)
                    .also(place(fleet, way.route.expose.origin), "local by this"),
            );
        }
        options(fleet, key, proxy, found);
    }
    let mut hosts = BTreeMap::new();
    for (key, portal) in &fleet.model.portal {
        let host = fleet.model.host_of(&portal.service);
        if let Some(host) = host
            && let Some(other) = hosts.insert(host, portal)
        {
            let message = format!("host.{host} has another portal already");
            found.push(
                Diagnostic::error(codes::ONE_PER_HOST, place(fleet, portal.origin), message)
                    .also(place(fleet, other.origin), "the other one"),
            );
        }
        let (_, clashes) = authelia::configuration(fleet, key, portal);
        clash(fleet, &clashes, found);
    }
    for (key, middleware) in &fleet.model.middleware {
        self::middleware(fleet, key, middleware, found);
    }
}

/// What Traefik cannot build.
fn middleware(fleet: &Fleet, key: &str, middleware: &At<Middleware>, found: &mut Vec<Diagnostic>) {
    let by = middleware.does.origin;
    let mut report = |origin: OriginId, why: &str| {
        let origin = if origin == OriginId::default() { by } else { origin };
        let message = format!("Traefik would drop middleware.{key}: {why}");
        found.push(Diagnostic::error(codes::BAD_MIDDLEWARE, place(fleet, origin), message));
    };
    match &middleware.does.value {
        Treatment::Headers(headers) => {
            for pattern in headers.access_control_allow_origin_list_regex.iter() {
                if let Some(why) = go_problem(pattern) {
                    report(pattern.origin, &why);
                }
            }
        }
        Treatment::IpAllowList(list) if list.source_range.is_empty() => {
            report(list.source_range.origin, "it lets nobody in: `sourceRange` is empty");
        }
        Treatment::StripPrefix(strip) if strip.prefixes.is_empty() => {
            report(strip.prefixes.origin, "`prefixes` is empty");
        }
        Treatment::AddPrefix(add) if !add.prefix.starts_with('/') => {
            report(add.prefix.origin, "a prefix begins with `/`");
        }
        Treatment::RedirectRegex(redirect) => {
            if let Some(why) = go_problem(&redirect.regex) {
                report(redirect.regex.origin, &why);
            }
        }
        Treatment::Chain(chain) if chain.middlewares.is_empty() => {
            report(chain.middlewares.origin, "the chain is empty");
        }
        Treatment::Chain(chain) if contains(fleet, &middleware.value, key) => {
            report(chain.middlewares.origin, "the chain contains itself");
        }
        Treatment::RateLimit(limit) if limit.average.value < 0 => {
            report(limit.average.origin, "no rate is below zero");
        }
        Treatment::Plugin(plugin) => settings(fleet, &plugin.settings, found),
        Treatment::IpAllowList(_)
        | Treatment::StripPrefix(_)
        | Treatment::AddPrefix(_)
        | Treatment::Chain(_)
        | Treatment::RateLimit(_)
        | Treatment::Buffering(_)
        | Treatment::Compress(_) => {}
    }
}

/// What Traefik cannot read in a plugin's settings: it refuses the whole file for a list of different
/// things or of lists, or takes numbers for text, and an empty list or record for an empty text.
fn settings(fleet: &Fleet, data: &At<Data>, found: &mut Vec<Diagnostic>) {
    let kind = |data: &Data| match data {
        Data::Bool(_) => Some("switch"),
        Data::Int(_) | Data::Float(_) => Some("number"),
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
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => {}
    }
}

/// Whether a chain leads back to a middleware.
fn contains(fleet: &Fleet, from: &Middleware, key: &str) -> bool {
    let mut waiting = vec![from];
    let mut seen = Vec::new();
    while let Some(middleware) = waiting.pop() {
        let Treatment::Chain(chain) = &middleware.does.value else { continue };
        for path in chain.middlewares.iter() {
            if path.entity() == key {
                return true;
            }
            if !seen.contains(&path.entity()) {
                seen.push(path.entity());
                waiting.extend(fleet.model.middleware.get(path.entity()).map(|it| &it.value));
            }
        }
    }
    false
}

fn plugin(
    fleet: &Fleet,
    key: &str,
    proxy: &Proxy,
    middleware: &Middleware,
    found: &mut Vec<Diagnostic>,
) {
    if let Treatment::Plugin(plugin) = &middleware.does.value {
        let plugins = &proxy.traefik().plugins;
        if !plugins.contains_key(&plugin.name.value) {
            let name = &plugin.name;
            let message = format!("proxy.{key} loads no plugin called `{}`", name.value);
            let span = place(fleet, name.origin);
            found.push(
                Diagnostic::error(codes::BAD_MIDDLEWARE, span, message)
                    .suggest(&name.value, span, plugins.keys().map(String::as_str))
                    .also(place(fleet, proxy.engine.origin), "the proxy")
                    .help("add it to `plugins` there, with its module and version"),
            );
        }
    }
}

/// Options of the user's own, static and dynamic.
fn options(fleet: &Fleet, key: &str, proxy: &At<Proxy>, found: &mut Vec<Diagnostic>) {
    let traefik = proxy.traefik();
    let no_holes = |_: &EntityPath| Piece::Text(String::new());
    let mut unknown = |data: &At<Data>, judge: fn(Fields, &serde_json::Value) -> Vec<String>| {
        let tree = Tree::data(data, &no_holes);
        let value = serde_json::to_value(&tree).unwrap_or_default();
        for path in judge(Fields::get(), &value) {
            let origin = origin_at(&tree, &path);
            let message = format!("Traefik 3.7 has no option `{path}`");
            found.push(Diagnostic::error(target::UNKNOWN_OPTION, place(fleet, origin), message));
        }
    };
    if let Some(data) = &traefik.static_options {
        unknown(data, Fields::unknown_static);
    }
    if let Some(data) = &traefik.dynamic_options {
        unknown(data, Fields::unknown_dynamic);
    }
    if let Some(data) = &traefik.static_options {
        let mut secrets = Vec::new();
        traefik::data_secrets(data, &mut secrets);
        if let Some(secret) = secrets.first() {
            let message = format!("secret.{} cannot be filled in here", secret.entity());
            found.push(
                Diagnostic::error(target::SECRET_IN_STATIC, place(fleet, data.origin), message)
                    .help("hand it to the program in its environment"),
            );
        }
    }
    let (_, clashes) = traefik::static_options(fleet, key, proxy);
    clash(fleet, &clashes, found);
    let (_, clashes) = traefik::dynamic_options(fleet, key, proxy);
    clash(fleet, &clashes, found);
}

fn clash(fleet: &Fleet, clashes: &[Clash], found: &mut Vec<Diagnostic>) {
    for clash in clashes {
        let message = format!("`{}` is written from the model already", clash.path);
        found.push(
            Diagnostic::error(target::OPTION_CLASH, first_place(fleet, &clash.user), message)
                .also(first_place(fleet, &clash.target), "from this")
                .help("change it there, or drop it here"),
        );
    }
}

/// Who said the value at `a.b.c`, or the part of it that is known.
fn origin_at(tree: &Tree, path: &str) -> OriginId {
    let mut at = tree;
    for part in path.split('.') {
        let next = match &at.node {
            crate::formats::Node::Map(entries) => {
                entries.iter().find(|(key, _)| key == part).map(|(_, value)| value)
            }
            crate::formats::Node::Bool(_)
            | crate::formats::Node::Int(_)
            | crate::formats::Node::Float(_)
            | crate::formats::Node::Text(_)
            | crate::formats::Node::Filled(_)
            | crate::formats::Node::List(_) => None,
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at.origins.first().copied().unwrap_or_default()
}
