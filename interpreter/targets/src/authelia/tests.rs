#![allow(clippy::unwrap_used)]
use std::cell::RefCell;
use std::collections::BTreeMap;

use qg_fleet::Facts;
use serde_json::{Value, json};

use super::*;
use crate::authelia_schema::{against, fill, schema};
use crate::traefik::tests::{fleet, model as base};

/// The fleet of Traefik's tests, with a whole portal.
pub(super) fn model() -> Value {
    let mut model = base();
    let secret = |name: &str| json!(["secret", name]);
    for name in ["jwt", "session", "storage", "bind", "smtp", "hmac", "key", "immich", "o'x`y"] {
        model["secret"][name] = json!({ "path": format!("/run/secrets/{name}") });
    }
    model["portal"]["login"]["engine"]["authelia"] = json!({
        "instance": "main", "data": "/var/lib/authelia-main", "theme": "dark",
        "directory": { "ldap": ["service", "lldap", "ports", "ldap"],
            "base_dn": "dc=example,dc=org", "bind_user": "authelia", "bind_password": secret("bind") },
        "jwt_secret": secret("jwt"), "session_secret": secret("session"), "storage_key": secret("storage"),
        "session": { "expiration": 3_600_000, "inactivity": 300_000, "remember_me": 2_592_000_000_u64 },
        "mail": { "address": "submission://smtp.example.org:587", "username": "u",
            "password": secret("smtp"), "sender": "login@example.org" },
        "regulation": { "max_retries": 3, "find_time": 120_000, "ban_time": 300_000 },
        "oidc": { "hmac_secret": secret("hmac"), "private_key": secret("key") },
        "passkeys": true,
        "settings": { "session": { "same_site": "lax" }, "ntp": { "disable_startup_check": true } },
    });
    model["people"]["photos"] = json!({ "group": "immich" });
    model["service"]["lldap"] = json!({ "on": ["host", "Server"], "ports": { "ldap": {
        "inside": 6743, "host": 6743, "address": "127.0.0.1", "publish": true } } });
    model["service"]["immich"]["oidc"] = json!({
        "client_id": "immich", "client_name": "Immich", "secret": secret("immich"),
        "allow": [["people", "photos"], ["person", "bob"]], "factor": "two",
        "redirects": ["https://immich.example.org/auth/login", "app.immich:///oauth-callback"],
        "scopes": ["openid", "offline_access"], "auth_method": "client_secret_post",
        "consent": { "remembered": { "for": 604_800_000 } }, "id_token_claims": ["email"],
        "cors": true, "pkce": false,
    });
    model["service"]["portfolio"]["oidc"] = json!({
        "client_id": "dashy", "client_name": "Dashy", "allow": [], "factor": "one",
        "redirects": ["https://example.org"], "scopes": ["openid", "groups"],
        "auth_method": "none", "consent": "implicit", "pkce": true, "cors": false,
    });
    model
}

pub(super) fn configuration_of(model: Value) -> (Value, String) {
    let files = render(&Prepared::of(Facts::of(&fleet(model))));
    let [file] = files.as_slice() else { panic!("one file") };
    assert_eq!(file.path, "hosts/Server/authelia/configuration.yml");
    assert_eq!(file.lines.len(), file.text.lines().count());
    (serde_yaml_ng::from_str(&file.text).unwrap(), file.text.clone())
}

