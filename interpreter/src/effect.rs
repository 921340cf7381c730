//! What one leaf of the model does: it is made to say something else of its kind, and files and findings
//! are made again. This shows what provenance cannot: a value that steers, and stands in no line.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use qg_evaluation::value::{List, NodeId, Parts, Piece, Val, Value};
use qg_evaluation::{Evaluation, Progress};
use qg_lang::Analysis;
use qg_lang::ast::{PortLiteral, Protocol};
use qg_lang::diagnostic::{Diagnostic, tidy};
use qg_lang::levels;
use qg_lang::stack::roomy;
use qg_lang::world::World;
use qg_targets::OutputFile;

use crate::describe::{Leaf, Places};
use crate::{Build, Made, made};
use qg_lang::network::network_of;

/// The most other entities that a reference is turned to.
const OTHERS: usize = 4;

impl Build {
    /// Makes a leaf say other values of its kind, one after another, and asks what the files and findings
    /// then are, until `is_other` says that they tell of it. What was computed from the leaf stays as it
    /// was; the build itself is as before in the end.
    pub fn is_told_by(
        &self,
        leaf: &Leaf,
        world: &dyn World,
        mut is_other: impl FnMut(Vec<OutputFile>, &[Diagnostic]) -> bool,
    ) -> bool {
        let places = self
            .places
            .get_or_init(|| Places::of(&self.state.lock().unwrap_or_else(PoisonError::into_inner)));
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let val = places.val(leaf.row);
        others(&self.analysis, state, &val.value).into_iter().any(|value| {
            let new = Val::new(value, val.origin);
            let Some(before) = put(state, places, leaf.row, new) else { return false };
            let Made { output, found: mut findings, .. } =
                roomy(|| made(&self.analysis, state, world, false));
            // What the fleet allows tells of nothing.
            levels::apply(&world.levels(), &self.analysis.sources, &mut findings);
            tidy(&mut findings);
            let told = is_other(output, &findings);
            put(state, places, before.0, before.1);
            told
        })
    }
}

/// Puts a value at a place, whatever lists it lies in; gives the place of its field, and what was there.
fn put(state: &mut Evaluation, places: &Places, row: u32, val: Val) -> Option<(u32, Val)> {
    let around = places.around(row).next();
    let Some(parent) = around else {
        return put_field(state, state.model?, row, places.key(row), val);
    };
    let outer = places.val(parent);
    match outer.value.parts() {
        Parts::Fields(id) => put_field(state, id, row, places.key(row), val),
        Parts::Elements(list) => {
            let index = places.rows().filter(|it| places.around(*it).next() == Some(parent));
            let index = index.into_iter().position(|it| it == row)?;
            let mut items = list.items.to_vec();
            *items.get_mut(index)? = val;
            let list = List::new(items, list.complete);
            let is_set = matches!(outer.value, Value::Set(_));
            let value = if is_set { Value::Set(list) } else { Value::List(list) };
            put(state, places, parent, Val::new(value, outer.origin))
        }
        Parts::None => None,
    }
}

fn put_field(
    state: &mut Evaluation,
    node: NodeId,
    row: u32,
    key: &str,
    val: Val,
) -> Option<(u32, Val)> {
    let cell = state.node_mut(node).cells.get_mut(key)?;
    match std::mem::replace(&mut cell.progress, Progress::Done(val)) {
        Progress::Done(before) => Some((row, before)),
        Progress::Fresh | Progress::Running => None,
    }
}

/// Other values of a value's kind; what is not there, where it has none.
fn others(analysis: &Analysis, state: &Evaluation, value: &Value) -> Vec<Value> {
    let text = |it: &Arc<str>| Arc::from(format!("{it}2"));
    match value {
        Value::Bool(it) => vec![Value::Bool(!it)],
        Value::Int(it) => {
            [it.saturating_add(1), it.saturating_add(1000), 0].map(Value::Int).to_vec()
        }
        Value::Float(it) => vec![Value::Float(it + 1.0)],
        Value::Text(it) => vec![Value::Text(text(it))],
        Value::Duration(it) => vec![Value::Duration(it.saturating_mul(2).saturating_add(60_000))],
        Value::Size(it) => vec![Value::Size(it.saturating_add(1 << 20))],
        Value::Mode(it) => vec![Value::Mode(it ^ 0o100)],
        Value::Path(it) => vec![Value::Path(text(it))],
        Value::Address(it) => vec![Value::Address(next(*it))],
        Value::Subnet(it) => {
            let other = if it.prefix_len() == 0 { 1 } else { it.prefix_len() - 1 };
            network_of(it.addr(), other).into_iter().map(Value::Subnet).collect()
        }
        Value::Port(it) => vec![
            Value::Port(PortLiteral { number: it.number ^ 1, ..*it }),
            Value::Port(PortLiteral { protocol: other(it.protocol), ..*it }),
        ],
        Value::Ports(from, to) => vec![Value::Ports(*from, to ^ 1)],
        Value::Sealed(_) => vec![Value::Sealed(Arc::from([Piece::Text(Arc::from("other"))]))],
        Value::Nix(_) => vec![Value::Nix(Arc::from("other"))],
        Value::Ref(id) => or_absent(siblings(state, *id).collect()),
        Value::Variant(id, index, _) => {
            let variants = &analysis.declarations.enumeration(*id).variants;
            let others =
                variants.iter().zip(0..).filter(|(it, at)| it.payload.is_none() && at != index);
            or_absent(others.map(|(_, at)| Value::Variant(*id, at, None)).collect())
        }
        Value::Unknown
        | Value::Absent
        | Value::File(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Record(_)
        | Value::Function(_)
        | Value::Lambda(_) => vec![Value::Absent],
    }
}

/// A value that has no other of its kind may be missing; that others are would be a finding of its own.
fn or_absent(others: Vec<Value>) -> Vec<Value> {
    if others.is_empty() { vec![Value::Absent] } else { others }
}

fn next(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(it) => IpAddr::V4((it.to_bits() ^ 1).into()),
        IpAddr::V6(it) => IpAddr::V6((it.to_bits() ^ 1).into()),
    }
}

fn other(protocol: Protocol) -> Protocol {
    match protocol {
        Protocol::Tcp => Protocol::Udp,
        Protocol::Udp => Protocol::Tcp,
    }
}

/// References to other entities beside one.
#[expect(clippy::wildcard_enum_match_arm, reason = "what stands beside an entity is an entity")]
fn siblings(state: &Evaluation, id: NodeId) -> impl Iterator<Item = Value> {
    let around = state.node(id).parent.map(|parent| &state.node(parent).cells);
    let beside = around.into_iter().flat_map(|cells| cells.iter());
    let nodes = beside.filter_map(move |(_, cell)| match cell.progress.done()?.value {
        Value::Record(other) if other != id => Some(Value::Ref(other)),
        _ => None,
    });
    nodes.take(OTHERS)
}
