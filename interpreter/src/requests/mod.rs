//! What the fleet answers to a request: the files that are made for its proxies and its login server, put into what
//! simulates the two programs ([`qg_requests`]). Nothing here knows how those files come about, so that a mistake in
//! making them shows.

mod client;
mod houses;
mod lines;
mod login;
mod servers;
mod verdict;

use std::net::IpAddr;

use qg_lang::span::Span;
use qg_lang::url::Url;
use qg_requests::traefik::{Certificate, Outcome, Request, Sent, Tls};
pub use qg_requests::{authelia, traefik};

use crate::Build;
pub(crate) use houses::House;
pub use servers::{ProxyFiles, Servers};
pub use verdict::Verdict;

/// A request that somebody may send.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: String,
    /// The whole address, as a browser has it; nothing in it is tidied.
    pub url: String,
    /// Where it comes from, as the proxy sees it.
    pub from: IpAddr,
    pub certificate: Certificate,
    /// Who has logged in before.
    pub who: Option<Who>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// The host whose proxy is asked, where there are several; else the first one that has a router for it.
    pub at: Option<String>,
}

/// Somebody who has logged in.
#[derive(Clone, Debug)]
pub struct Who {
    pub user: String,
    pub groups: Vec<String>,
    /// How many factors were shown: 1 or 2.
    pub factor: u8,
}

/// What came of a request, and how.
#[derive(Debug)]
pub struct Told {
    /// `proxy.edge`
    pub proxy: String,
    /// The host that it runs on.
    pub host: String,
    /// The entry point's name and address.
    pub entry_point: (String, String),
    pub verdict: Verdict,
    pub answer: traefik::Answer,
    /// What the login server was asked, in order.
    pub logins: Vec<Consulted>,
    /// Where each router, middleware and service that has a part in it is said: by its kind and its name.
    pub places: Vec<(String, Place)>,
    /// Where TLS was refused, the routers that have the name that was asked for, and where each is said.
    pub guarding: Vec<(String, Place)>,
    /// What the fleet says and the simulation does not know; empty where the answer holds without a doubt.
    pub unsure: Vec<String>,
}

/// A question to the login server.
#[derive(Debug)]
pub struct Consulted {
    /// `portal.login`
    pub portal: String,
    pub visit: authelia::Visit,
    pub answer: authelia::Answer,
    /// Where the rule is said that decided.
    pub place: Option<Place>,
}

/// Where something is said.
#[derive(Clone, Debug)]
pub struct Place {
    /// `service.sonarr.route.web.host`
    pub path: String,
    pub span: Span,
}

/// Why a request cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// The fleet has errors.
    Broken,
    /// It is not an address of the web: why.
    Address(String),
    /// No proxy of the fleet can be simulated; of these engines there are some.
    NoProxy(Vec<&'static str>),
    /// There is no such host, or it has no proxy.
    NoHost(String),
    /// Nobody listens at a port of a host.
    Closed { host: String, port: u16 },
    /// The program would refuse its file.
    Refused { file: String, why: String },
}

impl std::fmt::Display for Unsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unsent::Broken => f.write_str("a fleet with errors answers no request"),
            Unsent::Address(why) => write!(f, "this is no address: {why}"),
            Unsent::NoProxy(engines) if engines.is_empty() => f.write_str("the fleet has no proxy"),
            Unsent::NoProxy(engines) => write!(f, "the fleet's proxies are {}", engines.join(", ")),
            Unsent::NoHost(name) => write!(f, "there is no Traefik on a host `{name}`"),
            Unsent::Closed { host, port } => {
                write!(f, "nothing listens at port {port} of host.{host}")
            }
            Unsent::Refused { file, why } => write!(f, "{file} cannot be read back: {why}"),
        }
    }
}

impl Unsent {
    /// What else is to say.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Unsent::Address(_) => Some("write it whole, as `https://photos.example.org/`"),
            Unsent::NoProxy(engines) if !engines.is_empty() => {
                Some("requests are simulated for Traefik")
            }
            Unsent::Closed { .. } => Some("a browser would say: connection refused"),
            Unsent::Broken | Unsent::NoProxy(_) | Unsent::NoHost(_) | Unsent::Refused { .. } => {
                None
            }
        }
    }
}

impl Consulted {
    /// What the rule that decided asks for, as the login server's file says it; empty where none was looked at.
    #[must_use]
    pub fn policy(&self) -> String {
        let policy = self.answer.decision.as_ref().map(|it| serde_json::json!(it.verdict.policy));
        policy.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    }
}

impl Build {
    /// Sends a request.
    ///
    /// # Errors
    /// Why there is nothing that it could be sent to.
    pub fn request(&self, ask: &Ask) -> Result<Told, Unsent> {
        Servers::of(self)?.request(self, ask)
    }
}

/// An address, taken apart and otherwise as it is.
struct Target {
    secure: bool,
    host: String,
    /// As the `Host` header has it.
    authority: String,
    port: u16,
    /// With its query.
    path: String,
}

impl Target {
    fn of(text: &str) -> Result<Target, Unsent> {
        let url = Url::parse(text).map_err(Unsent::Address)?;
        let secure = match url.scheme() {
            "https" | "wss" => true,
            "http" | "ws" => false,
            other => return Err(Unsent::Address(format!("`{other}` is not a scheme of the web"))),
        };
        let rest = text.split_once("://").map_or("", |(_, rest)| rest);
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        // What stands behind `#` stays in the browser.
        let path = path.split('#').next().unwrap_or_default();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let port = url.port().unwrap_or(if secure { 443 } else { 80 });
        let (host, authority) = (url.host().to_owned(), authority.to_owned());
        Ok(Target { secure, host, authority, port, path })
    }

    /// What a browser sends there.
    fn request(&self, ask: &Ask, point: &traefik::EntryPoint) -> Request {
        let said = |name: &str| ask.headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        let mut headers: Vec<(String, Vec<String>)> =
            ask.headers.iter().map(|(name, value)| (name.clone(), vec![value.clone()])).collect();
        if !said("accept") {
            headers.push(("Accept".to_owned(), vec!["text/html".to_owned()]));
        }
        Request {
            method: ask.method.clone(),
            host: Some(self.authority.clone()),
            path: self.path.clone(),
            headers: Sent(headers),
            body: None,
            client_ip: ask.from,
            proxied: None,
            entry_point: Some(point.name.clone()),
            tls: self.secure.then(|| Tls {
                sni: Some(self.host.clone()),
                certificate: ask.certificate,
                version: None,
            }),
        }
    }
}

impl Told {
    /// Where something is said, by its kind (`router`, `middleware`, `service`) and its name.
    #[must_use]
    pub fn place(&self, kind: &str, name: &str) -> Option<&Place> {
        let wanted = format!("{kind} {name}");
        self.places.iter().find(|(it, _)| *it == wanted).map(|(_, place)| place)
    }

    /// The router that answered, as the story has it.
    #[must_use]
    pub fn winner(&self) -> Option<&traefik::Considered> {
        self.answer.story.routers.iter().find(|it| it.outcome == Outcome::Won)
    }
}
