//! What reads what: the graph behind the order of what exists, and behind cycles of definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::types::{FunctionId, ItemRef, LetId, SchemaId};
use crate::span::Span;

/// Something that can be read, or that reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    /// A top-level item that makes things: `for`, `if`, or a computed label.
    Generator(ItemRef),
    /// Which entities a kind has, by the schema of its elements.
    Names(SchemaId),
    /// A field of the entities of a kind (or of `fleet`), with all that is below it.
    Field(SchemaId, Arc<str>),
    /// The defaults of a nested schema.
    Defaults(SchemaId),
    Let(LetId),
    Function(FunctionId),
}

/// A read, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) node: Node,
    pub(super) span: Span,
}

/// What was read at one place: something, or all that a `let` reads, which is kept once for whoever names it.
#[derive(Clone, Debug)]
pub(super) enum Noted {
    Read(Read),
    Let(Arc<[Read]>),
}

impl Noted {
    /// What was read, each once, with the first of its places.
    pub(super) fn each_once(all: impl IntoIterator<Item = Noted>) -> Vec<Read> {
        let (mut reads, mut known, mut lets) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        let mut add = |read: &Read| {
            if known.insert(read.node.clone()) {
                reads.push(read.clone());
            }
        };
        for noted in all {
            match &noted {
                Noted::Read(read) => add(read),
                Noted::Let(inner) if lets.insert(inner.as_ptr() as usize) => {
                    inner.iter().for_each(&mut add);
                }
                Noted::Let(_) => {}
            }
        }
        reads
    }
}

/// Who reads what; of several places of one read the first counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    edges: BTreeMap<Node, BTreeMap<Node, Span>>,
}

impl Graph {
    pub(super) fn add(&mut self, from: &Node, to: Node, span: Span) {
        if !self.edges.contains_key(from) {
            self.edges.insert(from.clone(), BTreeMap::new());
        }
        if let Some(out) = self.edges.get_mut(from) {
            out.entry(to).or_insert(span);
        }
    }

    /// What a definition reads.
    pub(super) fn definition(&mut self, node: Node, reads: Vec<Noted>) {
        for read in Noted::each_once(reads) {
            self.add(&node, read.node, read.span);
        }
    }

    pub(super) fn reads(&self, node: &Node) -> impl Iterator<Item = (&Node, Span)> {
        self.edges.get(node).into_iter().flatten().map(|(node, span)| (node, *span))
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.edges.keys()
    }
}
