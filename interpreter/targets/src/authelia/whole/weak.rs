//! Values as Authelia decodes them (`mapstructure`, weakly typed): nothing is as good as not said, numbers become texts,
//! an empty record is an empty list.

use serde_json::{Map, Value};

use crate::authelia::fields::section;

const PROVIDER: &str = "identity_providers.oidc";

/// Sections that are there even where nothing is said in them: they have defaults, or one is asked for by its name.
const MAY_BE_EMPTY: &[&str] = &[
    PROVIDER,
    "regulation",
    "server",
    "server.endpoints",
    "session",
    "webauthn",
    "webauthn.metadata",
    "webauthn.selection_criteria",
];

/// All below this may be empty too.
const LIMITS: &str = "server.endpoints.rate_limits";

/// Sections that may be said to be nothing.
const MAY_BE_NOTHING: &[&str] = &[PROVIDER, "session"];

/// Puts what is meant in place of what is written; what cannot be decoded is said.
pub(super) fn decode(root: &mut Value) -> Vec<String> {
    let mut found = Vec::new();
    keep("Configuration", root, "", &mut found);
    found
}

/// Decodes a value of a kind; false where it says nothing.
fn keep(kind: &str, value: &mut Value, path: &str, found: &mut Vec<String>) -> bool {
    if let Some(of) = kind.strip_prefix("[]") {
        if is_nothing(value) {
            return false;
        }
        match value.as_array_mut() {
            Some(items) => {
                for item in items {
                    if !keep(of, item, path, found) {
                        let plain = section(of).is_none() && !of.starts_with("[]");
                        *item =
                            if plain { Value::from("") } else { Value::from(Vec::<Value>::new()) };
                    }
                }
            }
            // One value is a list of it.
            None if section(of).is_none() => return keep(of, value, path, found),
            None => {}
        }
        return true;
    }
    if let Some(of) = kind.strip_prefix("map:") {
        if is_nothing(value) {
            return false;
        }
        match value.as_object_mut() {
            Some(entries) => {
                for (key, item) in entries {
                    keep(of, item, &format!("{path}.{key}"), found);
                }
            }
            None => found.push(format!("{path}: entries with names are wanted")),
        }
        return true;
    }
    if let Some(fields) = section(kind).filter(|fields| !fields.is_empty()) {
        let empty = MAY_BE_EMPTY.contains(&path) || path.starts_with(LIMITS);
        if value.is_null() && MAY_BE_NOTHING.contains(&path)
            || value.as_object().is_some_and(Map::is_empty) && empty
        {
            // An empty provider is one, and lacks all that it needs.
            return path == PROVIDER && !value.is_null();
        }
        // Kept as it is, it is refused.
        let Some(entries) = value.as_object_mut().filter(|it| !it.is_empty()) else { return true };
        let dot = if path.is_empty() { "" } else { "." };
        entries.retain(|key, item| match fields.get(key) {
            Some(kind) => keep(kind, item, &format!("{path}{dot}{key}"), found),
            None => true,
        });
        // What is said to be nothing is as good as not said.
        return !entries.is_empty() || path.is_empty() || path == PROVIDER;
    }
    match kind {
        "string" => {
            if let Some(text) = as_text(value) {
                if is_address(path) {
                    found.push(format!("{path}: an address is wanted"));
                }
                *value = Value::String(text);
            }
        }
        "list" => {
            if is_nothing(value) {
                return false;
            }
            for item in value.as_array_mut().into_iter().flatten() {
                // Only subjects are lists of lists.
                if item.is_object() || item.is_array() && !path.ends_with("subject") {
                    found.push(format!("{path}: a list of texts is wanted"));
                }
                *item = as_text(item).map_or_else(|| item.take(), Value::String);
            }
            if let Some(text) = as_text(value) {
                *value = Value::String(text);
            }
        }
        // A span of no time, or of less, is the default.
        "duration" => {
            let zero = value.as_str().is_some_and(|it| it.bytes().all(|byte| byte == b'0'));
            let number = value.as_f64().is_some_and(|it| it < 1.0);
            return !zero && !number && !value.is_boolean() && !value.is_null();
        }
        _ => {}
    }
    !value.is_null()
}

fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

/// The text that a number or a truth is read as.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(it) => Some(if *it { "1" } else { "0" }.to_owned()),
        Value::Number(it) => Some(it.to_string()),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a key is an address or a URL, which no number becomes.
fn is_address(path: &str) -> bool {
    let ends = ["address", "_url", "jwks_uri", "sector_identifier_uri"];
    ends.iter().any(|end| path.ends_with(end))
}
