//! From the values of an evaluation to the typed [`Model`](super::Model). How each struct is read is made from its
//! schema, as the struct is; here is how leaves, lists and maps are.

mod leaf;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use qg_evaluation::value::{NodeId, Val, Value};
use qg_evaluation::{Evaluation, Node, Shape};
use qg_lang::Analysis;
use qg_lang::check::types::{SchemaId, Type};

use super::broken::Broken;
use super::choice::Options;
use super::leaf::{At, EntityPath, Priority};

/// Why a model could not be read: the structs and the schemas disagree.
#[derive(Debug)]
pub struct ReadError(pub String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

/// What is read from a value of its form.
pub trait Read: Sized {
    /// # Errors
    /// Where the value is of another form, which only a user's own `extend schema` can bring about.
    fn read(reader: Reader<'_>, val: &Val) -> Result<Self, ReadError>;
}

/// An evaluation to read from; everything in it has been asked for before.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub analysis: &'a Analysis,
    pub state: &'a Evaluation,
    /// Entities with something unknown in them are left out.
    pub broken: &'a Broken,
    /// Whether the disabled entities are read, and not the others.
    pub off: bool,
}

impl<'a> Reader<'a> {
    /// The record that a value is.
    ///
    /// # Errors
    /// Where it is none.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are refused")]
    pub fn fields(self, val: &Val) -> Result<ReadFields<'a>, ReadError> {
        match val.value {
            Value::Record(id) => Ok(ReadFields { reader: self, id, node: self.state.node(id) }),
            _ => Err(wrong("a record")),
        }
    }

    /// The variant that a value is.
    ///
    /// # Errors
    /// Where it is none.
    pub fn variant(self, val: &Val) -> Result<ReadVariant<'a>, ReadError> {
        let Value::Variant(id, index, payload) = val.value else { return Err(wrong("a variant")) };
        let variants = &self.analysis.declarations.enumeration(id).variants;
        let name = variants.get(index as usize).map_or("", |it| &*it.name);
        let payload = payload.map(|id| Val::new(Value::Record(id), val.origin));
        Ok(ReadVariant { reader: self, name, payload })
    }

    /// The way to something in the model.
    #[must_use]
    pub fn path(self, id: NodeId) -> EntityPath {
        EntityPath(self.state.path(id).iter().map(ToString::to_string).collect())
    }

    /// A value with who said it: an entity is where it was created.
    ///
    /// # Errors
    /// Where it is of another form.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a record alone has a place beside its value's"
    )]
    pub fn at<T: Read>(self, val: &Val, priority: Priority) -> Result<At<T>, ReadError> {
        let origin = match val.value {
            Value::Record(id) => self.state.node(id).origin,
            _ => val.origin,
        };
        Ok(At { value: T::read(self, val)?, priority, origin })
    }

    /// What a map or free record holds, in order; entities that are not asked for are left out.
    pub fn entries(self, id: NodeId) -> impl Iterator<Item = (&'a Arc<str>, &'a Val, Priority)> {
        let node = self.state.node(id);
        let in_map = matches!(node.shape, Shape::Map(_));
        node.cells.iter().filter_map(move |(name, cell)| {
            let val = cell.progress.done().filter(|val| is_there(val))?;
            let out = matches!(val.value, Value::Record(child)
                if in_map && (self.is_left_out(child) || self.broken.is(child)));
            (!out).then_some((name, val, cell.priority))
        })
    }

    /// Every entry of a map or free record.
    ///
    /// # Errors
    /// Where one is of another form.
    pub fn map<T: Read>(self, id: NodeId) -> Result<BTreeMap<String, At<T>>, ReadError> {
        let read = |(name, val, priority): (&'a Arc<str>, &'a Val, Priority)| {
            let value = self.at(val, priority).map_err(|error| error.inside(name))?;
            Ok((name.to_string(), value))
        };
        self.entries(id).map(read).collect()
    }

    /// Whether an entity that can be disabled is not of those that are read.
    fn is_left_out(self, id: NodeId) -> bool {
        let node = self.state.node(id);
        let Shape::Record(schema) = node.shape else { return false };
        let enabled = || node.cells.get("enabled").and_then(|cell| cell.progress.done());
        let is_off = || enabled().is_some_and(|val| matches!(val.value, Value::Bool(false)));
        self.switch(schema) && is_off() != self.off
    }

    fn switch(self, schema: SchemaId) -> bool {
        let field = self.analysis.declarations.schema(schema).field("enabled");
        field.is_some_and(|field| *field.ty.base() == Type::Bool)
    }
}

