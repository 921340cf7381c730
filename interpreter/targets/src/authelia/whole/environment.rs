//! Variables of the environment: options by their names, secrets by the files that are named (`AUTHELIA_…_FILE`).

use std::collections::BTreeMap;

use serde_json::Value;

use super::Surroundings;
use super::old::RENAMED;
use super::values::{get, put};
use crate::authelia::fields::section;

const PREFIX: &str = "AUTHELIA_";

/// What the keys of secrets end in, and those that are none all the same (`internal/configuration/const.go`).
const SECRETS: &[&str] = &["key", "secret", "password", "token", "certificate_chain"];
const NO_SECRETS: &[&str] =
    &["server.tls.key", "authentication_backend.disable_reset_password", "tls_key"];

/// Says in a configuration what the variables say. Those that Authelia does not know are only warned of.
pub(super) fn apply(root: &mut Value, around: &Surroundings) -> Vec<String> {
    let keys = keys();
    let mut found = Vec::new();
    let mut secrets = Vec::new();
    for (name, said) in &around.environment {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        if let Some(path) = keys.get(key) {
            put(root, path, Value::String(said.clone()));
        } else if let Some(path) = key.strip_suffix("_FILE").and_then(|key| keys.get(key))
            && is_secret(path)
        {
            secrets.push((path, said));
        }
    }
    for (path, file) in secrets {
        let Some(content) = around.files.get(file) else {
            let what = if around.is_folder(file) { "a folder" } else { "no file" };
            found.push(format!("{path}: `{file}` is {what}"));
            continue;
        };
        if get(root, path).and_then(Value::as_str).is_some_and(|it| !it.is_empty()) {
            found.push(format!("{path}: said, and also by a file"));
        }
        put(root, path, Value::String(content.trim_end_matches('\n').to_owned()));
    }
    found
}

fn is_secret(path: &str) -> bool {
    SECRETS.iter().any(|end| path.ends_with(end))
        && !NO_SECRETS.contains(&path)
        && !path.starts_with("identity_providers.oidc.lifespans.")
}

/// Every option that is no part of a list or a map, by the name of its variable; the old ones too.
fn keys() -> BTreeMap<String, String> {
    let mut paths = Vec::new();
    collect("Configuration", "", &mut paths);
    paths.extend(RENAMED.iter().map(|(old, _)| (*old).to_owned()));
    paths.into_iter().map(|path| (path.replace('.', "_").to_uppercase(), path)).collect()
}

fn collect(kind: &str, path: &str, paths: &mut Vec<String>) {
    match section(kind).filter(|fields| !fields.is_empty()) {
        Some(fields) => {
            for (key, kind) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                collect(kind, &format!("{path}{dot}{key}"), paths);
            }
        }
        None => paths.push(path.to_owned()),
    }
}
