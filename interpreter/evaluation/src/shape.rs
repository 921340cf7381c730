//! Which member of a union a value belongs to: what brings a value into a union, and what reads it
//! afterwards, ask here.

use qg_lang::check::types::Type;

use super::Evaluator;
use super::state::Shape;
use super::text::spell_scalar;
use crate::value::Value;

impl Evaluator<'_> {
    /// The member of a union that a value has the shape of (rule 16 keeps them apart): one that it is
    /// before one that it can be brought into.
    pub(super) fn member_of<'t>(&self, value: &Value, union: &'t Type) -> Option<&'t Type> {
        let members = union.members();
        let is = members.iter().find(|member| self.is_shaped(value, member));
        let becomes = || members.iter().find(|member| self.becomes(value, member));
        is.or_else(becomes).copied()
    }

    /// Whether a value is one of this type already, or differs in nothing that shows.
    fn is_shaped(&self, value: &Value, member: &Type) -> bool {
        match (member.base(), value) {
            (Type::Bool, Value::Bool(_))
            | (Type::Int | Type::Float | Type::Port, Value::Int(_))
            | (Type::Float, Value::Float(_))
            | (Type::Port | Type::Int, Value::Port(_))
            | (
                Type::String
                | Type::Url
                | Type::Hostname
                | Type::Calendar
                | Type::Image
                | Type::Sealed,
                Value::Text(_),
            )
            | (Type::Sealed, Value::Sealed(_))
            | (Type::Duration, Value::Duration(_))
            | (Type::Size, Value::Size(_))
            | (Type::Mode, Value::Mode(_))
            | (Type::Path, Value::Path(_))
            | (Type::File, Value::File(_))
            | (Type::Address, Value::Address(_))
            | (Type::Subnet, Value::Subnet(_))
            | (Type::Ports, Value::Ports(..))
            | (Type::Nix, Value::Nix(_))
            | (Type::List(_) | Type::Set(_), Value::List(_) | Value::Set(_))
            | (Type::Fn(..), Value::Function(_) | Value::Lambda(_)) => true,
            (Type::Enum(a), Value::Variant(b, ..)) => a == b,
            (Type::Ref(schema), Value::Ref(id) | Value::Record(id)) => {
                self.is_entity(*id) && self.state.node(*id).shape == Shape::Record(*schema)
            }
            (Type::Record(schema), Value::Record(id)) => match &self.state.node(*id).shape {
                Shape::Record(found) => found == schema,
                Shape::Anonymous => true,
                Shape::Map(_) | Shape::Free(_) => false,
            },
            (Type::Map(_) | Type::Data | Type::Module, Value::Record(_)) => true,
            (Type::Data | Type::Module, Value::List(_) | Value::Set(_)) => true,
            _ => false,
        }
    }

    /// Whether a value can be made one of this type.
    fn becomes(&self, value: &Value, member: &Type) -> bool {
        match (member.base(), value) {
            (Type::Sealed, Value::Ref(id)) => self.is_sealed(*id),
            (Type::Data | Type::Module, Value::Variant(_, _, payload)) => payload.is_none(),
            (Type::Data | Type::Module, value) => spell_scalar(value).is_some(),
            // A string that is checked against the type wanted, where no string type is a member.
            (Type::Path, Value::Text(text)) => text.starts_with('/'),
            // What the schema's `from` means.
            (Type::Record(schema), value) => {
                let schema = self.analysis.declarations.schema(*schema);
                let field = schema.from.as_ref().and_then(|from| schema.field(from));
                field.is_some_and(|field| {
                    self.is_shaped(value, &field.ty) || self.member_of(value, &field.ty).is_some()
                })
            }
            _ => false,
        }
    }
}
