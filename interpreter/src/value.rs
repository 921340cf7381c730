//! Values, each with where it came from.

use std::net::IpAddr;
use std::sync::Arc;

use qg_lang::ast::{Expr, Param, PortLiteral, Subnet};
use qg_lang::check::types::{EnumId, FunctionId};

use crate::eval::Ctx;
use crate::fleet::leaf::OriginId;

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
    Subnet(Subnet),
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

impl Value {
    /// How many lists stand in one another in it.
    #[must_use]
    pub fn height(&self) -> usize {
        match self {
            Value::List(list) | Value::Set(list) => list.height,
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
            | Value::Record(_)
            | Value::Ref(_)
            | Value::Variant(..)
            | Value::Function(_)
            | Value::Lambda(_) => 0,
        }
    }
}

/// The elements of a list or set.
#[derive(Clone, Debug)]
pub struct List {
    pub items: Arc<[Val]>,
    /// False where an unknown may have hidden further elements: totals and absence are then unknown.
    pub complete: bool,
    /// How many lists it is at most until something that is no list.
    pub height: usize,
}

impl List {
    #[must_use]
    pub fn new(items: Vec<Val>, complete: bool) -> List {
        let highest = items.iter().map(|item| item.value.height()).max().unwrap_or(0);
        List { items: items.into(), complete, height: highest + 1 }
    }
}

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
