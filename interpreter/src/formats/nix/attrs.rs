//! Sets of attributes, filled path by path.

use std::collections::BTreeMap;

use super::{Nix, NixNode};

/// A set of attributes, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attrs(BTreeMap<String, Nix>);

impl Attrs {
    #[must_use]
    pub fn new() -> Attrs {
        Attrs::default()
    }

    /// Sets an attribute by its path. Sets unite, lists are joined; what cannot unite stays as it was, and the
    /// answer is false.
    pub fn put<S: AsRef<str>>(&mut self, path: &[S], value: Nix) -> bool {
        let Some((name, rest)) = path.split_first() else { return false };
        let name = name.as_ref();
        if !rest.is_empty() {
            let inner = self
                .0
                .entry(name.to_owned())
                .or_insert_with(|| Nix::new(NixNode::Set(Attrs::new()), &[]));
            return match &mut inner.node {
                NixNode::Set(attrs) => attrs.put(rest, value),
                NixNode::Bool(_)
                | NixNode::Int(_)
                | NixNode::Float(_)
                | NixNode::Text(_)
                | NixNode::File(_)
                | NixNode::Code(_)
                | NixNode::List(_)
                | NixNode::Apply(..) => false,
            };
        }
        let Some(known) = self.0.get_mut(name) else {
            self.0.insert(name.to_owned(), value);
            return true;
        };
        match (&mut known.node, value.node) {
            (NixNode::Set(ours), NixNode::Set(theirs)) => {
                let mut whole = true;
                for (name, value) in theirs.0 {
                    whole &= ours.put(&[name], value);
                }
                known.origins.extend(value.origins);
                whole
            }
            (NixNode::List(ours), NixNode::List(theirs)) => {
                ours.extend(theirs);
                known.origins.extend(value.origins);
                true
            }
            _ => false,
        }
    }

    /// Leaves the attribute out where the value is an empty list or set.
    pub fn put_some<S: AsRef<str>>(&mut self, path: &[S], value: Nix) -> bool {
        value.is_empty() || self.put(path, value)
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Nix> {
        self.0.get(name)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Nix)> {
        self.0.iter()
    }

    /// Every attribute that is not a set itself, or is an empty one, with its path.
    #[must_use]
    pub fn leaves(&self) -> Vec<(Vec<String>, &Nix)> {
        let mut found = Vec::new();
        for (name, value) in &self.0 {
            match &value.node {
                NixNode::Set(inner) if !inner.is_empty() => {
                    for (mut path, leaf) in inner.leaves() {
                        path.insert(0, name.clone());
                        found.push((path, leaf));
                    }
                }
                NixNode::Set(_)
                | NixNode::Bool(_)
                | NixNode::Int(_)
                | NixNode::Float(_)
                | NixNode::Text(_)
                | NixNode::File(_)
                | NixNode::Code(_)
                | NixNode::List(_)
                | NixNode::Apply(..) => found.push((vec![name.clone()], value)),
            }
        }
        found
    }
}
