//! Rules that hold between several options of a section.

use qg_lang::url::{Listen, Url};

use super::Report;
use super::kinds::seconds;
use super::parts::{domain_problem, is_below};
use super::view::View;

pub(super) fn check(root: &View<'_>, report: &mut Report) {
    second_factors(root, report);
    regulation(root, report);
    passwords(root, report);
    exactly_one(root, "storage", &["local", "mysql", "postgres"], report);
    exactly_one(root, "notifier", &["smtp", "filesystem"], report);
    exactly_one(root, "authentication_backend", &["ldap", "file"], report);
    required(root, report);
    server(root, report);
    cookies(root, report);
}

fn second_factors(root: &View<'_>, report: &mut Report) {
    let off = |method: &str| match method {
        "totp" => root.is_on("totp.disable"),
        "webauthn" => root.is_on("webauthn.disable"),
        // Without its options Authelia still takes it for a method at this point.
        "mobile_push" => root.is_on("duo_api.disable"),
        _ => false,
    };
    if let Some(method) = root.get("default_2fa_method")
        && let Some(name) = method.text().filter(|name| off(name))
    {
        report.say(&method, format!("people are asked for `{name}`, which is switched off"));
    }
    let passkeys = root.is_on("webauthn.enable_passkey_login");
    if let Some(login) = root.get("webauthn.enable_passkey_login")
        && passkeys
        && root.is_on("webauthn.disable")
    {
        report.say(&login, "there are no passkeys where WebAuthn is switched off");
    }
    for key in ["experimental_enable_passkey_uv_two_factors", "experimental_enable_passkey_upgrade"]
    {
        let path = format!("webauthn.{key}");
        if let Some(at) = root.get(&path).filter(|_| root.is_on(&path) && !passkeys) {
            report.say(&at, "it needs `enable_passkey_login`: say `passkeys = true`");
        }
    }
    if let Some(policy) = root.get("webauthn.metadata")
        && root.is_on("webauthn.metadata.enabled")
        && policy.get("cache_policy").is_some_and(|it| it.text() == Some(""))
    {
        report.say(&policy, "`cache_policy` is `strict` or `relaxed`");
    }
    if root.has("webauthn.filtering.permitted_aaguids")
        && let Some(at) = root.get("webauthn.filtering.prohibited_aaguids")
        && root.has("webauthn.filtering.prohibited_aaguids")
    {
        report.say(&at, "some keys are permitted already: all others are prohibited");
    }
    if let Some(duo) = root.get("duo_api")
        && root.has("duo_api")
        && !duo.is_on("disable")
        && !duo.has("hostname")
    {
        report.say(&duo, "Duo needs a `hostname`");
    }
}

fn regulation(root: &View<'_>, report: &mut Report) {
    let time = |path: &str, default: f64| {
        root.get(path).and_then(|it| seconds(&it)).filter(|it| *it > 0.0).unwrap_or(default)
    };
    let (find, ban) = (time("regulation.find_time", 120.0), time("regulation.ban_time", 300.0));
    let said = ["regulation.find_time", "regulation.ban_time"].map(|path| root.get(path));
    if find > ban {
        report.both(&said, "`find_time` is not longer than `ban_time`");
    }
}

fn passwords(root: &View<'_>, report: &mut Report) {
    let on = |kind: &str| root.is_on(&format!("password_policy.{kind}.enabled"));
    if let Some(at) = root.get("password_policy").filter(|_| on("standard") && on("zxcvbn")) {
        report.say(&at, "passwords are judged by `standard` or by `zxcvbn`, not by both");
    }
    if let Some(at) = root.get("privacy_policy")
        && at.is_on("enabled")
        && !at.has("policy_url")
    {
        report.say(&at, "a privacy policy has a `policy_url`");
    }
}

fn exactly_one(root: &View<'_>, section: &str, kinds: &[&str], report: &mut Report) {
    let Some(at) = root.get(section) else {
        report.say(root, format!("`{section}` says one of {}", kinds.join(", ")));
        return;
    };
    let mut said = kinds.iter().filter(|kind| at.get(kind).is_some());
    match (said.next(), said.next()) {
        (Some(first), Some(second)) => {
            let second = at.get(second).unwrap_or(at);
            report.say(&second, format!("`{section}.{first}` is said already: one of both"));
        }
        (None, _) => report.say(&at, format!("it says one of {}", kinds.join(", "))),
        (Some(_), None) => {}
    }
}

