//! The arenas of an evaluation: nodes, bindings, thunks and origins. Nothing in them borrows, so that
//! an evaluation can be kept, sent to another thread and asked further questions.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem::size_of;
use std::sync::Arc;

use qg_lang::ast::{Body, Expr, Mark};
use qg_lang::check::types::{FileTypes, SchemaId, Type};
use qg_lang::source::SourceFile;
use qg_lang::span::Span;
use qg_provenance::leaf::{OriginId, Priority};
use qg_provenance::origin::{Origin, Origins};

use super::arena::Arena;
use super::cells::Cells;
use super::index::{BodyIndex, Writes};
use super::ladder::Strength;
use super::limits::STEPS_PER_NODE;
use crate::value::{NodeId, Val};

/// A chain of bindings; 0 is the empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnvId(pub u32);

/// A `let` in a body, evaluated when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThunkId(pub u32);

/// What is around an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ctx {
    pub env: EnvId,
    /// The innermost record, `self`.
    pub record: Option<NodeId>,
    /// The top-level entity around.
    pub entity: Option<NodeId>,
    /// The innermost loop or call around.
    pub via: OriginId,
}

#[derive(Clone, Debug)]
pub struct Scope {
    pub name: Arc<str>,
    pub binding: ScopeBinding,
    pub parent: EnvId,
}

#[derive(Clone, Debug)]
pub enum ScopeBinding {
    Value(Val),
    Thunk(ThunkId),
}

#[derive(Clone, Debug)]
pub struct Thunk {
    pub expr: Arc<Expr>,
    pub ty: Option<Type>,
    pub ctx: Ctx,
    pub progress: Progress,
}

/// Something that is computed at most once.
#[derive(Clone, Debug, Default)]
pub enum Progress {
    #[default]
    Fresh,
    Running,
    Done(Val),
}

/// What may stand in a node, and what its fields have as types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    Record(SchemaId),
    /// A map with elements of this type.
    Map(Type),
    /// A record literal where no schema is wanted.
    Anonymous,
    /// Free data, or a Nix module.
    Free(Type),
}

#[derive(Clone, Debug)]
pub struct Node {
    pub shape: Shape,
    pub parent: Option<NodeId>,
    pub key: Arc<str>,
    /// Whether it has a place in the model and so can be referred to.
    pub placed: bool,
    /// The top-level entity it belongs to (itself, if it is one).
    pub entity: Option<NodeId>,
    /// How many records and lists it lies in at most, as far as they are computed.
    pub depth: usize,
    /// Who created it.
    pub origin: OriginId,
    pub contributions: Vec<ContributionId>,
    /// For maps: what every element says by default (`default service { … }`).
    pub defaults: Vec<ContributionId>,
    /// The highest level of `with` in it.
    pub level: u16,
    /// Something about it could not be evaluated: what is not said is unknown, not absent.
    pub uncertain: bool,
    pub cells: Cells,
    pub entries: MapEntries,
}

/// One field or entry, once asked for.
#[derive(Clone, Debug)]
pub struct Cell {
    pub progress: Progress,
    /// The priority that won.
    pub priority: Priority,
}

/// The keys of a map or free record.
#[derive(Clone, Debug, Default)]
pub enum MapEntries {
    #[default]
    Fresh,
    Running,
    Done(BTreeMap<Arc<str>, Vec<Definition>>),
}

/// A row of [`Evaluation::contributions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContributionId(pub u32);

/// Something that says fields of a node.
#[derive(Clone, Debug)]
pub struct Contribution {
    pub strength: Strength,
    pub extended: bool,
    pub kind: ContributionKind,
    pub ctx: Ctx,
    /// For kind-wide defaults: only where this holds (`self` is the entity).
    pub condition: Option<Arc<Expr>>,
    /// Bodies with `let`s: the bindings inside, once made.
    pub inner: Option<EnvId>,
}

#[derive(Clone, Debug)]
pub enum ContributionKind {
    Body(Arc<Body>),
    /// The rest of an item's path, from this depth.
    Tail(Tail),
    /// One field, already evaluated, and where it is said.
    Field(Arc<str>, Val, Option<Span>),
    /// Everything that another record says itself.
    Node(NodeId),
    /// Something unknown, which may set these fields.
    Lost(Writes),
}

/// An item of a body, and how many keys of its path lie behind.
#[derive(Clone, Debug)]
pub struct Tail {
    pub body: Arc<Body>,
    pub item: usize,
    pub depth: usize,
}

/// One definition about one field.
#[derive(Clone, Debug)]
pub struct Definition {
    pub strength: Strength,
    pub extended: bool,
    /// The mark of the item itself, and where it stands.
    pub mark: Option<(Mark, Span)>,
    pub span: Span,
    pub what: What,
    pub ctx: Ctx,
}

#[derive(Clone, Debug)]
pub enum What {
    Expr(Arc<Expr>),
    /// A block; `creates` where it has a label and no `extend`, `default` or `override`.
    /// The condition is that of `default route if c { … }`.
    Body {
        body: Arc<Body>,
        creates: bool,
        condition: Option<Arc<Expr>>,
    },
    Tail(Tail),
    Value(Val),
}

/// A question: its text, and what the checker knows of it. A function that it gave away is still
/// evaluated with them.
#[derive(Clone, Debug)]
pub struct Asked {
    pub source: Arc<SourceFile>,
    pub facts: Arc<FileTypes>,
    /// Kept, for the evaluation knows bodies by where they lie in memory.
    pub expr: Option<Arc<Expr>>,
}

/// The bytes of the short rows that a node keeps beside itself: its key, its contributions.
const ROWS: usize = 96;

