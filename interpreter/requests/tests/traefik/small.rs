//! Small configurations, and questions to them.

use qg_requests::traefik::{Answer, Configuration, Outcome, Proxy, Refused, Status};
use serde_json::{Value, json};

use super::toy::{self, Toys};

/// A proxy that listens on `web` (port 80) and `websecure` (443).
pub(crate) struct Small {
    pub(crate) proxy: Proxy,
}

/// Services `app` and `other`, each one server.
pub(crate) fn services() -> Value {
    json!({
        "app": { "loadBalancer": { "servers": [{ "url": "backend://app" }] } },
        "other": { "loadBalancer": { "servers": [{ "url": "backend://other" }] } }
    })
}

pub(crate) fn read(points: &[Value], dynamic: &Value) -> Result<Configuration, Refused> {
    Configuration::read(&points.iter().collect::<Vec<_>>(), &toy::placed(dynamic))
}

impl Small {
    /// Routers and middlewares on entry points without options.
    pub(crate) fn new(routers: Value, middlewares: Value) -> Self {
        Self::with(&[], routers, middlewares, json!(null))
    }

    /// The same with options of TLS.
    pub(crate) fn with(
        points: &[Value],
        routers: Value,
        middlewares: Value,
        options: Value,
    ) -> Self {
        let usual = [
            json!({ "name": "web", "address": ":80" }),
            json!({ "name": "websecure", "address": ":443" }),
        ];
        let mut dynamic = json!({
            "http": { "routers": routers, "middlewares": middlewares, "services": services() }
        });
        // A section without content would refuse the file.
        if !options.is_null() {
            dynamic["tls"] = json!({ "options": options });
        }
        Self::of(if points.is_empty() { &usual } else { points }, &dynamic)
    }

    pub(crate) fn of(points: &[Value], dynamic: &Value) -> Self {
        Self { proxy: Proxy::new(&read(points, dynamic).unwrap(), &Toys) }
    }

    /// Puts a request in its recorded shape; what is left out is usual.
    pub(crate) fn ask(&self, mut request: Value) -> Answer {
        let map = request.as_object_mut().unwrap();
        for (key, usual) in [("method", "GET"), ("path", "/"), ("client_ip", "127.0.0.1")] {
            map.entry(key).or_insert_with(|| json!(usual));
        }
        self.proxy.answer(&toy::request(&request), &mut Toys)
    }

    pub(crate) fn get(&self, host: &str, path: &str) -> Answer {
        self.ask(json!({ "host": host, "path": path }))
    }

    /// Over TLS, asking for a name in the handshake, with a certificate or none.
    pub(crate) fn tls(&self, host: &str, sni: Option<&str>, certificate: &str) -> Answer {
        self.ask(json!({
            "host": host, "entry_point": "websecure", "tls": { "sni": sni, "certificate": certificate }
        }))
    }
}

/// The status, or 0 where TLS failed.
pub(crate) fn status(answer: &Answer) -> u16 {
    match answer.status {
        Status::Http(status) => status,
        Status::TlsFailure | Status::Tcp => 0,
    }
}

pub(crate) fn router(answer: &Answer) -> &str {
    answer.router.as_deref().unwrap_or("")
}

/// The server that answered.
pub(crate) fn backend(answer: &Answer) -> &str {
    answer.reached.first().map_or("", |it| toy::name(&it.server))
}

/// The path that it saw.
pub(crate) fn path(answer: &Answer) -> &str {
    answer.reached.first().map_or("", |it| &it.seen.path)
}

/// A header that it saw.
pub(crate) fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.reached.first().map_or("", |it| it.seen.headers.first(name))
}

/// Why a router is not there.
pub(crate) fn dropped(small: &Small, name: &str) -> String {
    let found = small.proxy.dropped().find(|it| it.router == name);
    match found.map(|it| &it.outcome) {
        Some(Outcome::Dropped(why)) => why.clone(),
        Some(other) => panic!("{other:?}"),
        None => panic!("{name} is there"),
    }
}

/// Client certificates wanted, or looked at where they are shown.
pub(crate) fn mtls() -> Value {
    json!({
        "mtls": { "clientAuth": { "caFiles": ["ca://trusted"], "clientAuthType": "RequireAndVerifyClientCert" } },
        "soft": { "clientAuth": { "caFiles": ["ca://trusted"], "clientAuthType": "VerifyClientCertIfGiven" } }
    })
}
