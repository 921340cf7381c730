//! `tcp`: routers that take whole connections, as far as they take them from HTTP.

use super::Configuration;
use super::fields::{Fields, Refused};
use super::shapes::{self, Kind};

/// A TCP router.
#[derive(Clone, Debug)]
pub struct TcpRouter {
    /// Its rule.
    pub rule: String,
    /// Where it listens; empty is the default entry points.
    pub entry_points: Vec<String>,
    /// Its service.
    pub service: String,
    /// 0 is the length of the rule.
    pub priority: i64,
    /// Present where it takes connections with TLS.
    pub tls: Option<TcpTls>,
}

/// What a TCP router does about TLS.
#[derive(Clone, Debug)]
pub struct TcpTls {
    /// Leaves it to the server.
    pub passthrough: bool,
    /// The name of its options, empty for the default ones.
    pub options: String,
}

impl Configuration {
    pub(super) fn tcp(&mut self, mut tcp: Fields<'_>) -> Result<(), Refused> {
        for (name, fields) in tcp.entries("routers")? {
            let router = self.tcp_router(fields)?;
            self.tcp_routers.insert(name, router);
        }
        for (name, service) in tcp.entries("services")? {
            service.all(shapes::TCP_SERVICE)?;
            self.tcp_services.insert(name);
        }
        tcp.shaped("middlewares", Kind::Entries(shapes::TCP_MIDDLEWARE))?;
        tcp.shaped("serversTransports", Kind::Entries(shapes::TCP_TRANSPORT))?;
        tcp.harmless(&["models"]);
        tcp.finish()
    }

    fn tcp_router(&mut self, mut fields: Fields<'_>) -> Result<TcpRouter, Refused> {
        let mut router = TcpRouter {
            rule: fields.text("rule").unwrap_or_default(),
            entry_points: fields.texts("entryPoints").unwrap_or_default(),
            service: fields.text("service").unwrap_or_default(),
            priority: fields.number("priority")?.unwrap_or(0),
            tls: None,
        };
        if let Some(mut tls) = fields.maybe_empty("tls")? {
            router.tls = Some(TcpTls {
                passthrough: tls.truth("passthrough")?.unwrap_or(false),
                options: tls.text("options").unwrap_or_default(),
            });
            tls.text("certResolver");
            tls.shaped("domains", Kind::Objects(shapes::DOMAIN))?;
            tls.finish()?;
        }
        fields.noted("middlewares", Kind::Text, &mut self.unsupported)?;
        fields.noted("ruleSyntax", Kind::Text, &mut self.unsupported)?;
        fields.finish()?;
        Ok(router)
    }
}
