//! The fields of what is not simulated, so that a file with an unknown one, or a value of the wrong kind, is refused as
//! Traefik refuses it (v3.7.9, `pkg/config/dynamic`).

use super::fields::{Fields, Refused};

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A text, or a list of texts.
    Text,
    /// A mapping of texts.
    Texts,
    Number,
    Truth,
    /// `10s`, or a number.
    Duration,
    /// A mapping that means nothing without content.
    Object(Shape),
    /// One that does.
    MaybeEmpty(Shape),
    /// A list of mappings.
    Objects(Shape),
    /// Mappings by name.
    Entries(Shape),
    /// Whatever.
    Anything,
}

pub(super) type Shape = &'static [(&'static str, Kind)];

use Kind::{Anything, Duration, Entries, MaybeEmpty, Number, Object, Objects, Text, Texts, Truth};

pub(super) const OBSERVABILITY: Shape =
    &[("accessLogs", Truth), ("metrics", Truth), ("tracing", Truth), ("traceVerbosity", Text)];
pub(super) const DOMAIN: Shape = &[("main", Text), ("sans", Text)];
pub(super) const EMPTY: Shape = &[];
const CERTIFICATE: Shape = &[("certFile", Text), ("keyFile", Text)];
const SPIFFE: Shape = &[("ids", Text), ("trustDomain", Text)];
const IP: Shape = &[("depth", Number), ("excludedIPs", Text), ("ipv6Subnet", Number)];
const CRITERION: Shape =
    &[("ipStrategy", Object(IP)), ("requestHeaderName", Text), ("requestHost", Truth)];
const NAMED: Shape = &[("name", Text), ("weight", Number)];

pub(super) const HEALTH_CHECK: Shape = &[
    ("followRedirects", Truth),
    ("headers", Texts),
    ("hostname", Text),
    ("interval", Duration),
    ("method", Text),
    ("mode", Text),
    ("path", Text),
    ("port", Number),
    ("scheme", Text),
    ("status", Number),
    ("timeout", Duration),
    ("unhealthyInterval", Duration),
];
pub(super) const PASSIVE_HEALTH_CHECK: Shape =
    &[("failureWindow", Duration), ("maxFailedAttempts", Number)];
const COOKIE: Shape = &[
    ("domain", Text),
    ("httpOnly", Truth),
    ("maxAge", Number),
    ("name", Text),
    ("path", Text),
    ("sameSite", Text),
    ("secure", Truth),
];
pub(super) const STICKY: Shape = &[("cookie", MaybeEmpty(COOKIE))];
pub(super) const RESPONSE_FORWARDING: Shape = &[("flushInterval", Duration)];

pub(super) const CERTIFICATES: Shape = &[("certFile", Text), ("keyFile", Text), ("stores", Text)];
pub(super) const STORE: Shape = &[
    ("defaultCertificate", Object(CERTIFICATE)),
    ("defaultGeneratedCert", Object(&[("domain", Object(DOMAIN)), ("resolver", Text)])),
];
pub(super) const SERVERS_TRANSPORT: Shape = &[
    ("certificates", Objects(CERTIFICATE)),
    ("cipherSuites", Text),
    ("disableHTTP2", Truth),
    (
        "forwardingTimeouts",
        Object(&[
            ("dialTimeout", Duration),
            ("idleConnTimeout", Duration),
            ("pingTimeout", Duration),
            ("readIdleTimeout", Duration),
            ("responseHeaderTimeout", Duration),
        ]),
    ),
    ("insecureSkipVerify", Truth),
    ("maxIdleConnsPerHost", Number),
    ("maxVersion", Text),
    ("minVersion", Text),
    ("peerCertURI", Text),
    ("rootCAs", Text),
    ("serverName", Text),
    ("spiffe", MaybeEmpty(SPIFFE)),
];

/// The middlewares that are not simulated.
pub(super) const MIDDLEWARES: Shape = &[
    (
        "circuitBreaker",
        Object(&[
            ("checkPeriod", Duration),
            ("expression", Text),
            ("fallbackDuration", Duration),
            ("recoveryDuration", Duration),
            ("responseCode", Number),
        ]),
    ),
    (
        "compress",
        MaybeEmpty(&[
            ("defaultEncoding", Text),
            ("encodings", Text),
            ("excludedContentTypes", Text),
            ("includedContentTypes", Text),
            ("minResponseBodyBytes", Number),
        ]),
    ),
    ("contentType", MaybeEmpty(&[("autoDetect", Truth)])),
    ("grpcWeb", Object(&[("allowOrigins", Text)])),
    ("inFlightReq", Object(&[("amount", Number), ("sourceCriterion", Object(CRITERION))])),
    (
        "rateLimit",
        Object(&[
            ("average", Number),
            ("burst", Number),
            ("period", Duration),
            ("redis", Object(REDIS)),
            ("sourceCriterion", Object(CRITERION)),
        ]),
    ),
    ("plugin", Anything),
];

