//! Routes: for whom each is, what guards it, and where it leads. The first one that matches answers.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use qg_fleet::guards::Shared;
use qg_fleet::leaf::{OriginId, RefOr};
use qg_fleet::proxy::CaddyProxy;
use qg_fleet::route::{Exposure, Scheme};
use qg_fleet::ways::{Backend, ServiceRoute, authority};
use qg_formats::{Entries, Tree, TreeNode};

use super::config::{DANGEROUS, map};
use crate::Prepared;

/// The host of the server behind a route, as Caddy puts it in.
const UPSTREAM: &str = "{http.reverse_proxy.upstream.hostport}";

/// All routes of a proxy, the longer paths first, and 404 for what is left.
pub(super) fn routes(fleet: &Prepared<'_>, of: CaddyProxy<'_>) -> Tree {
    let (model, by) = (&fleet.model, of.proxy.engine.origin);
    let published = || model.ways_of(of.key).filter(|way| way.route.is_http());
    let names: BTreeSet<String> =
        published().flat_map(|way| model.names(way.route)).map(|name| name.value).collect();
    let shared = Shared::new(model, of.key, of.proxy);
    let mut all = Vec::new();
    all.extend(tidy(fleet, of, &shared, &names));
    // What no proxy answers for, nobody else answers for either.
    let internal = model.ways().filter(|way| {
        let own = || model.names(way.route).iter().any(|name| names.contains(&name.value));
        !way.is_published()
            && way.route.is_http()
            && model.proxy_of(*way).is_ok_and(|(key, _)| key == of.key)
            && own()
    });
    let mut ways: Vec<ServiceRoute<'_>> = published().chain(internal).collect();
    ways.sort_by_key(|way| (Reverse(way.below().len()), way.service, way.name));
    all.extend(ways.into_iter().filter_map(|way| route(fleet, of, way)));
    let nobody = answer(404, by);
    all.push(map([("handle", Tree::list(vec![nobody], by))], by));
    Tree::list(all, by)
}

/// One route; none where a check has refused it.
fn route(fleet: &Prepared<'_>, of: CaddyProxy<'_>, way: ServiceRoute<'_>) -> Option<Tree> {
    let by = way.route.origin;
    let expose = &way.route.expose;
    let handle = match expose.value {
        Exposure::Internal => vec![answer(404, expose.origin)],
        // The handshake asks for the certificate.
        Exposure::Public | Exposure::Private => vec![proxy(fleet, of, way)?],
        Exposure::Lan => {
            // Inside, so that no wider route answers those who are not let in.
            let lan = map([("ranges", Tree::texts(&of.proxy.lan))], of.proxy.lan.origin);
            let strangers = map([("remote_ip", lan)], expose.origin);
            let strangers =
                map([("not", Tree::list(vec![strangers], expose.origin))], expose.origin);
            let refused = [
                ("match", Tree::list(vec![strangers], expose.origin)),
                ("handle", Tree::list(vec![answer(403, expose.origin)], expose.origin)),
                ("terminal", Tree::bool(true, expose.origin)),
            ];
            let rest = map([("handle", Tree::list(vec![proxy(fleet, of, way)?], by))], by);
            let inner = Tree::list(vec![map(refused, expose.origin), rest], by);
            vec![map([("handler", Tree::text("subroute", by)), ("routes", inner)], by)]
        }
    };
    let mut wanted = Entries::new();
    let names = fleet.model.names(way.route);
    let names = names.into_iter().map(|name| {
        let origins = fleet.model.name_origins(way.route, &name);
        Tree::new(TreeNode::Text(name.value), &origins)
    });
    wanted.put("host", Tree::list(names.collect(), way.route.host.origin));
    let below = way.below();
    if let Some(path) = way.route.path.as_ref().filter(|_| !below.is_empty()) {
        // `path` does not tell capitals from small letters, and a guard of `/Admin` would not be one of `/admin`.
        let pattern = format!("^{}(/|$)", regex::escape(&below));
        let pattern = map([("pattern", Tree::text(pattern, path.origin))], path.origin);
        wanted.put("path_regexp", pattern);
    }
    Some(terminal(wanted.tree(by), handle, by))
}

