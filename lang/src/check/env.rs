//! What the checker asks of the declarations: kinds, and how types relate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::types::{Declarations, Schema, SchemaField, SchemaId, Type};

/// What follows from the declarations, computed once.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Map fields of `schema Model`, with the schema of their elements.
    pub kinds: BTreeMap<Arc<str>, SchemaId>,
    /// The kind whose elements have this schema.
    pub kind_of: BTreeMap<SchemaId, Arc<str>>,
    /// Record fields of `schema Model`, such as `fleet`, by their schema.
    pub singles: BTreeMap<SchemaId, Arc<str>>,
    /// Schemas that are the element of some map: their records have an implicit `name`.
    pub named: Vec<bool>,
    /// Which schemas declare a field.
    pub holders: BTreeMap<Arc<str>, Vec<SchemaId>>,
    /// In which fields of kinds (and of `fleet`) records of a nested schema live.
    pub homes: BTreeMap<SchemaId, Vec<(SchemaId, Arc<str>)>>,
}

impl Tables {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a map of a schema is a kind")]
    pub fn new(declarations: &Declarations) -> Tables {
        let mut tables =
            Tables { named: vec![false; declarations.schemas.len()], ..Tables::default() };
        for schema in &declarations.schemas {
            for field in &schema.fields {
                tables.holders.entry(Arc::clone(&field.name)).or_default().push(schema.id);
                mark_elements(&field.ty, &mut tables.named);
            }
        }
        if let Some(model) = declarations.model {
            for field in &declarations.schema(model).fields {
                match field.ty.unconditional() {
                    Type::Map(element) => {
                        if let Type::Record(schema) = *element.unconditional() {
                            tables.kinds.insert(Arc::clone(&field.name), schema);
                            tables.kind_of.entry(schema).or_insert_with(|| Arc::clone(&field.name));
                        }
                    }
                    ty => {
                        if let Type::Record(schema) = ty.base() {
                            tables.singles.insert(*schema, Arc::clone(&field.name));
                        }
                    }
                }
            }
        }
        let tops: Vec<SchemaId> =
            tables.kind_of.keys().chain(tables.singles.keys()).copied().collect();
        for top in tops {
            for field in &declarations.schema(top).fields {
                let mut nested = BTreeSet::new();
                reach(declarations, &field.ty, &mut nested);
                for schema in nested {
                    let home = (top, Arc::clone(&field.name));
                    tables.homes.entry(schema).or_default().push(home);
                }
            }
        }
        tables
    }
}

/// The schemas of all records that can live in a field of this type.
#[expect(clippy::wildcard_enum_match_arm, reason = "`Type::parts` knows all others")]
fn reach(declarations: &Declarations, ty: &Type, all: &mut BTreeSet<SchemaId>) {
    let mut pending = vec![ty];
    while let Some(ty) = pending.pop() {
        let mut enter = |id: SchemaId, pending: &mut Vec<_>| {
            if all.insert(id) {
                pending.extend(declarations.schema(id).fields.iter().map(|field| &field.ty));
            }
        };
        match ty {
            Type::Record(id) => enter(*id, &mut pending),
            Type::Enum(id) => {
                for payload in
                    declarations.enumeration(*id).variants.iter().filter_map(|it| it.payload)
                {
                    enter(payload, &mut pending);
                }
            }
            other => pending.extend(other.parts()),
        }
    }
}

fn mark_elements(ty: &Type, named: &mut [bool]) {
    if let Type::Map(element) = ty
        && let Type::Record(id) = element.base()
        && let Some(slot) = named.get_mut(id.0 as usize)
    {
        *slot = true;
    }
    ty.parts().for_each(|part| mark_elements(part, named));
}

/// The declarations and what follows from them, to be handed around.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    pub declarations: &'a Declarations,
    pub tables: &'a Tables,
}

/// How a chain of `from` fields or nested types is bounded, whatever was declared.
pub(super) const TYPE_DEPTH: usize = 24;

