//! Whether a text looks like a password, a key or a token: by the name that it is said under ([`name`]), or by the form
//! that some program gives its tokens ([`form`]). What is public by its nature looks like none of them: ids, hashes,
//! fingerprints, public halves of keys, paths.

mod assigned;
mod form;
mod name;

pub(crate) use assigned::assigned;
pub(crate) use form::form;
pub(crate) use name::{Kind, named};

/// Whether a text under such a name is a secret itself, and not a path, a variable, a hash or a setting.
///
/// `loud` is a name in capitals, as an environment has it: what stands there is read as it is.
#[must_use]
pub(crate) fn is_secret(kind: Kind, value: &str, loud: bool) -> bool {
    let value = value.trim();
    if value.is_empty() || stands_for_another(value) || is_hash(value) || is_word(value, loud) {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let blank = value.contains(char::is_whitespace);
    match kind {
        // Prose about passwords has blanks, too.
        Kind::Password => !blank || loud && digits > 0,
        // A short number is a setting, as a count of tokens; of small letters alone a name, in what is called a key.
        Kind::Qualified => {
            !blank && value.len() >= 4 && (digits < value.len() || value.len() >= 16)
        }
        Kind::Bare => {
            !blank
                && !is_path(value)
                && (value.len() >= 8 && (loud || digits > 0 && digits < value.len())
                    || is_random(value))
        }
        Kind::Key => !blank && is_random(value),
        Kind::Pair => value
            .split_once(':')
            .is_some_and(|(user, rest)| !user.is_empty() && !blank && is_plain_half(rest)),
        Kind::Header => {
            let rest = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("Basic "));
            rest.is_some_and(|it| {
                it.len() >= 8
                    && !it.contains(char::is_whitespace)
                    && !stands_for_another(it)
                    && !is_word(it, false)
            })
        }
    }
}

fn is_plain_half(rest: &str) -> bool {
    !rest.is_empty()
        && !rest.starts_with("//")
        && !is_hash(rest)
        && !stands_for_another(rest)
        && !rest.bytes().all(|it| it.is_ascii_digit())
}

/// A variable, a hole of a template, a path, an address: what says where the value comes from.
pub(crate) fn stands_for_another(value: &str) -> bool {
    const STARTS: [&str; 22] = [
        "/",
        "./",
        "../",
        "~",
        "%",
        "<",
        "@",
        "!",
        "#",
        "file:",
        "env:",
        "env.",
        "ENC[",
        "vault:",
        "op://",
        "secret:",
        "secret/",
        "secrets/",
        "config.",
        "lib.",
        "builtins.",
        "systemd:",
    ];
    let variable = value.strip_prefix('$').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || "_{(".contains(c))
    });
    let hole = ["${", "{{", "{%", "{env", "%(", "$("].iter().any(|it| value.contains(it));
    let mut all = value.chars();
    let first = all.next();
    let same = all.all(|it| Some(it) == first);
    let address = value.contains("://");
    variable || hole || same || address || STARTS.iter().any(|it| value.starts_with(it))
}

/// What a password was made into, which is judged where it is used.
pub(crate) fn is_hash(value: &str) -> bool {
    const STARTS: [&str; 12] = [
        "{SHA", "{SSHA", "{CRYPT", "{ARGON2", "{PBKDF2", "pbkdf2", "scrypt", "bcrypt", "argon2",
        "sha1:", "sha256:", "sha512:",
    ];
    // Modular crypt format: `$6$…`, `$2b$…`, `$argon2id$…`; doubled where a reader takes `$` for a variable.
    let marked = value.strip_prefix("$$").or_else(|| value.strip_prefix('$'));
    let crypt = marked.and_then(|it| it.split_once('$')).is_some_and(|(id, rest)| {
        !id.is_empty()
            && !rest.is_empty()
            && id.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    });
    crypt || STARTS.iter().any(|it| value.starts_with(it))
}

/// Words that settings have, where no password would be one. In an environment `password` is one.
fn is_word(value: &str, loud: bool) -> bool {
    const WORDS: [&str; 36] = [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "none",
        "null",
        "nil",
        "enabled",
        "disabled",
        "enable",
        "disable",
        "auto",
        "required",
        "optional",
        "never",
        "always",
        "prompt",
        "ask",
        "stdin",
        "-",
        "file",
        "env",
        "hidden",
        "plain",
        "basic",
        "bearer",
        "cookie",
        "random",
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "generate",
        "keyring",
    ];
    const QUIET: [&str; 11] = [
        "default", "string", "str", "password", "passwd", "token", "secret", "text", "jwt",
        "session", "pass",
    ];
    let is = |all: &[&str]| all.iter().any(|it| value.eq_ignore_ascii_case(it));
    is(&WORDS) || !loud && is(&QUIET) || value.ends_with("_token")
}

fn is_path(value: &str) -> bool {
    value.contains('/') && value.split('/').all(|part| part.len() < 20 && !part.is_empty())
}

