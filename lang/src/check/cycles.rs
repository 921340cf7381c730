//! Cycles in a graph: strongly connected parts, and the shortest way around one.

use std::collections::{BTreeMap, VecDeque};

use super::graph::{Graph, Node};
use crate::span::Span;

/// The strongly connected part that each node is in, by number; only nodes and edges that `keep` allows.
/// Parts are numbered so that each reads only itself and parts with smaller numbers.
pub(super) fn parts<'g>(
    graph: &'g Graph,
    keep: &dyn Fn(&Node) -> bool,
) -> BTreeMap<&'g Node, usize> {
    let mut state = Tarjan {
        graph,
        keep,
        number: BTreeMap::new(),
        stack: Vec::new(),
        parts: BTreeMap::new(),
        count: 0,
    };
    for node in graph.nodes().filter(|node| keep(node)) {
        if !state.number.contains_key(node) {
            state.visit(node);
        }
    }
    state.parts
}

struct Tarjan<'g, 'k> {
    graph: &'g Graph,
    keep: &'k dyn Fn(&Node) -> bool,
    /// The order of discovery, and the smallest number reachable.
    number: BTreeMap<&'g Node, (usize, usize)>,
    stack: Vec<&'g Node>,
    parts: BTreeMap<&'g Node, usize>,
    count: usize,
}

impl<'g> Tarjan<'g, '_> {
    /// Without recursion: chains of definitions may be long.
    fn visit(&mut self, start: &'g Node) {
        let mut path = vec![self.enter(start)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(read) = next.next() {
                if !(self.keep)(read) || self.parts.contains_key(read) {
                    continue;
                }
                match self.number.get(read).copied() {
                    Some((number, _)) => self.lower(node, number),
                    None => {
                        let entered = self.enter(read);
                        path.push(entered);
                    }
                }
                continue;
            }
            path.pop();
            let (number, low) = self.number.get(node).copied().unwrap_or_default();
            if let Some((parent, _)) = path.last() {
                let parent = *parent;
                self.lower(parent, low);
            }
            if number == low {
                while let Some(member) = self.stack.pop() {
                    self.parts.insert(member, self.count);
                    if member == node {
                        break;
                    }
                }
                self.count += 1;
            }
        }
    }

    fn enter(&mut self, node: &'g Node) -> (&'g Node, Box<dyn Iterator<Item = &'g Node> + 'g>) {
        let number = self.number.len();
        self.number.insert(node, (number, number));
        self.stack.push(node);
        (node, Box::new(self.graph.reads(node).map(|(read, _)| read)))
    }

    fn lower(&mut self, node: &'g Node, low: usize) {
        if let Some(known) = self.number.get_mut(node) {
            known.1 = known.1.min(low);
        }
    }
}

/// The shortest way from a node back to itself within its part: each step is a node, what it reads, and where.
pub(super) fn cycle<'g>(
    graph: &'g Graph,
    start: &'g Node,
    parts: &BTreeMap<&'g Node, usize>,
) -> Option<Vec<(&'g Node, &'g Node, Span)>> {
    let part = parts.get(start)?;
    let mut came: BTreeMap<&Node, (&Node, Span)> = BTreeMap::new();
    let mut pending = VecDeque::from([start]);
    while let Some(node) = pending.pop_front() {
        for (read, span) in graph.reads(node) {
            if parts.get(read) != Some(part) {
                continue;
            }
            if read == start {
                let mut steps = vec![(node, read, span)];
                let mut at = node;
                while at != start {
                    let (before, span) = came.get(at)?;
                    steps.push((before, at, *span));
                    at = before;
                }
                steps.reverse();
                return Some(steps);
            }
            if !came.contains_key(read) {
                came.insert(read, (node, span));
                pending.push_back(read);
            }
        }
    }
    None
}
