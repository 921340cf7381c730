//! Choices of unit tests, written in JSON: `"kind"`, or `{ "kind": { … } }`.
#![allow(clippy::wildcard_enum_match_arm)] // of the many forms of JSON two are choices

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, from_value};

use super::choice::{Choice, Options};

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Choice, D::Error> {
        let (kind, options) = match Value::deserialize(from)? {
            Value::String(kind) => (kind, Options::new()),
            value => {
                let mut variants: Map<String, Value> =
                    from_value(value).map_err(D::Error::custom)?;
                let kind = variants.keys().next().cloned();
                let kind = kind.ok_or_else(|| D::Error::custom("a variant is wanted"))?;
                let payload = variants.remove(&kind).unwrap_or_default();
                (kind, from_value(payload).map_err(D::Error::custom)?)
            }
        };
        Ok(Choice { kind, options })
    }
}
