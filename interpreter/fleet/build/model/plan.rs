//! What the model consists of: every schema and enum that `schema Model` leads to.

use std::collections::{BTreeMap, BTreeSet};

use qg_lang::Analysis;
use qg_lang::ast::{Expr, ExprKind};
use qg_lang::check::types::{Declarations, EnumId, Schema, SchemaId, Type};
use qg_lang::span::Span;

use super::Wrong;
use super::names::{self, TypeNames};
use super::special::Special;
use super::table::place;
use super::types::{Form, form};

/// All structs and enums, in the order of the standard library.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) structs: Vec<Struct>,
    pub(crate) enums: Vec<Enumeration>,
}

#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) id: SchemaId,
    pub(crate) rust: String,
    pub(crate) doc: String,
    /// The file of the library, as `service`.
    pub(crate) topic: String,
    /// Whether it is `schema Model` itself.
    pub(crate) is_root: bool,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) rust: String,
    pub(crate) doc: String,
    pub(crate) form: Form,
}

#[derive(Debug)]
pub(crate) struct Enumeration {
    pub(crate) id: EnumId,
    pub(crate) rust: String,
    pub(crate) doc: String,
    pub(crate) topic: String,
    /// The variant that stands for an unknown one.
    pub(crate) default: usize,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) rust: String,
    pub(crate) doc: String,
    pub(crate) payload: Option<SchemaId>,
}

impl Plan {
    /// # Errors
    /// A field whose type has no form, two names that are one in Rust, a row of the special table about nothing.
    pub(crate) fn of(analysis: &Analysis, special: &Special) -> Result<Plan, Wrong> {
        if let Some(finding) = analysis.diagnostics.iter().find(|it| it.is_error()) {
            return Err(Wrong(format!(
                "{}: {}",
                place(analysis, finding.primary.span),
                finding.message
            )));
        }
        let declarations = &analysis.declarations;
        let root =
            declarations.model.ok_or_else(|| Wrong("there is no `schema Model`".to_owned()))?;
        let names = TypeNames::of(declarations, special)?;
        let mut planner = Planner {
            analysis,
            names: &names,
            unused: special.kept.iter().copied().collect(),
            kept: special.kept.iter().copied().collect(),
            structs: BTreeMap::new(),
            enums: BTreeMap::new(),
            defaults: defaults(declarations),
        };
        planner.structure(root)?;
        if let Some(name) = planner.unused.first() {
            return Err(Wrong(format!(
                "special.rs keeps `{name}` as data, which no field of the model leads to"
            )));
        }
        let (structs, enums) = (planner.structs, planner.enums);
        Ok(Plan {
            structs: structs.into_values().flatten().collect(),
            enums: enums.into_values().flatten().collect(),
        })
    }

    #[must_use]
    pub(crate) fn structure(&self, id: SchemaId) -> Option<&Struct> {
        self.structs.iter().find(|it| it.id == id)
    }

    #[must_use]
    pub(crate) fn enumeration(&self, id: EnumId) -> Option<&Enumeration> {
        self.enums.iter().find(|it| it.id == id)
    }
}

/// The variant of each enum that the fields of its type begin with, where they agree: what stands for an unknown
/// one is then the careful choice that the library made.
fn defaults(declarations: &Declarations) -> BTreeMap<EnumId, usize> {
    let mut all: BTreeMap<EnumId, BTreeSet<usize>> = BTreeMap::new();
    let fields = declarations.schemas.iter().flat_map(|it| &it.fields);
    for field in fields {
        if let (Type::Enum(id), Some(default)) = (field.ty.base(), &field.default)
            && let Some(name) = bare(default)
            && let Some((index, _)) = declarations.enumeration(*id).variant(name)
        {
            all.entry(*id).or_default().insert(index as usize);
        }
    }
    let agreed = |(id, found): (EnumId, BTreeSet<usize>)| {
        (found.len() == 1).then_some((id, *found.first()?))
    };
    all.into_iter().filter_map(agreed).collect()
}

/// Whether a field holds functions: they have no place in the model, and whoever asks them asks the evaluation.
fn is_of_functions(ty: &Type) -> bool {
    matches!(ty, Type::Fn(..)) || ty.parts().any(is_of_functions)
}

