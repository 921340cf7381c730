//! What a name says that stands under it.

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    /// A token or key whose name says whose: `JWT_SECRET`, `apiKey`.
    Qualified,
    /// `token`, `secret`: names of other things, too.
    Bare,
    /// `key`, `salt`: mostly names of other things.
    Key,
    /// An account and its password, with a colon between them.
    Pair,
    /// A header of HTTP: `Bearer …`.
    Header,
}

/// What stands before `key` where the whole is a secret.
const BEFORE_KEY: [&str; 28] = [
    "api",
    "secret",
    "private",
    "encryption",
    "encrypt",
    "signing",
    "sign",
    "session",
    "master",
    "app",
    "auth",
    "jwt",
    "hmac",
    "shared",
    "preshared",
    "cookie",
    "crypto",
    "cipher",
    "access",
    "account",
    "deploy",
    "bouncer",
    "service",
    "admin",
    "storage",
    "data",
    "vault",
    "enrollment",
];

/// Words after which what is called a password or a key is no secret.
const OPEN: [&str; 17] = [
    "public",
    "pub",
    "hashed",
    "hash",
    "encrypted",
    "proxy",
    "no",
    "field",
    "header",
    "dummy",
    "max",
    "min",
    "attr",
    "attribute",
    "next",
    "label",
    "count",
];

/// What a name says; none where it speaks of something else.
#[must_use]
pub(crate) fn named(name: &str) -> Option<Kind> {
    if name.eq_ignore_ascii_case("authorization") {
        return Some(Kind::Header);
    }
    let words = words(name);
    let (last, before) = words.split_last()?;
    let near = before.last().map_or("", String::as_str);
    if before.iter().any(|it| OPEN.contains(&it.as_str())) {
        return None;
    }
    let ends = |ending: &str| last.len() > ending.len() && last.ends_with(ending);
    let kind = match last.as_str() {
        "password" | "passwd" | "passphrase" | "pass" | "pwd" | "passcode" | "psk" | "pw"
        | "requirepass" | "masterauth" | "pgpassword" => Kind::Password,
        "basicauth" | "userpass" | "credentials" | "creds" => Kind::Pair,
        "auth" if near == "basic" => Kind::Pair,
        "secret" | "token" if before.is_empty() => Kind::Bare,
        "secret" | "token" => Kind::Qualified,
        "key" | "base" if near == "key" || BEFORE_KEY.contains(&near) && last == "key" => {
            Kind::Qualified
        }
        "apikey" | "authkey" | "secretkey" | "privatekey" | "encryptionkey" | "signingkey"
        | "masterkey" | "accesskey" | "appkey" | "jwtsecret" | "clientsecret" => Kind::Qualified,
        "key" | "salt" | "pepper" => Kind::Key,
        _ if ends("password") || ends("passwd") || ends("passphrase") => Kind::Password,
        // `DBPASS`, `SMTPPASS`; a word that merely ends so is none of them.
        _ if ends("pass")
            && [
                "db", "smtp", "mail", "admin", "root", "user", "sql", "redis", "ldap", "bind",
                "http", "auth",
            ]
            .iter()
            .any(|it| last.ends_with(&format!("{it}pass"))) =>
        {
            Kind::Password
        }
        _ if ends("secret") || ends("token") => Kind::Qualified,
        _ => return None,
    };
    Some(kind)
}

/// The words of a name, in small letters: `DB_PASSWORD`, `dbPassword` and `db-password` have the same.
fn words(name: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    let letters: Vec<char> = name.chars().collect();
    for (at, c) in letters.iter().enumerate() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let before = at.checked_sub(1).and_then(|it| letters.get(it));
        let behind = letters.get(at + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(|it| it.is_lowercase() || it.is_ascii_digit())
                || before.is_some_and(|it| it.is_uppercase())
                    && behind.is_some_and(|it| it.is_lowercase()));
        if !open || starts {
            all.push(String::new());
        }
        open = true;
        if let Some(word) = all.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    // `PASSWORD_1`
    while all.len() > 1 && all.last().is_some_and(|it| it.bytes().all(|c| c.is_ascii_digit())) {
        all.pop();
    }
    all
}