/// What a section needs where it is said. Secrets are handed over by their files.
fn required(root: &View<'_>, report: &mut Report) {
    for (section, keys) in [
        ("storage.local", &["path"][..]),
        ("storage.postgres", &["address", "username", "database"]),
        ("storage.mysql", &["address", "username", "database"]),
        ("notifier.filesystem", &["filename"]),
        ("authentication_backend.file", &["path"]),
        ("session.redis", &["host"]),
    ] {
        let Some(at) = root.get(section).filter(View::is_map) else { continue };
        let high = at.has("high_availability");
        if let Some(key) = keys.iter().find(|key| !at.has(key)).filter(|_| !high) {
            report.say(&at, format!("`{section}` needs `{key}`"));
        }
    }
    if let Some(smtp) = root.get("notifier.smtp") {
        if !smtp.has("sender") {
            report.say(&smtp, "mail needs a `sender`");
        }
        if !smtp.has("address") && !smtp.has("host") {
            report.say(&smtp, "mail needs the `address` of its server");
        } else if smtp.has("address") && (smtp.has("host") || smtp.has("port")) {
            report.say(&smtp, "`address` says host and port already");
        }
    }
    let Some(ldap) = root.get("authentication_backend.ldap") else { return };
    if !ldap.has("address") {
        report.say(&ldap, "the directory needs an `address`");
    }
    if !ldap.has("user") && !ldap.is_on("permit_unauthenticated_bind") {
        report.say(&ldap, "the directory needs a `user` that reads it");
    }
    let custom = matches!(ldap.text_at("implementation"), "" | "custom");
    for (key, wanted) in
        [("users_filter", &["{username_attribute}", "{input}"][..]), ("groups_filter", &[])]
    {
        let Some(filter) = ldap.get(key).filter(|_| ldap.has(key)) else {
            if custom {
                report.say(&ldap, format!("a directory of another kind needs `{key}`"));
            }
            continue;
        };
        let Some(text) = filter.text() else { continue };
        let missing = wanted.iter().find(|part| !text.contains(**part));
        if !text.starts_with('(') || !text.ends_with(')') {
            report.say(&filter, "a filter stands between `(` and `)`");
        } else if text.contains("{0}") || text.contains("{1}") {
            report.say(&filter, "`{0}` and `{1}` are called `{input}` and `{username}` now");
        } else if let Some(part) = missing {
            report.say(&filter, format!("a filter of users has `{part}` in it"));
        }
    }
}

fn server(root: &View<'_>, report: &mut Report) {
    if let Some(address) = root.get("server.address")
        && let Some(Ok(at)) = address.text().and_then(Listen::parse)
        && !at.is_socket
    {
        let path = at.path.strip_prefix('/').unwrap_or_default();
        if path.contains('/') || !path.chars().all(|c| c.is_ascii_alphanumeric()) {
            report.say(&address, format!("the path `/{path}` is one word of letters and digits"));
        }
    }
    if let Some(tls) = root.get("server.tls") {
        if tls.has("key") != tls.has("certificate") {
            report.say(&tls, "`key` and `certificate` are said together");
        } else if !tls.has("key") && tls.has("client_certificates") {
            report.say(&tls, "`client_certificates` need `key` and `certificate`");
        }
    }
    for (name, at) in root.get("server.endpoints.authz").map_or_else(Vec::new, |it| it.entries()) {
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let ends = name.ends_with(|c: char| c.is_ascii_alphabetic());
        let inside = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        if !begins || !ends || !name.chars().all(inside) {
            report.say(&at, format!("no endpoint can be called `{name}`"));
        } else if !at.has("implementation") && name != "legacy" {
            report.say(&at, "an endpoint needs its `implementation`");
        } else if name == "legacy" && !matches!(at.text_at("implementation"), "" | "Legacy") {
            report.say(&at, "the endpoint `legacy` is of the implementation `Legacy`");
        }
    }
}

fn cookies(root: &View<'_>, report: &mut Report) {
    let Some(session) = root.get("session") else {
        report.say(root, "a session needs `cookies`");
        return;
    };
    let all = session.list("cookies");
    if all.is_empty() && !session.has("domain") {
        report.say(&session, "a session needs `cookies`");
    }
    if let Some(old) = session.get("domain").filter(|_| !all.is_empty() && session.has("domain")) {
        report.say(&old, "the domains of sessions are said in `cookies`");
    }
    if let Some(old) = root.get("default_redirection_url").filter(|_| !all.is_empty()) {
        report.say(&old, "where people go is said in each of the `cookies`");
    }
    let mut domains: Vec<&str> = Vec::new();
    for cookie in all.iter().filter(|it| it.is_map()) {
        let domain = cookie.text_at("domain");
        let at = cookie.get("domain").unwrap_or_else(|| cookie.clone());
        if let Some(why) = domain_problem(domain) {
            report.say(&at, why);
        } else if domains.iter().any(|known| is_below(domain, known)) {
            report.say(&at, format!("another cookie holds for `{domain}` already"));
        }
        domains.push(domain);
        pages(cookie, domain, report);
    }
}

/// The pages of a cookie: the login page, and where people go without another wish.
fn pages(cookie: &View<'_>, domain: &str, report: &mut Report) {
    if !cookie.has("authelia_url") {
        report.say(cookie, "a cookie needs the `authelia_url` of its login page");
    }
    for key in ["authelia_url", "default_redirection_url"] {
        let Some(page) = cookie.get(key) else { continue };
        let Some(url) = page.text().filter(|url| !url.is_empty()) else { continue };
        if Url::scheme_of(url).as_deref() != Some("https") {
            report.say(&page, format!("{url} does not begin with `https://`"));
        } else if Url::of_server(url).is_none_or(|it| !is_below(it.host(), domain)) {
            report.say(&page, format!("{url} is no page of `{domain}`"));
        }
    }
    if let Some(home) = cookie.get("default_redirection_url")
        && cookie.text_at("authelia_url") == home.text().unwrap_or_default()
        && cookie.has("authelia_url")
    {
        report.say(&home, "people would be sent back to the login page");
    }
}
