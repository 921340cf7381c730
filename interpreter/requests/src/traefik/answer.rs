//! What a client gets, and how it came about.

use std::collections::BTreeMap;

use super::headers::Headers;
use super::request::Request;

/// What Traefik answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status, or that TLS failed.
    pub status: Status,
    /// The router that answered, or took the connection: `parent -> child` where they are in layers, `name@internal` for Traefik's own.
    pub router: Option<String>,
    /// Whether that router lost its TLS options, because another router of the same host has others.
    pub tls_options_conflict: bool,
    /// All headers of the answer, `Location` too.
    pub headers: Headers,
    /// The servers reached, in order; error pages and fallbacks come after the first.
    pub reached: Vec<Reached>,
    /// What the authority of `forwardAuth` was asked last.
    pub authority: Option<Seen>,
    /// How it came about.
    pub story: Story,
}

/// The status of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// TLS was refused, at the handshake or just after.
    TlsFailure,
    /// A TCP router took the connection: no HTTP is answered.
    Tcp,
    /// An HTTP status.
    Http(u16),
}

/// A server that was reached.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The service, by its name.
    pub service: String,
    /// The server's URL.
    pub server: String,
    /// What it saw.
    pub seen: Seen,
    /// What it answered.
    pub answer: PeerAnswer,
}

/// A request as a server sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The target, with its query.
    pub path: String,
    /// The headers, `Host` among them.
    pub headers: Headers,
}

/// What a server answers.
#[derive(Clone, Debug)]
pub struct PeerAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
}

impl Answer {
    /// Where the client is sent.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.headers.values("Location").first().map(String::as_str)
    }
}

impl Seen {
    /// The headers that differ from those that the client sent: what they are now, `None` where they are gone.
    #[must_use]
    pub fn changes(&self, request: &Request) -> BTreeMap<String, Option<Vec<String>>> {
        let mut sent = Headers::default();
        if let Some(host) = &request.host {
            sent.set("Host", host);
        }
        for (name, lines) in &request.headers.0 {
            for line in lines {
                // Blanks around a line are no part of it.
                sent.add(name, line.trim_matches([' ', '\t']));
            }
        }
        changes(&sent, &self.headers)
    }
}

/// The headers that differ: what they became, `None` where they are gone.
#[must_use]
pub fn changes(before: &Headers, after: &Headers) -> BTreeMap<String, Option<Vec<String>>> {
    let gone = before.iter().filter(|(name, _)| after.values(name).is_empty());
    let mut changes: BTreeMap<_, _> = gone.map(|(name, _)| (name.to_owned(), None)).collect();
    let other = after.iter().filter(|(name, now)| !now.is_empty() && before.values(name) != *now);
    changes.extend(other.map(|(name, now)| (name.to_owned(), Some(now.to_vec()))));
    changes
}

/// How an answer came about.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// The entry point.
    pub entry_point: String,
    /// What was settled before any router: the handshake, what the entry point refuses or changes.
    pub before: Vec<String>,
    /// The routers of the entry point: first those that were looked at, in order, then those that never are.
    pub routers: Vec<Considered>,
    /// The middlewares, services and servers, in order.
    pub steps: Vec<Step>,
    /// What Traefik settles by chance, anew at each start: routers that match too and have the winner's priority, TLS
    /// options of names that are as long as the one chosen.
    pub tied: Vec<String>,
}

/// A router that was looked at.
#[derive(Clone, Debug)]
pub struct Considered {
    /// Its name.
    pub router: String,
    /// Its rule, as written.
    pub rule: String,
    /// Its priority.
    pub priority: i64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Won,
    /// Its rule does not match, for these matchers.
    Missed(Vec<String>),
    /// One before it answered.
    Later,
    /// It answers on the other side: over TLS alone, or without TLS alone.
    OtherSide,
    /// Traefik never put it up.
    Dropped(String),
}

/// Something a request passed.
#[derive(Clone, Debug)]
pub struct Step {
    /// The name of the middleware, service or server.
    pub name: String,
    /// Its kind, as files write it: `stripPrefix`, `loadBalancer`.
    pub kind: &'static str,
    /// What it did.
    pub did: String,
}