pub(super) const TCP_SERVICE: Shape = &[
    (
        "loadBalancer",
        Object(&[
            (
                "healthCheck",
                MaybeEmpty(&[
                    ("expect", Text),
                    ("interval", Duration),
                    ("port", Number),
                    ("send", Text),
                    ("timeout", Duration),
                    ("unhealthyInterval", Duration),
                ]),
            ),
            ("proxyProtocol", MaybeEmpty(&[("version", Number)])),
            ("servers", Objects(&[("address", Text), ("tls", Truth)])),
            ("serversTransport", Text),
            ("terminationDelay", Number),
        ]),
    ),
    ("weighted", Object(&[("healthCheck", MaybeEmpty(EMPTY)), ("services", Objects(NAMED))])),
];
const REDIS: Shape = &[
    ("db", Number),
    ("dialTimeout", Duration),
    ("endpoints", Text),
    ("maxActiveConns", Number),
    ("minIdleConns", Number),
    ("password", Text),
    ("poolSize", Number),
    ("readTimeout", Duration),
    ("tls", Object(&[("ca", Text), ("cert", Text), ("insecureSkipVerify", Truth), ("key", Text)])),
    ("username", Text),
    ("writeTimeout", Duration),
];
const RANGES: Shape = &[("sourceRange", Text)];
pub(super) const TCP_MIDDLEWARE: Shape = &[
    ("inFlightConn", Object(&[("amount", Number)])),
    ("ipAllowList", Object(RANGES)),
    ("ipWhiteList", Object(RANGES)),
];
pub(super) const TCP_TRANSPORT: Shape = &[
    ("dialKeepAlive", Duration),
    ("dialTimeout", Duration),
    ("proxyProtocol", MaybeEmpty(&[("version", Number)])),
    ("terminationDelay", Duration),
    (
        "tls",
        MaybeEmpty(&[
            ("certificates", Objects(CERTIFICATE)),
            ("insecureSkipVerify", Truth),
            ("peerCertURI", Text),
            ("rootCAs", Text),
            ("serverName", Text),
            ("spiffe", MaybeEmpty(SPIFFE)),
        ]),
    ),
];
pub(super) const UDP: Shape = &[
    ("routers", Entries(&[("entryPoints", Text), ("service", Text)])),
    (
        "services",
        Entries(&[
            ("loadBalancer", Object(&[("servers", Objects(&[("address", Text)]))])),
            ("weighted", Object(&[("services", Objects(NAMED))])),
        ]),
    ),
];

impl Fields<'_> {
    /// Takes a field of a shape; whether it is there.
    pub(super) fn shaped(&mut self, key: &str, kind: Kind) -> Result<bool, Refused> {
        Ok(match kind {
            Text => self.text(key).is_some(),
            Anything => self.take(key).is_some(),
            Texts => !self.text_map(key)?.is_empty(),
            Number => self.number(key)?.is_some(),
            Truth => self.truth(key)?.is_some(),
            Duration => self.duration(key)?,
            Object(shape) => self.object(key)?.map(|it| it.all(shape)).transpose()?.is_some(),
            MaybeEmpty(shape) => {
                self.maybe_empty(key)?.map(|it| it.all(shape)).transpose()?.is_some()
            }
            Objects(shape) => {
                let elements = self.elements(key)?;
                let some = !elements.is_empty();
                elements.into_iter().try_for_each(|it| it.all(shape)).map(|()| some)?
            }
            Entries(shape) => {
                let entries = self.entries(key)?;
                let some = !entries.is_empty();
                entries.into_iter().try_for_each(|(_, it)| it.all(shape)).map(|()| some)?
            }
        })
    }

    /// Takes all fields of a shape; none may be left.
    pub(super) fn all(mut self, shape: Shape) -> Result<(), Refused> {
        for (key, kind) in shape {
            self.shaped(key, *kind)?;
        }
        self.finish()
    }

    fn duration(&mut self, key: &str) -> Result<bool, Refused> {
        let Some(text) = self.text(key) else { return Ok(false) };
        if text.parse::<i64>().is_ok() || is_duration(&text) {
            Ok(true)
        } else {
            self.refuse(key, "no duration")
        }
    }
}

/// `1h30m`, `1.5s`, as Go reads durations.
fn is_duration(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['-', '+']);
    let mut some = false;
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let units = ["ns", "us", "µs", "ms", "s", "m", "h"];
        let after = units.iter().find_map(|unit| number.strip_prefix(unit));
        let Some(after) = after.filter(|_| number.len() < rest.len()) else { return false };
        rest = after;
        some = true;
    }
    some
}
