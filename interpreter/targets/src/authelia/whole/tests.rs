//! One option at a time in a configuration that Authelia starts with, each tried on the program (4.39.20).
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::values::put;
use super::*;

fn starts(changes: &[(&str, Value)], around: &Surroundings) -> bool {
    let mut whole = json!({
        "server": { "address": "tcp://127.0.0.1:9091/" },
        "identity_validation": { "reset_password": { "jwt_secret": "for-the-test-0123456789" } },
        "authentication_backend": { "file": { "path": "/config/users.yml" } },
        "access_control": { "rules": [{ "domain": "*.example.com", "policy": "one_factor" }] },
        "session": { "cookies": [{ "domain": "example.com", "authelia_url": "https://auth.example.com" }] },
        "storage": { "encryption_key": "for-the-test-0123456789", "local": { "path": "/config/db.sqlite3" } },
        "notifier": { "filesystem": { "filename": "/config/notification.txt" } },
    });
    for (path, value) in changes {
        put(&mut whole, path, value.clone());
    }
    refused(&whole, around).is_empty()
}

#[test]
fn what_is_nothing() {
    for (path, value, good) in [
        ("server", json!({}), true),
        ("server", json!(null), false),
        ("log", json!({}), false),
        ("regulation", json!({}), true),
        ("webauthn.metadata", json!({}), true),
        ("webauthn.filtering", json!({}), false),
        ("server.endpoints.rate_limits.second_factor_totp", json!({}), true),
        ("identity_providers", json!({}), false),
        ("identity_providers.oidc", json!(null), true),
        ("identity_providers.oidc", json!({}), false),
        ("definitions", json!({}), false),
        ("definitions.network", json!([]), true),
        ("definitions.network", json!(""), false),
        ("access_control.networks", json!({}), true),
        ("log.level", json!(null), true),
        ("log.level", json!([]), false),
        ("totp", json!({ "issuer": null }), true),
    ] {
        assert_eq!(
            starts(&[(path, value.clone())], &Surroundings::default()),
            good,
            "{path} {value}"
        );
    }
}

#[test]
fn what_numbers_become() {
    for (path, value, good) in [
        ("session.expiration", json!(0), true),
        ("session.expiration", json!(-1), true),
        ("session.expiration", json!("0"), true),
        ("session.expiration", json!("0s"), false),
        ("session.expiration", json!(true), true),
        ("session.expiration", json!([]), false),
        ("server.address", json!(1), false),
        ("privacy_policy.policy_url", json!(1.5), false),
        ("log.file_path", json!(1.5), true),
        ("access_control.default_policy", json!(false), false),
        ("storage.encryption_key", json!(12_345_678_901_234_567_890_u64), true),
    ] {
        assert_eq!(
            starts(&[(path, value.clone())], &Surroundings::default()),
            good,
            "{path} {value}"
        );
    }
}

#[test]
fn what_old_keys_become() {
    let none = json!(null);
    for (changes, good) in [
        (vec![("jwt_secret", json!("old"))], true),
        (vec![("server", json!({ "host": "0.0.0.0", "port": 9091, "path": "auth" }))], true),
        (vec![("server", json!({ "host": "::1" }))], true),
        (vec![("server.host", json!("0.0.0.0"))], false),
        (vec![("notifier", json!({ "smtp": { "port": 587, "sender": "a@b.c" } }))], true),
        (
            vec![("notifier", json!({ "smtp": { "host": "x", "port": "no", "sender": "a@b.c" } }))],
            false,
        ),
        (vec![("storage.local", none.clone()), ("storage.mysql", json!({ "port": 1 }))], false),
        (vec![("webauthn", json!({ "user_verification": "always" }))], true),
        (vec![("google_analytics", json!("UA-1"))], false),
    ] {
        assert_eq!(starts(&changes, &Surroundings::default()), good, "{changes:?}");
    }
}

#[test]
fn what_is_around() {
    let with = |environment: &[(&str, &str)], files: &[(&str, &str)]| {
        let texts = |of: &[(&str, &str)]| {
            of.iter().map(|&(key, it)| (key.to_owned(), it.to_owned())).collect()
        };
        Surroundings { environment: texts(environment), files: texts(files) }
    };
    let redis = [("session.redis", json!({ "host": "redis" }))];
    let file = [("AUTHELIA_SESSION_SECRET_FILE", "/s/session")];
    assert!(!starts(&redis, &Surroundings::default()));
    assert!(starts(&redis, &with(&file, &[("/s/session", "secret\n")])));
    assert!(!starts(&redis, &with(&file, &[("/s/session", "\n")])));
    assert!(!starts(&redis, &with(&file, &[])));
    assert!(starts(&redis, &with(&[("AUTHELIA_SESSION_SECRET", "secret")], &[])));
    let twice = [("AUTHELIA_STORAGE_ENCRYPTION_KEY_FILE", "/s/key")];
    assert!(!starts(&[], &with(&twice, &[("/s/key", "another-0123456789-0123456789")])));
    assert!(!starts(&[], &with(&[("AUTHELIA_THEME", "purple")], &[])));
    assert!(starts(&[], &with(&[("AUTHELIA_FOO", "bar"), ("OTHER", "x")], &[])));
    let folder = [("certificates_directory", json!("/certificates/"))];
    assert!(starts(&folder, &with(&[], &[("/certificates/ca.pem", "")])));
    assert!(!starts(&folder, &Surroundings::default()));
}
