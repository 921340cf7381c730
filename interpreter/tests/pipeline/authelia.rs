//! Authelia's own schema takes what is made of everything.

use qg_fleet::Facts;
use qg_targets::authelia::fields;
use qg_targets::{Prepared, render};
use serde_json::{Value, json};

use crate::authelia_schema::{against, fill, schema};

/// The golden case with everything that has a word of its own.
#[test]
fn authelias_own_schema_takes_everything() {
    let mut world = qg_lang::world::MemoryWorld::default();
    let text = include_str!("../../../tests/golden/authelia/everything/fleet.qg");
    world.sources.insert("fleet.qg".into(), text.into());
    world.files.insert("secrets.yaml".into(), crate::sops_files::holding(text).into_bytes().into());
    let build = qg_interpreter::build(&crate::release::said(world));
    assert_eq!(build.diagnostics, []);
    let fleet = build.fleet.unwrap();
    let files = render(&fleet);
    let file = files.iter().find(|it| it.path.ends_with("authelia/configuration.yml")).unwrap();
    let mut read: Value = serde_yaml_ng::from_str(&file.text).unwrap();
    assert_eq!(fields::unknown(&read), Vec::<String>::new());
    assert_eq!(fields::unknown(&json!({ "totp": { "digit": 6 } })), ["totp.digit"]);
    let claim =
        json!({ "claims_policies": { "a": { "custom_claims": { "b": { "atribute": "c" } } } } });
    let unknown = fields::unknown(&json!({ "identity_providers": { "oidc": claim } }));
    assert_eq!(unknown, ["identity_providers.oidc.claims_policies.a.custom_claims.b.atribute"]);
    let variables: Vec<String> = Prepared::of(Facts::of(&fleet))
        .portal_secrets("login")
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    for wanted in [
        "STORAGE_POSTGRES_PASSWORD",
        "SESSION_REDIS_PASSWORD",
        "DUO_API_INTEGRATION_KEY",
        "DUO_API_SECRET_KEY",
    ] {
        assert!(variables.contains(&format!("AUTHELIA_{wanted}_FILE")), "{variables:?}");
    }
    fill(&mut read);
    assert_eq!(against(&schema(), &read), Vec::<String>::new());
}
