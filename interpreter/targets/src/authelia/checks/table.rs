//! Rules that one value can break by itself, each with the places it holds for.

use super::Report;
use super::kinds::seconds;
use super::parts::{address_problem, mail_problem};
use super::view::View;

/// What a value has to be. Nothing, an empty text and a secret pass: whether something must be said is another rule.
enum Rule {
    OneOf(&'static [&'static str]),
    /// Whole numbers from one to another; 0 is Authelia's word for its default, where it has one.
    Number(i64, i64),
    Numbers(&'static [i64]),
    /// At least so many seconds.
    Seconds(f64),
    /// An address with one of these schemes.
    Address(&'static [&'static str]),
    Mail,
    /// A URL that begins with one of these.
    Begins(&'static [&'static str]),
    Below(fn(&str) -> bool, &'static str),
}

const HTTP: &[&str] = &["tcp", "tcp4", "tcp6", "unix", "fd"];
const SQL: &[&str] = &["tcp", "tcp4", "tcp6", "unix"];
const SAME_SITE: &[&str] = &["none", "lax", "strict"];
const POLICIES: &[&str] = &["bypass", "one_factor", "two_factor", "deny"];
const WANTED: &[&str] = &["discouraged", "preferred", "required"];
const ALGORITHMS: &[&str] = &["SHA1", "SHA256", "SHA512", "sha1", "sha256", "sha512"];
const TLS: &[&str] = &["TLS1.3", "TLS1.2", "TLS1.1", "TLS1.0", "1.3", "1.2", "1.1", "1.0"];
const IMPLEMENTATIONS: &[&str] =
    &["custom", "activedirectory", "rfc2307bis", "freeipa", "lldap", "glauth"];
const ANY: i64 = i64::MAX;

/// The validator's functions, in its order.
const TABLE: &[(&str, Rule)] = &[
    ("theme", Rule::OneOf(&["light", "dark", "grey", "oled", "auto"])),
    ("default_2fa_method", Rule::OneOf(&["totp", "webauthn", "mobile_push"])),
    ("log.level", Rule::OneOf(&["trace", "debug", "info", "warn", "error"])),
    ("log.format", Rule::OneOf(&["text", "json"])),
    ("totp.algorithm", Rule::OneOf(ALGORITHMS)),
    ("totp.allowed_algorithms.*", Rule::OneOf(ALGORITHMS)),
    ("totp.period", Rule::Number(15, ANY)),
    ("totp.allowed_periods.*", Rule::Number(15, ANY)),
    ("totp.digits", Rule::Numbers(&[0, 6, 8])),
    ("totp.allowed_digits.*", Rule::Numbers(&[6, 8])),
    ("totp.secret_size", Rule::Number(20, ANY)),
    ("webauthn.attestation_conveyance_preference", Rule::OneOf(&["none", "indirect", "direct"])),
    ("webauthn.selection_criteria.attachment", Rule::OneOf(&["platform", "cross-platform"])),
    ("webauthn.selection_criteria.discoverability", Rule::OneOf(WANTED)),
    ("webauthn.selection_criteria.user_verification", Rule::OneOf(WANTED)),
    ("webauthn.metadata.cache_policy", Rule::OneOf(&["strict", "relaxed"])),
    ("identity_validation.reset_password.jwt_algorithm", Rule::OneOf(&["HS256", "HS384", "HS512"])),
    ("identity_validation.elevated_session.characters", Rule::Number(0, 20)),
    ("authentication_backend.ldap.implementation", Rule::OneOf(IMPLEMENTATIONS)),
    ("authentication_backend.ldap.address", Rule::Address(&["ldap", "ldaps", "ldapi"])),
    ("authentication_backend.ldap.tls.minimum_version", Rule::OneOf(TLS)),
    ("authentication_backend.password_reset.custom_url", Rule::Begins(&["http://", "https://"])),
    ("access_control.default_policy", Rule::OneOf(POLICIES)),
    ("access_control.rules.*.policy", Rule::OneOf(POLICIES)),
    ("session.same_site", Rule::OneOf(SAME_SITE)),
    ("session.cookies.*.same_site", Rule::OneOf(SAME_SITE)),
    ("session.redis.port", Rule::Number(0, 65_535)),
    ("regulation.modes.*", Rule::OneOf(&["user", "ip"])),
    ("server.address", Rule::Address(HTTP)),
    ("server.endpoints.rate_limits.*.buckets.*.period", Rule::Seconds(10.0)),
    ("server.endpoints.rate_limits.*.buckets.*.requests", Rule::Number(1, ANY)),
    (
        "server.endpoints.authz.*.implementation",
        Rule::OneOf(&["AuthRequest", "ForwardAuth", "ExtAuthz", "Legacy"]),
    ),
    ("telemetry.metrics.address", Rule::Address(HTTP)),
    ("storage.postgres.address", Rule::Address(SQL)),
    ("storage.mysql.address", Rule::Address(SQL)),
    ("storage.postgres.servers.*.address", Rule::Address(SQL)),
    ("storage.postgres.ssl.mode", Rule::OneOf(&["disable", "require", "verify-ca", "verify-full"])),
    ("notifier.smtp.address", Rule::Address(&["smtp", "submission", "submissions"])),
    ("notifier.smtp.tls.minimum_version", Rule::OneOf(TLS)),
    ("notifier.smtp.sender", Rule::Mail),
    ("notifier.smtp.startup_check_address", Rule::Mail),
    ("ntp.address", Rule::Address(&["udp", "udp4", "udp6"])),
    ("ntp.version", Rule::Numbers(&[0, 3, 4])),
    ("password_policy.zxcvbn.min_score", Rule::Number(0, 4)),
    ("password_policy.standard.min_length", Rule::Number(0, ANY)),
    ("privacy_policy.policy_url", Rule::Begins(&["https://"])),
    (
        "identity_providers.oidc.enforce_pkce",
        Rule::OneOf(&["always", "never", "public_clients_only"]),
    ),
    (
        "identity_providers.oidc.claims_policies.*.id_token_audience_mode",
        Rule::OneOf(&["specification", "experimental-merged"]),
    ),
    ("identity_providers.oidc.jwks.*.key_id", Rule::Below(is_key_id, KEY_ID)),
];

