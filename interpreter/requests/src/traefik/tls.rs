//! Which TLS options a connection gets, and whether its handshake succeeds.

use super::Peers;
use super::configuration::{ClientAuth, TlsOptions};
use super::request::{Certificate, Tls};
use super::rule;

/// Options that can be used.
#[derive(Clone, Debug)]
pub(crate) struct Usable {
    auth: ClientAuth,
    least: u8,
    most: u8,
    strict: bool,
}

/// The names of a listener, each with its options; those that cannot be used close the connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listener {
    names: Vec<(String, i64, Bound)>,
    /// Names with the options that another router's took the place of.
    replaced: Vec<(String, String)>,
    pub(crate) default: Option<Usable>,
}

#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) options: String,
    pub(crate) usable: Option<Usable>,
}

impl Usable {
    /// Looks at options.
    ///
    /// # Errors
    /// Why Traefik cannot use them.
    pub(crate) fn new(options: &TlsOptions, peers: &dyn Peers) -> Result<Self, String> {
        if let Some(file) = options.ca_files.iter().find(|file| !peers.authorities(file)) {
            return Err(format!("{file} holds no certificates"));
        }
        let with_authorities = !options.ca_files.is_empty();
        let auth = match options.client_auth.as_str() {
            "" if with_authorities => ClientAuth::RequireAndVerify,
            "" | "NoClientCert" => ClientAuth::None,
            "RequestClientCert" => ClientAuth::Request,
            "RequireAnyClientCert" => ClientAuth::RequireAny,
            "VerifyClientCertIfGiven" if with_authorities => ClientAuth::VerifyIfGiven,
            "RequireAndVerifyClientCert" if with_authorities => ClientAuth::RequireAndVerify,
            other => {
                return Err(format!("clientAuthType {other} does not exist, or wants caFiles"));
            }
        };
        let known = |name: &String| CURVES.contains(&name.as_str());
        if let Some(curve) = options.curves.iter().find(|name| !known(name)) {
            return Err(format!("there is no curve {curve}"));
        }
        if let Some(suite) = options.cipher_suites.iter().find(|name| !name.starts_with("TLS_")) {
            return Err(format!("there is no cipher suite {suite}"));
        }
        // A version that does not exist is passed over.
        Ok(Self {
            auth,
            least: version(&options.min_version).unwrap_or(2),
            most: version(&options.max_version).unwrap_or(3),
            strict: options.sni_strict,
        })
    }

    /// Whether a handshake succeeds, or why not.
    pub(crate) fn shake(&self, tls: &Tls) -> Result<(), &'static str> {
        let offered = match tls.version.as_deref() {
            Some("1.0") => 0..=0,
            Some("1.1") => 1..=1,
            Some("1.2") => 2..=2,
            Some("1.3") => 3..=3,
            Some(_) | None => 2..=3,
        };
        if !offered.into_iter().any(|version| (self.least..=self.most).contains(&version)) {
            return Err("no TLS version in common");
        }
        if tls.sni.as_deref().is_some_and(|name| name.ends_with('.')) {
            return Err("a name in a handshake has no dot at its end");
        }
        // The certificates that Traefik has are not known here: none is for a name.
        if self.strict {
            return Err("sniStrict: no certificate is for that name");
        }
        match (self.auth, tls.certificate) {
            (ClientAuth::RequireAny | ClientAuth::RequireAndVerify, Certificate::None) => {
                Err("a client certificate is wanted")
            }
            (ClientAuth::VerifyIfGiven | ClientAuth::RequireAndVerify, Certificate::Untrusted) => {
                Err("the client certificate is not signed by an authority of the options")
            }
            (
                ClientAuth::None
                | ClientAuth::Request
                | ClientAuth::RequireAny
                | ClientAuth::VerifyIfGiven
                | ClientAuth::RequireAndVerify,
                Certificate::None | Certificate::Trusted | Certificate::Untrusted,
            ) => Ok(()),
        }
    }

    /// Whether Traefik sees the client's certificate.
    pub(crate) fn sees_certificate(&self) -> bool {
        self.auth != ClientAuth::None
    }
}

const CURVES: [&str; 14] = [
    "secp256r1",
    "CurveP256",
    "secp384r1",
    "CurveP384",
    "secp521r1",
    "CurveP521",
    "x25519",
    "X25519",
    "x25519mlkem768",
    "X25519MLKEM768",
    "SecP256r1MLKEM768",
    "secp256r1mlkem768",
    "SecP384r1MLKEM1024",
    "secp384r1mlkem1024",
];

fn version(name: &str) -> Option<u8> {
    match name {
        "VersionTLS10" => Some(0),
        "VersionTLS11" => Some(1),
        "VersionTLS12" => Some(2),
        "VersionTLS13" => Some(3),
        _ => None,
    }
}

impl Listener {
    /// Binds options to a host name of a rule; a later one of the same name wins.
    pub(crate) fn bind(&mut self, host: &str, bound: Bound) {
        let word = |c: char| c.is_ascii_alphanumeric() || "_.-:".contains(c);
        let name = host.strip_prefix("*.").unwrap_or(host);
        if host != "*" && (name.is_empty() || !name.chars().all(word)) {
            return;
        }
        // Traefik makes a rule of it, whose length is its priority; for every name it is the last.
        let priority = if host == "*" { -1 } else { i64::try_from(host.len()).unwrap_or(i64::MAX) };
        let before = self.names.extract_if(.., |(known, _, _)| known == host);
        self.replaced.extend(before.map(|(known, _, bound)| (known, bound.options)));
        self.names.push((host.to_owned(), priority, bound));
        self.names.sort_by_key(|(_, priority, _)| std::cmp::Reverse(*priority));
    }

    /// The host of a rule that a name is bound to.
    pub(crate) fn bound(&self, sni: Option<&str>) -> Option<&str> {
        let name = canonical(sni);
        self.names.iter().find(|(host, _, _)| fits(host, &name)).map(|(host, _, _)| host.as_str())
    }

    /// The options of a connection: their name and, if they can be used, themselves.
    pub(crate) fn choose(&self, sni: Option<&str>) -> (&str, Option<&Usable>) {
        let name = canonical(sni);
        match self.names.iter().find(|(host, _, _)| fits(host, &name)) {
            Some((_, _, bound)) => (&bound.options, bound.usable.as_ref()),
            None => ("default", self.default.as_ref()),
        }
    }

    /// Other options that the connection may get as well: those of another name of the same length, or of another
    /// router with that name.
    pub(crate) fn tied(&self, sni: Option<&str>) -> Vec<String> {
        let name = canonical(sni);
        let mut fitting = self.names.iter().filter(|(host, _, _)| fits(host, &name));
        let Some((host, length, chosen)) = fitting.next() else { return Vec::new() };
        let same = fitting.take_while(|(_, other, _)| other == length);
        let mut tied: Vec<_> = same.map(|(host, _, bound)| (host, &bound.options)).collect();
        tied.extend(self.replaced.iter().filter(|(it, _)| it == host).map(|(host, it)| (host, it)));
        tied.retain(|(_, options)| **options != chosen.options);
        tied.iter().map(|(host, options)| format!("TLS options {options} of {host}")).collect()
    }
}

fn canonical(sni: Option<&str>) -> String {
    sni.unwrap_or_default().trim().to_lowercase()
}

/// Whether a name asked for is one of a rule.
fn fits(host: &str, name: &str) -> bool {
    host == "*" || (!name.is_empty() && rule::fits(name, host.strip_suffix('.').unwrap_or(host)))
}
