//! Mirrors `std/proxy.qg`: ways in, and what they do to requests.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::leaf::{At, Data, EntityPath, PortNumber, Sealed};

/// A way in: a reverse proxy that answers for routes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Proxy {
    pub about: At<String>,
    pub on: At<EntityPath>,
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

/// Certificates by the ACME protocol.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Acme {
    pub email: At<String>,
    pub challenge: At<Challenge>,
    pub server: Option<At<String>>,
    pub resolver: At<String>,
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
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Plugin {
    pub module: At<String>,
    pub version: At<String>,
}

/// What a proxy does to a request on its way.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Middleware {
    pub about: At<String>,
    pub does: At<Treatment>,
}

/// Traefik's middlewares, with Traefik's own names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Treatment {
    Headers(Box<Headers>),
    Buffering(Buffering),
    RateLimit(RateLimit),
    Compress(Compress),
    IpAllowList(IpAllowList),
    StripPrefix(StripPrefix),
    AddPrefix(AddPrefix),
    RedirectRegex(RedirectRegex),
    Chain(Chain),
    Plugin(PluginUse),
}

impl Default for Treatment {
    fn default() -> Treatment {
        Treatment::Compress(Compress::default())
    }
}

type Texts = At<Vec<At<String>>>;

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Headers {
    pub custom_request_headers: BTreeMap<String, At<Sealed>>,
    pub custom_response_headers: BTreeMap<String, At<String>>,
    pub access_control_allow_credentials: Option<At<bool>>,
    pub access_control_allow_headers: Texts,
    pub access_control_allow_methods: Texts,
    pub access_control_allow_origin_list: Texts,
    pub access_control_allow_origin_list_regex: Texts,
    pub access_control_expose_headers: Texts,
    pub access_control_max_age: Option<At<i64>>,
    pub add_vary_header: Option<At<bool>>,
    pub browser_xss_filter: Option<At<bool>>,
    pub content_security_policy: Option<At<String>>,
    pub content_type_nosniff: Option<At<bool>>,
    pub custom_frame_options_value: Option<At<String>>,
    #[serde(rename = "forceSTSHeader")]
    pub force_sts_header: Option<At<bool>>,
    pub frame_deny: Option<At<bool>>,
    pub permissions_policy: Option<At<String>>,
    pub referrer_policy: Option<At<String>>,
    pub sts_include_subdomains: Option<At<bool>>,
    pub sts_preload: Option<At<bool>>,
    pub sts_seconds: Option<At<i64>>,
}

/// Sizes in bytes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Buffering {
    pub max_request_body_bytes: Option<At<i64>>,
    pub max_response_body_bytes: Option<At<i64>>,
    pub mem_request_body_bytes: Option<At<i64>>,
    pub mem_response_body_bytes: Option<At<i64>>,
    pub retry_expression: Option<At<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RateLimit {
    pub average: At<i64>,
    pub burst: Option<At<i64>>,
    /// In milliseconds.
    pub period: Option<At<i64>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Compress {
    pub excluded_content_types: Texts,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct IpAllowList {
    pub source_range: Texts,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct StripPrefix {
    pub prefixes: Texts,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AddPrefix {
    pub prefix: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RedirectRegex {
    pub regex: At<String>,
    pub replacement: At<String>,
    pub permanent: At<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Chain {
    pub middlewares: At<Vec<At<EntityPath>>>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PluginUse {
    pub name: At<String>,
    pub settings: At<Data>,
}
