//! Nix: a syntax tree and its printer, which remembers the origins of every line.
//!
//! Text that is pasted together never becomes Nix; what the user wrote in Nix is parsed before ([`Nix::code`]).

mod attrs;
mod print;
mod spell;
#[cfg(test)]
mod tests;

use super::tree::Piece;
use crate::fleet::leaf::OriginId;

pub use attrs::Attrs;
pub use print::{expression, module};
pub use spell::{attr_path, string};

/// An expression and who said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Nix {
    pub node: NixNode,
    pub origins: Vec<OriginId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NixNode {
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A string; code in it stands between `${` and `}`.
    Text(Vec<Piece>),
    /// A file, relative to the one that is written, without `./`.
    File(String),
    /// An expression that is known to be one.
    Code(String),
    List(Vec<Nix>),
    Set(Attrs),
    /// A function, by its name, and its arguments.
    Apply(String, Vec<Nix>),
}

impl Nix {
    #[must_use]
    pub fn new(node: NixNode, origins: &[OriginId]) -> Nix {
        Nix { node, origins: origins.to_vec() }
    }

    #[must_use]
    pub fn bool(value: bool, origin: OriginId) -> Nix {
        Nix::new(NixNode::Bool(value), &[origin])
    }

    #[must_use]
    pub fn int(value: i64, origin: OriginId) -> Nix {
        Nix::new(NixNode::Int(value), &[origin])
    }

    #[must_use]
    pub fn text(text: impl Into<String>, origin: OriginId) -> Nix {
        Nix::new(NixNode::Text(vec![Piece::Text(text.into())]), &[origin])
    }

    /// An expression that is known to be one.
    #[must_use]
    pub fn code(code: impl Into<String>, origin: OriginId) -> Nix {
        Nix::new(NixNode::Code(code.into()), &[origin])
    }

    /// A file, relative to the one that is written, without `./`.
    #[must_use]
    pub fn file(path: impl Into<String>, origin: OriginId) -> Nix {
        Nix::new(NixNode::File(path.into()), &[origin])
    }

    #[must_use]
    pub fn list(items: Vec<Nix>) -> Nix {
        Nix::new(NixNode::List(items), &[])
    }

    /// A list of strings, each with its origin.
    #[must_use]
    pub fn texts<'a>(items: impl IntoIterator<Item = (&'a str, OriginId)>) -> Nix {
        Nix::list(items.into_iter().map(|(text, origin)| Nix::text(text, origin)).collect())
    }

    #[must_use]
    pub fn set(attrs: Attrs) -> Nix {
        Nix::new(NixNode::Set(attrs), &[])
    }

    /// A function applied to this.
    #[must_use]
    pub fn under(self, function: &str) -> Nix {
        let origins = self.origins.clone();
        Nix { node: NixNode::Apply(function.to_owned(), vec![self]), origins }
    }

    /// Whether it is an empty list or set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.node {
            NixNode::List(items) => items.is_empty(),
            NixNode::Set(attrs) => attrs.is_empty(),
            NixNode::Bool(_)
            | NixNode::Int(_)
            | NixNode::Float(_)
            | NixNode::Text(_)
            | NixNode::File(_)
            | NixNode::Code(_)
            | NixNode::Apply(..) => false,
        }
    }

    /// Its own origins and those of all below.
    #[must_use]
    pub fn all_origins(&self) -> Vec<OriginId> {
        let mut all = self.origins.clone();
        match &self.node {
            NixNode::List(items) | NixNode::Apply(_, items) => {
                items.iter().for_each(|item| all.extend(item.all_origins()));
            }
            NixNode::Set(attrs) => {
                attrs.iter().for_each(|(_, value)| all.extend(value.all_origins()));
            }
            NixNode::Bool(_)
            | NixNode::Int(_)
            | NixNode::Float(_)
            | NixNode::Text(_)
            | NixNode::File(_)
            | NixNode::Code(_) => {}
        }
        all
    }
}
