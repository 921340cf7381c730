//! A request on its way through, and what comes back.

use std::net::IpAddr;

use super::Peers;
use super::answer::{Reached, Seen, Step, Story};
use super::headers::Headers;
use super::location::Location;

/// A request on its way.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) method: String,
    pub(crate) host: String,
    /// The host as rules see it, settled once: a middleware that changes the host changes no routing below it.
    pub(crate) canonical: String,
    pub(crate) url: Location,
    /// The target as it is handed on; Go keeps it beside the URL.
    pub(crate) target: String,
    pub(crate) headers: Headers,
    pub(crate) body: Option<u64>,
    /// None for requests that Traefik makes itself.
    pub(crate) client: Option<IpAddr>,
    pub(crate) tls: bool,
    /// Whether the client showed a certificate.
    pub(crate) certificate: bool,
    /// Whether the client's address is not added to `X-Forwarded-For`.
    pub(crate) not_append: bool,
}

impl Live {
    /// Makes the target follow the URL.
    pub(crate) fn follow(&mut self) {
        self.target = self.url.request_target();
    }
}

/// The host without its port, in small letters.
pub(crate) fn canonical_host(said: &str) -> String {
    let host = match split_host_port(said) {
        Some((host, _)) => host,
        None => {
            let inner = said.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
            inner.filter(|_| said.contains(':')).unwrap_or(said)
        }
    };
    host.trim().to_lowercase()
}

/// A host and its port, as Go's `net.SplitHostPort` finds them.
pub(crate) fn split_host_port(address: &str) -> Option<(&str, &str)> {
    let (host, port) = address.rsplit_once(':')?;
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']')?;
        return (!inner.contains(['[', ']']) && !port.contains(['[', ']']))
            .then_some((inner, port));
    }
    (!host.contains([':', '[', ']']) && !port.contains(['[', ']'])).then_some((host, port))
}

/// What comes back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    /// No server could be asked.
    pub(crate) unreached: bool,
}

impl Reply {
    /// A status without headers.
    pub(crate) fn bare(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A status with a text, as Go's `http.Error` writes it.
    pub(crate) fn error(status: u16) -> Self {
        let mut reply = Self::bare(status);
        reply.headers.set("Content-Type", "text/plain; charset=utf-8");
        reply.headers.set("X-Content-Type-Options", "nosniff");
        reply
    }
}

/// What is gathered on the way.
pub(crate) struct Run<'a> {
    pub(crate) peers: &'a mut dyn Peers,
    pub(crate) reached: Vec<Reached>,
    pub(crate) authority: Option<Seen>,
    pub(crate) story: Story,
    pub(crate) router: Option<String>,
    pub(crate) conflict: bool,
    /// Whether answers are gathered anew, by a middleware that may drop them: Go then adds a type to redirections.
    pub(crate) gathered: bool,
}

impl Run<'_> {
    /// Runs something whose answer is gathered anew.
    pub(crate) fn gathering(&mut self, run: impl FnOnce(&mut Self) -> Reply) -> Reply {
        let before = std::mem::replace(&mut self.gathered, true);
        let reply = run(self);
        self.gathered = before;
        reply
    }

    pub(crate) fn step(&mut self, name: &str, kind: &'static str, did: impl Into<String>) {
        self.story.steps.push(Step { name: name.to_owned(), kind, did: did.into() });
    }
}
