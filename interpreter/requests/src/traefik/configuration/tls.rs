//! `tls.options`.

use super::fields::{Fields, Refused};
use super::shapes::Kind;

/// A set of TLS options.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// Files, or texts, with the authorities of client certificates.
    pub ca_files: Vec<String>,
    /// What is wanted of the client's certificate, as it is written.
    pub client_auth: String,
    /// The lowest version, `VersionTLS12` for one.
    pub min_version: String,
    /// The highest one.
    pub max_version: String,
    /// Whether a name without a certificate is refused.
    pub sni_strict: bool,
    /// Cipher suites by name.
    pub cipher_suites: Vec<String>,
    /// Curves by name.
    pub curves: Vec<String>,
}

/// What is wanted of the client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// Nothing.
    None,
    /// One is asked for, none is needed and any will do.
    Request,
    /// Any will do.
    RequireAny,
    /// None is needed; one that is shown must be signed by an authority.
    VerifyIfGiven,
    /// One signed by an authority.
    RequireAndVerify,
}

impl TlsOptions {
    pub(super) fn read(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Self, Refused> {
        let mut options = Self {
            min_version: fields.text("minVersion").unwrap_or_default(),
            max_version: fields.text("maxVersion").unwrap_or_default(),
            sni_strict: fields.truth("sniStrict")?.unwrap_or(false),
            cipher_suites: fields.texts("cipherSuites").unwrap_or_default(),
            curves: fields.texts("curvePreferences").unwrap_or_default(),
            ..Self::default()
        };
        if let Some(mut auth) = fields.object("clientAuth")? {
            options.ca_files = auth.texts("caFiles").unwrap_or_default();
            options.client_auth = auth.text("clientAuthType").unwrap_or_default();
            auth.finish()?;
        }
        fields.noted("alpnProtocols", Kind::Text, found)?;
        fields.truth("preferServerCipherSuites")?;
        fields.truth("disableSessionTickets")?;
        fields.finish()?;
        Ok(options)
    }
}
