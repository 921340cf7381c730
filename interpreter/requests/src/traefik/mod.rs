//! Traefik v3.7: from its own configuration, what it answers to a request, and why.
//!
//! [`Proxy::new`] puts a [`Configuration`] up as Traefik does, dropping what it drops; [`Proxy::answer`] takes a
//! request through TLS, routers, middlewares and services. What lies behind the proxy are [`Peers`]. The behaviour is
//! that of the program: the recorded answers of `tests/traefik.rs` hold it.

mod answer;
mod build;
mod configuration;
mod encoding;
mod entry;
mod forwarded;
mod headers;
pub mod json;
mod live;
mod location;
mod middleware;
mod network;
mod outgoing;
mod pattern;
mod plan;
mod planned;
mod proxy;
mod request;
mod routers;
pub mod rule;
mod service;
mod tcp;
mod text;
mod tls;
mod up;

pub use answer::{
    Answer, Considered, Outcome, PeerAnswer, Reached, Seen, Status, Step, Story, changes,
};
pub use configuration::*;
pub use headers::Headers;
pub use network::Networks;
pub use pattern::{Pattern, Problem};
pub use proxy::Proxy;
pub use request::{Certificate, Request, Sent, Tls};
pub use text::bytes;

/// What lies around a proxy.
pub trait Peers {
    /// What a server answers; none where nobody listens.
    fn backend(&mut self, url: &str, seen: &Seen) -> Option<PeerAnswer>;

    /// What the authority of `forwardAuth` answers; none where nobody listens.
    fn authority(&mut self, address: &str, seen: &Seen) -> Option<PeerAnswer>;

    /// Whether a password is the one that was hashed so.
    fn password(&mut self, user: &str, password: &str, hash: &str) -> bool;

    /// The users of a file of passwords, `name:hash` each.
    fn users(&self, file: &str) -> Option<Vec<String>> {
        let _ = file;
        None
    }

    /// Whether a file, or a text, holds certificates of authorities.
    fn authorities(&self, file: &str) -> bool {
        let _ = file;
        true
    }

    /// A part of the name in a client's certificate, `commonName` for one: of its subject, or of who signed it.
    fn certificate(&self, of_issuer: bool, part: &str) -> Option<String> {
        let _ = (of_issuer, part);
        None
    }
}

/// What a configuration answers to one request.
#[must_use]
pub fn answer(configuration: &Configuration, request: &Request, peers: &mut dyn Peers) -> Answer {
    Proxy::new(configuration, peers).answer(request, peers)
}