/// Functions have no place in the model.
fn is_there(val: &Val) -> bool {
    !matches!(val.value, Value::Unknown | Value::Absent | Value::Function(_) | Value::Lambda(_))
}

pub(super) fn wrong(wanted: &str) -> ReadError {
    ReadError(format!("{wanted} is wanted"))
}

impl ReadError {
    fn inside(self, name: &str) -> ReadError {
        ReadError(format!("{name}: {self}"))
    }
}

/// A record on its way into a struct.
#[derive(Clone, Copy)]
pub struct ReadFields<'a> {
    reader: Reader<'a>,
    id: NodeId,
    node: &'a Node,
}

impl<'a> ReadFields<'a> {
    /// What a field says; nothing where it is absent or unknown, or the fleet's own in place of the library's.
    ///
    /// # Errors
    /// Where there is no such field. A record with something unknown in it need not have all.
    fn get(&self, name: &str) -> Result<Option<(&'a Val, Priority)>, ReadError> {
        let replaced = &self.reader.analysis.declarations.replaced;
        if replaced.iter().any(|(id, it)| &**it == name && self.node.shape == Shape::Record(*id)) {
            return Ok(None);
        }
        match self.node.cells.get(name) {
            Some(cell) => {
                Ok(cell.progress.done().filter(|val| is_there(val)).map(|val| (val, cell.priority)))
            }
            None if self.reader.broken.is(self.id) => Ok(None),
            None => Err(ReadError(format!("there is no `{name}`"))),
        }
    }

    /// A field that each record has. One that is unknown has its type's default: of what holds for the whole fleet
    /// something is read even where a part of it has an error; any other record is left out then.
    ///
    /// # Errors
    /// Where it is of another form, or where there is no such field.
    pub fn required<T: Read + Default>(&self, name: &str) -> Result<At<T>, ReadError> {
        self.optional(name).map(Option::unwrap_or_default)
    }

    /// A field that may be absent.
    ///
    /// # Errors
    /// Where it is of another form, or where there is no such field.
    pub fn optional<T: Read>(&self, name: &str) -> Result<Option<At<T>>, ReadError> {
        let Some((val, priority)) = self.get(name)? else { return Ok(None) };
        self.reader.at(val, priority).map(Some).map_err(|error| error.inside(name))
    }

    /// A field that is a map: each of its entries knows who said it.
    ///
    /// # Errors
    /// Where one is of another form, or where there is no such field.
    pub fn map<T: Read>(&self, name: &str) -> Result<BTreeMap<String, At<T>>, ReadError> {
        let Some((val, _)) = self.get(name)? else { return Ok(BTreeMap::new()) };
        BTreeMap::read(self.reader, val).map_err(|error| error.inside(name))
    }
}

/// A variant on its way into an enum.
pub struct ReadVariant<'a> {
    reader: Reader<'a>,
    pub name: &'a str,
    payload: Option<Val>,
}

impl ReadVariant<'_> {
    /// What it holds.
    ///
    /// # Errors
    /// Where it holds nothing, or something else.
    pub fn payload<T: Read>(&self) -> Result<T, ReadError> {
        let payload = self.payload.as_ref().ok_or_else(|| wrong("a payload"));
        payload.and_then(|val| T::read(self.reader, val)).map_err(|error| error.inside(self.name))
    }

    /// What it holds as data by name; nothing where it holds nothing.
    ///
    /// # Errors
    /// Where something of it is no data.
    pub fn options(&self) -> Result<Options, ReadError> {
        match &self.payload {
            Some(val) => BTreeMap::read(self.reader, val).map_err(|error| error.inside(self.name)),
            None => Ok(Options::new()),
        }
    }

    #[must_use]
    pub fn unheard_of(&self, of: &str) -> ReadError {
        ReadError(format!("`{}` is no {of}", self.name))
    }
}