#[test]
fn the_whole_file() {
    let (read, _) = configuration_of(model());
    assert_eq!(read["server"], json!({ "address": "tcp://127.0.0.1:9091/" }));
    assert_eq!(
        read["authentication_backend"],
        json!({ "ldap": {
            "implementation": "lldap", "address": "ldap://127.0.0.1:6743",
            "base_dn": "dc=example,dc=org", "user": "uid=authelia,ou=people,dc=example,dc=org" } })
    );
    assert_eq!(
        read["session"],
        json!({
            "expiration": "1h", "inactivity": "5m", "remember_me": "30d",
            "cookies": [{ "domain": "example.org", "authelia_url": "https://auth.example.org",
                "default_redirection_url": "https://example.org" }],
            "same_site": "lax",
        })
    );
    assert_eq!(
        read["regulation"],
        json!({ "max_retries": 3, "find_time": "2m", "ban_time": "5m" })
    );
    assert_eq!(
        read["storage"],
        json!({ "local": { "path": "/var/lib/authelia-main/db.sqlite3" } })
    );
    assert_eq!(
        read["webauthn"],
        json!({ "display_name": "example.org", "enable_passkey_login": true })
    );
    assert_eq!(
        read["access_control"],
        json!({ "default_policy": "deny", "rules": [
            { "domain": ["sonarr.example.org"], "policy": "two_factor", "subject": ["group:admin"] },
            { "domain": ["sonarr.example.org"], "policy": "deny" },
        ] })
    );
    let oidc = &read["identity_providers"]["oidc"];
    assert_eq!(
        oidc["clients"],
        json!([
            {
                "client_id": "immich", "client_name": "Immich",
                "client_secret": "{{ secret `/run/secrets/immich` }}",
                "authorization_policy": "immich", "claims_policy": "immich",
                "redirect_uris": ["https://immich.example.org/auth/login", "app.immich:///oauth-callback"],
                "scopes": ["openid", "offline_access"],
                "grant_types": ["authorization_code", "refresh_token"],
                "consent_mode": "pre-configured", "pre_configured_consent_duration": "7d",
                "token_endpoint_auth_method": "client_secret_post",
            },
            {
                "client_id": "dashy", "client_name": "Dashy", "public": true,
                "authorization_policy": "one_factor", "redirect_uris": ["https://example.org"],
                "scopes": ["openid", "groups"], "consent_mode": "implicit",
                "require_pkce": true, "pkce_challenge_method": "S256",
                "token_endpoint_auth_method": "none",
            },
        ])
    );
    assert_eq!(
        oidc["authorization_policies"],
        json!({ "immich": { "default_policy": "deny", "rules": [
            { "policy": "two_factor", "subject": ["group:immich", "user:bob"] }] } })
    );
    assert_eq!(oidc["claims_policies"], json!({ "immich": { "id_token": ["email"] } }));
    assert_eq!(oidc["cors"]["allowed_origins"], json!(["https://immich.example.org"]));
    assert_eq!(
        oidc["jwks"][0]["key"],
        "{{ secret `/run/secrets/key` | quote | trimPrefix (printf `%c` 34) | trimSuffix (printf `%c` 34) }}"
    );
}

#[test]
fn secrets_are_files() {
    let fleet = fleet(model());
    let fleet = Prepared::of(Facts::of(&fleet));
    let variables: Vec<String> = fleet
        .portal_secrets("login")
        .iter()
        .map(|(name, secret)| format!("{name}={}", secret.last()))
        .collect();
    assert_eq!(
        variables,
        [
            "AUTHELIA_AUTHENTICATION_BACKEND_LDAP_PASSWORD_FILE=bind",
            "AUTHELIA_IDENTITY_PROVIDERS_OIDC_HMAC_SECRET_FILE=hmac",
            "AUTHELIA_IDENTITY_VALIDATION_RESET_PASSWORD_JWT_SECRET_FILE=jwt",
            "AUTHELIA_NOTIFIER_SMTP_PASSWORD_FILE=smtp",
            "AUTHELIA_SESSION_SECRET_FILE=session",
            "AUTHELIA_STORAGE_ENCRYPTION_KEY_FILE=storage",
        ]
    );
    let files: Vec<String> =
        fleet.portal_files("login").iter().map(|path| path.last().to_owned()).collect();
    assert_eq!(files, ["immich", "key"]);
}

#[test]
fn a_portal_alone_starts() {
    let mut alone = model();
    for service in ["sonarr", "immich", "portfolio"] {
        alone["service"].as_object_mut().unwrap().remove(service);
    }
    let (read, _) = configuration_of(alone);
    assert_eq!(
        read["access_control"]["rules"],
        json!([{ "domain": ["example.org", "*.example.org"], "policy": "deny" }])
    );
    // Authelia refuses a provider without clients.
    assert_eq!(read.get("identity_providers"), None);
}

/// Whether a pattern matches somewhere; each is compiled once.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    thread_local! {
        static KNOWN: RefCell<BTreeMap<String, regex::Regex>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        let new = || regex::Regex::new(pattern).unwrap();
        known.entry(pattern.to_owned()).or_insert_with(new).is_match(text)
    })
}

/// Authelia's way to decide, for the rules that we write: the first rule that matches.
pub(super) fn decide(rules: &Value, domain: &str, target: &str, groups: Option<&[&str]>) -> String {
    for rule in rules.as_array().unwrap() {
        let list = |key: &str| -> Option<Vec<&str>> {
            Some(rule.get(key)?.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect())
        };
        let matches = list("domain").unwrap().contains(&domain)
            && list("resources").is_none_or(|all| {
                all.iter().any(|it| matches(it, target))
            })
            // Before login anybody might turn out to be one of the subjects.
            && rule.get("subject").is_none_or(|all| {
                groups.is_none_or(|groups| all.as_array().unwrap().iter().any(|it| is_one(it, groups)))
            });
        if matches {
            return rule["policy"].as_str().unwrap().to_owned();
        }
    }
    "deny".to_owned()
}

/// Whether somebody of these groups is a subject: of a list everybody in it at once.
fn is_one(subject: &Value, groups: &[&str]) -> bool {
    match subject.as_array() {
        Some(all) => all.iter().all(|it| is_one(it, groups)),
        None => groups.contains(&subject.as_str().unwrap().strip_prefix("group:").unwrap()),
    }
}

