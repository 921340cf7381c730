//! Traefik's configuration: what the static file says of entry points, and the dynamic one.

mod entry_point;
mod fields;
mod kinds;
mod middleware;
mod options;
mod service;
mod shapes;
mod tcp;
mod tls;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use entry_point::{EntryPoint, Forwarded, Proxied, Redirection, Underscores};
pub use fields::Refused;
pub use middleware::{
    Authority, Basic, EncodedCharacters, ErrorPages, HeaderRules, IpStrategy, Middleware, Names,
    Retry,
};
pub use service::{Server, Service, ServiceKind, Weighted};
pub use tcp::{TcpRouter, TcpTls};
pub use tls::{ClientAuth, TlsOptions};

use fields::Fields;
use shapes::Kind;

/// What one Traefik is configured to do.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The entry points, in the order of the file.
    pub entry_points: Vec<EntryPoint>,
    /// `http.routers`.
    pub routers: BTreeMap<String, Router>,
    /// `http.middlewares`.
    pub middlewares: BTreeMap<String, Middleware>,
    /// `http.services`.
    pub services: BTreeMap<String, Service>,
    /// `tls.options`.
    pub tls_options: BTreeMap<String, TlsOptions>,
    /// `tcp.routers`.
    pub tcp_routers: BTreeMap<String, TcpRouter>,
    /// The names of `tcp.services`.
    pub tcp_services: BTreeSet<String>,
    /// The machine's name, which backends see as `X-Forwarded-Server`.
    pub hostname: String,
    /// What is said and not simulated, by its path: an answer may differ where it matters.
    pub unsupported: Vec<String>,
}

/// A router.
#[derive(Clone, Debug, Default)]
pub struct Router {
    /// Its rule.
    pub rule: String,
    /// Where it listens; empty is the default entry points.
    pub entry_points: Vec<String>,
    /// The names of its middlewares, in order.
    pub middlewares: Vec<String>,
    /// Its service, empty for a router with children.
    pub service: String,
    /// 0 is the length of the rule.
    pub priority: i64,
    /// Present where it answers over TLS: the name of its options, empty for the default ones.
    pub tls: Option<String>,
    /// The routers that it is below.
    pub parents: Vec<String>,
    /// `v2` reads the rule in the older syntax.
    pub syntax: String,
}

impl Configuration {
    /// Reads the entry points (a list of objects with a `name`, each as in Traefik's static file) and the dynamic
    /// configuration.
    ///
    /// # Errors
    /// What makes Traefik refuse the whole file.
    pub fn read(entry_points: &[&Value], dynamic: &Value) -> Result<Self, Refused> {
        let mut configuration = Self { hostname: "HOSTNAME".to_owned(), ..Self::default() };
        for value in entry_points {
            let point = EntryPoint::read(value, &mut configuration.unsupported)?;
            configuration.entry_points.push(point);
        }
        configuration.dynamic(dynamic)?;
        Ok(configuration)
    }

    fn dynamic(&mut self, dynamic: &Value) -> Result<(), Refused> {
        // An unknown section at the top is passed over.
        let mut top = Fields::of(dynamic, "")?;
        if let Some(tcp) = top.object("tcp")? {
            self.tcp(tcp)?;
        }
        let found = &mut self.unsupported;
        if let Some(udp) = top.object("udp")? {
            udp.all(shapes::UDP)?;
        }
        if let Some(mut tls) = top.object("tls")? {
            for (name, fields) in tls.entries("options")? {
                self.tls_options.insert(name, TlsOptions::read(fields, found)?);
            }
            for (key, kind) in [
                ("certificates", Kind::Objects(shapes::CERTIFICATES)),
                ("stores", Kind::Entries(shapes::STORE)),
            ] {
                tls.noted(key, kind, found)?;
            }
            tls.finish()?;
        }
        let Some(mut http) = top.object("http")? else { return Ok(()) };
        for (name, fields) in http.entries("routers")? {
            self.routers.insert(name, Router::read(fields)?);
        }
        for (name, fields) in http.entries("middlewares")? {
            self.middlewares.insert(name, Middleware::read(fields, found)?);
        }
        for (name, fields) in http.entries("services")? {
            self.services.insert(name, Service::read(fields, found)?);
        }
        http.noted("serversTransports", Kind::Entries(shapes::SERVERS_TRANSPORT), found)?;
        http.noted("models", Kind::Anything, found)?;
        http.finish()
    }
}

impl Router {
    fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let mut router = Self {
            rule: fields.text("rule").unwrap_or_default(),
            entry_points: fields.texts("entryPoints").unwrap_or_default(),
            middlewares: fields.texts("middlewares").unwrap_or_default(),
            service: fields.text("service").unwrap_or_default(),
            priority: fields.number("priority")?.unwrap_or(0),
            tls: None,
            parents: fields.texts("parentRefs").unwrap_or_default(),
            syntax: fields.text("ruleSyntax").unwrap_or_default(),
        };
        if let Some(mut tls) = fields.maybe_empty("tls")? {
            router.tls = Some(tls.text("options").unwrap_or_default());
            tls.text("certResolver");
            tls.shaped("domains", Kind::Objects(shapes::DOMAIN))?;
            tls.finish()?;
        }
        fields.shaped("observability", Kind::Object(shapes::OBSERVABILITY))?;
        fields.finish()?;
        Ok(router)
    }
}
