//! What an entry point does to each request before any router: Go's server refuses some, Traefik cleans paths and sees
//! to headers with `_` (`pkg/server/server_entrypoint_tcp.go`).

use super::configuration::{EntryPoint, Underscores};
use super::forwarded;
use super::headers::{Headers, is_token};
use super::live::{Live, Reply, canonical_host};
use super::location::Location;
use super::network::Networks;
use super::request::Request;
use super::text;

/// What Go's server makes of a request, or the answer that it gives itself.
pub(crate) fn receive(request: &Request) -> Result<Live, Reply> {
    let bad = || {
        let mut reply = Reply::bare(400);
        reply.headers.set("Content-Type", "text/plain; charset=utf-8");
        reply.headers.set("Connection", "close");
        reply
    };
    let method = &request.method;
    if method.is_empty() || !method.bytes().all(is_token) || request.path.contains(' ') {
        return Err(bad());
    }
    let url = Location::target(&request.path).ok_or_else(bad)?;
    let sent = request.host.as_deref().ok_or_else(bad)?;
    let host_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!$%&'()*+,-.:;=[]_~".contains(&byte);
    if !sent.bytes().all(host_byte) {
        return Err(bad());
    }
    let mut headers = Headers::default();
    for (name, lines) in &request.headers.0 {
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(bad());
        }
        for line in lines {
            headers.add(name, line.trim_matches([' ', '\t']));
        }
    }
    if method == "OPTIONS" && request.path == "*" {
        return Err(Reply::bare(200));
    }
    // A target with a host of its own is believed.
    let host = if url.host.is_empty() { sent.to_owned() } else { url.host.clone() };
    Ok(Live {
        method: method.clone(),
        canonical: canonical_host(&host),
        host,
        target: request.path.clone(),
        url,
        headers,
        body: request.body,
        client: Some(request.client_ip),
        tls: request.tls.is_some(),
        certificate: false,
        not_append: false,
    })
}

/// Whether the client wants its connection closed.
pub(crate) fn closes(request: &Request) -> bool {
    let lines =
        request.headers.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case("connection"));
    let mut words = lines.flat_map(|(_, lines)| lines).flat_map(|line| line.split(','));
    words.any(|word| word.trim().eq_ignore_ascii_case("close"))
}

/// What the entry point changes, and says that it did; or the answer that it gives itself.
pub(crate) fn prepare(
    point: &EntryPoint,
    trusted: &Networks,
    hostname: &str,
    live: &mut Live,
    said: &mut Vec<String>,
) -> Result<(), Reply> {
    let underscored = live.headers.iter().any(|(name, _)| name.contains('_'));
    match point.underscores {
        Underscores::Delete if underscored => {
            said.push("headers with `_` are taken away".to_owned());
            live.headers.retain(|name| !name.contains('_'));
        }
        Underscores::Reject if underscored => {
            said.push("a header with `_`: 400".to_owned());
            return Err(Reply::error(400));
        }
        Underscores::Keep | Underscores::Delete | Underscores::Reject => {}
    }
    if live.url.raw_path.contains('#') {
        said.push("a `#` in the path: 400".to_owned());
        return Err(Reply::bare(400));
    }
    let before = live.url.escaped_path();
    normalize(live);
    if point.sanitize_path {
        live.url.clean();
        live.follow();
    }
    let after = live.url.escaped_path();
    if before != after {
        said.push(format!("the path {before} is cleaned to {after}"));
    }
    semicolons(point.encode_query_semicolons, live);
    forwarded::apply(point, trusted, hostname, live);
    Ok(())
}

/// Unreserved characters are decoded in the path as written, the other sequences get capitals.
fn normalize(live: &mut Live) {
    let mut path = Vec::new();
    let mut rest = text::bytes(&live.url.raw_path).into_iter();
    while let Some(byte) = rest.next() {
        // Traefik takes each byte for a character of its own: `é` becomes two, where nothing cleans the path after.
        path.extend_from_slice(char::from(byte).encode_utf8(&mut [0; 2]).as_bytes());
        if byte != b'%' {
            continue;
        }
        let (Some(high), Some(low)) = (rest.next(), rest.next()) else { return };
        match text::hex(high, low) {
            Some(plain) if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => {
                path.pop();
                path.push(plain);
            }
            Some(_) | None => path.extend([high.to_ascii_uppercase(), low.to_ascii_uppercase()]),
        }
    }
    let path = text::from_bytes(&path);
    if path != live.url.raw_path {
        live.url.raw_path = path;
        live.follow();
    }
}

/// Go knows no `;` in queries: it becomes `&`, for rules alone, or it is encoded.
fn semicolons(encode: bool, live: &mut Live) {
    if live.url.query.contains(';') {
        live.url.query = live.url.query.replace(';', if encode { "%3B" } else { "&" });
        if encode {
            live.follow();
        }
    }
}
