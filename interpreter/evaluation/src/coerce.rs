//! Bringing values into the types that are wanted.

use std::sync::Arc;

use qg_lang::ast::{PortLiteral, Protocol};
use qg_lang::check::env::{Env, Tables};
use qg_lang::check::formats;
use qg_lang::check::types::{SchemaId, Type};
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::network::whole_network;
use qg_lang::path::normal;
use qg_lang::span::Span;
use qg_lang::stack::grow;
use qg_provenance::leaf::OriginId;

use super::Evaluator;
use super::ladder::Strength;
use super::state::{ContributionKind, Ctx, Node, Shape};
use super::text::spell_scalar;
use crate::value::{List, NodeId, Piece, Val, Value};

impl Evaluator<'_> {
    /// The value as one of this type; unknown (and reported) where it is none. `place` is the field
    /// that it is for.
    pub(super) fn coerce(
        &mut self,
        val: Val,
        ty: &Type,
        span: Span,
        place: Option<(NodeId, &Arc<str>)>,
    ) -> Val {
        if val.is_unknown() {
            return val;
        }
        grow(|| self.coerce_known(val, ty, span, place))
    }

    fn coerce_known(
        &mut self,
        val: Val,
        ty: &Type,
        span: Span,
        place: Option<(NodeId, &Arc<str>)>,
    ) -> Val {
        let origin = val.origin;
        let value = match (ty, &val.value) {
            (Type::Anything, Value::Absent) => return self.misfit(val, ty, span),
            (
                Type::Unknown
                | Type::Anything
                | Type::Variable(_)
                | Type::Fn(..)
                | Type::Anonymous(_),
                _,
            ) => return val,
            (Type::Optional(_), Value::Absent) => return val,
            (Type::Optional(inner), _) => return self.coerce(val, inner, span, place),
            (Type::Where(inner, id), _) => {
                let val = self.coerce(val, inner, span, place);
                return self.refine(val, *id, span, place);
            }
            (Type::Union(_), _) => {
                return match self.member_of(&val.value, ty).cloned() {
                    Some(member) => self.coerce(val, &member, span, place),
                    None => self.misfit(val, ty, span),
                };
            }
            (Type::Bool, Value::Bool(_))
            | (Type::Int, Value::Int(_))
            | (Type::Float, Value::Float(_))
            | (Type::String, Value::Text(_))
            | (Type::Duration, Value::Duration(_))
            | (Type::Size, Value::Size(_))
            | (Type::Mode, Value::Mode(_))
            | (Type::File, Value::File(_))
            | (Type::Address, Value::Address(_))
            | (Type::Subnet, Value::Subnet(_))
            | (Type::Port, Value::Port(_))
            | (Type::Ports, Value::Ports(..))
            | (Type::Sealed, Value::Sealed(_) | Value::Text(_))
            | (Type::Nix, Value::Nix(_)) => return val,
            (Type::Int, Value::Port(port)) => Value::Int(i64::from(port.number)),
            (Type::Float, Value::Int(it)) => Value::Float(*it as f64),
            (Type::Port, Value::Int(it)) => match u16::try_from(*it) {
                Ok(number) if number > 0 => {
                    Value::Port(PortLiteral { number, protocol: Protocol::Tcp })
                }
                _ => {
                    let finding = Diagnostic::error(
                        codes::eval::REFINEMENT,
                        span,
                        format!("{it} is not a port: ports go from 1 to 65535"),
                    );
                    return self.fail(finding);
                }
            },
            (Type::Ports, Value::Int(it)) => match u16::try_from(*it) {
                Ok(number) => Value::Ports(number, number),
                Err(_) => return self.misfit(val, ty, span),
            },
            (Type::Ports, Value::Port(port)) => Value::Ports(port.number, port.number),
            (Type::Sealed, Value::Ref(id)) if self.is_sealed(*id) => {
                Value::Sealed([Piece::Secret(*id)].into())
            }
            (Type::Path, Value::Path(_)) => return val,
            (
                Type::Path
                | Type::Url
                | Type::Hostname
                | Type::Calendar
                | Type::Image
                | Type::Address
                | Type::Subnet,
                Value::Text(text),
            ) => match self.read_text(ty, text) {
                Ok(value) => value,
                Err(why) => return self.bad_format(text.clone(), &why, &val, span, place),
            },
            (Type::String, Value::Path(it)) => Value::Text(Arc::clone(it)),
            (Type::Enum(wanted), Value::Variant(found, ..)) if wanted == found => return val,
            (Type::Nix, other) => match spell_scalar(other) {
                Some(_) => return val,
                None => return self.misfit(val, ty, span),
            },
            (Type::List(element), Value::List(list) | Value::Set(list)) => {
                match self.coerce_all(list, element, span) {
                    Some(items) => Value::List(items),
                    None => return Val::unknown(),
                }
            }
            (Type::Set(element), Value::List(list) | Value::Set(list)) => {
                let Some(items) = self.coerce_all(list, element, span) else {
                    return Val::unknown();
                };
                let known: Vec<Val> =
                    items.items.iter().filter(|it| !it.is_unknown()).cloned().collect();
                let complete = items.complete && known.len() == items.items.len();
                match self.sorted_unique(known, span) {
                    Some(sorted) => Value::Set(List::new(sorted, complete)),
                    None => return Val::unknown(),
                }
            }
            (Type::Ref(schema), Value::Ref(id) | Value::Record(id)) => {
                return self.reference(*id, *schema, val, ty, span);
            }
            (Type::Record(schema), _) => return self.record_of(*schema, val, span),
            (Type::Map(element), Value::Record(id) | Value::Ref(id)) => {
                return self.map_of(element, *id, val.clone());
            }
            (Type::Data | Type::Module, _) => return self.free_of(ty, val, span),
            _ => return self.misfit(val, ty, span),
        };
        Val::new(value, origin)
    }

    fn coerce_all(&mut self, list: &List, element: &Type, span: Span) -> Option<List> {
        let items: Arc<[Val]> = Arc::clone(&list.items);
        if !self.charge(items.len(), span) {
            return None;
        }
        let mut all = Vec::with_capacity(items.len());
        let mut complete = list.complete;
        for item in items.iter() {
            let at = self.state.origins.span(item.origin).filter(|at| at.file == span.file);
            let val = self.coerce(item.clone(), element, at.unwrap_or(span), None);
            complete &= !val.is_unknown();
            all.push(val);
        }
        self.listed(all, complete, span)
    }

    fn reference(&mut self, id: NodeId, schema: SchemaId, val: Val, ty: &Type, span: Span) -> Val {
        if self.is_entity(id) && self.state.node(id).shape == Shape::Record(schema) {
            return Val { value: Value::Ref(id), ..val };
        }
        self.misfit(val, ty, span)
    }

    fn record_of(&mut self, schema: SchemaId, val: Val, span: Span) -> Val {
        let from = self.analysis.declarations.schema(schema).from.clone();
        if let Some(id) = Self::node_of(&val) {
            match self.state.node(id).shape.clone() {
                Shape::Record(found) if found == schema => {
                    return Val { value: Value::Record(id), ..val };
                }
                Shape::Anonymous | Shape::Free(_) => {
                    let copy = self.shared_copy(id, Shape::Record(schema), val.origin);
                    return Val { value: Value::Record(copy), ..val };
                }
                Shape::Record(_) | Shape::Map(_) => {}
            }
        }
        match from {
            Some(field) => {
                let contribution = self.contribution(
                    ContributionKind::Field(field, val.clone(), Some(span)),
                    Strength::default(),
                    false,
                    Ctx::default(),
                );
                let mut node = Node::new(Shape::Record(schema), &Arc::from(""), false);
                node.origin = val.origin;
                node.contributions.push(contribution);
                let id = self.state.add_node(node);
                Val::new(Value::Record(id), val.origin)
            }
            None => self.misfit(val, &Type::Record(schema), span),
        }
    }

    fn map_of(&mut self, element: &Type, id: NodeId, val: Val) -> Val {
        match &self.state.node(id).shape {
            Shape::Map(_) => Val { value: Value::Record(id), ..val },
            Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => {
                let copy = self.shared_copy(id, Shape::Map(element.clone()), val.origin);
                Val { value: Value::Record(copy), ..val }
            }
        }
    }

    /// Free data: records lose their schema, scalars that no data format knows become strings.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`spell_scalar` knows all others")]
    fn free_of(&mut self, ty: &Type, val: Val, span: Span) -> Val {
        let value = match &val.value {
            Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Sealed(_)
            | Value::Nix(_)
            | Value::File(_) => return val,
            Value::Path(it) => Value::Text(Arc::clone(it)),
            Value::Port(it) if it.protocol == Protocol::Tcp => Value::Int(i64::from(it.number)),
            Value::Ref(id) if self.is_sealed(*id) => Value::Sealed([Piece::Secret(*id)].into()),
            Value::Record(id) => {
                let shape = Shape::Free(ty.clone());
                if self.state.node(*id).shape == shape {
                    return val;
                }
                let copy = self.shared_copy(*id, shape, val.origin);
                Value::Record(copy)
            }
            Value::List(list) | Value::Set(list) => match self.coerce_all(list, ty, span) {
                Some(items) => Value::List(items),
                None => return Val::unknown(),
            },
            Value::Variant(id, index, _) => {
                let variants = &self.analysis.declarations.enumeration(*id).variants;
                match variants.get(*index as usize).filter(|it| it.payload.is_none()) {
                    Some(variant) => Value::Text(Arc::clone(&variant.name)),
                    None => return self.misfit(val, ty, span),
                }
            }
            other => match spell_scalar(other) {
                Some(text) => Value::Text(text.into()),
                None => return self.misfit(val, ty, span),
            },
        };
        Val::new(value, val.origin)
    }

    /// A copy of another shape. A value that stands at many places is copied once, and what is in it,
    /// too: so it stays as small as it was written.
    fn shared_copy(&mut self, id: NodeId, shape: Shape, origin: OriginId) -> NodeId {
        let key = (id, shape);
        if let Some(known) = self.state.copies.get(&key) {
            return *known;
        }
        let shape = key.1.clone();
        let copy = match shape {
            Shape::Free(_) => self.copy_free(id, shape, origin),
            Shape::Record(_) | Shape::Map(_) | Shape::Anonymous => self.copy(id, shape, origin),
        };
        self.state.hold(size_of_val(&key) + size_of::<NodeId>());
        self.state.copies.insert(key, copy);
        copy
    }

    /// Free data that reads its fields from a record with a schema, defaults included.
    fn copy_free(&mut self, id: NodeId, shape: Shape, origin: OriginId) -> NodeId {
        match self.state.node(id).shape.clone() {
            Shape::Anonymous | Shape::Free(_) => self.copy(id, shape, origin),
            Shape::Map(_) | Shape::Record(_) => {
                let mut node = Node::new(shape, &Arc::from(""), false);
                node.origin = origin;
                for (name, val) in self.map_rows(id).items {
                    if let Some(name) = name {
                        let kind = ContributionKind::Field(name, val, None);
                        let contribution =
                            self.contribution(kind, Strength::default(), false, Ctx::default());
                        node.contributions.push(contribution);
                    }
                }
                self.state.add_node(node)
            }
        }
    }

    /// A string read as a type with a form of its own.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`formats::fits` knows all others")]
    fn read_text(&self, ty: &Type, text: &Arc<str>) -> Result<Value, String> {
        match ty {
            Type::Address => {
                text.parse().map(Value::Address).map_err(|_| "not an IP address".to_owned())
            }
            Type::Subnet => whole_network(text).map(Value::Subnet),
            Type::Path => {
                if !text.starts_with('/') {
                    Err("a path begins with `/`".to_owned())
                } else if text.contains('\0') {
                    Err("a path has no zero byte".to_owned())
                } else {
                    Ok(Value::Path(normal(text).into()))
                }
            }
            _ => formats::fits(ty, text).map(|()| Value::Text(Arc::clone(text))),
        }
    }

    /// What a text spells; None where it does not, which was reported.
    pub(crate) fn spelled(&mut self, text: &Val, ty: &Type, span: Span) -> Option<Value> {
        let val = self.coerce(text.clone(), ty, span, None);
        (!val.is_unknown()).then_some(val.value)
    }

    /// Where a value was written or made.
    pub(crate) fn place_of(&self, val: &Val) -> Option<Span> {
        self.state.origins.span(val.origin)
    }

    fn bad_format(
        &mut self,
        text: Arc<str>,
        why: &str,
        val: &Val,
        span: Span,
        place: Option<(NodeId, &Arc<str>)>,
    ) -> Val {
        let mut finding = Diagnostic::error(
            codes::eval::BAD_FORMAT,
            span,
            format!("{text:?} does not fit here: {why}"),
        );
        if let Some(from) = self.state.origins.span(val.origin)
            && from != span
        {
            finding = finding.also(from, "it is made here");
        }
        let finding = self.at_user(finding, val.origin, place, "it is wanted here");
        self.fail(finding)
    }

    fn misfit(&mut self, val: Val, ty: &Type, span: Span) -> Val {
        let declarations = &self.analysis.declarations;
        let wanted = Env { declarations, tables: &Tables::new(declarations) }.show(ty);
        self.wrong_value(&val, span, &format!("`{wanted}`"));
        Val::unknown()
    }
}
