//! Reads the evaluated model through serde: the way from values to the typed [`Model`](super::Model).
#![allow(clippy::wildcard_enum_match_arm)] // of the many forms a few matter here

use std::fmt;
use std::sync::Arc;

use qg_lang::Analysis;
use qg_lang::check::types::{SchemaId, Type};
use serde::de::value::{StrDeserializer, U8Deserializer, U32Deserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use crate::eval::{Shape, State, spell_scalar};
use crate::value::{NodeId, Piece, Val, Value};

use super::broken::Broken;
use super::leaf::{AT, OriginId, Rung};

/// Why a model could not be read: the structs and the schemas disagree.
#[derive(Debug)]
pub struct ReadError(pub String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> ReadError {
        ReadError(message.to_string())
    }
}

/// An evaluation to read from; everything in it has been asked for before.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub analysis: &'a Analysis,
    pub state: &'a State,
    /// Entities with something unknown in them are left out.
    pub broken: &'a Broken,
    /// Whether the disabled entities are read, and not the others.
    pub off: bool,
}

impl<'a> Reader<'a> {
    /// A deserializer for a value.
    #[must_use]
    pub fn value(self, val: Val) -> Reading<'a> {
        Reading { reader: self, val, rung: Rung::Plain }
    }

    /// The fields of a node that are there, in order; entities that are not asked for are left out of maps.
    fn fields(self, id: NodeId) -> Vec<(Arc<str>, Reading<'a>)> {
        let node = self.state.node(id);
        let in_map = matches!(node.shape, Shape::Map(_));
        node.slots
            .iter()
            .filter_map(|(name, slot)| {
                let val = slot.memo.done()?.clone();
                match val.value {
                    Value::Unknown | Value::Absent | Value::Function(_) | Value::Lambda(_) => None,
                    Value::Record(child)
                        if in_map && (self.is_left_out(child) || self.broken.is(child)) =>
                    {
                        None
                    }
                    _ => Some((Arc::clone(name), Reading { reader: self, val, rung: slot.rung })),
                }
            })
            .collect()
    }

    /// Whether an entity that can be disabled is not of those that are read.
    fn is_left_out(self, id: NodeId) -> bool {
        let node = self.state.node(id);
        let Shape::Record(schema) = node.shape else { return false };
        let enabled = || node.slots.get("enabled").and_then(|slot| slot.memo.done());
        let is_off = || enabled().is_some_and(|val| matches!(val.value, Value::Bool(false)));
        self.switch(schema) && is_off() != self.off
    }

    fn switch(self, schema: SchemaId) -> bool {
        let field = self.analysis.declarations.schema(schema).field("enabled");
        field.is_some_and(|field| *field.ty.base() == Type::Bool)
    }
}

/// One value on its way into a struct.
#[derive(Clone)]
pub struct Reading<'a> {
    reader: Reader<'a>,
    val: Val,
    rung: Rung,
}

impl<'a> Reading<'a> {
    fn path(&self, id: NodeId) -> Strings {
        Strings(self.reader.state.path(id).into_iter())
    }
}

