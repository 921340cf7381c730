//! What the leaves of the typed fleet are made of. Each knows who said it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

/// A row of the table of origins that an evaluation keeps; 0 is "unknown".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginId(pub u32);

/// The priorities of the ladder (rule 8 of the language), weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    SchemaDefault,
    KindDefault,
    Default,
    #[default]
    Plain,
    Override,
}

impl Priority {
    /// The priority with this place on the ladder, from 0.
    #[must_use]
    pub fn from_place(place: u8) -> Priority {
        match place {
            0 => Priority::SchemaDefault,
            1 => Priority::KindDefault,
            2 => Priority::Default,
            4 => Priority::Override,
            _ => Priority::Plain,
        }
    }
}

/// A value of the model, the priority it was said on, and where it came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub priority: Priority,
    pub origin: OriginId,
}

impl<T> At<T> {
    pub fn new(value: T, origin: OriginId) -> At<T> {
        At { value, priority: Priority::Plain, origin }
    }

    /// Another value with the same origin.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> At<U> {
        At { value: f(&self.value), priority: self.priority, origin: self.origin }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The way to something in the model: `["service", "sonarr", "ports", "web"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
pub struct EntityPath(pub Vec<String>);

impl EntityPath {
    /// The kind: `service`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The key of the top-level entity: `sonarr`.
    #[must_use]
    pub fn entity(&self) -> &str {
        self.0.get(1).map_or("", String::as_str)
    }

    /// The last key: `web`.
    #[must_use]
    pub fn last(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }
}

impl fmt::Display for EntityPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// A reference, or a plain value told apart by its shape: `&Port | url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefOr<T> {
    Ref(EntityPath),
    Value(T),
}

/// Where a file comes from: a place on the host, or something of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    Path(String),
    /// Relative to the fleet's root.
    File(String),
    Volume(EntityPath),
    Secret(EntityPath),
}

impl Default for MountSource {
    fn default() -> MountSource {
        MountSource::Path(String::new())
    }
}

/// A string that may hold secrets: put together on the host, when it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed(pub Vec<SealedPart>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealedPart {
    Text(String),
    Secret(EntityPath),
}

impl SealedPart {
    /// What was written in place; nothing for a secret.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            SealedPart::Text(text) => Some(text),
            SealedPart::Secret(_) => None,
        }
    }
}

impl Sealed {
    /// The text, where no secret is in it.
    #[must_use]
    pub fn plain(&self) -> Option<String> {
        self.0.iter().try_fold(String::new(), |mut all, part| match part {
            SealedPart::Text(text) => {
                all.push_str(text);
                Some(all)
            }
            SealedPart::Secret(_) => None,
        })
    }

    /// The secrets in it, as often as they stand there.
    pub fn secrets(&self) -> impl Iterator<Item = &EntityPath> {
        self.0.iter().filter_map(|part| match part {
            SealedPart::Text(_) => None,
            SealedPart::Secret(path) => Some(path),
        })
    }
}

/// Free data, as YAML, JSON and Nix options hold it.
///
/// Paths, addresses and variants are texts. References, durations and sizes occur in the options of outside programs
/// only, whose fields have types (`qg_fleet::choice::Choice`): in free data they are texts as well.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Bool(bool),
    Int(i64),
    Float(f64),
    Duration(Millis),
    Size(Bytes),
    Text(String),
    Ref(EntityPath),
    Sealed(Sealed),
    /// The text of a Nix expression, complete and parsed already.
    Nix(String),
    /// A file beside the sources, relative to the fleet's root.
    File(String),
    List(Vec<At<Data>>),
    Record(BTreeMap<String, At<Data>>),
}

impl Data {
    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Data::Text(text) => Some(text),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_)
            | Data::Record(_) => None,
        }
    }

    /// The fields, where it is a record.
    #[must_use]
    pub fn record(&self) -> Option<&BTreeMap<String, At<Data>>> {
        if let Data::Record(fields) = self { Some(fields) } else { None }
    }

    /// A scalar as it is spelled; none of secrets, and of what has parts.
    #[must_use]
    pub fn spelled(&self) -> Option<String> {
        match self {
            Data::Bool(it) => Some(it.to_string()),
            Data::Int(it) => Some(it.to_string()),
            Data::Float(it) => Some(it.to_string()),
            Data::Text(text) | Data::Nix(text) | Data::File(text) => Some(text.clone()),
            Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Sealed(_)
            | Data::List(_)
            | Data::Record(_) => None,
        }
    }

    /// The reference, where it is one.
    #[must_use]
    pub fn reference(&self) -> Option<&EntityPath> {
        if let Data::Ref(path) = self { Some(path) } else { None }
    }
}

impl From<String> for Sealed {
    fn from(text: String) -> Sealed {
        Sealed(vec![SealedPart::Text(text)])
    }
}

impl<T: Default> Default for RefOr<T> {
    fn default() -> RefOr<T> {
        RefOr::Value(T::default())
    }
}

impl Default for Data {
    fn default() -> Data {
        Data::Record(BTreeMap::new())
    }
}

/// A duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
pub struct Millis(pub u64);

/// A size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
pub struct Bytes(pub u64);

/// A port's number, and its protocol where the literal said one: `8080`, `8080/udp`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortNumber {
    pub number: u16,
    pub udp: bool,
}

impl PortNumber {
    /// The port that data holds.
    #[must_use]
    pub fn of(data: &Data) -> Option<PortNumber> {
        let (number, udp) = match data {
            Data::Int(number) => (u16::try_from(*number).ok(), false),
            Data::Text(text) => match text.split_once('/') {
                Some((number, protocol)) => (number.parse().ok(), protocol == "udp"),
                None => (text.parse().ok(), false),
            },
            Data::Bool(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_)
            | Data::Record(_) => (None, false),
        };
        number.map(|number| PortNumber { number, udp })
    }
}

impl fmt::Display for PortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}
