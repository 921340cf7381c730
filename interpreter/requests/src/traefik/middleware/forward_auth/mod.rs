//! `forwardAuth`: another server says who may pass.

use super::{Named, Next, pattern};
use crate::traefik::answer::{PeerAnswer, Seen};
use crate::traefik::configuration::Authority;
use crate::traefik::forwarded::{MANAGED, delete_managed, port};
use crate::traefik::headers::{Headers, canonical};
use crate::traefik::live::{Live, Reply, Run};
use crate::traefik::location::Location;
use crate::traefik::outgoing;
use crate::traefik::pattern::Pattern;

mod cookies;

/// Whom to ask, what about, and what comes of it.
#[derive(Clone, Debug)]
pub(crate) struct ForwardAuth {
    options: Authority,
    headers: Option<Pattern>,
}

impl ForwardAuth {
    pub(super) fn new(options: &Authority) -> Result<Self, String> {
        let regex = &options.response_headers_regex;
        let headers = if regex.is_empty() { None } else { Some(pattern(regex)?) };
        Ok(Self { options: options.clone(), headers })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let Some(at) = Location::parse(&self.options.address) else {
            named.did(run, "its address is no URL: 500");
            return Reply::bare(500);
        };
        if self.options.forward_body
            && let (Some(size), Some(most @ 0..)) = (live.body, self.options.max_body)
            && i64::try_from(size).is_ok_and(|size| size > most)
        {
            named.did(run, "the body is too large: 401");
            return Reply::bare(401);
        }
        let mut seen = self.question(&at, live);
        let Some(headers) = seen.headers.sent() else {
            named.did(run, "a header holds what no header may: 500");
            return Reply::bare(500);
        };
        seen.headers = headers;
        let answer = run.peers.authority(&self.options.address, &seen);
        let Some(answer) = answer else {
            named.did(run, "the authority does not answer: 500");
            return Reply::bare(500);
        };
        run.authority = Some(seen);
        if !self.options.signin.is_empty() && answer.status == 401 {
            named.did(run, format!("sends the client to {}: 302", self.options.signin));
            return self.sign_in(live, run);
        }
        if !(200..300).contains(&answer.status) {
            named.did(run, format!("the authority says {}", answer.status));
            return self.refused(&at, answer);
        }
        named.did(run, format!("the authority says {}: let through", answer.status));
        self.identify(live, &answer.headers);
        live.follow();
        let theirs = answer.headers.values("Set-Cookie").to_vec();
        let mut reply = next.serve(live, run);
        if !theirs.is_empty() {
            cookies::merge(&mut reply.headers, &theirs, &self.options.cookies);
        }
        reply
    }

    /// Go's `http.Redirect` to where users sign in.
    fn sign_in(&self, live: &Live, run: &Run<'_>) -> Reply {
        let mut reply = Reply::bare(302);
        let to = &self.options.signin;
        let relative =
            !to.starts_with('/') && Location::parse(to).is_some_and(|it| it.scheme.is_empty());
        let to = match live.url.join(to).filter(|_| relative) {
            Some(joined) => joined.request_target(),
            None => to.clone(),
        };
        reply.headers.set("Location", to);
        if run.gathered && ["GET", "HEAD"].contains(&live.method.as_str()) {
            reply.headers.set("Content-Type", "text/html; charset=utf-8");
        }
        reply
    }

    /// What the authority is asked.
    fn question(&self, at: &Location, live: &Live) -> Seen {
        let method =
            if self.options.preserve_method { live.method.clone() } else { "GET".to_owned() };
        let mut headers = live.headers.clone();
        outgoing::unlink(&mut headers);
        let trusted = self.options.trust_forward_header;
        if trusted == Some(false) {
            delete_managed(&mut headers);
        }
        if trusted.is_some() && !headers.has("User-Agent") {
            headers.set("User-Agent", "");
        }
        self.only_listed(&mut headers);
        match trusted {
            Some(_) => said(live, &mut headers),
            None => said_before(live, &mut headers),
        }
        // An empty one is not sent; where there is none at all Go sends its own.
        if !headers.has("User-Agent") {
            headers.set("User-Agent", "Go-http-client/1.1");
        } else if headers.first("User-Agent").is_empty() {
            headers.remove("User-Agent");
        }
        outgoing::encoding(&mut headers, &method);
        headers.set("Host", &at.host);
        Seen { method, path: at.request_target(), headers }
    }

