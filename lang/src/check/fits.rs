//! Whether a value of one type may stand where another is wanted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::env::{Env, TYPE_DEPTH};
use super::types::{SchemaId, Type};

impl Env<'_> {
    /// Whether a `found` may stand where a `want` is wanted. What only the value can show
    /// (a string's form, a number's range, a `where`) counts as fitting.
    #[must_use]
    pub fn fits(self, found: &Type, want: &Type) -> bool {
        self.fits_at(found, want, 0)
    }

    fn fits_at(self, found: &Type, want: &Type, depth: usize) -> bool {
        if depth > TYPE_DEPTH {
            return true;
        }
        let fits = |found: &Type, want: &Type| self.fits_at(found, want, depth + 1);
        match (found, want) {
            (Type::Unknown | Type::Never, _) | (_, Type::Unknown | Type::Variable(_)) => true,
            (Type::Optional(found), Type::Optional(want)) => fits(found, want),
            (Type::Optional(_), _) => false,
            (found, Type::Optional(want)) => fits(found, want),
            // A function and a record that was made here have no place.
            (found, Type::Anything) => !matches!(found, Type::Fn(..) | Type::Anonymous(_)),
            (Type::Where(_, a), Type::Where(_, b)) if a == b => true,
            (Type::Union(members), want) => members.iter().all(|member| fits(member, want)),
            (Type::Where(found, _), want) => fits(found, want),
            (found, Type::Where(want, _)) => fits(found, want),
            (found, Type::Union(members)) => members.iter().any(|member| fits(found, member)),
            (found, Type::Record(want)) => {
                self.is_record(found, *want, depth) || self.fits_from(found, *want, depth)
            }
            (found, Type::Data) => self.is_data(found, depth),
            (found, Type::Module) => self.is_module_value(found, depth),
            (Type::List(a), Type::List(b) | Type::Set(b))
            | (Type::Set(a), Type::Set(b))
            | (Type::Map(a), Type::Map(b)) => fits(a, b),
            (Type::Anonymous(fields), Type::Map(element)) => {
                fields.values().all(|ty| fits(ty.required(), element))
            }
            (Type::Anonymous(a), Type::Anonymous(b)) => {
                a.iter().all(|(name, ty)| b.get(name).is_some_and(|want| fits(ty, want)))
                    && b.iter()
                        .all(|(name, ty)| a.contains_key(name) || matches!(ty, Type::Optional(_)))
            }
            (Type::Fn(params, result), Type::Fn(want_params, want_result)) => {
                params.len() == want_params.len()
                    && want_params.iter().zip(params.iter()).all(|(want, param)| fits(want, param))
                    && fits(result, want_result)
            }
            (Type::Int | Type::Port, Type::Float)
            | (Type::Port, Type::Int)
            | (Type::Int, Type::Port)
            | (
                Type::Url | Type::Hostname | Type::Calendar | Type::Image,
                Type::String | Type::Sealed,
            )
            | (
                Type::String,
                Type::Url | Type::Hostname | Type::Calendar | Type::Image | Type::Sealed,
            ) => true,
            (Type::Ref(id), Type::Sealed) => self.schema(*id).sealed,
            (found, want) => found == want,
        }
    }

    /// Whether `found` is a record of the schema, written in place.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone can be a record")]
    fn is_record(self, found: &Type, want: SchemaId, depth: usize) -> bool {
        match found {
            Type::Record(id) => *id == want,
            Type::Ref(id) => *id == want && !self.is_kind(want),
            Type::Anonymous(fields) => {
                let schema = self.schema(want);
                fields.iter().all(|(name, ty)| {
                    schema.field(name).is_some_and(|field| {
                        // What an `if` in the literal may leave out is the evaluator's question.
                        self.fits_at(ty.required(), &field.ty, depth + 1)
                    })
                }) && self.required(want).iter().all(|field| fields.contains_key(&field.name))
            }
            _ => false,
        }
    }

    /// Whether `found` fits the field that a plain value means.
    fn fits_from(self, found: &Type, want: SchemaId, depth: usize) -> bool {
        let schema = self.schema(want);
        schema
            .from
            .as_ref()
            .and_then(|from| schema.field(from))
            .is_some_and(|field| self.fits_at(found, &field.ty, depth + 1))
    }

    fn is_data(self, found: &Type, depth: usize) -> bool {
        match found {
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Duration
            | Type::Size
            | Type::Mode
            | Type::Path
            | Type::Address
            | Type::Subnet
            | Type::Port
            | Type::Ports
            | Type::Url
            | Type::Hostname
            | Type::Calendar
            | Type::Image
            | Type::Sealed
            | Type::Data
            | Type::Record(_) => true,
            Type::List(inner) | Type::Set(inner) | Type::Map(inner) => {
                self.fits_at(inner, &Type::Data, depth + 1)
            }
            Type::Anonymous(fields) => {
                fields.values().all(|ty| self.fits_at(ty.required(), &Type::Data, depth + 1))
            }
            Type::Enum(id) => self.is_plain_enum(*id),
            Type::Ref(id) => self.schema(*id).sealed,
            Type::Unknown
            | Type::Never
            | Type::File
            | Type::Nix
            | Type::Module
            | Type::Anything
            | Type::Optional(_)
            | Type::Union(_)
            | Type::Where(..)
            | Type::Fn(..)
            | Type::Variable(_) => false,
        }
    }

    fn is_module_value(self, found: &Type, depth: usize) -> bool {
        match found {
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Mode
            | Type::Path
            | Type::File
            | Type::Address
            | Type::Subnet
            | Type::Port
            | Type::Ports
            | Type::Url
            | Type::Hostname
            | Type::Calendar
            | Type::Image
            | Type::Nix
            | Type::Data
            | Type::Module
            | Type::Record(_) => true,
            Type::List(inner) | Type::Set(inner) | Type::Map(inner) => {
                self.fits_at(inner, &Type::Module, depth + 1)
            }
            Type::Anonymous(fields) => {
                fields.values().all(|ty| self.fits_at(ty.required(), &Type::Module, depth + 1))
            }
            Type::Enum(id) => self.is_plain_enum(*id),
            Type::Unknown
            | Type::Never
            | Type::Duration
            | Type::Size
            | Type::Sealed
            | Type::Anything
            | Type::Optional(_)
            | Type::Union(_)
            | Type::Where(..)
            | Type::Ref(_)
            | Type::Fn(..)
            | Type::Variable(_) => false,
        }
    }

    /// The type of a value that is one or the other.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "a union is flat")]
    pub fn join(self, a: &Type, b: &Type) -> Type {
        match (a, b) {
            (Type::Unknown, _) | (_, Type::Unknown) => Type::Unknown,
            (a, b) if a == b => a.clone(),
            (Type::Never, other) | (other, Type::Never) => other.clone(),
            (Type::Optional(a), b) => self.join(a, b.required()).optional(),
            (a, Type::Optional(b)) => self.join(a, b).optional(),
            (Type::Anonymous(a), Type::Anonymous(b)) => {
                let mut fields = BTreeMap::new();
                for (name, ty) in a.iter() {
                    let ty = match b.get(name) {
                        Some(other) => self.join(ty, other),
                        None => ty.clone().optional(),
                    };
                    fields.insert(Arc::clone(name), ty);
                }
                for (name, ty) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                    fields.insert(Arc::clone(name), ty.clone().optional());
                }
                Type::Anonymous(Arc::new(fields))
            }
            (Type::List(a), Type::List(b)) => Type::List(Arc::new(self.join(a, b))),
            (Type::Set(a), Type::Set(b)) => Type::Set(Arc::new(self.join(a, b))),
            (Type::Map(a), Type::Map(b)) => Type::Map(Arc::new(self.join(a, b))),
            (a, b) if self.fits(b, a) => a.clone(),
            (a, b) if self.fits(a, b) => b.clone(),
            (a, b) => {
                let mut members: Vec<Type> = Vec::new();
                for side in [a, b] {
                    match side {
                        Type::Union(inner) => members.extend(inner.iter().cloned()),
                        other => members.push(other.clone()),
                    }
                }
                let mut unique: Vec<Type> = Vec::new();
                for member in members {
                    if !unique.contains(&member) {
                        unique.push(member);
                    }
                }
                Type::Union(unique.into())
            }
        }
    }

    /// The type of the values of a record without schema.
    #[must_use]
    pub fn join_all<'t>(self, types: impl IntoIterator<Item = &'t Type>) -> Type {
        types.into_iter().fold(Type::Never, |all, ty| self.join(&all, ty))
    }

    /// Whether two values may be compared with `==`.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "a record is compared by what it is")]
    pub fn comparable(self, a: &Type, b: &Type) -> bool {
        let (a, b) = (a.required(), b.required());
        if let (Type::Union(members), other) | (other, Type::Union(members)) = (a, b) {
            return members.iter().any(|member| self.comparable(member, other));
        }
        let loose = |ty: &Type| match ty {
            Type::Record(id) => Type::Ref(*id),
            other => other.clone(),
        };
        let (a, b) = (loose(a.base()), loose(b.base()));
        self.fits(&a, &b) || self.fits(&b, &a)
    }
}
