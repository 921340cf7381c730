//! The second pass: the types of everything declared.

mod named;
mod newer;
mod rules;
mod written;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use named::meant;
pub(super) use written::built_in;

use super::env::Tables;
use super::types::{Declarations, FunctionParam, LetId, SchemaField, SchemaId, Type, TypeNameId};
use crate::ast::{
    FieldDecl, FnDecl, Item, ItemKind, TypeDecl, TypeExpr, TypeKind, Visit, walk_item,
};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::parser::Parsed;
use crate::resolve::{Collected, Global, Import, Scopes};
use crate::span::{FileId, Span};

/// Typed declarations, and what was found on the way.
pub(crate) struct Declared {
    pub(crate) declarations: Declarations,
    pub(crate) imports: BTreeMap<FileId, Vec<Import>>,
    /// The `let`s whose value is a file of data, each with the place of its path.
    pub(crate) data: Vec<(LetId, Span)>,
    pub(crate) scopes: Scopes,
    pub(crate) tables: Tables,
    pub(crate) annotations: HashMap<Span, Type>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Types all declarations, and the types written in bodies.
pub(crate) fn declare(collected: Collected<'_>, files: &BTreeMap<FileId, Arc<Parsed>>) -> Declared {
    let Collected {
        declarations,
        scopes,
        imports,
        fields,
        origins,
        functions,
        lets,
        names,
        data,
        diagnostics,
    } = collected;
    let newer::Settled { fields, replaced, found } = newer::settle(fields);
    let mut declarer = Declarer {
        kinds: kinds(&declarations, &scopes, &fields, &names),
        declarations,
        scopes,
        annotations: HashMap::new(),
        unions: Vec::new(),
        variables: false,
        progress: vec![Progress::Waiting; names.len()],
        reading: Vec::new(),
        names,
        diagnostics,
    };
    declarer.diagnostics.extend(found);
    declarer.declarations.replaced = replaced;
    for index in 0..declarer.names.len() {
        declarer.type_name(TypeNameId(index as u32));
    }
    for (schema, field) in fields {
        declarer.field(schema, field);
    }
    for (schema, from) in origins {
        declarer.origin(schema, from);
    }
    for (id, decl) in functions {
        declarer.function(id, decl);
    }
    for (id, decl) in lets {
        if let Some(ty) = &decl.ty {
            declarer.declarations.lets[id.0 as usize].ty = declarer.annotate(ty);
        }
    }
    for (id, data) in &data {
        if let Some(ty) = &data.ty {
            declarer.declarations.lets[id.0 as usize].ty = declarer.annotate(ty);
        }
    }
    for parsed in files.values() {
        let mut inner = Annotations { declarer: &mut declarer };
        inner.visit_body(&parsed.file.body);
    }
    let tables = Tables::new(&declarer.declarations);
    declarer.check_rules(&tables);
    Declared {
        declarations: declarer.declarations,
        imports,
        data: data.into_iter().map(|(id, data)| (id, data.span)).collect(),
        scopes: declarer.scopes,
        tables,
        annotations: declarer.annotations,
        diagnostics: declarer.diagnostics,
    }
}

/// The kinds, read off `schema Model` before its types are: a type's name may be a kind.
fn kinds(
    declarations: &Declarations,
    scopes: &Scopes,
    fields: &[(SchemaId, &FieldDecl)],
    named: &[&TypeDecl],
) -> BTreeMap<Arc<str>, SchemaId> {
    let mut kinds = BTreeMap::new();
    for (schema, field) in fields {
        if Some(*schema) == declarations.model
            && let TypeKind::Map(element) = &meant(scopes, named, &field.ty).kind
            && let TypeKind::Name(name) = &meant(scopes, named, element).kind
            && let Some(Global::Schema(element)) = scopes.get(name.span.file, &name.text)
        {
            kinds.entry(Arc::clone(&field.name.text)).or_insert(element);
        }
    }
    kinds
}

struct Declarer<'d> {
    declarations: Declarations,
    scopes: Scopes,
    kinds: BTreeMap<Arc<str>, SchemaId>,
    annotations: HashMap<Span, Type>,
    /// Unions, to be checked when everything has its type.
    unions: Vec<Vec<(Type, Span)>>,
    /// Whether type variables may be written: in a builtin's head.
    variables: bool,
    /// By [`TypeNameId`].
    names: Vec<&'d TypeDecl>,
    progress: Vec<Progress>,
    /// The names that are being read, each for the one before.
    reading: Vec<TypeNameId>,
    diagnostics: Vec<Diagnostic>,
}