fn bare(expr: &Expr) -> Option<&str> {
    if let ExprKind::Name(name) = &expr.kind { Some(&name.text) } else { None }
}

struct Planner<'a> {
    analysis: &'a Analysis,
    names: &'a TypeNames,
    kept: BTreeSet<&'a str>,
    /// Rows of the special table that no field met yet.
    unused: BTreeSet<&'a str>,
    /// What is begun already has a row.
    structs: BTreeMap<SchemaId, Option<Struct>>,
    enums: BTreeMap<EnumId, Option<Enumeration>>,
    defaults: BTreeMap<EnumId, usize>,
}

impl Planner<'_> {
    fn structure(&mut self, id: SchemaId) -> Result<(), Wrong> {
        if self.structs.contains_key(&id) {
            return Ok(());
        }
        self.structs.insert(id, None);
        let declarations = &self.analysis.declarations;
        let schema = declarations.schema(id);
        let mut fields = Vec::new();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for field in schema.fields.iter().filter(|it| !is_of_functions(&it.ty)) {
            let form = self.form(schema, &field.name, &field.ty)?;
            let rust = names::field(&field.name)?;
            if let Some(other) = taken.insert(rust.clone(), &field.name) {
                let both = format!("`{other}` and `{}` of `{}`", field.name, schema.name);
                return Err(Wrong(format!("{both} have one name in Rust")));
            }
            fields.push(Field {
                name: field.name.to_string(),
                rust,
                doc: field.doc.as_deref().unwrap_or_default().to_owned(),
                form,
            });
        }
        let made = Struct {
            id,
            rust: self.names.schema(id).to_owned(),
            doc: schema.doc.as_deref().unwrap_or_default().to_owned(),
            topic: self.topic(schema.span),
            is_root: declarations.model == Some(id),
            fields,
        };
        self.structs.insert(id, Some(made));
        Ok(())
    }

    fn enumeration(&mut self, id: EnumId) -> Result<(), Wrong> {
        if self.enums.contains_key(&id) {
            return Ok(());
        }
        self.enums.insert(id, None);
        let it = self.analysis.declarations.enumeration(id);
        let mut variants = Vec::new();
        for variant in &it.variants {
            if let Some(payload) = variant.payload {
                self.structure(payload)?;
            }
            variants.push(Variant {
                name: variant.name.to_string(),
                rust: names::camel(&variant.name),
                doc: variant.doc.as_deref().unwrap_or_default().to_owned(),
                payload: variant.payload,
            });
        }
        let made = Enumeration {
            id,
            rust: self.names.enumeration(id.0).to_owned(),
            doc: it.doc.as_deref().unwrap_or_default().to_owned(),
            topic: self.topic(it.span),
            default: self.defaults.get(&id).copied().unwrap_or(0),
            variants,
        };
        self.enums.insert(id, Some(made));
        Ok(())
    }

    /// The form of a field, with all that it leads to.
    fn form(&mut self, schema: &Schema, field: &str, ty: &Type) -> Result<Form, Wrong> {
        let declarations = &self.analysis.declarations;
        let mut made = form(ty).ok_or_else(|| {
            let ty = qg_lang::check::spell_type(declarations, ty);
            Wrong(format!(
                "`{}.{field}`: the model has no form for `{ty}`; types.rs maps them",
                schema.name
            ))
        })?;
        made.each(&mut |part| {
            match part {
                Form::Struct(id) if self.is_kept(&declarations.schema(*id).name) => {
                    *part = Form::Options;
                }
                Form::Enum(id) if self.is_kept(&declarations.enumeration(*id).name) => {
                    *part = Form::Choice;
                }
                Form::Struct(id) => self.structure(*id)?,
                Form::Enum(id) => self.enumeration(*id)?,
                Form::Leaf(_) | Form::List(_) | Form::Map(_) | Form::Optional(_) => {}
                Form::Options | Form::Choice => {}
            }
            Ok(())
        })?;
        Ok(made)
    }

    fn is_kept(&mut self, name: &str) -> bool {
        self.unused.remove(name);
        self.kept.contains(name)
    }

    /// `service` of `<std>/service.qg`.
    fn topic(&self, span: Span) -> String {
        let file =
            self.analysis.sources.get(span.file).map(|it| it.path.to_string()).unwrap_or_default();
        let name = file.rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".qg").to_owned()
    }
}
