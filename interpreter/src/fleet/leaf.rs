//! What the leaves of the typed fleet are made of. Each knows who said it.
//!
//! All of it is read through serde: from the evaluated model (which gives origins) or, in unit
//! tests, from plain JSON (which has none).

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{
    self, Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// A row of the table of origins that an evaluation keeps; 0 is "unknown".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginId(pub u32);

/// The rungs of the ladder (rule 8 of the language), weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    SchemaDefault,
    KindDefault,
    Default,
    #[default]
    Plain,
    Override,
}

impl Rung {
    /// The rung with this place on the ladder, from 0.
    #[must_use]
    pub fn from_place(place: u8) -> Rung {
        match place {
            0 => Rung::SchemaDefault,
            1 => Rung::KindDefault,
            2 => Rung::Default,
            4 => Rung::Override,
            _ => Rung::Plain,
        }
    }
}

/// A value of the model, the rung it was said on, and where it came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub rung: Rung,
    pub origin: OriginId,
}

impl<T> At<T> {
    pub fn new(value: T, origin: OriginId) -> At<T> {
        At { value, rung: Rung::Plain, origin }
    }

    /// Another value with the same origin.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> At<U> {
        At { value: f(&self.value), rung: self.rung, origin: self.origin }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The name under which [`At`] asks a deserializer for a triple of origin, rung and value.
pub const AT: &str = "$qg::At";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At<T>, D::Error> {
        struct AtVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for AtVisitor<T> {
            type Value = At<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its origin")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                inner: D,
            ) -> Result<At<T>, D::Error> {
                Ok(At { value: T::deserialize(inner)?, rung: Rung::Plain, origin: OriginId(0) })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<At<T>, A::Error> {
                let missing = || de::Error::custom("an origin, a rung and a value");
                let origin = OriginId(seq.next_element()?.ok_or_else(missing)?);
                let rung = Rung::from_place(seq.next_element()?.ok_or_else(missing)?);
                let value = seq.next_element()?.ok_or_else(missing)?;
                Ok(At { value, rung, origin })
            }

            /// A part of the way of a reference, where free data holds one: it has no origin of its own.
            fn visit_str<E: de::Error>(self, v: &str) -> Result<At<T>, E> {
                let value = T::deserialize(de::value::StrDeserializer::new(v))?;
                Ok(At { value, rung: Rung::Plain, origin: OriginId(0) })
            }
        }
        deserializer.deserialize_newtype_struct(AT, AtVisitor(PhantomData))
    }
}

/// The way to something in the model: `["service", "sonarr", "ports", "web"]`. On the wire, a sequence of strings.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(transparent)]
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

