//! The ladder: how strongly something is said, what is taken away, and what is replaced (rule 8 of the language).

use std::cmp::Reverse;

use qg_lang::ast::{ExprKind, Mark};
use qg_lang::check::types::Type;
use qg_provenance::leaf::Priority;

use super::state::{Definition, Shape, What};
use crate::value::Value;

/// How strong a definition is: compared from the first field to the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strength {
    /// A `with` lifts what it says above all that it copies.
    pub level: u16,
    /// The rung.
    pub priority: Priority,
    /// Among the defaults of a kind: for whom they are.
    pub reach: Reach,
    /// Among the defaults of a kind with one reach: their marks.
    pub layer: Layer,
    /// Among the defaults of schemas: how many records further out it is said. `one: Inner = { lo = 3 }` is
    /// nearer to who uses it than what `Inner` says of `lo`.
    pub outside: u16,
}

/// For whom a default is that is said for many. The nearer its place, the stronger it is: what a thing says of its
/// own parts is stronger than what is said for all things, and of those what names more of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// Whether it is said in one thing: `service x { default route { … } }`.
    pub own: bool,
    /// How many steps of the way stand for each: one in `default service { … }`, two in
    /// `default service { default route { … } }`.
    pub steps: Reverse<u8>,
}

impl Default for Reach {
    fn default() -> Reach {
        Reach { own: false, steps: Reverse(1) }
    }
}

/// What a mark does among the defaults of a kind, where all are on one rung.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Default,
    #[default]
    Plain,
    Override,
}

impl Strength {
    /// That of `default service { … }`.
    #[must_use]
    pub fn of_kind() -> Strength {
        Strength { priority: Priority::KindDefault, ..Strength::default() }
    }

    /// The strength of what a definition says of the fields of its record.
    #[must_use]
    pub fn inside(self) -> Strength {
        match self.priority {
            Priority::SchemaDefault => Strength { outside: self.outside.saturating_add(1), ..self },
            Priority::KindDefault | Priority::Default | Priority::Plain | Priority::Override => {
                self
            }
        }
    }

    /// The strength of an item with this mark in a body of this strength.
    #[must_use]
    pub fn marked(self, mark: Option<Mark>) -> Strength {
        let (layer, priority) = match mark {
            Some(Mark::Default) => (Layer::Default, Priority::Default),
            Some(Mark::Override) => (Layer::Override, Priority::Override),
            Some(Mark::Extend) | None => return self,
        };
        match self.priority {
            Priority::SchemaDefault => self,
            Priority::KindDefault => Strength { layer, ..self },
            Priority::Default | Priority::Plain | Priority::Override => {
                Strength { priority, ..self }
            }
        }
    }

    /// The strength of what is said for each element of a map, by a block of this strength.
    #[must_use]
    pub fn of_elements(self) -> Strength {
        let reach = match self.priority {
            Priority::SchemaDefault | Priority::KindDefault => {
                Reach { steps: Reverse(self.reach.steps.0.saturating_add(1)), ..self.reach }
            }
            Priority::Default | Priority::Plain | Priority::Override => {
                Reach { own: true, steps: Reverse(1) }
            }
        };
        Strength { level: self.level, reach, ..Strength::of_kind() }
    }

    /// The rung that a Nix module is told: the marks in a default of a kind are mkDefault and mkForce there, too.
    #[must_use]
    pub fn in_module(self) -> Priority {
        match (self.priority, self.layer) {
            (Priority::KindDefault, Layer::Default) => Priority::Default,
            (Priority::KindDefault, Layer::Override) => Priority::Override,
            (priority, _) => priority,
        }
    }

    /// Whether `default` before it would make it weaker, and whether `override` would make it stronger.
    #[must_use]
    pub fn may_move(self) -> (bool, bool) {
        let gives_way = self.marked(Some(Mark::Default)) < self;
        (gives_way, self.marked(Some(Mark::Override)) > self)
    }
}

/// Whether this says that there is nothing: `unset`, or a copy of what is absent.
pub(super) fn is_unset(definition: &Definition) -> bool {
    match &definition.what {
        What::Value(val) => matches!(val.value, Value::Absent),
        What::Expr(_) | What::Body { .. } | What::Tail(_) => says_unset(definition),
    }
}

/// Whether `unset` is written there.
pub(super) fn says_unset(definition: &Definition) -> bool {
    matches!(&definition.what, What::Expr(expr) if matches!(expr.kind, ExprKind::Unset))
}

/// Whether this replaces a record or map as a whole: `override env = { … }`.
pub(super) fn replaces(definition: &Definition) -> bool {
    matches!(definition.mark, Some((Mark::Override, _)))
        && matches!(definition.what, What::Expr(_))
        && !says_unset(definition)
}

/// Whether what is said about an entry of a map takes it away. Two on one rung clash, so that neither does.
pub(super) fn taken_away(definitions: &[Definition]) -> Option<&Definition> {
    let top = definitions.iter().map(|it| it.strength).max()?;
    let mut strongest = definitions.iter().filter(|it| it.strength == top);
    let first = strongest.next()?;
    (says_unset(first) && strongest.next().is_none()).then_some(first)
}

/// Whether this makes an entry be there: anything but `unset` and `extend`, `override` and `default` blocks.
pub(super) fn creates_entry(definition: &Definition) -> bool {
    match definition.mark {
        _ if says_unset(definition) => false,
        None => true,
        Some((Mark::Extend | Mark::Override, _)) => false,
        Some((Mark::Default, _)) => matches!(definition.what, What::Expr(_) | What::Value(_)),
    }
}

/// Whether this makes an optional record be there: anything but `extend`, which adds to what is there.
pub(super) fn creates_record(definition: &Definition) -> bool {
    !matches!(definition.mark, Some((Mark::Extend, _)))
}

/// `default route { … }` where `route` is a map of this shape: what each element says by default.
pub(super) fn speaks_of_elements(shape: &Shape, definition: &Definition) -> bool {
    matches!(definition.mark, Some((Mark::Default, _)))
        && matches!(definition.what, What::Body { creates: false, .. })
        && match shape {
            Shape::Map(element) => matches!(element.base(), Type::Record(_)),
            Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => false,
        }
}
