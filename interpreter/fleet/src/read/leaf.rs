//! How leaves are read, each from the values of its types.

use std::collections::BTreeMap;

use qg_evaluation::spell_scalar;
use qg_evaluation::value::{Piece, Val, Value};
use qg_lang::ast::Protocol;

use super::{Read, ReadError, Reader, wrong};
use crate::choice::Choice;
use crate::leaf::{
    At, Bytes, Data, EntityPath, Millis, MountSource, PortNumber, Priority, RefOr, Sealed,
    SealedPart,
};

/// Leaves that one form of value has.
macro_rules! leaves {
    ($($ty:ty, $wanted:literal: $pattern:pat => $value:expr;)*) => {
        $(impl Read for $ty {
            fn read(_: Reader<'_>, val: &Val) -> Result<$ty, ReadError> {
                match val.value {
                    $pattern => Ok($value),
                    _ => Err(wrong($wanted)),
                }
            }
        })*
    };
}

leaves! {
    bool, "a switch": Value::Bool(it) => it;
    i64, "a whole number": Value::Int(it) => it;
    f64, "a number": Value::Float(it) => it;
    Millis, "a duration": Value::Duration(it) => Millis(it);
    Bytes, "a size": Value::Size(it) => Bytes(it);
    u16, "a mode": Value::Mode(it) => it;
    PortNumber, "a port": Value::Port(it) => PortNumber {
        number: it.number,
        udp: it.protocol == Protocol::Udp,
    };
}

/// Whatever has a spelling: texts, paths, addresses.
impl Read for String {
    fn read(_: Reader<'_>, val: &Val) -> Result<String, ReadError> {
        spell_scalar(&val.value).ok_or_else(|| wrong("a text"))
    }
}

impl Read for EntityPath {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not among these is refused, or read by the type of another leaf"
    )]
    fn read(reader: Reader<'_>, val: &Val) -> Result<EntityPath, ReadError> {
        match val.value {
            Value::Ref(id) => Ok(reader.path(id)),
            _ => Err(wrong("a reference")),
        }
    }
}

impl<T: Read> Read for RefOr<T> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not among these is refused, or read by the type of another leaf"
    )]
    fn read(reader: Reader<'_>, val: &Val) -> Result<RefOr<T>, ReadError> {
        match val.value {
            Value::Ref(id) => Ok(RefOr::Ref(reader.path(id))),
            _ => T::read(reader, val).map(RefOr::Value),
        }
    }
}

impl Read for MountSource {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not among these is refused, or read by the type of another leaf"
    )]
    fn read(reader: Reader<'_>, val: &Val) -> Result<MountSource, ReadError> {
        match &val.value {
            Value::Ref(id) => {
                let path = reader.path(*id);
                match path.kind() {
                    "secret" => Ok(MountSource::Secret(path)),
                    "volume" => Ok(MountSource::Volume(path)),
                    kind => Err(ReadError(format!("a {kind} is no source of files"))),
                }
            }
            Value::File(path) => Ok(MountSource::File(path.to_string())),
            _ => String::read(reader, val).map(MountSource::Path),
        }
    }
}

/// A scalar where a string, a number or a switch may stand, as in an environment; sealed ones included.
impl Read for Sealed {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not among these is refused, or read by the type of another leaf"
    )]
    fn read(reader: Reader<'_>, val: &Val) -> Result<Sealed, ReadError> {
        match &val.value {
            Value::Sealed(pieces) => {
                let part = |piece: &Piece| match piece {
                    Piece::Text(text) => SealedPart::Text(text.to_string()),
                    Piece::Secret(id) => SealedPart::Secret(reader.path(*id)),
                };
                Ok(Sealed(pieces.iter().map(part).collect()))
            }
            Value::Nix(text) => Ok(Sealed::from(text.to_string())),
            _ => String::read(reader, val).map(Sealed::from),
        }
    }
}

/// Free data, and the options of outside programs, which have the types of their schemas.
impl Read for Data {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not among these is refused, or read by the type of another leaf"
    )]
    fn read(reader: Reader<'_>, val: &Val) -> Result<Data, ReadError> {
        Ok(match &val.value {
            Value::Bool(it) => Data::Bool(*it),
            Value::Int(it) => Data::Int(*it),
            Value::Float(it) => Data::Float(*it),
            Value::Duration(it) => Data::Duration(Millis(*it)),
            Value::Size(it) => Data::Size(Bytes(*it)),
            Value::Mode(it) => Data::Int(i64::from(*it)),
            Value::Port(it) if it.protocol == Protocol::Tcp => Data::Int(i64::from(it.number)),
            Value::Ref(id) => Data::Ref(reader.path(*id)),
            Value::Sealed(_) => Data::Sealed(Sealed::read(reader, val)?),
            Value::Nix(text) => Data::Nix(text.to_string()),
            Value::File(path) => Data::File(path.to_string()),
            Value::List(_) | Value::Set(_) => Data::List(Vec::read(reader, val)?),
            Value::Record(id) => Data::Record(reader.map(*id)?),
            Value::Variant(_, _, None) => Data::Text(reader.variant(val)?.name.to_owned()),
            _ => Data::Text(spell_scalar(&val.value).ok_or_else(|| wrong("data"))?),
        })
    }
}

impl Read for Choice {
    fn read(reader: Reader<'_>, val: &Val) -> Result<Choice, ReadError> {
        let variant = reader.variant(val)?;
        let options = variant.options()?;
        Ok(Choice { kind: variant.name.to_owned(), options })
    }
}

impl<T: Read> Read for Vec<At<T>> {
    fn read(reader: Reader<'_>, val: &Val) -> Result<Vec<At<T>>, ReadError> {
        let (Value::List(list) | Value::Set(list)) = &val.value else {
            return Err(wrong("a list"));
        };
        list.items.iter().map(|item| reader.at(item, Priority::Plain)).collect()
    }
}

impl<T: Read> Read for BTreeMap<String, At<T>> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not among these is refused, or read by the type of another leaf"
    )]
    fn read(reader: Reader<'_>, val: &Val) -> Result<BTreeMap<String, At<T>>, ReadError> {
        match val.value {
            Value::Record(id) => reader.map(id),
            _ => Err(wrong("a map")),
        }
    }
}
