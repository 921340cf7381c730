//! Which configurations Authelia starts with, as the real program (4.39) was recorded to say. `QG_ORACLE` names a folder
//! with `authelia-cases.json`, all that was recorded; without it a sample is read, which is carried here.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "it shows how much agrees")]

use std::path::Path;

use qg_interpreter::targets::authelia::whole::{Surroundings, refused};
use serde_json::{Value, json};

/// What the model cannot say, by words of the recorded reason.
const NOT_EXPRESSED: &[(&str, &str)] =
    &[("error occurred making request to", "what another server answers over the network")];

/// The keys that stand for real ones, with what each is and signs with.
const KEYS: &[(&str, &str, &str)] =
    &[("@RSA_PRIVATE_KEY@", "RSA", "RS256"), ("@EC_PRIVATE_KEY@", "EC", "ES256")];

#[test]
fn what_authelia_starts_with() {
    let text = match std::env::var("QG_ORACLE") {
        Ok(folder) => {
            std::fs::read_to_string(Path::new(&folder).join("authelia-cases.json")).unwrap()
        }
        Err(_) => include_str!("oracle_authelia.json").to_owned(),
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let cases = all["config"].as_array().unwrap();
    let (mut same, mut left, mut wrong) = (0, 0, Vec::new());
    for case in cases {
        let reasons = case["errors"].to_string();
        if let Some((_, why)) = NOT_EXPRESSED.iter().find(|(words, _)| reasons.contains(words)) {
            println!("not expressed: {}: {why}", case["what"]);
            left += 1;
            continue;
        }
        let found = refused(&with_keys(&case["configuration"]), &around(case));
        if found.is_empty() == case["accepted"].as_bool().unwrap() {
            same += 1;
        } else {
            wrong.push(format!("{}\n  recorded {reasons}\n  found    {found:?}", case["what"]));
        }
    }
    println!("config: {same} of {} as Authelia answered, {left} not expressed", cases.len());
    assert!(cases.len() >= 100, "{} configurations are compared", cases.len());
    assert!(left * 50 <= cases.len(), "{left} are not expressed");
    assert!(wrong.is_empty(), "{same} of {}\n{}", cases.len(), wrong.join("\n"));
}

/// Variables and files; the users' file exists in every case.
fn around(case: &Value) -> Surroundings {
    let texts = |key: &str| {
        let entries = case[key].as_object().into_iter().flatten();
        entries.map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())).collect()
    };
    let mut around = Surroundings { environment: texts("environment"), files: texts("files") };
    around.files.insert("/config/users.yml".to_owned(), String::new());
    around
}

/// A configuration with keys in place of their names. What a key signs with is read from the key itself.
fn with_keys(configuration: &Value) -> Value {
    let mut whole = configuration.clone();
    let keys = whole.pointer_mut("/identity_providers/oidc/jwks").and_then(Value::as_array_mut);
    for key in keys.into_iter().flatten() {
        if let Some((_, kind, algorithm)) = KEYS.iter().find(|(name, _, _)| key["key"] == *name) {
            key["key"] = json!(format!("-----BEGIN {kind} PRIVATE KEY-----\n"));
            if key["algorithm"].is_null() {
                key["algorithm"] = json!(algorithm);
            }
        }
    }
    whole
}