/// How far a named type is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Busy,
    Done,
}

impl Declarer<'_> {
    fn field(&mut self, id: SchemaId, decl: &FieldDecl) {
        let ty = self.annotate(&decl.ty);
        let schema = &mut self.declarations.schemas[id.0 as usize];
        if let Some(first) = schema.field(&decl.name.text) {
            self.diagnostics.push(
                Diagnostic::error(
                    names::DUPLICATE_FIELD,
                    decl.name.span,
                    format!("`{}` has the field `{}` already", schema.name, decl.name.text),
                )
                .also(first.span, "first here")
                .help("rename one of the two"),
            );
            return;
        }
        schema.by_name.insert(Arc::clone(&decl.name.text), schema.fields.len());
        schema.fields.push(SchemaField {
            name: Arc::clone(&decl.name.text),
            doc: decl.doc.clone(),
            span: decl.name.span,
            ty,
            default: decl.default.clone(),
        });
    }

    fn origin(&mut self, id: SchemaId, from: &crate::ast::Name) {
        let schema = &mut self.declarations.schemas[id.0 as usize];
        if schema.field(&from.text).is_some() {
            schema.from = Some(Arc::clone(&from.text));
            return;
        }
        let message = format!("`{}` has no field `{}`", schema.name, from.text);
        let diagnostic = Diagnostic::error(names::FROM_FIELD, from.span, message).suggest(
            &from.text,
            from.span,
            schema.by_name.keys().map(|name| &**name),
        );
        self.diagnostics.push(diagnostic);
    }

    fn function(&mut self, id: super::types::FunctionId, decl: &FnDecl) {
        self.variables = decl.body.is_none();
        let mut params: Vec<FunctionParam> = Vec::new();
        for param in &decl.params {
            if params.iter().any(|other| other.name == param.name.text) {
                let first = decl.params.iter().find(|other| other.name.text == param.name.text);
                let first = first.map_or(param.name.span, |other| other.name.span);
                self.diagnostics.push(crate::resolve::duplicate(&param.name, first));
            }
            params.push(FunctionParam {
                name: Arc::clone(&param.name.text),
                ty: param.ty.as_ref().map_or(Type::Unknown, |ty| self.annotate(ty)),
                default: param.default.clone(),
            });
        }
        let result = decl.result.as_ref().map_or(Type::Unknown, |ty| self.annotate(ty));
        self.variables = false;
        let function = &mut self.declarations.functions[id.0 as usize];
        function.params = params;
        function.result = result;
    }

    /// The meaning of a written type, kept by its place.
    fn annotate(&mut self, ty: &TypeExpr) -> Type {
        let meaning = self.written(ty);
        self.annotations.insert(ty.span, meaning.clone());
        meaning
    }
}

/// Finds the types written in bodies; those of the declarations at the top of files are known by then.
struct Annotations<'d, 'a> {
    declarer: &'d mut Declarer<'a>,
}

impl<'a> Visit<'a> for Annotations<'_, '_> {
    fn visit_item(&mut self, item: &'a Item) {
        match &item.kind {
            // Their types were read with the declarations; what is nested in them has none.
            ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_)
            | ItemKind::Error => {}
            ItemKind::Field(_)
            | ItemKind::Block(_)
            | ItemKind::For(_)
            | ItemKind::If(_)
            | ItemKind::Let(_)
            | ItemKind::Fn(_) => walk_item(self, item),
        }
    }

    fn visit_type(&mut self, ty: &'a TypeExpr) {
        if !self.declarer.annotations.contains_key(&ty.span) {
            self.declarer.annotate(ty);
        }
    }
}
