//! Mirrors `std/proxy.qg`: ways in, and what they do to requests.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::choice::{Choice, Options};
use super::leaf::{At, Data, EntityPath, PortNumber, RefOr};

/// A way in: a reverse proxy that answers for routes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Proxy {
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub service: Option<At<EntityPath>>,
    pub engine: At<ProxyEngine>,
    #[serde(rename = "use")]
    pub treatments: At<Vec<At<EntityPath>>>,
    pub except: At<Vec<At<EntityPath>>>,
    pub lan: At<Vec<At<String>>>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyEngine {
    Traefik(Box<Traefik>),
}

impl Default for ProxyEngine {
    fn default() -> ProxyEngine {
        ProxyEngine::Traefik(Box::default())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Traefik {
    pub acme: Option<At<Acme>>,
    pub client_ca: Option<At<EntityPath>>,
    pub http: At<PortNumber>,
    pub https: At<PortNumber>,
    pub data: At<String>,
    pub log: At<LogLevel>,
    pub access_log: At<bool>,
    pub dashboard: Option<At<PortNumber>>,
    pub plugins: BTreeMap<String, At<Plugin>>,
    /// By name. `port` and `on` are ours, the rest is Traefik's.
    pub entry_points: BTreeMap<String, At<Options>>,
    pub tls: Option<At<EntityPath>>,
    pub certificates: At<Vec<At<Options>>>,
    pub default_certificate: Option<At<Choice>>,
    pub resolvers: BTreeMap<String, At<Acme>>,
    #[serde(rename = "static")]
    pub static_options: Option<At<Data>>,
    #[serde(rename = "dynamic")]
    pub dynamic_options: Option<At<Data>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Trace,
    Debug,
    #[default]
    Info,
    Warn,
    Error,
}

impl LogLevel {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LogLevel::Trace => "TRACE",
            LogLevel::Debug => "DEBUG",
            LogLevel::Info => "INFO",
            LogLevel::Warn => "WARN",
            LogLevel::Error => "ERROR",
        }
    }
}

/// The port of an entry point, where it says one of its own.
#[must_use]
pub fn entry_port(point: &Options) -> Option<At<PortNumber>> {
    let port = point.get("port")?;
    Some(At::new(PortNumber::of(&port.value)?, port.origin))
}

impl Traefik {
    /// Its entry points besides `web` and `websecure` that have a port, by name.
    pub fn own_points(&self) -> impl Iterator<Item = (&str, At<PortNumber>, &At<Options>)> {
        self.entry_points
            .iter()
            .filter_map(|(name, point)| Some((name.as_str(), entry_port(point)?, point)))
    }

    /// The resolver of a name: the one a route chose, or the first one.
    #[must_use]
    pub fn resolver(&self, chosen: Option<&At<String>>) -> Option<(At<String>, &At<Acme>)> {
        let chosen =
            chosen.filter(|name| !self.acme.iter().any(|it| it.resolver.value == name.value));
        match chosen {
            Some(name) => Some((name.clone(), self.resolvers.get(name.as_str())?)),
            None => self.acme.as_ref().map(|acme| (acme.resolver.clone(), acme)),
        }
    }
}

/// Certificates by the ACME protocol.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Acme {
    pub email: At<String>,
    pub challenge: At<Challenge>,
    pub server: Option<At<String>>,
    pub resolver: At<String>,
    pub wildcard: At<bool>,
    #[serde(rename = "emailAddresses")]
    pub email_addresses: At<Vec<At<String>>>,
    #[serde(rename = "keyType")]
    pub key_type: Option<At<String>>,
    #[serde(rename = "preferredChain")]
    pub preferred_chain: Option<At<String>>,
    pub profile: Option<At<String>>,
    /// In hours.
    #[serde(rename = "certificatesDuration")]
    pub certificates_duration: Option<At<i64>>,
    #[serde(rename = "caCertificates")]
    pub ca_certificates: At<Vec<At<RefOr<String>>>>,
    #[serde(rename = "caServerName")]
    pub ca_server_name: Option<At<String>>,
    #[serde(rename = "caSystemCertPool")]
    pub ca_system_cert_pool: Option<At<bool>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    #[default]
    Http,
    Tls,
    Dns(DnsChallenge),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct DnsChallenge {
    pub provider: At<String>,
    pub credentials: Option<At<EntityPath>>,
    pub resolvers: At<Vec<At<String>>>,
    pub propagation: Option<At<Options>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Plugin {
    pub module: At<String>,
    pub version: At<String>,
    pub hash: Option<At<String>>,
    pub settings: Option<At<Options>>,
}

/// What a proxy does to a request on its way. Mirrors `std/middleware.qg`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Middleware {
    pub about: At<String>,
    /// One of Traefik's middlewares, with its options.
    pub does: At<Choice>,
}
