//! What the items of a body set.

use qg_lang::check::env::Env;
use qg_lang::check::types::{SchemaField, SchemaId, Type};

/// What the keys of a body are looked up in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CursorPlace {
    Schema(SchemaId),
    /// A map of these.
    Map(Type),
    /// Free data, or a Nix module.
    Free(Type),
    Unknown,
}

impl CursorPlace {
    /// What a body on something of this type sets.
    pub(crate) fn inside(env: Env<'_>, ty: &Type) -> CursorPlace {
        let inside = |candidate: &Type| match candidate {
            Type::Record(id) => Some(CursorPlace::Schema(*id)),
            Type::Map(element) => Some(CursorPlace::Map((**element).clone())),
            Type::Module | Type::Data => Some(CursorPlace::Free(candidate.clone())),
            Type::Unknown
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Duration
            | Type::Size
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
            | Type::Sealed
            | Type::Anything
            | Type::Nix
            | Type::List(_)
            | Type::Set(_)
            | Type::Optional(_)
            | Type::Union(_)
            | Type::Where(..)
            | Type::Ref(_)
            | Type::Enum(_)
            | Type::Anonymous(_)
            | Type::Fn(..)
            | Type::Variable(_) => None,
        };
        env.candidates(ty).iter().find_map(inside).unwrap_or(CursorPlace::Unknown)
    }

    /// What a key holds, and the field that says so.
    pub(crate) fn step<'a>(
        &self,
        env: Env<'a>,
        key: Option<&str>,
    ) -> (Option<&'a SchemaField>, Option<Type>) {
        match self {
            CursorPlace::Schema(id) => {
                let field = key.and_then(|key| env.schema(*id).field(key));
                (field, field.map(|field| field.ty.clone()))
            }
            CursorPlace::Map(element) => (None, Some(element.clone())),
            CursorPlace::Free(ty) => (None, Some(ty.clone())),
            CursorPlace::Unknown => (None, None),
        }
    }
}
