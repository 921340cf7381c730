//! A configuration that stands alone, with what its host has around it: whether Authelia starts with it.
//!
//! The checks of a fleet's own configuration judge what the compiler writes, secrets left out. Here whatever is given is
//! judged, as the program reads it: variables and secrets in files first, then old keys by their new names.

mod environment;
mod old;
mod secrets;
#[cfg(test)]
mod tests;
mod values;
mod weak;

use std::collections::BTreeMap;

use qg_formats::{Tree, TreeNode};
use serde_json::Value;

use self::values::text_at;
use super::checks::refusals;
use super::fields;

/// What is around the program.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Its variables, `AUTHELIA_…`.
    pub environment: BTreeMap<String, String>,
    /// What the files hold that it could read; folders are those that a file lies in.
    pub files: BTreeMap<String, String>,
}

impl Surroundings {
    fn is_folder(&self, path: &str) -> bool {
        let below = format!("{}/", path.trim_end_matches('/'));
        self.files.keys().any(|file| file.starts_with(&below))
    }
}

/// Why Authelia would not start with a configuration written as JSON, each reason with its path; empty where it does.
/// Nobody is asked over the network: what other servers answer is taken to be right.
#[must_use]
pub fn refused(configuration: &Value, around: &Surroundings) -> Vec<String> {
    let mut whole = configuration.clone();
    let mut found = environment::apply(&mut whole, around);
    found.extend(old::rename(&mut whole));
    found.extend(weak::decode(&mut whole));
    found.extend(
        fields::unknown(&whole).into_iter().map(|path| format!("{path}: there is no such key")),
    );
    found.extend(secrets::check(&whole));
    let folder = text_at(&whole, "certificates_directory");
    if !folder.is_empty() && !around.is_folder(&folder) {
        found.push(format!("certificates_directory: `{folder}` is no folder"));
    }
    let refusals = refusals(&tree(&whole)).into_iter().filter(|it| !it.starts);
    found.extend(refusals.map(|it| format!("{}: {}", it.path, it.why)));
    found
}

/// A configuration as it would be read. What is said to be nothing is an empty text.
pub(super) fn tree(value: &Value) -> Tree {
    let node = match value {
        Value::Null => TreeNode::Text(String::new()),
        Value::Bool(it) => TreeNode::Bool(*it),
        Value::Number(it) => match (it.as_i64(), it.as_f64()) {
            (Some(whole), _) => TreeNode::Int(whole),
            (None, Some(broken)) => TreeNode::Float(broken),
            (None, None) => TreeNode::Text(it.to_string()),
        },
        Value::String(it) => TreeNode::Text(it.clone()),
        Value::Array(items) => TreeNode::List(items.iter().map(tree).collect()),
        Value::Object(entries) => {
            TreeNode::Map(entries.iter().map(|(key, it)| (key.clone(), tree(it))).collect())
        }
    };
    Tree { node, origins: Vec::new() }
}
