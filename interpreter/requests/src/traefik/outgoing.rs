//! The request that a server sees: Go's reverse proxy, as Traefik sets it up (`pkg/proxy/httputil`).

use super::answer::{Reached, Seen};
use super::configuration::Server;
use super::headers::Headers;
use super::live::{Live, Reply, Run};
use super::location::Location;

/// Headers that concern one connection alone.
const HOP: [&str; 9] = [
    "Connection",
    "Proxy-Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Te",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// Asks a server.
pub(crate) fn ask(
    service: &str,
    server: &Server,
    pass_host: bool,
    live: &Live,
    run: &mut Run<'_>,
) -> Reply {
    let Some(at) = Location::parse(&server.url) else { return Reply::bare(500) };
    let mut seen = seen(live, &at, pass_host, server.preserve_path);
    let Some(headers) = seen.headers.sent() else {
        run.step(service, "loadBalancer", "a header holds what no header may: 500");
        return Reply::bare(500);
    };
    seen.headers = headers;
    let Some(answer) = run.peers.backend(&server.url, &seen) else {
        run.step(service, "loadBalancer", format!("{} does not answer: 502", server.url));
        return Reply { status: 502, unreached: true, ..Reply::default() };
    };
    let did = format!("{} {} on {}: {}", seen.method, seen.path, server.url, answer.status);
    run.step(service, "loadBalancer", did);
    let mut reply =
        Reply { status: answer.status, headers: answer.headers.clone(), unreached: false };
    for name in HOP {
        reply.headers.remove(name);
    }
    run.reached.push(Reached {
        service: service.to_owned(),
        server: server.url.clone(),
        seen,
        answer,
    });
    reply
}

fn seen(live: &Live, server: &Location, pass_host: bool, preserve_path: bool) -> Seen {
    // The target counts, not the URL: a middleware may have changed one alone.
    let mut url = Location::target(&live.target).unwrap_or_else(|| {
        let mut url = live.url.clone();
        url.clean_query();
        url
    });
    if preserve_path {
        let (base, path) = (server.escaped_path(), url.escaped_path());
        let base = base.strip_suffix('/').unwrap_or(&base);
        let path = path.strip_prefix('/').unwrap_or(&path).to_owned();
        // Both were read before: their join can be.
        let _ = url.set_path(&format!("{base}/{path}"));
    }
    url.query = url.query.replace(';', "&");
    url.opaque.clear();
    let mut headers = headers(live);
    let host = if pass_host && !live.host.is_empty() { &live.host } else { &server.host };
    headers.set("Host", host);
    Seen { method: live.method.clone(), path: url.request_target(), headers }
}

fn headers(live: &Live) -> Headers {
    let mut headers = live.headers.clone();
    let upgrade = live.headers.lists("Connection", "upgrade");
    let upgrade = upgrade.then(|| live.headers.first("Upgrade").to_owned());
    for name in live.headers.connection() {
        headers.remove(&name);
    }
    for name in HOP {
        headers.remove(name);
    }
    if live.headers.lists("Te", "trailers") {
        headers.set("Te", "trailers");
    }
    if let Some(upgrade) = upgrade.filter(|upgrade| !upgrade.is_empty()) {
        headers.set("Connection", "Upgrade");
        headers.set("Upgrade", upgrade);
    }
    forwarded(live, &mut headers);
    if headers.first("User-Agent").is_empty() {
        headers.remove("User-Agent");
    }
    encoding(&mut headers, &live.method);
    headers
}

fn forwarded(live: &Live, headers: &mut Headers) {
    // `Connection` cannot take these away.
    for name in ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"] {
        headers.remove(name);
        if live.headers.has(name) {
            headers.set_raw(name, live.headers.values(name).to_vec());
        }
    }
    let Some(client) = live.client.filter(|_| !live.not_append) else { return };
    let prior = headers.values("X-Forwarded-For").join(", ");
    // A header without values is one that a middleware took away: nothing is added then.
    if !headers.has("X-Forwarded-For") {
        headers.set("X-Forwarded-For", client.to_string());
    } else if !headers.values("X-Forwarded-For").is_empty() {
        headers.set("X-Forwarded-For", format!("{prior}, {client}"));
    }
}

/// Takes away what concerns one connection alone, as `forwardAuth` does.
pub(crate) fn unlink(headers: &mut Headers) {
    for name in headers.connection() {
        headers.remove(&name);
    }
    for name in ["Connection", "Keep-Alive", "Te", "Trailers", "Transfer-Encoding", "Upgrade"] {
        headers.remove(name);
    }
}

/// Go's client asks for compressed answers, where nothing is said.
pub(crate) fn encoding(headers: &mut Headers, method: &str) {
    let asked = !headers.first("Accept-Encoding").is_empty() || !headers.first("Range").is_empty();
    if !asked && method != "HEAD" {
        headers.set("Accept-Encoding", "gzip");
    }
}