impl<'de, T: Deserialize<'de>> Deserialize<'de> for RefOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RefOr<T>, D::Error> {
        struct RefOrVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for RefOrVisitor<T> {
            type Value = RefOr<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a reference or a plain value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<RefOr<T>, A::Error> {
                let path = Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
                Ok(RefOr::Ref(EntityPath(path)))
            }

            fn visit_bool<E: de::Error>(self, v: bool) -> Result<RefOr<T>, E> {
                T::deserialize(de::value::BoolDeserializer::new(v)).map(RefOr::Value)
            }

            fn visit_i64<E: de::Error>(self, v: i64) -> Result<RefOr<T>, E> {
                T::deserialize(de::value::I64Deserializer::new(v)).map(RefOr::Value)
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<RefOr<T>, E> {
                T::deserialize(de::value::U64Deserializer::new(v)).map(RefOr::Value)
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<RefOr<T>, E> {
                T::deserialize(de::value::StrDeserializer::new(v)).map(RefOr::Value)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RefOr<T>, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(RefOr::Value)
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<RefOr<T>, A::Error> {
                T::deserialize(de::value::EnumAccessDeserializer::new(data)).map(RefOr::Value)
            }
        }
        deserializer.deserialize_any(RefOrVisitor(PhantomData))
    }
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

impl<'de> Deserialize<'de> for MountSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MountSource, D::Error> {
        Ok(match RefOr::<Data>::deserialize(deserializer)? {
            RefOr::Ref(path) if path.kind() == "secret" => MountSource::Secret(path),
            RefOr::Ref(path) => MountSource::Volume(path),
            RefOr::Value(Data::File(path)) => MountSource::File(path),
            RefOr::Value(Data::Text(path)) => MountSource::Path(path),
            RefOr::Value(_) => return Err(de::Error::custom("a mount's source")),
        })
    }
}

/// A string that may hold secrets: put together on the host, when it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed(pub Vec<SealedPart>);

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
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
/// From the model: scalars as themselves (paths, addresses, durations as strings), a sealed string as
/// the enum variant `sealed`, a Nix expression as `nix`, a `./file` as `file`. In typed options (see
/// [`Choice`](super::choice::Choice)) durations are milliseconds, sizes bytes, variants without payload
/// their names, and a reference is the list of its way's parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Sealed(Sealed),
    /// The text of a Nix expression, complete and parsed already.
    Nix(String),
    /// A file beside the sources, relative to the fleet's root.
    File(String),
    List(Vec<At<Data>>),
    Record(BTreeMap<String, At<Data>>),
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Data, D::Error> {
        struct DataVisitor;
        impl<'de> Visitor<'de> for DataVisitor {
            type Value = Data;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("free data")
            }

            fn visit_bool<E>(self, v: bool) -> Result<Data, E> {
                Ok(Data::Bool(v))
            }

            fn visit_i64<E>(self, v: i64) -> Result<Data, E> {
                Ok(Data::Int(v))
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Data, E> {
                i64::try_from(v).map(Data::Int).map_err(de::Error::custom)
            }

            fn visit_f64<E>(self, v: f64) -> Result<Data, E> {
                Ok(Data::Float(v))
            }

            fn visit_str<E>(self, v: &str) -> Result<Data, E> {
                Ok(Data::Text(v.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Data, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = seq.next_element()? {
                    all.push(item);
                }
                Ok(Data::List(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
                let mut all = BTreeMap::new();
                while let Some((key, value)) = map.next_entry()? {
                    all.insert(key, value);
                }
                Ok(Data::Record(all))
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Data, A::Error> {
                let (variant, payload) = data.variant::<String>()?;
                match variant.as_str() {
                    "sealed" => payload.newtype_variant().map(|parts| Data::Sealed(Sealed(parts))),
                    "nix" => payload.newtype_variant().map(Data::Nix),
                    "file" => payload.newtype_variant().map(Data::File),
                    _ => payload.unit_variant().map(|()| Data::Text(variant)),
                }
            }
        }
        deserializer.deserialize_any(DataVisitor)
    }
}

/// A scalar where a string, a number or a switch may stand, as in an environment; sealed ones included.
impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sealed, D::Error> {
        match Data::deserialize(deserializer)? {
            Data::Sealed(sealed) => Ok(sealed),
            Data::Text(text) | Data::Nix(text) | Data::File(text) => Ok(Sealed::from(text)),
            Data::Bool(it) => Ok(Sealed::from(it.to_string())),
            Data::Int(it) => Ok(Sealed::from(it.to_string())),
            Data::Float(it) => Ok(Sealed::from(it.to_string())),
            Data::List(_) | Data::Record(_) => {
                Err(de::Error::custom("a string, perhaps with secrets"))
            }
        }
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
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_)
            | Data::Record(_) => (None, false),
        };
        number.map(|number| PortNumber { number, udp })
    }
}

impl<'de> Deserialize<'de> for PortNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PortNumber, D::Error> {
        let data = Data::deserialize(deserializer)?;
        PortNumber::of(&data).ok_or_else(|| de::Error::custom("a port, as 8080 or 8080/udp"))
    }
}

impl fmt::Display for PortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}