impl<'a> Env<'a> {
    pub fn schema(self, id: SchemaId) -> &'a Schema {
        self.declarations.schema(id)
    }

    pub fn is_kind(self, id: SchemaId) -> bool {
        self.tables.kind_of.contains_key(&id)
    }

    /// The field of `schema Model` with this name.
    pub fn model_field(self, name: &str) -> Option<&'a SchemaField> {
        self.declarations.model.and_then(|model| self.schema(model).field(name))
    }

    /// The declared type of a field; the implicit `name` of entities included.
    pub fn field_type(self, schema: SchemaId, name: &str) -> Option<Type> {
        if let Some(field) = self.schema(schema).field(name) {
            return Some(field.ty.clone());
        }
        let named = self.tables.named.get(schema.0 as usize).copied().unwrap_or(false);
        (name == "name" && named).then_some(Type::String)
    }

    /// Every name a record of this schema can be asked for.
    pub fn field_names(self, schema: SchemaId) -> impl Iterator<Item = &'a str> {
        let named = self.tables.named.get(schema.0 as usize).copied().unwrap_or(false);
        let schema = self.schema(schema);
        schema.by_name.keys().map(|name| &**name).chain(named.then_some("name"))
    }

    /// The plain types a value may have where `want` is wanted: unions, `?`, `where` and `from` taken apart.
    pub fn candidates(self, want: &Type) -> Vec<Type> {
        let mut all = Vec::new();
        self.collect_candidates(want, &mut all, 0);
        all
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are what they are")]
    fn collect_candidates(self, want: &Type, all: &mut Vec<Type>, depth: usize) {
        if depth > TYPE_DEPTH {
            return;
        }
        match want {
            Type::Optional(inner) | Type::Where(inner, _) => {
                self.collect_candidates(inner, all, depth + 1);
            }
            Type::Union(members) => {
                members.iter().for_each(|member| self.collect_candidates(member, all, depth + 1));
            }
            Type::Record(id) => {
                all.push(want.clone());
                let schema = self.schema(*id);
                if let Some(field) = schema.from.as_ref().and_then(|from| schema.field(from)) {
                    self.collect_candidates(&field.ty, all, depth + 1);
                }
            }
            plain => all.push(plain.clone()),
        }
    }

    /// The type of what is read through something that has a place in the model: records in it have one too.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "records and what may hold them by name have a place; a list and a member of a union are values"
    )]
    pub fn placed(self, ty: &Type) -> Type {
        match ty {
            Type::Record(id) => Type::Ref(*id),
            Type::Map(element) => Type::Map(Arc::new(self.placed(element))),
            Type::Optional(inner) => Type::Optional(Arc::new(self.placed(inner))),
            // What is read of the model has been held against it.
            Type::Where(base, _) if matches!(**base, Type::Record(_) | Type::Map(_)) => {
                self.placed(base)
            }
            other => other.clone(),
        }
    }

    /// Whether every variant of an enum is without payload.
    pub fn is_plain_enum(self, id: super::types::EnumId) -> bool {
        self.declarations.enumeration(id).variants.iter().all(|variant| variant.payload.is_none())
    }

    /// The fields that a whole record of this schema must say.
    pub fn required(self, schema: SchemaId) -> Vec<&'a SchemaField> {
        self.required_at(schema, 0)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "each other type needs a value")]
    fn required_at(self, schema: SchemaId, depth: usize) -> Vec<&'a SchemaField> {
        if depth > TYPE_DEPTH {
            return Vec::new();
        }
        let must = |field: &&SchemaField| {
            field.default.is_none()
                && match field.ty.unconditional() {
                    Type::Optional(_) | Type::Unknown => false,
                    Type::Record(inner) => !self.required_at(*inner, depth + 1).is_empty(),
                    _ => true,
                }
        };
        self.schema(schema).fields.iter().filter(must).collect()
    }
}
