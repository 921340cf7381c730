//! Models of unit tests, written in JSON. Nobody said any of it. References are lists of texts; in free data they are
//! `{ "$ref": [...] }`, durations `{ "$duration": 1000 }`, sizes `{ "$size": 1000 }`.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, from_value};

use super::leaf::{
    At, Bytes, Data, EntityPath, Millis, MountSource, OriginId, PortNumber, RefOr, Sealed,
};

fn parsed<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    from_value(value).map_err(E::custom)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<At<T>, D::Error> {
        T::deserialize(from).map(|value| At::new(value, OriginId(0)))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for RefOr<T> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "JSON's own forms, of which one is special")]
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<RefOr<T>, D::Error> {
        match Value::deserialize(from)? {
            value @ Value::Array(_) => parsed(value).map(RefOr::Ref),
            value => parsed(value).map(RefOr::Value),
        }
    }
}

impl<'de> Deserialize<'de> for MountSource {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<MountSource, D::Error> {
        Ok(match RefOr::deserialize(from)? {
            RefOr::Ref(path) if path.kind() == "secret" => MountSource::Secret(path),
            RefOr::Ref(path) => MountSource::Volume(path),
            RefOr::Value(path) => MountSource::Path(path),
        })
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Sealed, D::Error> {
        let text = Data::deserialize(from)?.spelled();
        text.map(Sealed::from).ok_or_else(|| D::Error::custom("a scalar is wanted"))
    }
}

impl<'de> Deserialize<'de> for PortNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<PortNumber, D::Error> {
        let data = Data::deserialize(from)?;
        PortNumber::of(&data).ok_or_else(|| D::Error::custom("a port is wanted"))
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Data, D::Error> {
        Ok(match Value::deserialize(from)? {
            Value::Null => return Err(D::Error::custom("nothing is no data")),
            Value::Bool(it) => Data::Bool(it),
            Value::Number(it) => match it.as_i64() {
                Some(it) => Data::Int(it),
                None => Data::Float(it.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Data::Text(text),
            value @ Value::Array(_) => Data::List(parsed(value)?),
            Value::Object(mut fields) => {
                let mut take = |name: &str| fields.remove(name);
                if let Some(path) = take("$ref") {
                    Data::Ref(EntityPath(parsed(path)?))
                } else if let Some(millis) = take("$duration") {
                    Data::Duration(Millis(parsed(millis)?))
                } else if let Some(bytes) = take("$size") {
                    Data::Size(Bytes(parsed(bytes)?))
                } else {
                    Data::Record(parsed(Value::Object(fields))?)
                }
            }
        })
    }
}