/// All arenas.
#[derive(Debug, Default)]
pub struct Evaluation {
    pub nodes: Arena<Node>,
    pub envs: Arena<Scope>,
    pub thunks: Arena<Thunk>,
    /// Shared with the fleet that was read from it.
    pub origins: Arc<Origins>,
    pub contributions: Arena<Contribution>,
    /// What loops and conditions gave, by contribution and place of the item in its body.
    pub expansions: HashMap<(ContributionId, usize), Arc<[ContributionId]>>,
    pub lets: Vec<Progress>,
    pub indices: HashMap<usize, Arc<BodyIndex>>,
    /// The node of `schema Model`.
    pub model: Option<NodeId>,
    /// Files beside the sources that were found to exist.
    pub files: BTreeMap<String, Span>,
    pub fuel_used: u64,
    /// What all of this takes in memory, roughly, in bytes; texts and lists count when they are made,
    /// also where nobody keeps them.
    pub held: u64,
    /// The entries that somebody took away with `unset`, and where.
    pub removed: BTreeMap<(NodeId, Arc<str>), Span>,
    /// Whether the evaluation was ended before it was done.
    pub exhausted: bool,
    /// What was copied into which shape, for a value that stands at many places: once for all of them.
    pub copies: HashMap<(NodeId, Shape), NodeId>,
    /// A record without entries, which builtins give that have none.
    pub nothing: Option<NodeId>,
    /// The questions that were asked, in the order of their files.
    pub asked: Vec<Asked>,
    /// Entities that an expression outside of them names: `user.arr`, also where it asks only for a field.
    pub named: HashSet<NodeId>,
    /// Where an expression asks an entity for a field that nobody says: by the place of the expression.
    pub absences: HashMap<Span, (NodeId, Arc<str>)>,
    /// Entities of which an error says already that something is missing or misspelled.
    pub unsure: HashSet<NodeId>,
}

impl Evaluation {
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// Counts bytes that are kept.
    pub fn hold(&mut self, bytes: usize) {
        self.held = self.held.saturating_add(bytes as u64);
    }

    pub fn add_node(&mut self, node: Node) -> NodeId {
        self.hold(size_of::<Node>() + ROWS);
        self.fuel_used += STEPS_PER_NODE;
        NodeId(self.nodes.push(node) as u32)
    }

    #[must_use]
    pub fn contribution(&self, id: ContributionId) -> &Contribution {
        &self.contributions[id.0 as usize]
    }

    pub fn add_origin(&mut self, origin: Origin<'_>) -> OriginId {
        self.hold(Origins::size(&origin));
        Arc::make_mut(&mut self.origins).add(origin)
    }

    pub fn add_contribution(&mut self, contribution: Contribution) -> ContributionId {
        self.hold(size_of::<Contribution>());
        ContributionId(self.contributions.push(contribution) as u32)
    }

    pub fn bind(&mut self, parent: EnvId, name: Arc<str>, binding: ScopeBinding) -> EnvId {
        self.hold(size_of::<Scope>());
        EnvId(self.envs.push(Scope { name, binding, parent }) as u32 + 1)
    }

    /// The innermost binding of a name.
    #[must_use]
    pub fn lookup(&self, env: EnvId, name: &str) -> Option<&ScopeBinding> {
        let mut at = env;
        while let Some(row) = (at.0 as usize).checked_sub(1).and_then(|i| self.envs.get(i)) {
            if &*row.name == name {
                return Some(&row.binding);
            }
            at = row.parent;
        }
        None
    }

    /// The way to a node from the model's root, as `service`, `sonarr`, `route`, `web`.
    #[must_use]
    pub fn path(&self, id: NodeId) -> Vec<Arc<str>> {
        let mut path = Vec::new();
        let mut at = Some(id);
        while let Some(node) = at.map(|id| self.node(id)) {
            if node.parent.is_some() || !node.placed {
                path.push(Arc::clone(&node.key));
            }
            at = node.parent;
        }
        path.reverse();
        path
    }

    /// The dotted way to a field of a node, for messages.
    #[must_use]
    pub fn field_path(&self, id: NodeId, field: &str) -> String {
        let mut path: Vec<String> =
            self.path(id).iter().filter(|k| !k.is_empty()).map(|k| spell(k)).collect();
        path.push(spell(field));
        path.join(".")
    }

    /// The dotted way to a node, for messages.
    #[must_use]
    pub fn node_path(&self, id: NodeId) -> String {
        let path: Vec<String> =
            self.path(id).iter().filter(|k| !k.is_empty()).map(|k| spell(k)).collect();
        path.join(".")
    }
}

/// A key as it would be written after a dot.
#[must_use]
pub fn spell(key: &str) -> String {
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && !key.ends_with('-');
    if plain { key.to_owned() } else { format!("{key:?}") }
}

impl Node {
    /// A node without parent and contributions.
    #[must_use]
    pub fn new(shape: Shape, key: &Arc<str>, placed: bool) -> Node {
        Node {
            shape,
            parent: None,
            key: Arc::clone(key),
            placed,
            entity: None,
            depth: 0,
            origin: OriginId(0),
            contributions: Vec::new(),
            defaults: Vec::new(),
            level: 0,
            uncertain: false,
            cells: Cells::default(),
            entries: MapEntries::Fresh,
        }
    }
}

impl Progress {
    /// The value, once computed.
    #[must_use]
    pub fn done(&self) -> Option<&Val> {
        match self {
            Progress::Done(val) => Some(val),
            Progress::Fresh | Progress::Running => None,
        }
    }
}
