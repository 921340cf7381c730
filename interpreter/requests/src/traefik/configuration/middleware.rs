//! `http.middlewares`.

use std::collections::BTreeMap;

/// A middleware.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Middleware {
    /// None of a kind: whoever uses it is dropped.
    None,
    /// Several kinds in one: whoever uses it is dropped.
    Several(Vec<String>),
    /// A kind that is not simulated; requests pass it untouched.
    Unsupported(String),
    AddPrefix(String),
    BasicAuth(Basic),
    Buffering {
        most: i64,
    },
    Chain(Vec<String>),
    EncodedCharacters(EncodedCharacters),
    Errors(ErrorPages),
    ForwardAuth(Box<Authority>),
    Headers(Box<HeaderRules>),
    IpAllowList {
        ranges: Vec<String>,
        strategy: Option<IpStrategy>,
        reject: i64,
    },
    PassTlsClientCert {
        subject: Option<Names>,
        issuer: Option<Names>,
    },
    RedirectRegex {
        regex: String,
        replacement: String,
        permanent: bool,
    },
    RedirectScheme {
        scheme: String,
        port: String,
        permanent: bool,
    },
    ReplacePath(String),
    ReplacePathRegex {
        regex: String,
        replacement: String,
    },
    Retry(Retry),
    StripPrefix {
        prefixes: Vec<String>,
        force_slash: bool,
    },
    StripPrefixRegex(Vec<String>),
}

/// `basicAuth`, or `digestAuth`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Basic {
    /// Passwords are never sent: `digestAuth`.
    pub digest: bool,
    pub users: Vec<String>,
    pub users_file: String,
    pub realm: String,
    pub header_field: String,
    pub remove_header: bool,
}

/// The encoded characters that are let through.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct EncodedCharacters {
    pub slash: bool,
    pub back_slash: bool,
    pub null: bool,
    pub semicolon: bool,
    pub percent: bool,
    pub question_mark: bool,
    pub hash: bool,
}

/// `errors`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct ErrorPages {
    pub status: Vec<String>,
    pub service: String,
    pub query: String,
    pub rewrites: BTreeMap<String, i64>,
    pub request_headers: Option<Vec<String>>,
}

/// `forwardAuth`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Authority {
    pub address: String,
    pub trust_forward_header: Option<bool>,
    pub request_headers: Vec<String>,
    pub response_headers: Vec<String>,
    pub response_headers_regex: String,
    pub cookies: Vec<String>,
    pub preserve_location: bool,
    pub preserve_method: bool,
    pub signin: String,
    pub forward_body: bool,
    pub max_body: Option<i64>,
}

/// `headers`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct HeaderRules {
    pub request: BTreeMap<String, String>,
    pub response: BTreeMap<String, String>,
    pub allow_credentials: bool,
    pub allow_headers: Vec<String>,
    pub allow_methods: Vec<String>,
    pub allow_origins: Vec<String>,
    pub allow_origins_regex: Vec<String>,
    pub expose_headers: Vec<String>,
    pub max_age: Option<i64>,
    pub vary: bool,
    pub allowed_hosts: Vec<String>,
    pub hosts_proxy_headers: Vec<String>,
    pub ssl_proxy_headers: BTreeMap<String, String>,
    pub sts_seconds: Option<i64>,
    pub sts_subdomains: bool,
    pub sts_preload: bool,
    pub force_sts: bool,
    pub frame_deny: bool,
    pub frame_options: String,
    pub nosniff: bool,
    pub xss_filter: bool,
    pub xss_value: String,
    pub csp: String,
    pub csp_report_only: String,
    pub public_key: String,
    pub referrer: String,
    pub permissions: String,
    pub development: bool,
    /// A removed option of TLS redirection is said: the middleware is one then, and does nothing else.
    pub removed: bool,
}

/// How an address is found.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct IpStrategy {
    pub depth: i64,
    pub excluded: Vec<String>,
    pub ipv6_subnet: Option<i64>,
}

/// The parts of a certificate's name that are passed on, as they are written: `commonName` for one.
#[derive(Clone, Debug, Default)]
pub struct Names(pub Vec<String>);

/// `retry`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Retry {
    pub attempts: i64,
    pub status: Vec<String>,
    pub not_on_network_errors: bool,
    pub non_idempotent: bool,
}

impl Middleware {
    /// The name of its kind, as files write it.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::None => "no kind",
            Self::Several(_) => "several kinds",
            Self::Unsupported(kind) => kind,
            Self::AddPrefix(_) => "addPrefix",
            Self::BasicAuth(basic) if basic.digest => "digestAuth",
            Self::BasicAuth(_) => "basicAuth",
            Self::Buffering { .. } => "buffering",
            Self::Chain(_) => "chain",
            Self::EncodedCharacters(_) => "encodedCharacters",
            Self::Errors(_) => "errors",
            Self::ForwardAuth(_) => "forwardAuth",
            Self::Headers(_) => "headers",
            Self::IpAllowList { .. } => "ipAllowList",
            Self::PassTlsClientCert { .. } => "passTLSClientCert",
            Self::RedirectRegex { .. } => "redirectRegex",
            Self::RedirectScheme { .. } => "redirectScheme",
            Self::ReplacePath(_) => "replacePath",
            Self::ReplacePathRegex { .. } => "replacePathRegex",
            Self::Retry(_) => "retry",
            Self::StripPrefix { .. } => "stripPrefix",
            Self::StripPrefixRegex(_) => "stripPrefixRegex",
        }
    }
}