#[test]
fn each_route_decides_for_itself() {
    let mut model = model();
    model["people"] = json!({ "a": { "group": "a" }, "b": { "group": "b" } });
    let route = |path: Value, login: Value| {
        json!({ "host": "app", "path": path, "to": ["service", "sonarr", "ports", "web"],
            "expose": "public", "pass_host": true, "login": { "sso": login } })
    };
    let allow = |group: &str| json!([["people", group]]);
    model["service"]["sonarr"]["route"] = json!({
        "web": route(Value::Null, json!({ "allow": allow("a"), "factor": "two", "bypass": ["\\.png$"] })),
        "api": route(json!("/api"), json!({ "allow": allow("b"), "factor": "one", "bypass": ["^/api/open$"] })),
        "all": route(json!("/api/v.1"), json!({ "allow": [], "factor": "one" })),
    });
    for name in ["web", "api", "all"] {
        let route = model["service"]["sonarr"]["route"][name].as_object_mut().unwrap();
        route.retain(|_, value| !value.is_null());
    }
    let (read, _) = configuration_of(model);
    let rules = &read["access_control"]["rules"];
    let ask = |target: &str, groups| decide(rules, "app.example.org", target, groups);
    let (a, b): (&[&str], &[&str]) = (&["a"], &["b"]);
    assert_eq!(ask("/", Some(a)), "two_factor");
    assert_eq!(ask("/", Some(b)), "deny");
    assert_eq!(ask("/", None), "two_factor");
    assert_eq!(ask("/x.png", None), "bypass");
    // Below a path the rules of what lies above say nothing.
    assert_eq!(ask("/api/x.png", None), "one_factor");
    assert_eq!(ask("/api", Some(a)), "deny");
    assert_eq!(ask("/api?x=1", Some(b)), "one_factor");
    assert_eq!(ask("/api/open", None), "bypass");
    assert_eq!(ask("/apix", Some(b)), "deny");
    assert_eq!(ask("/api/v.1/x", Some(a)), "one_factor");
    assert_eq!(ask("/api/vx1/x", Some(a)), "deny");
    assert_eq!(decide(rules, "other.example.org", "/", Some(a)), "deny");
}

/// Authelia compares letter by letter, and a request's name comes in small letters.
#[test]
fn capitals_in_a_domain_do_no_harm() {
    let mut model = model();
    model["fleet"]["domain"] = json!("Example.org");
    model["service"]["authelia"]["route"]["web"]["url"] = json!("https://Auth.Example.org:8443/a");
    model["portal"]["login"]["engine"]["authelia"]["home"] = json!("https://Example.org/Home");
    let (read, _) = configuration_of(model);
    let cookie = &read["session"]["cookies"][0];
    assert_eq!(cookie["domain"], "example.org");
    assert_eq!(cookie["authelia_url"], "https://auth.example.org:8443/a");
    assert_eq!(cookie["default_redirection_url"], "https://example.org/Home");
    for rule in read["access_control"]["rules"].as_array().unwrap() {
        for domain in rule["domain"].as_array().unwrap() {
            let domain = domain.as_str().unwrap();
            assert_eq!(domain, domain.to_lowercase());
        }
    }
}

#[test]
fn hostile_strings_survive() {
    for text in
        ["{{ secret \"/etc/shadow\" }}", "'\"\\`", "a: b #c", "$pbkdf2$", "\u{85}\n\0", "😀"]
    {
        let mut hostile = model();
        let authelia = &mut hostile["portal"]["login"]["engine"]["authelia"];
        authelia["mail"]["username"] = json!(text);
        authelia["settings"] =
            json!({ "definitions": { "user_attributes": { text: { "expression": text } } } });
        let (read, written) = configuration_of(hostile);
        assert_eq!(read["notifier"]["smtp"]["username"], text);
        assert_eq!(read["definitions"]["user_attributes"], json!({ text: { "expression": text } }));
        // Those of the key and of one client.
        assert_eq!(written.matches("{{").count(), 2, "{written}");
    }
}

#[test]
fn settings_do_not_overwrite() {
    let mut clash = model();
    clash["portal"]["login"]["engine"]["authelia"]["settings"] =
        json!({ "server": { "address": "tcp://:9091" }, "theme": "light" });
    let fleet = fleet(clash);
    let fleet = Prepared::of(Facts::of(&fleet));
    let (_, clashes) = configuration(&fleet, fleet.model.authelias().next().unwrap());
    let paths: Vec<&str> = clashes.iter().map(|clash| clash.path.as_str()).collect();
    assert_eq!(paths, ["server.address", "theme"]);
}

#[test]
fn authelias_own_schema_is_content() {
    let (mut read, _) = configuration_of(model());
    fill(&mut read);
    let schema = schema();
    assert_eq!(against(&schema, &read), Vec::<String>::new());
    read["access_control"]["rules"][0]["ressources"] = json!(["x"]);
    let [error] = &against(&schema, &read)[..] else { panic!("one error") };
    assert!(error.contains("ressources"), "{error}");
}
