//! What Authelia's own schema says of a configuration.

use jsonschema::Validator;
use serde_json::Value;

/// What Authelia's template filter puts in when it starts: a key, or the digest of a client's secret.
pub fn fill(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("{{ secret") => {
            *text = if text.contains("quote") {
                "-----BEGIN PRIVATE KEY-----\nMIIB\nMIIC\n-----END PRIVATE KEY-----".to_owned()
            } else {
                "$pbkdf2-sha512$310000$c2FsdA$aGFzaA".to_owned()
            };
        }
        Value::Array(items) => items.iter_mut().for_each(fill),
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "certificate_chain" {
                    *value =
                        "-----BEGIN CERTIFICATE-----\nMIIB\nMIIC\n-----END CERTIFICATE-----".into();
                }
                fill(value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schema; `tests/peers/authelia` says where it is from.
///
/// # Panics
/// Where it is no schema.
#[must_use]
pub fn schema() -> Validator {
    let text = include_str!("../peers/authelia/configuration.schema.json");
    let schema: Value = serde_json::from_str(text).expect("JSON");
    jsonschema::draft202012::new(&schema).expect("a schema")
}

/// What it says against a configuration whose secrets are filled in.
#[must_use]
pub fn against(schema: &Validator, configuration: &Value) -> Vec<String> {
    schema.iter_errors(configuration).map(|it| format!("{}: {it}", it.instance_path())).collect()
}
