//! Reads a mapping the way Traefik's file decoder does: letter case of keys is nothing, a scalar is a list of one (or
//! of several, with commas), numbers and truths may be texts; a key that Traefik does not know refuses the whole file,
//! and so does an empty mapping where it has no meaning.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::shapes::Kind;

/// Why Traefik does not load a file at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where: `http.routers.web`.
    pub at: String,
    /// What is wrong there.
    pub why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.why)
    }
}

/// What is read of one mapping.
pub(super) struct Fields<'a> {
    at: String,
    rest: BTreeMap<String, &'a Value>,
    /// A mapping where a text belongs: [`Fields::finish`] refuses it.
    wrong: Option<String>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value, at: impl Into<String>) -> Result<Self, Refused> {
        let at = at.into();
        let mut rest = BTreeMap::new();
        match value {
            Value::Object(map) => {
                rest.extend(map.iter().map(|(key, value)| (key.to_lowercase(), value)));
            }
            // What is no mapping has no keys; the mappings in a list are called by their place.
            Value::Array(list) => {
                let mappings = list.iter().enumerate().filter(|(_, value)| value.is_object());
                rest.extend(mappings.map(|(at, value)| (format!("[{at}]"), value)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Ok(Self { at, rest, wrong: None })
    }

    /// Where a field is.
    pub(super) fn under(&self, key: &str) -> String {
        if self.at.is_empty() { key.to_owned() } else { format!("{}.{key}", self.at) }
    }

    pub(super) fn at(&self) -> &str {
        &self.at
    }

    pub(super) fn refuse<T>(&self, key: &str, why: &str) -> Result<T, Refused> {
        refuse(&self.under(key), why)
    }

    /// Takes a field; null is absent.
    pub(super) fn take(&mut self, key: &str) -> Option<&'a Value> {
        self.rest.remove(&key.to_lowercase()).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.take(key)?;
        if has_children(value) {
            self.wrong = Some(key.to_owned());
        }
        Some(scalar(value))
    }

    pub(super) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        let inner: Vec<&Value> = match value {
            Value::Array(list) => list.iter().collect(),
            Value::Object(map) => map.values().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        if inner.into_iter().any(has_children) {
            self.wrong = Some(key.to_owned());
        }
        Some(list(value))
    }

    pub(super) fn truth(&mut self, key: &str) -> Result<Option<bool>, Refused> {
        let Some(value) = self.take(key) else { return Ok(None) };
        match scalar(value).as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Some(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Some(false)),
            _ => self.refuse(key, "neither true nor false"),
        }
    }

    pub(super) fn number(&mut self, key: &str) -> Result<Option<i64>, Refused> {
        let Some(value) = self.take(key) else { return Ok(None) };
        match scalar(value).parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => self.refuse(key, "no whole number of 64 bits"),
        }
    }

    /// A mapping that means nothing without content.
    pub(super) fn object(&mut self, key: &str) -> Result<Option<Fields<'a>>, Refused> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let fields = Fields::of(value, self.under(key))?;
        if fields.rest.values().all(|value| value.is_null()) {
            return self.refuse(key, "cannot stand without content");
        }
        Ok(Some(fields))
    }

    /// A mapping that means something even when it is empty, `true` or a list.
    pub(super) fn maybe_empty(&mut self, key: &str) -> Result<Option<Fields<'a>>, Refused> {
        let Some(value) = self.take(key) else { return Ok(None) };
        // A value that is not `true` says that it is not meant; an empty list says nothing.
        let said = match value {
            Value::Array(list) => list.iter().any(|value| !value.is_object()),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                !["", "true"].contains(&scalar(value).to_lowercase().as_str())
            }
            Value::Null | Value::Object(_) => false,
        };
        if said {
            return Ok(None);
        }
        Fields::of(value, self.under(key)).map(Some)
    }

    /// The entries of a mapping by name, which means nothing without any; one in a list is called by its place.
    pub(super) fn entries(&mut self, key: &str) -> Result<Vec<(String, Fields<'a>)>, Refused> {
        let at = self.under(key);
        let under = |name: String, value| {
            let fields = Fields::of(value, format!("{at}.{name}"))?;
            Ok((name, fields))
        };
        let entries: Vec<_> = match self.take(key) {
            None => return Ok(Vec::new()),
            Some(Value::Object(map)) => {
                let some = map.iter().filter(|(_, value)| !value.is_null());
                some.map(|(name, value)| under(name.clone(), value)).collect::<Result<_, _>>()?
            }
            Some(Value::Array(list)) => {
                let some = list.iter().enumerate().filter(|(_, value)| value.is_object());
                let named = some.map(|(at, value)| under(format!("[{at}]"), value));
                named.collect::<Result<_, _>>()?
            }
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Vec::new(),
        };
        if entries.is_empty() {
            return self.refuse(key, "cannot stand without content");
        }
        Ok(entries)
    }

    /// The elements of a list of mappings. Of a mapping each value is one, empty where it is no mapping itself.
    pub(super) fn elements(&mut self, key: &str) -> Result<Vec<Fields<'a>>, Refused> {
        let at = self.under(key);
        let values: Vec<&Value> = match self.take(key) {
            Some(Value::Array(list)) => list.iter().filter(|value| value.is_object()).collect(),
            Some(Value::Object(map)) => map.values().filter(|value| !value.is_null()).collect(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
                Vec::new()
            }
        };
        values.into_iter().map(|value| Fields::of(value, at.clone())).collect()
    }

    /// A mapping of names to texts, the names as they are written; it means nothing without content.
    pub(super) fn text_map(&mut self, key: &str) -> Result<BTreeMap<String, String>, Refused> {
        let map = match self.take(key) {
            None => return Ok(BTreeMap::new()),
            Some(Value::Object(map)) => {
                let some = map.iter().filter(|(_, value)| !value.is_null());
                some.map(|(name, value)| (name.clone(), scalar(value))).collect()
            }
            Some(_) => BTreeMap::new(),
        };
        if map.is_empty() {
            return self.refuse(key, "cannot stand without content");
        }
        Ok(map)
    }

    /// Passes fields over that change no answer.
    pub(super) fn harmless(&mut self, keys: &[&str]) {
        for key in keys {
            self.take(key);
        }
    }

    /// Passes a field over that would change answers, and says so.
    pub(super) fn noted(
        &mut self,
        key: &str,
        kind: Kind,
        found: &mut Vec<String>,
    ) -> Result<(), Refused> {
        if self.shaped(key, kind)? {
            found.push(self.under(key));
        }
        Ok(())
    }

    /// Nothing may be left.
    pub(super) fn finish(mut self) -> Result<(), Refused> {
        if let Some(key) = self.wrong.take() {
            return self.refuse(&key, "a mapping where a text belongs");
        }
        match self.rest.pop_first() {
            None => Ok(()),
            Some((key, _)) => self.refuse(&key, "Traefik knows no such field"),
        }
    }
}

fn refuse<T>(at: &str, why: &str) -> Result<T, Refused> {
    Err(Refused { at: at.to_owned(), why: why.to_owned() })
}

/// Whether Traefik sees elements below a value.
fn has_children(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(Value::is_object),
        Value::Object(map) => map.values().any(|value| !value.is_null()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        // What the decoder makes of a list where one text belongs.
        Value::Array(list) => {
            format!("║24║{}", list.iter().map(scalar).collect::<Vec<_>>().join("║"))
        }
        Value::Object(_) => String::new(),
    }
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => {
            let scalars = list.iter().filter(|value| !value.is_object());
            scalars.map(|value| scalar(value).trim().to_owned()).collect()
        }
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => text.split(',').map(|it| it.trim().to_owned()).collect(),
        Value::Null | Value::Object(_) => Vec::new(),
        Value::Bool(_) | Value::Number(_) => vec![scalar(value)],
    }
}
