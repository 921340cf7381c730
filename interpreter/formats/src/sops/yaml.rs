//! Files in YAML.

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_yaml_ng::{Deserializer, Value as Yaml};

/// The keys of the first document. What stands in others has keys that no name leads to, for no part of
/// one holds a `/`.
pub(super) fn read(text: &str) -> Result<Map<String, Value>, String> {
    if brackets(text) > MOST_BRACKETS {
        return Err("cannot be read: it nests brackets deeper than sops writes".to_owned());
    }
    let mut keys: Option<Map<String, Value>> = None;
    for document in Deserializer::from_str(text) {
        let tree = Yaml::deserialize(document)
            .map_err(|error| format!("cannot be read as YAML: {error}"))?;
        match (value(&tree)?, &mut keys) {
            (Value::Object(first), None) => keys = Some(first),
            (Value::Null, None) => keys = Some(Map::new()),
            (mut other, Some(keys)) => {
                // sops writes its own words into each of them, and reads the first.
                if let Value::Object(below) = &mut other {
                    below.remove("sops");
                }
                let name = format!("/{}", keys.len());
                keys.insert(name, other);
            }
            (_, None) => {
                return Err("is not encrypted: sops would have written keys into it".to_owned());
            }
        }
    }
    Ok(keys.unwrap_or_default())
}

/// The parser's time grows with the square of how deep brackets are nested, and sops writes none but empty ones.
const MOST_BRACKETS: usize = 1_000;

/// How deep brackets are nested at most; those in texts may count as well.
fn brackets(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => now += 1,
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// The same tree; sops has no keys but texts.
fn value(tree: &Yaml) -> Result<Value, String> {
    Ok(match tree {
        Yaml::Null => Value::Null,
        Yaml::Bool(it) => Value::Bool(*it),
        Yaml::Number(it) => Value::String(it.to_string()),
        Yaml::String(it) => Value::String(it.clone()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut keys = Map::new();
            for (key, below) in entries {
                let Yaml::String(key) = key else {
                    return Err("has a key that is no text, which sops refuses".to_owned());
                };
                keys.insert(key.clone(), value(below)?);
            }
            Value::Object(keys)
        }
        Yaml::Tagged(it) => value(&it.value)?,
    })
}
