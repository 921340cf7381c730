//! Files that sops encrypted, as far as everybody can read them: the names of the keys, and which values are encrypted.
//!
//! After sops 3.13 (`sops.go`, `aes/cipher.go`, `stores/`): of a file in YAML, JSON, dotenv or INI the values are
//! encrypted one by one, anything else is one value in JSON. What sops knows of the file stands in it under `sops`.

mod comments;
mod lines;
mod rule;
mod yaml;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use comments::without_comments;
use rule::Rule;

/// How a file is written. Both sops and sops-nix go by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SopsFormat {
    Yaml,
    Json,
    Dotenv,
    Ini,
    /// Any other file, which is one value.
    Binary,
}

impl SopsFormat {
    /// The format that a file's ending stands for.
    #[must_use]
    pub fn of(path: &str) -> SopsFormat {
        match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("yaml" | "yml") => SopsFormat::Yaml,
            Some("json") => SopsFormat::Json,
            Some("env") => SopsFormat::Dotenv,
            Some("ini") => SopsFormat::Ini,
            _ => SopsFormat::Binary,
        }
    }

    /// What sops and sops-nix call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            SopsFormat::Yaml => "yaml",
            SopsFormat::Json => "json",
            SopsFormat::Dotenv => "dotenv",
            SopsFormat::Ini => "ini",
            SopsFormat::Binary => "binary",
        }
    }
}

/// A file that sops encrypted.
#[derive(Clone, Debug)]
pub struct SopsFile {
    keys: Map<String, Value>,
    rule: Rule,
    /// The public keys of age that it is encrypted for.
    pub recipients: BTreeSet<String>,
    /// Whether keys of another kind open it, too: PGP, or those of a cloud.
    pub others: bool,
}

/// What stands at a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry<'f> {
    /// One value.
    Value(Encrypted),
    /// Further keys.
    Keys(Vec<&'f str>),
    /// Several values without keys.
    List,
    /// There is no such key; these are, where it would be.
    Missing,
}

/// How a value stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encrypted {
    /// Encrypted, and a text when it is opened.
    Text,
    /// Encrypted, and a number or a switch when it is opened.
    Other,
    /// As everybody can read it.
    Plain,
    /// There is nothing in it; sops leaves it so.
    Empty,
}

impl SopsFile {
    /// What stands at a key, which walks into others at each `/`.
    #[must_use]
    pub fn get(&self, key: &str) -> Entry<'_> {
        let (mut keys, mut above) = (&self.keys, String::new());
        let mut parts = key.split('/').peekable();
        while let Some(part) = parts.next() {
            match keys.get(part) {
                Some(Value::Object(below)) if parts.peek().is_some() => {
                    keys = below;
                    above.push_str(part);
                    above.push('/');
                }
                Some(Value::Object(below)) => {
                    return Entry::Keys(below.keys().map(String::as_str).collect());
                }
                Some(Value::Array(_)) if parts.peek().is_none() => return Entry::List,
                Some(value) if parts.peek().is_none() => return Entry::Value(state(value)),
                Some(_) | None => break,
            }
        }
        Entry::Missing
    }

    /// The keys of all values.
    #[must_use]
    pub fn all_keys(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        each(&self.keys, &mut |key, _| all.push(key.to_owned()));
        all.dedup();
        all
    }

    /// Whether sops leaves the value at a key as it is, by what the file says.
    #[must_use]
    pub fn leaves(&self, key: &str) -> bool {
        self.rule.leaves(key)
    }

    /// The keys of values that sops should have encrypted and that everybody can read.
    #[must_use]
    pub fn bare(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        each(&self.keys, &mut |key, value| {
            if state(value) == Encrypted::Plain && !self.rule.leaves(key) {
                all.push(key.to_owned());
            }
        });
        all.dedup();
        all
    }
}