const KEY_ID: &str =
    "it has letters, digits, `.`, `_`, `~` and `-`, and a letter or digit at both ends";

fn is_key_id(text: &str) -> bool {
    let end = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    super::clients::is_unreserved(text) && end(text.chars().next()) && end(text.chars().next_back())
}

pub(super) fn check(root: &View<'_>, report: &mut Report) {
    for (pattern, rule) in TABLE {
        for at in root.all(pattern) {
            if let Some(why) = rule.broken(&at) {
                report.say(&at, why);
            }
        }
    }
}

impl Rule {
    fn broken(&self, at: &View<'_>) -> Option<String> {
        let text = at.text().filter(|text| !text.is_empty());
        match self {
            Rule::OneOf(words) => {
                let odd = text.filter(|text| !words.contains(text))?;
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                Some(format!("`{odd}` is none of {}", words.join(", ")))
            }
            Rule::Number(from, to) => {
                let number = at.int().filter(|number| number < from || number > to)?;
                // The smallest that is said without a word of its own.
                let is_default = number == 0 && !at.path.ends_with("requests");
                let range =
                    if *to == ANY { format!("{from} or more") } else { format!("{from} to {to}") };
                (!is_default).then(|| format!("{number} is not {range}"))
            }
            Rule::Numbers(good) => {
                let number = at.int().filter(|number| !good.contains(number))?;
                let good: Vec<String> =
                    good.iter().filter(|it| **it != 0).map(i64::to_string).collect();
                Some(format!("{number} is none of {}", good.join(" and ")))
            }
            Rule::Seconds(least) => {
                let short = seconds(at).is_some_and(|it| it < *least);
                short.then(|| format!("it is at least {least} seconds"))
            }
            Rule::Address(schemes) => address_problem(text?, schemes),
            Rule::Mail => mail_problem(text?),
            Rule::Begins(starts) => {
                let odd = text.filter(|text| !starts.iter().any(|it| text.starts_with(it)))?;
                Some(format!("`{odd}` does not begin with `{}`", starts.join("` or `")))
            }
            Rule::Below(good, why) => text.filter(|text| !good(text)).map(|_| (*why).to_owned()),
        }
    }
}
