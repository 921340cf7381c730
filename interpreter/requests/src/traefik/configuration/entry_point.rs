//! Entry points, as the static file says them.

use serde_json::Value;

use super::fields::{Fields, Refused};
use super::middleware::EncodedCharacters;
use super::shapes::{self, Kind};

/// An entry point.
#[derive(Clone, Debug)]
pub struct EntryPoint {
    /// As routers name it.
    pub name: String,
    /// Where it listens.
    pub address: String,
    /// Whether routers that name none listen here.
    pub as_default: bool,
    /// `http.redirections.entryPoint`.
    pub redirection: Option<Redirection>,
    /// Middlewares before those of each router.
    pub middlewares: Vec<String>,
    /// Makes each router answer over TLS, with these options.
    pub tls: Option<String>,
    /// Whether paths are cleaned; they are unless it is said.
    pub sanitize_path: bool,
    /// The encoded characters that a path may hold.
    pub encoded_characters: Option<EncodedCharacters>,
    /// Whether a `;` in a query becomes `%3B`; `&` otherwise.
    pub encode_query_semicolons: bool,
    /// What is done about headers with `_` in their names.
    pub underscores: Underscores,
    /// Whose `X-Forwarded-*` is believed.
    pub forwarded: Forwarded,
    /// Whose word about the client's address is believed that stands before the connection (PROXY protocol).
    pub proxied: Option<Proxied>,
}

/// Who may speak the PROXY protocol; the word of all others is dropped.
#[derive(Clone, Debug, Default)]
pub struct Proxied {
    /// Everybody.
    pub insecure: bool,
    /// These addresses and networks.
    pub trusted: Vec<String>,
}

/// What is done about headers with `_` in their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Underscores {
    /// They pass.
    Keep,
    /// They are taken away.
    Delete,
    /// The request is answered 400.
    Reject,
}

/// A redirection of a whole entry point.
#[derive(Clone, Debug)]
pub struct Redirection {
    /// An entry point, or `:PORT`.
    pub to: String,
    /// `https` unless it is said.
    pub scheme: String,
    /// 301 and 308, not 302 and 307.
    pub permanent: bool,
    /// Its router's priority, far above all others unless it is said.
    pub priority: i64,
}

/// Whose `X-Forwarded-*` headers are believed.
#[derive(Clone, Debug, Default)]
pub struct Forwarded {
    /// Everybody's.
    pub insecure: bool,
    /// Those of these addresses and networks.
    pub trusted: Vec<String>,
    /// Headers that `Connection` names and that stay nevertheless.
    pub connection: Vec<String>,
    /// Whether the client's address is not added to `X-Forwarded-For`.
    pub not_append: bool,
    /// Whether `X-Scheme` and `X-Forwarded-Scheme` are sent too.
    pub scheme_headers: bool,
}

impl EntryPoint {
    pub(super) fn read(value: &Value, found: &mut Vec<String>) -> Result<Self, Refused> {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut fields = Fields::of(value, format!("entryPoints.{name}"))?;
        fields.take("name");
        let mut point = Self {
            name,
            address: fields.text("address").unwrap_or_default(),
            as_default: fields.truth("asDefault")?.unwrap_or(false),
            redirection: None,
            middlewares: Vec::new(),
            tls: None,
            sanitize_path: true,
            encoded_characters: None,
            encode_query_semicolons: false,
            underscores: Underscores::Keep,
            forwarded: Forwarded::default(),
            proxied: None,
        };
        if let Some(mut http) = fields.maybe_empty("http")? {
            point.http(&mut http, found)?;
            http.finish()?;
        }
        if let Some(mut forwarded) = fields.object("forwardedHeaders")? {
            point.forwarded = Forwarded {
                insecure: forwarded.truth("insecure")?.unwrap_or(false),
                trusted: forwarded.texts("trustedIPs").unwrap_or_default(),
                connection: forwarded.texts("connection").unwrap_or_default(),
                not_append: forwarded.truth("notAppendXForwardedFor")?.unwrap_or(false),
                scheme_headers: forwarded.truth("addXForwardedSchemeHeaders")?.unwrap_or(false),
            };
            forwarded.finish()?;
        }
        if let Some(mut proxied) = fields.maybe_empty("proxyProtocol")? {
            point.proxied = Some(Proxied {
                insecure: proxied.truth("insecure")?.unwrap_or(false),
                trusted: proxied.texts("trustedIPs").unwrap_or_default(),
            });
            proxied.harmless(&["version"]);
            proxied.finish()?;
        }
        fields.noted("allowACMEByPass", Kind::Truth, found)?;
        fields.harmless(&["transport", "http2", "http3", "udp", "observability", "reusePort"]);
        fields.finish()?;
        Ok(point)
    }

    fn http(&mut self, http: &mut Fields<'_>, found: &mut Vec<String>) -> Result<(), Refused> {
        self.middlewares = http.texts("middlewares").unwrap_or_default();
        self.sanitize_path = http.truth("sanitizePath")?.unwrap_or(true);
        self.encode_query_semicolons = http.truth("encodeQuerySemicolons")?.unwrap_or(false);
        if let Some(mut tls) = http.maybe_empty("tls")? {
            self.tls = Some(tls.text("options").unwrap_or_default());
            tls.text("certResolver");
            tls.shaped("domains", Kind::Objects(shapes::DOMAIN))?;
            tls.finish()?;
        }
        // On an entry point what is not said is allowed.
        if let Some(encoded) = http.object("encodedCharacters")? {
            self.encoded_characters = Some(EncodedCharacters::read(encoded, true)?);
        }
        self.underscores = match http.text("underscoreHeadersStrategy").as_deref() {
            None | Some("" | "keep") => Underscores::Keep,
            Some("delete") => Underscores::Delete,
            Some("reject") => Underscores::Reject,
            Some(_) => return http.refuse("underscoreHeadersStrategy", "no such strategy"),
        };
        if let Some(mut redirections) = http.object("redirections")? {
            if let Some(mut to) = redirections.object("entryPoint")? {
                self.redirection = Some(Redirection {
                    to: to.text("to").unwrap_or_default(),
                    scheme: to.text("scheme").unwrap_or_else(|| "https".to_owned()),
                    permanent: to.truth("permanent")?.unwrap_or(true),
                    priority: to.number("priority")?.unwrap_or(i64::MAX - 1),
                });
                to.finish()?;
            }
            redirections.finish()?;
        }
        http.noted("maxHeaderBytes", Kind::Number, found)?;
        Ok(())
    }
}
