//! `http.middlewares`.

use std::collections::BTreeMap;

use super::fields::{Fields, Refused};

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
    Buffering { most: i64 },
    Chain(Vec<String>),
    EncodedCharacters(EncodedCharacters),
    Errors(ErrorPages),
    ForwardAuth(Box<Authority>),
    Headers(Box<HeaderRules>),
    IpAllowList { ranges: Vec<String>, strategy: Option<IpStrategy>, reject: i64 },
    PassTlsClientCert { subject: Option<Names>, issuer: Option<Names> },
    RedirectRegex { regex: String, replacement: String, permanent: bool },
    RedirectScheme { scheme: String, port: String, permanent: bool },
    ReplacePath(String),
    ReplacePathRegex { regex: String, replacement: String },
    Retry(Retry),
    StripPrefix { prefixes: Vec<String>, force_slash: bool },
    StripPrefixRegex(Vec<String>),
}

/// `basicAuth`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Basic {
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
    pub rewrites: BTreeMap<String, String>,
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

/// Kinds that are known and not simulated.
const UNSUPPORTED: [&str; 9] = [
    "circuitBreaker", "compress", "contentType", "digestAuth", "grpcWeb", "inFlightReq", "ipWhiteList",
    "rateLimit", "plugin",
];

impl Middleware {
    pub(super) fn read(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Self, Refused> {
        let mut kinds: Vec<(&str, Self)> = Vec::new();
        if let Some(mut it) = fields.object("addPrefix")? {
            kinds.push(("addPrefix", Self::AddPrefix(it.text("prefix").unwrap_or_default())));
            it.finish()?;
        }
        if let Some(it) = fields.object("basicAuth")? {
            kinds.push(("basicAuth", Self::BasicAuth(Basic::read(it)?)));
        }
        if let Some(mut it) = fields.object("buffering")? {
            let most = it.number("maxRequestBodyBytes")?.unwrap_or(0);
            kinds.push(("buffering", Self::Buffering { most }));
            it.unsupported(&["maxResponseBodyBytes", "retryExpression"], found);
            it.harmless(&["memRequestBodyBytes", "memResponseBodyBytes"]);
            it.finish()?;
        }
        if let Some(mut it) = fields.object("chain")? {
            kinds.push(("chain", Self::Chain(it.texts("middlewares").unwrap_or_default())));
            it.finish()?;
        }
        if let Some(it) = fields.object("encodedCharacters")? {
            let encoded = EncodedCharacters::read(it, false)?;
            kinds.push(("encodedCharacters", Self::EncodedCharacters(encoded)));
        }
        if let Some(it) = fields.object("errors")? {
            kinds.push(("errors", Self::Errors(ErrorPages::read(it)?)));
        }
        if let Some(it) = fields.object("forwardAuth")? {
            kinds.push(("forwardAuth", Self::ForwardAuth(Box::new(Authority::read(it, found)?))));
        }
        if let Some(it) = fields.object("headers")? {
            kinds.push(("headers", Self::Headers(Box::new(HeaderRules::read(it)?))));
        }
        if let Some(mut it) = fields.object("ipAllowList")? {
            let ranges = it.texts("sourceRange").unwrap_or_default();
            let reject = it.number("rejectStatusCode")?.unwrap_or(0);
            let strategy = it.maybe_empty("ipStrategy")?.map(IpStrategy::read).transpose()?;
            kinds.push(("ipAllowList", Self::IpAllowList { ranges, strategy, reject }));
            it.finish()?;
        }
        if let Some(it) = fields.object("passTLSClientCert")? {
            kinds.push(("passTLSClientCert", pass_certificate(it, found)?));
        }
        rewriting(&mut fields, &mut kinds)?;
        for kind in UNSUPPORTED {
            if fields.take(kind).is_some() {
                found.push(format!("{}.{kind}", fields.at()));
                kinds.push((kind, Self::Unsupported(kind.to_owned())));
            }
        }
        fields.finish()?;
        match kinds.len() {
            0 => Ok(Self::None),
            1 => Ok(kinds.remove(0).1),
            _ => Ok(Self::Several(kinds.into_iter().map(|(kind, _)| kind.to_owned()).collect())),
        }
    }

    /// The name of its kind, as files write it.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::None => "no kind",
            Self::Several(_) => "several kinds",
            Self::Unsupported(kind) => kind,
            Self::AddPrefix(_) => "addPrefix",
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

/// The middlewares that redirect, rewrite or ask again.
fn rewriting(
    fields: &mut Fields<'_>,
    kinds: &mut Vec<(&'static str, Middleware)>,
) -> Result<(), Refused> {
    if let Some(mut it) = fields.object("redirectRegex")? {
        let redirect = Middleware::RedirectRegex {
            regex: it.text("regex").unwrap_or_default(),
            replacement: it.text("replacement").unwrap_or_default(),
            permanent: it.truth("permanent")?.unwrap_or(false),
        };
        // It is for another provider and has no effect in a file.
        it.harmless(&["statusCode"]);
        kinds.push(("redirectRegex", redirect));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("redirectScheme")? {
        let redirect = Middleware::RedirectScheme {
            scheme: it.text("scheme").unwrap_or_default(),
            port: it.text("port").unwrap_or_default(),
            permanent: it.truth("permanent")?.unwrap_or(false),
        };
        it.harmless(&["forcePermanentRedirect"]);
        kinds.push(("redirectScheme", redirect));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("replacePath")? {
        kinds.push(("replacePath", Middleware::ReplacePath(it.text("path").unwrap_or_default())));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("replacePathRegex")? {
        let replace = Middleware::ReplacePathRegex {
            regex: it.text("regex").unwrap_or_default(),
            replacement: it.text("replacement").unwrap_or_default(),
        };
        kinds.push(("replacePathRegex", replace));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("retry")? {
        let retry = Retry {
            attempts: it.number("attempts")?.unwrap_or(0),
            status: it.texts("status").unwrap_or_default(),
            not_on_network_errors: it.truth("disableRetryOnNetworkError")?.unwrap_or(false),
            non_idempotent: it.truth("retryNonIdempotentMethod")?.unwrap_or(false),
        };
        kinds.push(("retry", Middleware::Retry(retry)));
        it.harmless(&["initialInterval", "timeout", "maxRequestBodyBytes"]);
        it.finish()?;
    }
    if let Some(mut it) = fields.object("stripPrefix")? {
        let strip = Middleware::StripPrefix {
            prefixes: it.texts("prefixes").unwrap_or_default(),
            force_slash: it.truth("forceSlash")?.unwrap_or(false),
        };
        kinds.push(("stripPrefix", strip));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("stripPrefixRegex")? {
        let regex = it.texts("regex").unwrap_or_default();
        kinds.push(("stripPrefixRegex", Middleware::StripPrefixRegex(regex)));
        it.finish()?;
    }
    Ok(())
}

impl Basic {
    fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let basic = Self {
            users: fields.texts("users").unwrap_or_default(),
            users_file: fields.text("usersFile").unwrap_or_default(),
            realm: fields.text("realm").unwrap_or_default(),
            header_field: fields.text("headerField").unwrap_or_default(),
            remove_header: fields.truth("removeHeader")?.unwrap_or(false),
        };
        fields.finish()?;
        Ok(basic)
    }
}

impl EncodedCharacters {
    pub(super) fn read(mut fields: Fields<'_>, unsaid: bool) -> Result<Self, Refused> {
        let mut truth = |key| Ok(fields.truth(key)?.unwrap_or(unsaid));
        let allowed = Self {
            slash: truth("allowEncodedSlash")?,
            back_slash: truth("allowEncodedBackSlash")?,
            null: truth("allowEncodedNullCharacter")?,
            semicolon: truth("allowEncodedSemicolon")?,
            percent: truth("allowEncodedPercent")?,
            question_mark: truth("allowEncodedQuestionMark")?,
            hash: truth("allowEncodedHash")?,
        };
        fields.finish()?;
        Ok(allowed)
    }
}

impl ErrorPages {
    fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let pages = Self {
            status: fields.texts("status").unwrap_or_default(),
            service: fields.text("service").unwrap_or_default(),
            query: fields.text("query").unwrap_or_default(),
            rewrites: fields.text_map("statusRewrites"),
            request_headers: fields.texts("errorRequestHeaders"),
        };
        fields.finish()?;
        Ok(pages)
    }
}

impl Authority {
    fn read(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Self, Refused> {
        let authority = Self {
            address: fields.text("address").unwrap_or_default(),
            trust_forward_header: fields.truth("trustForwardHeader")?,
            request_headers: fields.texts("authRequestHeaders").unwrap_or_default(),
            response_headers: fields.texts("authResponseHeaders").unwrap_or_default(),
            response_headers_regex: fields.text("authResponseHeadersRegex").unwrap_or_default(),
            cookies: fields.texts("addAuthCookiesToResponse").unwrap_or_default(),
            preserve_location: fields.truth("preserveLocationHeader")?.unwrap_or(false),
            preserve_method: fields.truth("preserveRequestMethod")?.unwrap_or(false),
            signin: fields.text("authSigninURL").unwrap_or_default(),
            forward_body: fields.truth("forwardBody")?.unwrap_or(false),
            max_body: fields.number("maxBodySize")?,
        };
        if let Some(mut tls) = fields.object("tls")? {
            tls.unsupported(&["ca", "cert", "key", "insecureSkipVerify"], found);
            tls.harmless(&["caOptional"]);
            tls.finish()?;
        }
        fields.unsupported(&["maxResponseBodySize"], found);
        // It names the user in logs alone.
        fields.harmless(&["headerField"]);
        fields.finish()?;
        Ok(authority)
    }
}

impl HeaderRules {
    fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let f = &mut fields;
        let mut rules = Self {
            request: f.text_map("customRequestHeaders"),
            response: f.text_map("customResponseHeaders"),
            allow_credentials: f.truth("accessControlAllowCredentials")?.unwrap_or(false),
            allow_headers: f.texts("accessControlAllowHeaders").unwrap_or_default(),
            allow_methods: f.texts("accessControlAllowMethods").unwrap_or_default(),
            allow_origins: f.texts("accessControlAllowOriginList").unwrap_or_default(),
            allow_origins_regex: f.texts("accessControlAllowOriginListRegex").unwrap_or_default(),
            expose_headers: f.texts("accessControlExposeHeaders").unwrap_or_default(),
            max_age: f.number("accessControlMaxAge")?,
            vary: f.truth("addVaryHeader")?.unwrap_or(false),
            allowed_hosts: f.texts("allowedHosts").unwrap_or_default(),
            hosts_proxy_headers: f.texts("hostsProxyHeaders").unwrap_or_default(),
            ssl_proxy_headers: f.text_map("sslProxyHeaders"),
            sts_seconds: f.number("stsSeconds")?,
            sts_subdomains: f.truth("stsIncludeSubdomains")?.unwrap_or(false),
            sts_preload: f.truth("stsPreload")?.unwrap_or(false),
            force_sts: f.truth("forceSTSHeader")?.unwrap_or(false),
            frame_deny: f.truth("frameDeny")?.unwrap_or(false),
            frame_options: f.text("customFrameOptionsValue").unwrap_or_default(),
            nosniff: f.truth("contentTypeNosniff")?.unwrap_or(false),
            xss_filter: f.truth("browserXssFilter")?.unwrap_or(false),
            xss_value: f.text("customBrowserXSSValue").unwrap_or_default(),
            csp: f.text("contentSecurityPolicy").unwrap_or_default(),
            csp_report_only: f.text("contentSecurityPolicyReportOnly").unwrap_or_default(),
            public_key: f.text("publicKey").unwrap_or_default(),
            referrer: f.text("referrerPolicy").unwrap_or_default(),
            permissions: f.text("permissionsPolicy").unwrap_or_default(),
            development: f.truth("isDevelopment")?.unwrap_or(false),
            removed: false,
        };
        for key in ["sslRedirect", "sslTemporaryRedirect", "sslForceHost"] {
            rules.removed |= f.truth(key)?.unwrap_or(false);
        }
        for key in ["sslHost", "featurePolicy"] {
            rules.removed |= f.text(key).is_some_and(|text| !text.is_empty());
        }
        fields.finish()?;
        Ok(rules)
    }
}

impl IpStrategy {
    fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let strategy = Self {
            depth: fields.number("depth")?.unwrap_or(0),
            excluded: fields.texts("excludedIPs").unwrap_or_default(),
            ipv6_subnet: fields.number("ipv6Subnet")?,
        };
        fields.finish()?;
        Ok(strategy)
    }
}

fn pass_certificate(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Middleware, Refused> {
    const PARTS: [&str; 8] = [
        "domainComponent", "country", "province", "locality", "organization", "organizationalUnit",
        "serialNumber", "commonName",
    ];
    let (mut subject, mut issuer) = (None, None);
    fields.unsupported(&["pem"], found);
    if let Some(mut info) = fields.object("info")? {
        info.unsupported(&["notAfter", "notBefore", "sans", "serialNumber"], found);
        for (key, names) in [("subject", &mut subject), ("issuer", &mut issuer)] {
            let Some(mut parts) = info.object(key)? else { continue };
            let mut wanted = Names::default();
            for part in PARTS {
                if (key == "subject" || part != "organizationalUnit") && parts.truth(part)? == Some(true) {
                    wanted.0.push(part.to_owned());
                }
            }
            *names = Some(wanted);
            parts.finish()?;
        }
        info.finish()?;
    }
    fields.finish()?;
    Ok(Middleware::PassTlsClientCert { subject, issuer })
}