/// Every value with its key; those of a list with the key of the list.
fn each<'f>(keys: &'f Map<String, Value>, tell: &mut impl FnMut(&str, &'f Value)) {
    let mut left: Vec<(String, &Value)> =
        keys.iter().rev().map(|(key, value)| (key.clone(), value)).collect();
    while let Some((key, value)) = left.pop() {
        match value {
            Value::Object(below) => {
                let below = below.iter().rev();
                left.extend(below.map(|(part, value)| (format!("{key}/{part}"), value)));
            }
            Value::Array(items) => left.extend(items.iter().rev().map(|it| (key.clone(), it))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => tell(&key, value),
        }
    }
}

/// Reads a file.
///
/// # Errors
/// Why sops did not write it so, in words that may follow the file's name.
pub fn read(format: SopsFormat, text: &str) -> Result<SopsFile, String> {
    let mut keys = match format {
        SopsFormat::Yaml => yaml::read(text)?,
        SopsFormat::Json | SopsFormat::Binary => serde_json::from_str(text)
            .map_err(|error| format!("is not what sops writes, which is JSON here: {error}"))?,
        SopsFormat::Dotenv => lines::dotenv(text),
        SopsFormat::Ini => lines::ini(text),
    };
    let Some(Value::Object(own)) = keys.remove("sops") else {
        return Err("is not encrypted: sops has written nothing of its own into it".to_owned());
    };
    let said = |word: &str| own.get(word).and_then(Value::as_str).filter(|it| !it.is_empty());
    if said("mac").map(of_text) != Some(Encrypted::Text) {
        return Err("is not encrypted: sops would have written a `mac` into it".to_owned());
    }
    let mut file =
        SopsFile { keys, rule: Rule::of(said), recipients: BTreeSet::new(), others: false };
    opened_by(&own, &mut file);
    Ok(file)
}

/// Who opens a file. In files of lines the way to a value is in its name: `age__list_0__map_recipient`.
fn opened_by(own: &Map<String, Value>, file: &mut SopsFile) {
    const OTHERS: [&str; 6] = ["pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms"];
    for (key, value) in own {
        let is_other = OTHERS.iter().any(|it| key == it || key.contains(&format!("{it}__list")));
        match value {
            Value::String(text) if key == "recipient" || key.ends_with("__map_recipient") => {
                file.recipients.insert(text.clone());
            }
            Value::String(_) => file.others |= is_other,
            Value::Array(items) => {
                file.others |= is_other && !items.is_empty();
                let below = items.iter().filter_map(Value::as_object);
                below.for_each(|it| opened_by(it, file));
            }
            Value::Object(below) => opened_by(below, file),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn state(value: &Value) -> Encrypted {
    match value {
        Value::String(text) => of_text(text),
        Value::Null => Encrypted::Empty,
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Encrypted::Plain,
    }
}

fn of_text(text: &str) -> Encrypted {
    if text.is_empty() {
        return Encrypted::Empty;
    }
    let parts = text.strip_prefix("ENC[AES256_GCM,data:").and_then(|it| it.strip_suffix(']'));
    let kind = parts.and_then(|it| {
        let (data, it) = it.split_once(",iv:")?;
        let (iv, it) = it.split_once(",tag:")?;
        let (tag, kind) = it.split_once(",type:")?;
        // sops makes vectors of 32 bytes and tags of 16 (`aes/cipher.go`), and opens nothing else.
        let sound = bytes(data).is_some() && bytes(iv) == Some(32) && bytes(tag) == Some(16);
        sound.then_some(kind)
    });
    match kind {
        Some("str" | "bytes" | "comment") => Encrypted::Text,
        Some("int" | "float" | "bool" | "time") => Encrypted::Other,
        Some(_) | None => Encrypted::Plain,
    }
}

/// How many bytes a text in Base64 stands for; none where it is no such text, or an empty one.
fn bytes(text: &str) -> Option<usize> {
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let digit = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/');
    let sound = !digits.is_empty() && text.len().is_multiple_of(4) && digits.bytes().all(digit);
    sound.then_some(digits.len() * 3 / 4)
}

#[cfg(test)]
mod tests;
