//! What a body sets.

use crate::check::checker::Checker;
use crate::check::types::{SchemaId, Type};

/// What kind of thing the items of a body are parts of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum BodyTarget {
    Schema(SchemaId),
    /// A map of these.
    Map(Type),
    /// `data` or `module`: everything goes.
    Free(Type),
    /// The place does not exist, which was reported.
    Unknown,
}

/// How far below the model a body stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// The top of a file.
    Model,
    /// In a kind: its keys are entities.
    Kind(SchemaId),
    /// In an entity (or in `fleet`): its fields are what the order of what exists speaks of.
    Entity(SchemaId),
    Deep,
}

/// Which of `default`, `override` and `extend` have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    All,
    /// `default` and `override`, kept as mkDefault and mkForce.
    Module,
    /// The body is one whole value.
    None,
}

#[derive(Clone, Debug)]
pub(super) struct BodyPlace {
    pub(super) target: BodyTarget,
    pub(super) level: Level,
    pub(super) marks: Marks,
}

impl Checker<'_> {
    /// The place that a body on a field of this type is; None where the type holds no record.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have a body")]
    pub(super) fn inner_place(
        &self,
        ty: &Type,
        level: Level,
        outer: &BodyPlace,
    ) -> Option<BodyPlace> {
        if *ty == Type::Unknown {
            return Some(BodyPlace {
                target: BodyTarget::Unknown,
                level: Level::Deep,
                marks: outer.marks,
            });
        }
        self.env.candidates(ty).into_iter().find_map(|candidate| {
            let (target, marks) = match candidate {
                Type::Record(id) => (BodyTarget::Schema(id), outer.marks),
                Type::Map(element) => (BodyTarget::Map((*element).clone()), outer.marks),
                Type::Module => {
                    let marks =
                        if outer.marks == Marks::None { Marks::None } else { Marks::Module };
                    (BodyTarget::Free(candidate), marks)
                }
                Type::Data => (BodyTarget::Free(candidate), Marks::None),
                Type::Unknown => (BodyTarget::Unknown, outer.marks),
                _ => return None,
            };
            Some(BodyPlace { target, level, marks })
        })
    }

    /// Does something within the record of a place: `self` is it, and an entity's fields are bare names.
    pub(super) fn enter<T>(&mut self, place: &BodyPlace, inside: impl FnOnce(&mut Self) -> T) -> T {
        match (&place.target, place.level) {
            (BodyTarget::Schema(id), Level::Entity(kind))
                if *id == kind && self.env.is_kind(kind) =>
            {
                self.within_entity(kind, inside)
            }
            (BodyTarget::Schema(id), _) => {
                let ty = match place.marks {
                    Marks::None => Type::Record(*id),
                    Marks::All | Marks::Module => Type::Ref(*id),
                };
                self.within(ty, inside)
            }
            // Free data and maps are no records of a schema; `self` stays what it is.
            (BodyTarget::Map(_) | BodyTarget::Free(_) | BodyTarget::Unknown, _) => inside(self),
        }
    }
}
