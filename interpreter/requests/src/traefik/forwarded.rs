//! `X-Forwarded-*` and `Connection` (`pkg/middlewares/forwardedheaders`).

use super::configuration::EntryPoint;
use super::headers::{Headers, canonical};
use super::live::{Live, split_host_port};
use super::network::Networks;

/// Headers that Traefik says itself, to backends; those with `Scheme` came after 3.7.9.
pub(crate) const MANAGED: [&str; 13] = [
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Method",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Forwarded-Scheme",
    "X-Forwarded-Server",
    "X-Forwarded-Tls-Client-Cert",
    "X-Forwarded-Tls-Client-Cert-Info",
    "X-Forwarded-Uri",
    "X-Real-Ip",
    "X-Scheme",
];

/// Whether a header is one of those, `_` counted as `-`.
pub(crate) fn is_managed(name: &str) -> bool {
    MANAGED.contains(&canonical(&name.replace('_', "-")).as_str())
}

/// Takes the client's own away.
pub(crate) fn delete_managed(headers: &mut Headers) {
    headers.retain(|name| !is_managed(name));
}

/// Sees to what backends are told of the client, and to what the client says itself.
pub(crate) fn apply(point: &EntryPoint, trusted: &Networks, hostname: &str, live: &mut Live) {
    let rules = &point.forwarded;
    let known = live.client.is_some_and(|client| trusted.contain(client));
    if !rules.insecure && !known {
        delete_managed(&mut live.headers);
    }
    let unless = |headers: &mut Headers, name: &str, value: String| {
        if headers.first(name).is_empty() {
            headers.set(name, value);
        }
    };
    if let Some(client) = live.client {
        unless(&mut live.headers, "X-Real-Ip", client.to_string());
    }
    let web_socket = live
        .headers
        .first("Connection")
        .split(',')
        .any(|it| it.trim().eq_ignore_ascii_case("upgrade"))
        && live
            .headers
            .first("Upgrade")
            .split(',')
            .any(|it| it.trim().eq_ignore_ascii_case("websocket"));
    let scheme = match (web_socket, live.tls) {
        (true, true) => "wss",
        (true, false) => "ws",
        (false, true) => "https",
        (false, false) => "http",
    };
    unless(&mut live.headers, "X-Forwarded-Proto", scheme.to_owned());
    let port = port(live);
    unless(&mut live.headers, "X-Forwarded-Port", port);
    if !live.host.is_empty() {
        unless(&mut live.headers, "X-Forwarded-Host", live.host.clone());
    }
    let chain = live.headers.values("X-Forwarded-For").join(", ");
    if !live.headers.values("X-Forwarded-For").is_empty() {
        live.headers.set("X-Forwarded-For", chain);
    }
    live.headers.set("X-Forwarded-Server", hostname);
    if rules.scheme_headers {
        let scheme = live.headers.first("X-Forwarded-Proto").to_owned();
        live.headers.set("X-Forwarded-Scheme", scheme.clone());
        live.headers.set("X-Scheme", scheme);
    }
    connection(&rules.connection, &mut live.headers);
    live.not_append = rules.not_append;
}

/// The port that a client means, as it can be known from its request.
pub(crate) fn port(live: &Live) -> String {
    if let Some((_, port)) = split_host_port(&live.host)
        && !port.is_empty()
    {
        return port.to_owned();
    }
    let secure = live.tls || ["https", "wss"].contains(&live.headers.first("X-Forwarded-Proto"));
    if secure { "443" } else { "80" }.to_owned()
}

/// `Connection` takes headers away, but not those that Traefik says itself, nor those that may stay.
fn connection(stay: &[String], headers: &mut Headers) {
    let upgrade = headers.lists("Connection", "upgrade");
    let upgrade = upgrade.then(|| headers.first("Upgrade").to_owned());
    let mut left = Vec::new();
    for name in headers.connection() {
        if is_managed(&name) {
            continue;
        }
        if stay.iter().any(|it| canonical(it) == name) {
            left.push(name);
        } else {
            headers.remove(&name);
        }
    }
    if let Some(upgrade) = upgrade.filter(|upgrade| !upgrade.is_empty()) {
        left.push("Upgrade".to_owned());
        headers.set("Upgrade", upgrade);
    }
    if left.is_empty() {
        headers.remove("Connection");
    } else {
        headers.set("Connection", left.join(","));
    }
}