fn terminal(wanted: Tree, handle: Vec<Tree>, by: OriginId) -> Tree {
    let route = [
        ("match", Tree::list(vec![wanted], by)),
        ("handle", Tree::list(handle, by)),
        ("terminal", Tree::bool(true, by)),
    ];
    map(route, by)
}

/// Refuses what a program may read as another path, on names where paths decide who gets through.
fn tidy(
    fleet: &Prepared<'_>,
    of: CaddyProxy<'_>,
    shared: &Shared<'_>,
    names: &BTreeSet<String>,
) -> Option<Tree> {
    let divided: BTreeSet<&String> = names.iter().filter(|name| shared.is_divided(name)).collect();
    let ways = fleet.model.ways_of(of.key).filter(|way| way.route.is_http());
    let mut paths = ways.filter_map(|way| {
        let own = fleet.model.names(way.route);
        let is_divided = own.iter().any(|name| divided.contains(&name.value));
        way.route.path.as_ref().filter(|_| is_divided)
    });
    let by = paths.next().map_or(of.proxy.engine.origin, |path| path.origin);
    if divided.is_empty() {
        return None;
    }
    let hosts = divided.into_iter().map(|name| Tree::text(name.clone(), by)).collect();
    let pattern = map([("pattern", Tree::text(DANGEROUS, by))], by);
    let wanted = [
        ("host", Tree::list(hosts, by)),
        ("vars_regexp", map([("{http.request.uri}", pattern)], by)),
    ];
    Some(terminal(map(wanted, by), vec![answer(400, by)], by))
}

/// An answer of Caddy's own, without a text.
fn answer(status: i64, by: OriginId) -> Tree {
    let answer =
        [("handler", Tree::text("static_response", by)), ("status_code", Tree::int(status, by))];
    map(answer, by)
}

/// Hands a request on to what a route leads to.
fn proxy(fleet: &Prepared<'_>, of: CaddyProxy<'_>, way: ServiceRoute<'_>) -> Option<Tree> {
    let (route, by) = (way.route, way.route.origin);
    let backend = fleet.model.backend(of.proxy.on.entity(), way).ok()?;
    let scheme = Scheme::of(&backend.scheme)?;
    let mut handler = Entries::new();
    handler.put("handler", Tree::text("reverse_proxy", by));
    let dial = [("dial", Tree::new(TreeNode::Text(dial(&backend, scheme)), &backend.origins))];
    handler.put("upstreams", Tree::list(vec![map(dial, route.to.origin)], route.to.origin));
    // A URL says the scheme itself.
    let scheme_by = match &route.to.value {
        RefOr::Ref(_) => route.scheme.origin,
        RefOr::Value(_) => route.to.origin,
    };
    let http = || Tree::text("http", scheme_by);
    match scheme {
        Scheme::Http => {}
        Scheme::Https => {
            let tls = Entries::new().tree(scheme_by);
            handler.put("transport", map([("protocol", http()), ("tls", tls)], scheme_by));
        }
        Scheme::H2c => {
            let versions = ["h2c", "2"].map(|it| Tree::text(it, scheme_by)).to_vec();
            let versions = Tree::list(versions, scheme_by);
            handler
                .put("transport", map([("protocol", http()), ("versions", versions)], scheme_by));
        }
    }
    if !route.pass_host.value {
        let by = route.pass_host.origin;
        let host = map([("Host", Tree::list(vec![Tree::text(UPSTREAM, by)], by))], by);
        handler.put("headers", map([("request", map([("set", host)], by))], by));
    }
    Some(handler.tree(by))
}

/// Caddy wants a port; a URL need not say the one that its scheme has.
fn dial(backend: &Backend, scheme: Scheme) -> String {
    let usual = match scheme {
        Scheme::Http | Scheme::H2c => 80,
        Scheme::Https => 443,
    };
    authority(&backend.address, Some(backend.port.unwrap_or(usual)))
}
