//! The first pass: every declaration of every file gets its number, before any type is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Binding, Global, Import, Scopes, imports};
use crate::ast::{
    DataFile, EnumDecl, Expr, ExprId, ExprKind, FieldDecl, FnDecl, ImportDecl, Item, ItemKind,
    LetDecl, Name, SchemaDecl, TypeDecl,
};
use crate::check::types::{
    Declarations, Enum, EnumId, Function, FunctionId, GlobalLet, LetId, Schema, SchemaId, Type,
    TypeName, TypeNameId, Variant,
};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::parser::Parsed;
use crate::source::{SourceFile, SourceMap};
use crate::span::{FileId, Span};

/// The file of the standard library whose functions every file sees.
const PRELUDE: &str = "<std>/prelude.qg";

/// Declarations with numbers and places; their types come in the second pass.
#[derive(Default)]
pub(crate) struct Collected<'a> {
    pub(crate) declarations: Declarations,
    pub(crate) scopes: Scopes,
    /// Fields to be typed, with the schema that gets them. Extensions come last.
    pub(crate) fields: Vec<(SchemaId, &'a FieldDecl)>,
    /// The `from` clauses, with their schema.
    pub(crate) origins: Vec<(SchemaId, &'a Name)>,
    pub(crate) functions: Vec<(FunctionId, &'a FnDecl)>,
    pub(crate) lets: Vec<(LetId, &'a LetDecl)>,
    /// By [`TypeNameId`].
    pub(crate) names: Vec<&'a TypeDecl>,
    /// The files of data.
    pub(crate) data: Vec<(LetId, &'a DataFile)>,
    /// What each file imports.
    pub(crate) imports: BTreeMap<FileId, Vec<Import>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Collects the declarations of all files, and resolves imports.
pub(crate) fn collect<'a>(
    sources: &SourceMap,
    files: &'a BTreeMap<FileId, Arc<Parsed>>,
) -> Collected<'a> {
    let mut collected = Collected::default();
    let mut extensions = Vec::new();
    let mut pending = Vec::new();
    for (id, parsed) in files {
        let Some(source) = sources.get(*id) else { continue };
        for item in &parsed.file.body.items {
            match &item.kind {
                ItemKind::Schema(decl) if decl.extend => extensions.push(decl),
                ItemKind::Schema(decl) => collected.schema(source, item, decl),
                ItemKind::Enum(decl) => collected.enumeration(source, item, decl),
                ItemKind::Type(decl) => collected.type_name(source, item, decl),
                ItemKind::Fn(decl) => collected.function(source, item, decl),
                ItemKind::Let(decl) => collected.global_let(source, item, decl),
                ItemKind::Import(ImportDecl { data: Some(data), alias: Some(name), .. }) => {
                    collected.data(source, item, name, data);
                }
                ItemKind::Import(decl) => pending.push((*id, decl)),
                ItemKind::Field(_)
                | ItemKind::Block(_)
                | ItemKind::For(_)
                | ItemKind::If(_)
                | ItemKind::Error => {}
            }
        }
    }
    imports::resolve(&mut collected, sources, &pending);
    for decl in extensions {
        collected.extension(decl);
    }
    collected.declarations.model = match collected.scopes.prelude.get("Model").map(|it| it.global) {
        Some(Global::Schema(id)) => Some(id),
        _ => collected.declarations.schemas.iter().find(|it| &*it.name == "Model").map(|it| it.id),
    };
    collected
}

impl<'a> Collected<'a> {
    fn schema(&mut self, source: &SourceFile, item: &Item, decl: &'a SchemaDecl) {
        let id = self.new_schema(Schema {
            id: SchemaId(0),
            name: Arc::clone(&decl.name.text),
            doc: item.doc.clone(),
            span: decl.name.span,
            public: decl.public,
            sealed: decl.sealed,
            from: None,
            fields: Vec::new(),
            by_name: BTreeMap::new(),
        });
        self.bind(source, &decl.name, Global::Schema(id));
        self.origins.extend(decl.from.iter().map(|from| (id, from)));
        self.fields.extend(decl.fields.iter().map(|field| (id, field)));
    }

    fn new_schema(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(self.declarations.schemas.len() as u32);
        self.declarations.schemas.push(Schema { id, ..schema });
        id
    }

    fn enumeration(&mut self, source: &SourceFile, item: &Item, decl: &'a EnumDecl) {
        let id = EnumId(self.declarations.enums.len() as u32);
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let mut variants = Vec::new();
        for variant in &decl.variants {
            if let Some(first) = seen.insert(&variant.name.text, variant.name.span) {
                self.diagnostics.push(
                    Diagnostic::error(
                        names::DUPLICATE_FIELD,
                        variant.name.span,
                        format!("the variant `{}` is declared twice", variant.name.text),
                    )
                    .also(first, "first here"),
                );
                continue;
            }
            let payload = variant.payload.as_ref().map(|fields| {
                let id = self.new_schema(Schema {
                    id: SchemaId(0),
                    name: format!("{}.{}", decl.name.text, variant.name.text).into(),
                    doc: variant.doc.clone(),
                    span: variant.name.span,
                    public: decl.public,
                    sealed: false,
                    from: None,
                    fields: Vec::new(),
                    by_name: BTreeMap::new(),
                });
                self.fields.extend(fields.iter().map(|field| (id, field)));
                id
            });
            variants.push(Variant {
                name: Arc::clone(&variant.name.text),
                doc: variant.doc.clone(),
                span: variant.name.span,
                payload,
            });
        }
        self.declarations.enums.push(Enum {
            id,
            name: Arc::clone(&decl.name.text),
            doc: item.doc.clone(),
            span: decl.name.span,
            public: decl.public,
            variants,
        });
        self.bind(source, &decl.name, Global::Enum(id));
    }

    fn type_name(&mut self, source: &SourceFile, item: &Item, decl: &'a TypeDecl) {
        let id = TypeNameId(self.declarations.names.len() as u32);
        self.declarations.names.push(TypeName {
            id,
            name: Arc::clone(&decl.name.text),
            doc: item.doc.clone(),
            span: decl.name.span,
            public: decl.public,
            ty: Type::Unknown,
        });
        self.names.push(decl);
        self.bind(source, &decl.name, Global::Type(id));
    }

    fn function(&mut self, source: &SourceFile, item: &Item, decl: &'a FnDecl) {
        let id = FunctionId(self.declarations.functions.len() as u32);
        if decl.body.is_none() && !source.is_std() {
            self.diagnostics.push(
                Diagnostic::error(
                    names::BUILTIN,
                    decl.name.span,
                    format!("the function `{}` has no body", decl.name.text),
                )
                .help("write `= …` behind its head; functions without a body are built in"),
            );
        }
        self.declarations.functions.push(Function {
            id,
            name: Arc::clone(&decl.name.text),
            doc: item.doc.clone(),
            span: decl.name.span,
            public: decl.public,
            params: Vec::new(),
            result: Type::Unknown,
            body: decl.body.clone(),
        });
        self.functions.push((id, decl));
        self.bind(source, &decl.name, Global::Function(id));
    }

    fn global_let(&mut self, source: &SourceFile, item: &Item, decl: &'a LetDecl) {
        let id = LetId(self.declarations.lets.len() as u32);
        self.declarations.lets.push(GlobalLet {
            id,
            name: Arc::clone(&decl.name.text),
            doc: item.doc.clone(),
            span: decl.name.span,
            public: decl.public,
            ty: Type::Unknown,
            declared: decl.ty.is_some(),
            value: Arc::clone(&decl.value),
        });
        self.lets.push((id, decl));
        self.bind(source, &decl.name, Global::Let(id));
    }

    /// `import ./machines.json as machines: {Machine}` is a `let`, whose value comes from the file.
    fn data(&mut self, source: &SourceFile, item: &Item, name: &'a Name, data: &'a DataFile) {
        let id = LetId(self.declarations.lets.len() as u32);
        let value = Expr { kind: ExprKind::Error, span: data.span, id: ExprId(0) };
        self.declarations.lets.push(GlobalLet {
            id,
            name: Arc::clone(&name.text),
            doc: item.doc.clone(),
            span: name.span,
            public: false,
            ty: Type::Data,
            declared: true,
            value: Arc::new(value),
        });
        self.data.push((id, data));
        self.bind(source, name, Global::Let(id));
    }

    /// Binds a name in its file; the first of two keeps it.
    pub(super) fn bind(&mut self, source: &SourceFile, name: &Name, global: Global) {
        let binding = Binding { global, span: name.span, imported: false };
        if source.is_std() && self.is_for_everyone(source, global) {
            self.scopes.prelude.entry(Arc::clone(&name.text)).or_insert(binding);
        }
        let own = self.scopes.files.entry(source.id).or_default();
        match own.get(&name.text) {
            Some(first) => self.diagnostics.push(duplicate(name, first.span)),
            None => {
                own.insert(Arc::clone(&name.text), binding);
            }
        }
    }

    fn is_for_everyone(&self, source: &SourceFile, global: Global) -> bool {
        global.is_public(&self.declarations)
            && match global {
                Global::Schema(_) | Global::Enum(_) | Global::Type(_) => true,
                Global::Function(_) | Global::Let(_) => &*source.path == PRELUDE,
                Global::Module(_) => false,
            }
    }

    fn extension(&mut self, decl: &'a SchemaDecl) {
        let name = &decl.name;
        self.diagnostics.extend(self.scopes.hidden(&self.declarations, name));
        if let Some(Global::Schema(id)) = self.scopes.get(name.span.file, &name.text) {
            self.fields.extend(decl.fields.iter().map(|field| (id, field)));
            return;
        }
        let known: Vec<&str> = self
            .scopes
            .names(name.span.file)
            .filter(|(_, global)| matches!(global, Global::Schema(_)))
            .map(|(name, _)| name)
            .collect();
        let diagnostic = Diagnostic::error(
            names::UNKNOWN_TYPE,
            name.span,
            format!("there is no schema `{}` to extend", name.text),
        )
        .suggest(&name.text, name.span, known);
        self.diagnostics.push(diagnostic);
    }
}

/// Two declarations of one name in one scope.
pub(crate) fn duplicate(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        names::DUPLICATE_DECLARATION,
        name.span,
        format!("`{}` is declared twice", name.text),
    )
    .also(first, "first here")
    .help("rename one of the two")
}
