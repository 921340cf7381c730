//! Values, each with where it came from.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use qg_lang::ast::{Expr, Param, PortLiteral};
use qg_lang::check::types::{EnumId, FunctionId};
use qg_lang::network::Network;
use qg_provenance::leaf::OriginId;

use crate::Ctx;

/// A record, map or entity in the arena of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A value and its origin.
#[derive(Clone, Debug)]
pub struct Val {
    pub value: Value,
    pub origin: OriginId,
}

impl Val {
    pub fn new(value: Value, origin: OriginId) -> Val {
        Val { value, origin }
    }

    #[must_use]
    pub fn unknown() -> Val {
        Val { value: Value::Unknown, origin: OriginId(0) }
    }

    /// Whether there are values in it: in a list, or in the record that it is.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        !matches!(self.value.parts(), Parts::None)
    }

    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.value, Value::Unknown)
    }
}

#[derive(Clone, Debug)]
pub enum Value {
    /// Something went wrong on the way here, and was reported: nothing is concluded from it.
    Unknown,
    /// An optional value that is not there.
    Absent,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    /// Milliseconds.
    Duration(u64),
    /// Bytes.
    Size(u64),
    Mode(u16),
    Path(Arc<str>),
    /// A file beside the sources, relative to the fleet's root.
    File(Arc<str>),
    Address(IpAddr),
    Subnet(Network),
    Port(PortLiteral),
    Ports(u16, u16),
    /// A string with secrets in it.
    Sealed(Arc<[Piece]>),
    /// The text of a Nix expression, holes filled in.
    Nix(Arc<str>),
    List(List),
    /// Sorted, without repetitions.
    Set(List),
    /// A record or map, as a value.
    Record(NodeId),
    /// Something with a place in the model, as a reference.
    Ref(NodeId),
    Variant(EnumId, u32, Option<NodeId>),
    Function(FunctionId),
    Lambda(Arc<Lambda>),
}

/// What lies in a value.
#[derive(Clone, Copy, Debug)]
pub enum Parts<'a> {
    None,
    /// The elements of a list or set.
    Elements(&'a List),
    /// The fields of a record, or of a variant's payload.
    Fields(NodeId),
}

impl Value {
    /// What lies in it; a reference has nothing in it.
    #[must_use]
    pub fn parts(&self) -> Parts<'_> {
        match self {
            Value::List(list) | Value::Set(list) => Parts::Elements(list),
            Value::Record(id) | Value::Variant(_, _, Some(id)) => Parts::Fields(*id),
            Value::Unknown
            | Value::Absent
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::Mode(_)
            | Value::Path(_)
            | Value::File(_)
            | Value::Address(_)
            | Value::Subnet(_)
            | Value::Port(_)
            | Value::Ports(..)
            | Value::Sealed(_)
            | Value::Nix(_)
            | Value::Ref(_)
            | Value::Variant(_, _, None)
            | Value::Function(_)
            | Value::Lambda(_) => Parts::None,
        }
    }

    /// What a condition says. None: unknown, for the checker lets nothing else be a condition.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        if let Value::Bool(it) = self { Some(*it) } else { None }
    }

    /// How many lists stand in one another in it.
    #[must_use]
    pub fn height(&self) -> usize {
        if let Value::List(list) | Value::Set(list) = self { list.height() } else { 0 }
    }

    /// How many values lie in it, where it is a list or a set.
    #[must_use]
    pub fn weight(&self) -> usize {
        if let Value::List(list) | Value::Set(list) = self { list.weight() } else { 0 }
    }
}

/// The elements of a list or set.
#[derive(Clone, Debug)]
pub struct List {
    pub items: Arc<[Val]>,
    /// False where an unknown may have hidden further elements: totals and absence are then unknown.
    pub complete: bool,
    /// How many lists it is at most until something that is no list; few are allowed.
    height: u8,
    /// How many values it spells out, those in the lists in it among them.
    weight: u32,
}

impl List {
    #[must_use]
    pub fn new(items: Vec<Val>, complete: bool) -> List {
        let highest = items.iter().map(|item| item.value.height()).max().unwrap_or(0);
        let height = u8::try_from(highest + 1).unwrap_or(u8::MAX);
        let inside: usize = items.iter().map(|item| item.value.weight()).sum();
        let weight = u32::try_from(items.len().saturating_add(inside)).unwrap_or(u32::MAX);
        List { items: items.into(), complete, height, weight }
    }

    /// How many lists it is at most until something that is no list.
    #[must_use]
    pub fn height(&self) -> usize {
        usize::from(self.height)
    }

    /// How many values it spells out, those in the lists in it among them: shared lists count as often
    /// as they stand there.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.weight as usize
    }
}

/// The lists that were walked already: one that stands at many places is walked once. It keeps them,
/// so that no other comes to lie where one lay.
#[derive(Debug, Default)]
pub struct Lists {
    seen: HashMap<usize, Arc<[Val]>>,
}

impl Lists {
    /// Whether a list was not met before.
    pub fn is_new(&mut self, list: &List) -> bool {
        let address = list.items.as_ptr() as usize;
        // Short ones are walked faster than they are looked up.
        list.weight() < SHORT || self.seen.insert(address, Arc::clone(&list.items)).is_none()
    }
}

const SHORT: usize = 4;

/// A piece of a sealed string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    Text(Arc<str>),
    Secret(NodeId),
}

/// A lambda with what was around it.
#[derive(Debug)]
pub struct Lambda {
    pub params: Vec<Param>,
    pub body: Arc<Expr>,
    pub ctx: Ctx,
}
