//! Rules that look at finished declarations: unions told apart by shape, schemas that end,
//! words that are kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Declarer;
use crate::check::env::{Env, TYPE_DEPTH, Tables};
use crate::check::types::{EnumId, SchemaId, Type};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{names, types};
use crate::span::Span;

/// What of a value shows which member of a union it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Bool,
    Number,
    String,
    Duration,
    Size,
    Mode,
    Path,
    File,
    Address,
    Subnet,
    Ports,
    Nix,
    List,
    Record,
    Function,
    Enum(EnumId),
    Reference(SchemaId),
}

impl Declarer<'_> {
    pub(super) fn check_rules(&mut self, tables: &Tables) {
        let env = Env { declarations: &self.declarations, tables };
        let mut found = Vec::new();
        for union in &self.unions {
            found.extend(confusable(env, union));
        }
        found.extend(endless(env));
        found.extend(kinds_twice(env));
        self.diagnostics.extend(found);
    }
}

/// Refuses the first member that shares a shape with an earlier one.
fn confusable(env: Env<'_>, union: &[(Type, Span)]) -> Option<Diagnostic> {
    for (index, (ty, span)) in union.iter().enumerate() {
        let mut mine = BTreeSet::new();
        shapes(env, ty, &mut mine, 0);
        for (other, other_span) in union.iter().take(index) {
            let mut theirs = BTreeSet::new();
            shapes(env, other, &mut theirs, 0);
            let shared = mine.iter().any(|shape| theirs.contains(shape));
            if shared || share_variant(env, ty, other) {
                return Some(
                    Diagnostic::error(
                        types::UNION,
                        *span,
                        format!(
                            "`{}` and `{}` cannot be told apart",
                            env.show(other),
                            env.show(ty)
                        ),
                    )
                    .also(*other_span, "has the same shape")
                    .help("keep one of them, or declare an enum whose variants say which is which"),
                );
            }
        }
    }
    None
}

/// Two enums in one union: a bare variant must belong to one of them only.
fn share_variant(env: Env<'_>, a: &Type, b: &Type) -> bool {
    match (a.base(), b.base()) {
        (Type::Enum(a), Type::Enum(b)) => {
            let b = env.declarations.enumeration(*b);
            env.declarations
                .enumeration(*a)
                .variants
                .iter()
                .any(|variant| b.variant(&variant.name).is_some())
        }
        _ => false,
    }
}

fn shapes(env: Env<'_>, ty: &Type, all: &mut BTreeSet<Shape>, depth: usize) {
    if depth > TYPE_DEPTH {
        return;
    }
    match ty {
        Type::Unknown | Type::Never | Type::Variable(_) => {}
        Type::Bool => drop(all.insert(Shape::Bool)),
        Type::Int | Type::Float | Type::Port => drop(all.insert(Shape::Number)),
        Type::String | Type::Url | Type::Hostname | Type::Calendar | Type::Image | Type::Sealed => {
            all.insert(Shape::String);
        }
        Type::Duration => drop(all.insert(Shape::Duration)),
        Type::Size => drop(all.insert(Shape::Size)),
        Type::Mode => drop(all.insert(Shape::Mode)),
        Type::Path => drop(all.insert(Shape::Path)),
        Type::File => drop(all.insert(Shape::File)),
        Type::Address => drop(all.insert(Shape::Address)),
        Type::Subnet => drop(all.insert(Shape::Subnet)),
        Type::Ports => drop(all.insert(Shape::Ports)),
        Type::Nix => drop(all.insert(Shape::Nix)),
        Type::List(_) | Type::Set(_) => drop(all.insert(Shape::List)),
        Type::Map(_) | Type::Anonymous(_) => drop(all.insert(Shape::Record)),
        // Free data takes every plain value.
        Type::Data | Type::Module | Type::Anything => {
            all.extend([Shape::Bool, Shape::Number, Shape::String, Shape::List, Shape::Record]);
        }
        Type::Fn(..) => drop(all.insert(Shape::Function)),
        Type::Enum(id) => drop(all.insert(Shape::Enum(*id))),
        Type::Ref(id) => drop(all.insert(Shape::Reference(*id))),
        Type::Optional(inner) | Type::Where(inner, _) => shapes(env, inner, all, depth + 1),
        Type::Union(members) => {
            members.iter().for_each(|member| shapes(env, member, all, depth + 1));
        }
        Type::Record(id) => {
            all.insert(Shape::Record);
            let schema = env.schema(*id);
            if let Some(field) = schema.from.as_ref().and_then(|from| schema.field(from)) {
                shapes(env, &field.ty, all, depth + 1);
            }
        }
    }
}

/// Schemas whose records would hold records without end.
fn endless(env: Env<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut done: BTreeSet<SchemaId> = BTreeSet::new();
    for schema in &env.declarations.schemas {
        // Follow required records from here; a way back to a schema on the path is a cycle.
        let mut path: Vec<(SchemaId, usize)> = vec![(schema.id, 0)];
        while let Some((id, next)) = path.last().copied() {
            if next == 0 && done.contains(&id) {
                path.pop();
                continue;
            }
            let fields = &env.schema(id).fields;
            let Some(field) = fields.get(next) else {
                done.insert(id);
                path.pop();
                continue;
            };
            if let Some(last) = path.last_mut() {
                last.1 += 1;
            }
            // An optional record, a map, a list and a reference may end somewhere.
            let Type::Record(inner) = *field.ty.unconditional() else { continue };
            let Some(start) = path.iter().position(|(on_path, _)| *on_path == inner) else {
                path.push((inner, 0));
                continue;
            };
            let mut diagnostic = Diagnostic::error(
                types::ENDLESS,
                field.span,
                format!("a record of `{}` would hold itself without end", env.schema(inner).name),
            )
            .here(format!("holds `{}`", env.schema(inner).name))
            .help("make the field optional, a map, a list or a reference");
            for (step, after) in path.iter().skip(start).zip(path.iter().skip(start + 1)) {
                if let Some(field) = env.schema(step.0).fields.get(step.1.saturating_sub(1)) {
                    diagnostic = diagnostic
                        .also(field.span, format!("holds `{}`", env.schema(after.0).name));
                }
            }
            found.push(diagnostic);
        }
    }
    found
}

/// No word is both a kind and a nested kind.
fn kinds_twice(env: Env<'_>) -> Vec<Diagnostic> {
    let Some(model) = env.declarations.model else { return Vec::new() };
    let kinds: BTreeMap<&Arc<str>, Span> = env
        .schema(model)
        .fields
        .iter()
        .filter(|field| env.tables.kinds.contains_key(&field.name))
        .map(|field| (&field.name, field.span))
        .collect();
    let mut found = Vec::new();
    for schema in env.declarations.schemas.iter().filter(|schema| schema.id != model) {
        for field in &schema.fields {
            let nested = matches!(
                field.ty.unconditional(),
                Type::Map(element) if matches!(element.unconditional(), Type::Record(_))
            );
            if let (true, Some(kind)) = (nested, kinds.get(&field.name)) {
                found.push(
                    Diagnostic::error(
                        names::KIND_TWICE,
                        field.span,
                        format!("`{}` is a kind, and here a nested kind too", field.name),
                    )
                    .also(*kind, "the kind")
                    .help("rename one of the two"),
                );
            }
        }
    }
    found
}