impl<'de> Deserializer<'de> for Reading<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.val.value {
            Value::Bool(it) => visitor.visit_bool(*it),
            Value::Int(it) => visitor.visit_i64(*it),
            Value::Float(it) => visitor.visit_f64(*it),
            Value::Duration(it) | Value::Size(it) => visitor.visit_u64(*it),
            Value::Mode(it) => visitor.visit_u64(u64::from(*it)),
            Value::Port(it) if it.protocol == qg_lang::ast::Protocol::Tcp => {
                visitor.visit_i64(i64::from(it.number))
            }
            Value::Ref(id) => visitor.visit_seq(self.path(*id)),
            Value::List(list) | Value::Set(list) => visitor.visit_seq(Items {
                reader: self.reader,
                items: Arc::clone(&list.items),
                next: 0,
            }),
            Value::Record(id) => {
                let fields = self.reader.fields(*id);
                visitor.visit_map(Fields { fields: fields.into_iter(), value: None })
            }
            Value::Variant(..) | Value::Sealed(_) | Value::Nix(_) | Value::File(_) => {
                visitor.visit_enum(self)
            }
            Value::Absent | Value::Unknown => visitor.visit_unit(),
            other => match spell_scalar(other) {
                Some(text) => visitor.visit_str(&text),
                None => Err(de::Error::custom("a function has no place in the model")),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.val.value {
            Value::Absent | Value::Unknown => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == AT {
            let origin = match self.val.value {
                // An entity is where it was created.
                Value::Record(id) => self.reader.state.node(id).origin,
                _ => self.val.origin,
            };
            return visitor.visit_seq(Triple { origin, reading: Some(self), next: 0 });
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_enum(self)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.val.value {
            Value::File(text) | Value::Nix(text) => visitor.visit_str(text),
            Value::Variant(id, index, _) => {
                let variants = &self.reader.analysis.declarations.enumeration(*id).variants;
                visitor.visit_str(variants.get(*index as usize).map_or("", |it| &*it.name))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// A variant: of a QG enum, or one of the special forms of free data.
impl<'de> EnumAccess<'de> for Reading<'de> {
    type Error = ReadError;
    type Variant = Payload<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Payload<'de>), ReadError> {
        let name = match &self.val.value {
            Value::Variant(id, index, _) => {
                let variants = &self.reader.analysis.declarations.enumeration(*id).variants;
                variants.get(*index as usize).map_or("", |it| &*it.name)
            }
            Value::Sealed(_) => "sealed",
            Value::Nix(_) => "nix",
            Value::File(_) => "file",
            _ => return Err(de::Error::custom("not a variant")),
        };
        let name = seed.deserialize(StrDeserializer::<ReadError>::new(name))?;
        Ok((name, Payload(self)))
    }
}

/// What a variant holds.
pub struct Payload<'a>(Reading<'a>);

impl<'de> VariantAccess<'de> for Payload<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, ReadError> {
        let Reading { reader, val, .. } = self.0;
        match &val.value {
            Value::Variant(_, _, Some(id)) => {
                seed.deserialize(reader.value(Val::new(Value::Record(*id), val.origin)))
            }
            Value::Nix(text) | Value::File(text) => seed.deserialize(StrDeserializer::new(text)),
            Value::Sealed(pieces) => {
                let pieces: Vec<Piece> = pieces.iter().cloned().collect();
                let pieces = pieces.into_iter();
                seed.deserialize(de::value::SeqAccessDeserializer::new(Pieces { reader, pieces }))
            }
            _ => Err(de::Error::custom("a variant without payload")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ReadError> {
        Err(de::Error::custom("payloads are records"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.0.val.value {
            Value::Variant(_, _, Some(id)) => {
                let fields = self.0.reader.fields(id);
                visitor.visit_map(Fields { fields: fields.into_iter(), value: None })
            }
            _ => visitor.visit_map(Fields { fields: Vec::new().into_iter(), value: None }),
        }
    }
}

/// Origin, rung and value: what `At` asks for.
struct Triple<'a> {
    origin: OriginId,
    reading: Option<Reading<'a>>,
    next: u8,
}

impl<'de> SeqAccess<'de> for Triple<'de> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ReadError> {
        self.next += 1;
        match self.next {
            1 => seed.deserialize(U32Deserializer::new(self.origin.0)).map(Some),
            2 => {
                let rung = self.reading.as_ref().map_or(Rung::Plain, |reading| reading.rung);
                seed.deserialize(U8Deserializer::new(rung as u8)).map(Some)
            }
            _ => self.reading.take().map(|reading| seed.deserialize(reading)).transpose(),
        }
    }
}

struct Items<'a> {
    reader: Reader<'a>,
    items: Arc<[Val]>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ReadError> {
        let Some(val) = self.items.get(self.next).cloned() else { return Ok(None) };
        self.next += 1;
        seed.deserialize(self.reader.value(val)).map(Some)
    }
}

struct Fields<'a> {
    fields: std::vec::IntoIter<(Arc<str>, Reading<'a>)>,
    value: Option<(Arc<str>, Reading<'a>)>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = ReadError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ReadError> {
        let Some((name, reading)) = self.fields.next() else { return Ok(None) };
        let key = seed.deserialize(StrDeserializer::<ReadError>::new(&name))?;
        self.value = Some((name, reading));
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let Some((name, reading)) = self.value.take() else {
            return Err(de::Error::custom("a value without key"));
        };
        seed.deserialize(reading).map_err(|error| ReadError(format!("{name}: {error}")))
    }
}

struct Strings(std::vec::IntoIter<Arc<str>>);

impl<'de> SeqAccess<'de> for Strings {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ReadError> {
        self.0.next().map(|it| seed.deserialize(StrDeserializer::new(&it))).transpose()
    }
}

/// The pieces of a sealed string, as `{ "text": … }` or `{ "secret": [path] }`.
struct Pieces<'a> {
    reader: Reader<'a>,
    pieces: std::vec::IntoIter<Piece>,
}

impl<'de> SeqAccess<'de> for Pieces<'de> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ReadError> {
        let Some(piece) = self.pieces.next() else { return Ok(None) };
        seed.deserialize(de::value::EnumAccessDeserializer::new(PieceAccess {
            reader: self.reader,
            piece,
        }))
        .map(Some)
    }
}

struct PieceAccess<'a> {
    reader: Reader<'a>,
    piece: Piece,
}

impl<'de> EnumAccess<'de> for PieceAccess<'de> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ReadError> {
        let name = match self.piece {
            Piece::Text(_) => "text",
            Piece::Secret(_) => "secret",
        };
        Ok((seed.deserialize(StrDeserializer::<ReadError>::new(name))?, self))
    }
}

impl<'de> VariantAccess<'de> for PieceAccess<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Err(de::Error::custom("a piece has a payload"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, ReadError> {
        match self.piece {
            Piece::Text(text) => seed.deserialize(StrDeserializer::new(&text)),
            Piece::Secret(id) => {
                let path = self.reader.state.path(id).into_iter();
                seed.deserialize(de::value::SeqAccessDeserializer::new(Strings(path)))
            }
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ReadError> {
        Err(de::Error::custom("a piece is one value"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ReadError> {
        Err(de::Error::custom("a piece is one value"))
    }
}
