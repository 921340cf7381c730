//! Which keys Authelia 4.39 knows, and how options are spelled (`fields.json`, read off its own JSON schema).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use qg_fleet::choice::Options;
use qg_fleet::leaf::{At, Data, EntityPath};
use qg_formats::{Entries, Tree, TreePiece};
use serde_json::Value;

use super::settings::duration;

type Sections = BTreeMap<String, BTreeMap<String, String>>;

// A part of the program, which each test that asks it reads: an empty one would find nothing unknown.
static SECTIONS: LazyLock<Sections> =
    LazyLock::new(|| serde_json::from_str(include_str!("fields.json")).expect("it is a table"));

/// The keys of a section, each with its type.
pub(crate) fn section(name: &str) -> Option<&'static BTreeMap<String, String>> {
    SECTIONS.get(name)
}

/// The options of a section as Authelia reads them; what is not its own is left out, and so is what `without` names.
pub(super) fn entries(name: &str, options: &Options, without: &[&str]) -> Entries {
    let mut entries = Entries::new();
    for (key, data) in options {
        let known = section(name).and_then(|fields| fields.get(key));
        if let Some(kind) = known.filter(|_| !without.contains(&key.as_str())) {
            entries.put_some(key, Some(value(kind, data)));
        }
    }
    entries
}

fn value(kind: &str, data: &At<Data>) -> Tree {
    let by = data.origin;
    // Secrets go by files; none is in typed options.
    let no_holes = |_: &EntityPath, _| TreePiece::Text(String::new());
    match &data.value {
        Data::Duration(it) => duration(&At::new(*it, by)),
        Data::List(items) => {
            let of = kind.strip_prefix("[]").unwrap_or("any");
            Tree::list(items.iter().map(|item| value(of, item)).collect(), by)
        }
        Data::Record(fields) => match kind.strip_prefix("map:") {
            Some(of) => {
                let mut entries = Entries::new();
                for (key, data) in fields {
                    entries.put_some(key, Some(value(of, data)));
                }
                entries.tree(by)
            }
            None => entries(kind, fields, &[]).tree(by),
        },
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => Tree::data(data, &no_holes),
    }
}

/// Keys of a configuration that Authelia does not know: it would not start.
#[must_use]
pub fn unknown(file: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("Configuration", file, &mut Vec::new(), &mut found);
    found
}

fn walk(kind: &str, value: &Value, path: &mut Vec<String>, found: &mut Vec<String>) {
    if let Some(of) = kind.strip_prefix("[]") {
        for item in value.as_array().into_iter().flatten() {
            walk(of, item, path, found);
        }
    } else if let Some(of) = kind.strip_prefix("map:") {
        for (key, item) in value.as_object().into_iter().flatten() {
            path.push(key.clone());
            walk(of, item, path, found);
            path.pop();
        }
    } else if let Some(fields) = section(kind).filter(|fields| !fields.is_empty()) {
        for (key, item) in value.as_object().into_iter().flatten() {
            path.push(key.clone());
            match fields.get(key) {
                Some(kind) => walk(kind, item, path, found),
                None => found.push(path.join(".")),
            }
            path.pop();
        }
    }
}
