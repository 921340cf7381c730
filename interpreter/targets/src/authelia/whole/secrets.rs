//! Secrets that must be there, and what they must look like (`internal/configuration/validator`).

use serde_json::Value;

use super::values::{get, is_on, text_at};

/// The first word of each digest that Authelia decodes (`go-crypt`).
const DIGESTS: &[&str] = &[
    "argon2id",
    "argon2i",
    "argon2d",
    "2",
    "2a",
    "2b",
    "2x",
    "2y",
    "bcrypt-sha256",
    "pbkdf2",
    "pbkdf2-sha1",
    "pbkdf2-sha224",
    "pbkdf2-sha256",
    "pbkdf2-sha384",
    "pbkdf2-sha512",
    "scrypt",
    "yescrypt",
    "y",
    "md5",
    "sha1",
    "1",
    "5",
    "6",
    "plaintext",
    "base64",
];

/// What is missing or no secret of its kind, with its path.
pub(super) fn check(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let missing = |path: &str| text_at(root, path).is_empty();
    let mut need = |path: &str, needed: bool| {
        if needed && missing(path) {
            found.push(format!("{path}: it is needed"));
        }
    };
    need("storage.encryption_key", true);
    need(
        "identity_validation.reset_password.jwt_secret",
        !is_on(root, "authentication_backend.password_reset.disable"),
    );
    need("session.secret", get(root, "session.redis").is_some());
    let ldap = "authentication_backend.ldap";
    let strangers = is_on(root, &format!("{ldap}.permit_unauthenticated_bind"));
    need(&format!("{ldap}.password"), get(root, ldap).is_some() && !strangers);
    let duo = ["hostname", "integration_key", "secret_key"].map(|key| format!("duo_api.{key}"));
    let uses_duo = !is_on(root, "duo_api.disable") && !duo.iter().all(|path| missing(path));
    duo.iter().for_each(|path| need(path, uses_duo));
    if (1..20).contains(&text_at(root, "storage.encryption_key").len()) {
        found.push("storage.encryption_key: it has at least 20 characters".to_owned());
    }
    for (list, key) in [("clients", "client_secret"), ("jwks", "key")] {
        let path = format!("identity_providers.oidc.{list}");
        for item in get(root, &path).and_then(Value::as_array).into_iter().flatten() {
            let said = text_at(item, key);
            let good = if list == "clients" { is_digest(&said) } else { is_key(&said) };
            if !said.is_empty() && !good {
                found.push(format!("{path}: `{key}` cannot be decoded"));
            }
        }
    }
    found
}

/// Whether a secret is plain, or a digest by its outer form.
fn is_digest(said: &str) -> bool {
    let mut parts = said.split('$');
    match (parts.next(), parts.next()) {
        (Some(""), Some(kind)) => DIGESTS.contains(&kind) && parts.next().is_some(),
        (_, _) => true,
    }
}

/// Whether a text is a key by its outer form: PEM, or bytes in base64.
fn is_key(said: &str) -> bool {
    let in_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
    said.trim_start().starts_with("-----BEGIN ")
        || said.len().is_multiple_of(4) && said.bytes().all(in_base64)
}