/// Whether a text was made by chance: long, of the letters that hexadecimal and Base64 have, and of many of them.
pub(crate) fn is_random(value: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    if value.len() < 20 || !value.chars().all(letters) || is_path(value) {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let hex = value.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
    let mixed = value.bytes().any(|it| it.is_ascii_lowercase())
        && value.bytes().any(|it| it.is_ascii_uppercase());
    // Words that are joined have hardly a digit.
    digits >= 2 && (hex || mixed || digits * 8 >= value.len()) && distinct(value) >= 8
}

/// How many different letters a text has.
pub(crate) fn distinct(value: &str) -> usize {
    let mut seen = [false; 128];
    for byte in value.bytes() {
        if let Some(it) = seen.get_mut(usize::from(byte)) {
            *it = true;
        }
    }
    seen.iter().filter(|it| **it).count()
}

#[cfg(test)]
mod tests {
    use super::{Kind, form, is_secret, named};

    fn looks(name: &str, value: &str) -> bool {
        let loud = !name.contains(|c: char| c.is_ascii_lowercase());
        named(name).is_some_and(|kind| is_secret(kind, value, loud))
    }

    #[test]
    fn what_looks_like_a_secret() {
        for (name, value) in [
            ("POSTGRES_PASSWORD", "hunter2"),
            ("MYSQL_ROOT_PASSWORD", "postgres"),
            ("SMTP_PASS", "s3cret!"),
            ("JWT_SECRET", "supersecretjwt"),
            ("ADMIN_TOKEN", "Zk3v9-Qm2x"),
            ("SECRET_KEY_BASE", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz"),
            ("API_KEY", "f00dfeed"),
            ("apiKey", "9c1185a5c5e9fc54"),
            ("initialPassword", "letmein"),
            ("psk", "correcthorse"),
            ("BASIC_AUTH", "admin:hunter2"),
            ("Authorization", "Bearer 4f3c2b1a99"),
            ("requirepass", "hunter2"),
        ] {
            assert!(looks(name, value), "{name}={value}");
        }
    }

    #[test]
    fn what_does_not() {
        for (name, value) in [
            ("POSTGRES_PASSWORD_FILE", "/run/secrets/db"),
            ("POSTGRES_PASSWORD", "/run/secrets/db"),
            ("DB_PASSWORD", "${DB_PASSWORD}"),
            ("DB_PASSWORD", "$__file{/run/secrets/db}"),
            ("users_password", "$argon2id$v=19$m=65536,t=3,p=4$abc$def"),
            ("password_hash", "abcdef0123456789abcdef"),
            ("hashedPassword", "$6$abc$def"),
            ("CLIENT_ID", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
            ("PUBLIC_KEY", "AAAAC3NzaC1lZDI1NTE5AAAAIJ0abcdefgh1234"),
            ("ssh_key", "ed25519"),
            ("token", "access_token"),
            ("token_type", "bearer"),
            ("PasswordAuthentication", "no"),
            ("TOKEN_EXPIRY", "3600"),
            ("key", "server/immich/env"),
            ("secret", "app-tls"),
            ("sort_key", "name"),
            ("proxy_pass", "http://localhost:80"),
            ("COMPASS", "north"),
            ("X-Auth-Request-Access-Token", "true"),
            ("passwordLabel", "Your password"),
            ("password", "Enter your password"),
            ("tokenEndpointAuthMethod", "client_secret_post"),
            ("monkey", "banana123456789012345"),
            ("license", "MIT"),
            ("Authorization", "Bearer ${token}"),
        ] {
            assert!(!looks(name, value), "{name}={value}");
        }
        assert_eq!(named("KEYBOARD"), None);
        assert_eq!(named("DB_PASSWORD"), Some(Kind::Password));
        assert_eq!(named("PAPERLESS_DBPASS"), Some(Kind::Password));
        assert_eq!(named("BYPASS"), None);
    }

    #[test]
    fn forms_are_known() {
        for text in [
            "ghp_0123456789abcdefghijABCDEFGHIJ456789",
            "x AKIAQ3EGQKLMNOPRSTUV y",
            "https://hooks.slack.com/services/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",
            "https://discord.com/api/webhooks/123456789012345678/aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
            "telegram://123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1@telegram",
            "discord://aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789@123456789012345678",
            "postgres://app:hunter2@db:5432/app",
            "redis://:hunter2@localhost",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n",
            "AGE-SECRET-KEY-1QQPQZRFR4WX0D5PLGXQ0VPVZ6RRNZJ2ZL8ZL9Q5W7ZQXKJ8D5PQSVX2AC",
            "http://gotify/message?token=A8z3kq9Xw2LmN4p",
        ] {
            assert!(form(text).is_some(), "{text}");
        }
        for text in [
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "postgres://app@db/app",
            "postgres://app:${DB}@db/app",
            "https://discord.com/invite/abc",
            "grep -q 'BEGIN OPENSSH PRIVATE KEY' file",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0abcdefgh1234 me@there",
            "sha256:9c1185a5c5e9fc54612808977ee8f548b2258d31",
            "https://example.com/a?token=$TOKEN",
            "http://[::1]:80/x@y",
            "docker.io/a/b:c@sha256:9c1185a5c5e9fc54612808977ee8f548b2258d31",
            "sk-proj-your-key-goes-here-please",
        ] {
            assert!(form(text).is_none(), "{text}");
        }
    }
}
