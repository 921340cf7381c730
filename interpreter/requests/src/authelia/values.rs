//! How Authelia decodes values (`mapstructure`, weakly typed): numbers become texts and one value a list of one; lists
//! of Go's own type, which no key of a rule is by itself, are split at commas where one text stands for them.

use serde_json::Value;

/// Why a configuration cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// `access_control.rules.0.domain`
    pub path: String,
    pub why: String,
}

impl std::error::Error for Refused {}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.why)
    }
}

/// A place in a configuration, with what stands there; `null` where nothing does.
#[derive(Clone, Debug)]
pub(super) struct At<'v> {
    pub path: String,
    pub value: &'v Value,
}

impl<'v> At<'v> {
    pub(super) fn root(value: &'v Value) -> At<'v> {
        At { path: String::new(), value }
    }

    /// What is below, by keys: `access_control.rules`.
    pub(super) fn get(&self, keys: &str) -> At<'v> {
        keys.split('.')
            .fold(self.clone(), |at, key| at.below(key, at.value.get(key).unwrap_or(&Value::Null)))
    }

    pub(super) fn below(&self, key: &str, value: &'v Value) -> At<'v> {
        let dot = if self.path.is_empty() { "" } else { "." };
        At { path: format!("{}{dot}{key}", self.path), value }
    }

    /// The parts of a list; one value is a list of it, an empty record and nothing are empty lists.
    pub(super) fn items(&self) -> Vec<At<'v>> {
        match self.value {
            Value::Null => Vec::new(),
            Value::Object(entries) if entries.is_empty() => Vec::new(),
            Value::Array(items) => {
                let item = |(at, value): (usize, &'v Value)| self.below(&at.to_string(), value);
                items.iter().enumerate().map(item).collect()
            }
            Value::Object(_) | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                vec![self.clone()]
            }
        }
    }

    pub(super) fn refuse<T>(&self, why: impl Into<String>) -> Result<T, Refused> {
        Err(Refused { path: self.path.clone(), why: why.into() })
    }

    /// A text; nothing is an empty one.
    pub(super) fn text(&self) -> Result<String, Refused> {
        match self.value {
            Value::Null => Ok(String::new()),
            Value::String(text) => Ok(text.clone()),
            Value::Bool(it) => Ok(if *it { "1" } else { "0" }.to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Array(_) | Value::Object(_) => self.refuse("a text is wanted"),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self) -> Result<Vec<String>, Refused> {
        self.items().iter().map(At::text).collect()
    }

    /// The same, a text alone being split at commas.
    pub(super) fn split(&self) -> Result<Vec<String>, Refused> {
        match self.value {
            Value::String(text) if text.is_empty() => Ok(Vec::new()),
            Value::String(text) => Ok(text.split(',').map(str::to_owned).collect()),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => self.items().iter().map(At::text).collect(),
        }
    }
}
