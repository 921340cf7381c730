//! The table of fields: every field of every schema that `schema Model` leads to, those that stay data by name too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use qg_lang::Analysis;
use qg_lang::check::types::{Declarations, SchemaId, Type};
use qg_lang::span::Span;

use super::plan::Plan;

/// All rows, in the order of the standard library.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Row>,
    by_field: BTreeMap<(SchemaId, String), usize>,
}

#[derive(Debug)]
struct Row {
    id: SchemaId,
    schema: String,
    name: String,
    ty: String,
    place: String,
}

impl Table {
    #[must_use]
    pub(crate) fn of(analysis: &Analysis) -> Table {
        let declarations = &analysis.declarations;
        let mut found = BTreeSet::new();
        if let Some(root) = declarations.model {
            reach(declarations, &Type::Record(root), &mut found);
        }
        let mut table = Table { rows: Vec::new(), by_field: BTreeMap::new() };
        for schema in found.into_iter().map(|id| declarations.schema(id)) {
            for field in &schema.fields {
                table.by_field.insert((schema.id, field.name.to_string()), table.rows.len());
                table.rows.push(Row {
                    id: schema.id,
                    schema: schema.name.to_string(),
                    name: field.name.to_string(),
                    ty: qg_lang::check::spell_type(declarations, &field.ty),
                    place: place(analysis, field.span),
                });
            }
        }
        table
    }

    /// The schemas that have rows.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = SchemaId> {
        self.rows.iter().map(|row| row.id)
    }

    /// The number of a field's row.
    #[must_use]
    pub(crate) fn row(&self, schema: SchemaId, field: &str) -> usize {
        self.by_field.get(&(schema, field.to_owned())).copied().unwrap_or(usize::MAX)
    }

    /// As Rust.
    pub(crate) fn write(&self, plan: &Plan, out: &mut String) {
        out.push_str(
            "/// Every field of the standard library that the model leads to, in its order.\n",
        );
        out.push_str("pub static FIELDS: &[ModelField] = &[\n");
        for Row { id, schema, name, ty, place } in &self.rows {
            let structure = plan.structure(*id);
            let field = structure.and_then(|it| it.fields.iter().find(|field| field.name == *name));
            let (typed, free) = (field.is_some(), field.is_some_and(|it| it.form.is_free()));
            let names = format!("schema: {schema:?}, name: {name:?}, ty: {ty:?}, place: {place:?}");
            let _ = writeln!(out, "    ModelField {{ {names}, typed: {typed}, free: {free} }},");
        }
        out.push_str("];\n\n");
    }
}

/// The schemas that a type leads to, payloads among them.
fn reach(declarations: &Declarations, ty: &Type, found: &mut BTreeSet<SchemaId>) {
    match ty {
        Type::Record(id) => {
            if found.insert(*id) {
                let fields = &declarations.schema(*id).fields;
                fields.iter().for_each(|it| reach(declarations, &it.ty, found));
            }
        }
        Type::Enum(id) => {
            let payloads =
                declarations.enumeration(*id).variants.iter().filter_map(|it| it.payload);
            payloads.for_each(|id| reach(declarations, &Type::Record(id), found));
        }
        Type::List(of)
        | Type::Set(of)
        | Type::Map(of)
        | Type::Optional(of)
        | Type::Where(of, _) => {
            reach(declarations, of, found);
        }
        Type::Union(of) => of.iter().for_each(|it| reach(declarations, it, found)),
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
        | Type::Nix
        | Type::Data
        | Type::Module
        | Type::Anything
        | Type::Ref(_)
        | Type::Anonymous(_)
        | Type::Fn(..)
        | Type::Variable(_) => {}
    }
}

/// `<std>/service.qg:12`
pub(crate) fn place(analysis: &Analysis, span: Span) -> String {
    let file = analysis.sources.get(span.file);
    file.map_or_else(String::new, |it| format!("{}:{}", it.path, it.lines.line(span.start) + 1))
}