    fn only_listed(&self, headers: &mut Headers) {
        let listed = &self.options.request_headers;
        if listed.is_empty() {
            return;
        }
        // A header without a value, which a middleware took away, is none here.
        let some = headers.iter().filter(|(_, values)| !values.is_empty());
        let some: Vec<_> = some.map(|(name, _)| name.to_owned()).collect();
        let all = self.options.trust_forward_header == Some(true);
        headers.retain(|name| {
            some.iter().any(|it| it == name)
                && (listed.iter().any(|it| canonical(it) == name)
                    || (all && MANAGED.contains(&name)))
        });
    }

    /// The answer of an authority that lets nobody through.
    fn refused(&self, at: &Location, answer: PeerAnswer) -> Reply {
        let mut headers = answer.headers;
        for name in ["Connection", "Keep-Alive", "Te", "Trailers", "Transfer-Encoding", "Upgrade"] {
            headers.remove(name);
        }
        let said = headers.first("Location").to_owned();
        if !said.is_empty() {
            let to = match self.options.preserve_location {
                true => Location::parse(&said),
                false => at.join(&said),
            };
            match to.map(|to| to.written()) {
                None => return Reply { status: 500, headers, unreached: false },
                Some(to) if to.is_empty() => {}
                Some(to) => headers.set("Location", to),
            }
        }
        Reply { status: answer.status, headers, unreached: false }
    }

    /// The headers of the request that the authority says: the listed ones are never the client's own.
    fn identify(&self, live: &mut Live, said: &Headers) {
        for name in &self.options.response_headers {
            live.headers.remove(name);
            if !said.values(name).is_empty() {
                live.headers.set_raw(&canonical(name), said.values(name).to_vec());
            }
        }
        if let Some(pattern) = &self.headers {
            live.headers.retain(|name| !pattern.is_match(name));
            for (name, values) in said.iter().filter(|(name, _)| pattern.is_match(name)) {
                live.headers.set_raw(name, values.to_vec());
            }
        }
    }
}

/// What is said of the request, unless it is there already.
fn said(live: &Live, headers: &mut Headers) {
    if let Some(client) = live.client {
        let prior = headers.values("X-Forwarded-For").join(", ");
        let chain = if headers.has("X-Forwarded-For") {
            format!("{prior}, {client}")
        } else {
            client.to_string()
        };
        headers.set("X-Forwarded-For", chain);
    }
    let mut unless = |name: &str, value: &dyn Fn(&Headers) -> String| {
        if !headers.has(name) {
            let value = value(headers);
            headers.set(name, value);
        }
    };
    unless("X-Forwarded-Method", &|_| live.method.clone());
    unless("X-Forwarded-Proto", &|_| if live.tls { "https" } else { "http" }.to_owned());
    unless("X-Forwarded-Port", &|headers| {
        let mut asked = live.clone();
        asked.headers = headers.clone();
        port(&asked)
    });
    unless("X-Forwarded-Host", &|_| live.host.clone());
    unless("X-Forwarded-Uri", &|_| live.url.request_target());
}

/// The same as long as nothing was said about trust: in place of what is there.
fn said_before(live: &Live, headers: &mut Headers) {
    if let Some(client) = live.client {
        headers.set("X-Forwarded-For", client.to_string());
    }
    headers.set("X-Forwarded-Proto", if live.tls { "https" } else { "http" });
    headers.set("X-Forwarded-Method", &live.method);
    headers.set("X-Forwarded-Host", &live.host);
    headers.set("X-Forwarded-Uri", live.url.request_target());
}
