//! What the model holds otherwise than its schema says: few rows, each with its reason. A row about something
//! that is not there fails the build.

/// Names and forms that the schemas do not say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Special {
    /// Schemas and enums whose fields stay data by name: the schema types them, and a target spells them by its
    /// table of that program's fields, so that a new option of that program needs no line of Rust.
    pub(crate) kept: Vec<&'static str>,
    /// Schemas, enums and payloads (`Answer.no`) with another name in Rust.
    pub(crate) names: Vec<(&'static str, &'static str)>,
}

impl Special {
    /// What holds for the standard library.
    #[must_use]
    pub(crate) fn own() -> Special {
        Special {
            kept: KEPT.iter().map(|(name, _)| *name).collect(),
            names: NAMES.iter().map(|(name, rust, _)| (*name, *rust)).collect(),
        }
    }
}

const TRAEFIK: &str = "Traefik's own options, spelled by targets/src/traefik/fields.json";
const AUTHELIA: &str = "Authelia's own options, spelled by targets/src/authelia/fields.json";

/// Kept as data, and why.
const KEPT: &[(&str, &str)] = &[
    ("Balancing", TRAEFIK),
    ("TransportKind", TRAEFIK),
    ("TlsOptions", TRAEFIK),
    ("MiddlewareKind", TRAEFIK),
    ("EntryPoint", TRAEFIK),
    ("CertificatePair", TRAEFIK),
    ("CertificateDomain", TRAEFIK),
    ("DefaultCertificate", TRAEFIK),
    ("Observability", TRAEFIK),
    ("Propagation", TRAEFIK),
    ("PluginSettings", TRAEFIK),
    ("TraefikLog", TRAEFIK),
    ("AccessLog", TRAEFIK),
    ("LdapPooling", AUTHELIA),
    ("SessionRedis", AUTHELIA),
    ("Database", AUTHELIA),
    ("AutheliaServer", AUTHELIA),
    ("AutheliaLog", AUTHELIA),
    ("Totp", AUTHELIA),
    ("WebAuthn", AUTHELIA),
    ("Duo", AUTHELIA),
    ("PasswordPolicy", AUTHELIA),
    ("IdentityValidation", AUTHELIA),
    ("PrivacyPolicy", AUTHELIA),
    ("Ntp", AUTHELIA),
    ("Telemetry", AUTHELIA),
    ("OidcLifespans", AUTHELIA),
    ("ClaimsPolicy", AUTHELIA),
    ("OidcScope", AUTHELIA),
    ("OidcOptions", AUTHELIA),
];

/// Named otherwise in Rust, and why.
const NAMES: &[(&str, &str, &str)] = &[
    ("Fleet", "FleetWide", "`fleet::Fleet` is the whole of a fleet"),
    ("Backend", "Balancer", "`ways::Backend` is what a route leads to in the end"),
    ("Protocol", "PortProtocol", "`backends::BackendProtocol` is what a route speaks"),
    ("Answer.no", "Reason", "`No` says little where it stands alone"),
    ("Networking.of", "Networks", "`Of` says little where it stands alone"),
    ("SubIds.range", "IdRange", "`Range` is the standard library's"),
];
