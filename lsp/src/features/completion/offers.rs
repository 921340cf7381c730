//! The list of what may stand somewhere, best first.

use std::collections::BTreeSet;
use std::sync::Arc;

use qg_interpreter::evaluation::spell;
use qg_lang::ast::Name;
use qg_lang::check::env::Env;
use qg_lang::check::types::{EnumId, SchemaId, Type};
use qg_lang::deprecation;
use qg_lang::resolve::{Global, Import};
use qg_lang::source::{SourceFile, library_of};
use qg_lang::span::{FileId, Span};
use tower_lsp::lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTag, CompletionTextEdit, Documentation,
    MarkupContent, MarkupKind, Range, TextEdit,
};

use crate::cursor::Cursor;
use crate::features::hover::{field, signature};
use crate::snapshot::Snapshot;

/// More than this is no help.
const MOST: usize = 1000;

/// Types that the language itself has.
const TYPES: &[&str] = &[
    "address", "anything", "bool", "calendar", "data", "duration", "file", "float", "hostname",
    "image", "int", "mode", "module", "nix", "path", "port", "ports", "sealed", "size", "string",
    "subnet", "url",
];

pub(super) struct Offers<'a> {
    /// What the fleet holds.
    model: &'a Snapshot,
    replaced: Range,
    items: Vec<CompletionItem>,
    seen: BTreeSet<String>,
}

impl<'a> Offers<'a> {
    pub(super) fn new(model: &'a Snapshot, replaced: Range) -> Offers<'a> {
        Offers { model, replaced, items: Vec::new(), seen: BTreeSet::new() }
    }

    /// The offers, in the order in which they were made.
    pub(super) fn finish(self) -> Vec<CompletionItem> {
        self.items
    }

    pub(super) fn add(
        &mut self,
        label: &str,
        kind: CompletionItemKind,
        detail: Option<String>,
        doc: Option<&Arc<str>>,
    ) {
        if self.items.len() >= MOST || !self.seen.insert(label.to_owned()) {
            return;
        }
        let gone = doc.and_then(|doc| deprecation(doc));
        let doc = doc.map(|doc| {
            let value = doc.to_string();
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        });
        let edit = TextEdit { range: self.replaced, new_text: label.to_owned() };
        self.items.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            detail,
            documentation: doc,
            tags: gone.map(|_| vec![CompletionItemTag::DEPRECATED]),
            // As they were offered: what fits best first.
            sort_text: Some(format!("{:04}", self.items.len())),
            text_edit: Some(CompletionTextEdit::Edit(edit)),
            ..CompletionItem::default()
        });
    }

    pub(super) fn words(&mut self, words: &[&str]) {
        for word in words {
            self.add(word, CompletionItemKind::KEYWORD, None, None);
        }
    }

    /// The fields of a schema, required ones first.
    pub(super) fn fields(&mut self, env: Env<'_>, id: SchemaId) {
        let required: BTreeSet<&str> = env.required(id).iter().map(|it| &*it.name).collect();
        let fields = &env.schema(id).fields;
        let (first, rest): (Vec<_>, Vec<_>) =
            fields.iter().partition(|it| required.contains(&*it.name));
        for it in first.into_iter().chain(rest) {
            let kind = match Env::candidates(env, &it.ty).first() {
                Some(Type::Record(_) | Type::Map(_) | Type::Module) => CompletionItemKind::MODULE,
                _ => CompletionItemKind::FIELD,
            };
            self.add(&it.name, kind, Some(field(self.model, it)), it.doc.as_ref());
        }
    }

    /// The name that records of some schemas have though no schema says so.
    pub(super) fn name_of(&mut self, env: Env<'_>, id: SchemaId) {
        if env.field_type(id, "name").is_some() {
            let detail = Some("name: string".to_owned());
            self.add("name", CompletionItemKind::FIELD, detail, None);
        }
    }

    /// The keys of a map of the model.
    pub(super) fn keys(&mut self, path: &[Arc<str>]) {
        let path: Vec<&str> = path.iter().map(|key| &**key).collect();
        for key in self.model.build.keys_at(&path) {
            let detail = self.about(&path, &key);
            self.add(&spell(&key), CompletionItemKind::REFERENCE, detail, None);
        }
    }

    /// What an entity says about itself.
    fn about(&self, path: &[&str], key: &str) -> Option<String> {
        let about: Vec<&str> = path.iter().copied().chain([key, "about"]).collect();
        self.model.build.spelled_at(&about).filter(|text| text != "\"\"")
    }

    pub(super) fn variants(&mut self, env: Env<'_>, id: EnumId) {
        let it = env.declarations.enumeration(id);
        for variant in &it.variants {
            let payload = variant.payload.map(|payload| {
                let names: Vec<&str> =
                    env.schema(payload).fields.iter().map(|field| &*field.name).collect();
                format!(" {{ {} }}", names.join(", "))
            });
            let detail = format!("{}.{}{}", it.name, variant.name, payload.unwrap_or_default());
            let kind = CompletionItemKind::ENUM_MEMBER;
            self.add(&variant.name, kind, Some(detail), variant.doc.as_ref());
        }
    }

    /// What the members of a union are called, and the variants of the enums among them.
    pub(super) fn members(&mut self, env: Env<'_>, union: &Type) {
        for member in union.members() {
            if let Type::Enum(id) = member.base() {
                self.variants(env, *id);
            }
            self.add(&env.word(member), CompletionItemKind::TYPE_PARAMETER, None, None);
        }
    }

    /// What fits where a type is wanted: variants, entities of a kind, `true` and `false`.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "of the many types some have values to offer"
    )]
    pub(super) fn fitting(&mut self, env: Env<'_>, wanted: &Type) {
        for candidate in env.candidates(wanted) {
            match candidate {
                Type::Enum(id) => self.variants(env, id),
                Type::Bool => self.words(&["true", "false"]),
                Type::Ref(id) => {
                    if let Some(kind) = env.tables.kind_of.get(&id) {
                        for key in self.model.build.keys_at(&[kind]) {
                            let detail = self.about(&[kind], &key);
                            let label = format!("{kind}.{}", spell(&key));
                            self.add(&label, CompletionItemKind::REFERENCE, detail, None);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Every name that is visible in an expression.
    pub(super) fn visible(&mut self, scratch: &Snapshot, source: &SourceFile, cursor: &Cursor<'_>) {
        let env = scratch.env();
        for local in cursor.locals.iter().rev() {
            let detail = local.value.as_ref().map(|ty| env.show(ty));
            self.add(&local.name, CompletionItemKind::VARIABLE, detail, None);
        }
        if let Some(entity) = scratch.entity(cursor) {
            self.fields(env, entity);
            self.name_of(env, entity);
        }
        let declarations = env.declarations;
        // A question may use whatever is public, as the evaluation has it.
        let asked = *source.path == *crate::desk::PATH;
        let library = |id| asked || scratch.source(id).is_some_and(|source| source.is_std());
        self.imported(scratch, source);
        for it in &declarations.lets {
            if it.span.file == source.id || (asked && it.public) {
                let detail = format!("let {}: {}", it.name, env.show(&it.ty));
                self.add(&it.name, CompletionItemKind::CONSTANT, Some(detail), it.doc.as_ref());
            }
        }
        for it in &declarations.functions {
            let prelude = it.public && library(it.span.file);
            if prelude || it.span.file == source.id {
                let detail = signature(scratch, it);
                self.add(&it.name, CompletionItemKind::FUNCTION, Some(detail), it.doc.as_ref());
            }
        }
        if let Some(model) = declarations.model {
            for it in &env.schema(model).fields {
                let detail = Some(field(scratch, it));
                self.add(&it.name, CompletionItemKind::MODULE, detail, it.doc.as_ref());
            }
        }
        let own = |file: FileId| file == source.id;
        let enums = declarations.enums.iter();
        for it in enums.filter(|it| (it.public && library(it.span.file)) || own(it.span.file)) {
            self.add(&it.name, CompletionItemKind::ENUM, None, it.doc.as_ref());
        }
    }

    pub(super) fn types(&mut self, env: Env<'_>) {
        for (kind, id) in &env.tables.kinds {
            let doc = env.schema(*id).doc.as_ref();
            self.add(kind, CompletionItemKind::REFERENCE, None, doc);
        }
        for it in &env.declarations.schemas {
            // Payloads are called `Login.sso` and have no name of their own.
            if !it.name.contains('.') {
                self.add(&it.name, CompletionItemKind::STRUCT, None, it.doc.as_ref());
            }
        }
        for it in &env.declarations.enums {
            self.add(&it.name, CompletionItemKind::ENUM, None, it.doc.as_ref());
        }
        for it in &env.declarations.names {
            self.add(
                &it.name,
                CompletionItemKind::TYPE_PARAMETER,
                Some(env.show(&it.ty)),
                it.doc.as_ref(),
            );
        }
        for name in TYPES {
            self.add(name, CompletionItemKind::KEYWORD, None, None);
        }
    }

    /// What may follow the first parts of an import: folders, files, public declarations.
    pub(super) fn imports(&mut self, scratch: &Snapshot, asking: &SourceFile, before: &[Name]) {
        let home = library_of(&asking.path);
        let parts: Vec<&str> = before.iter().map(|name| &*name.text).collect();
        let mut file = None;
        for source in scratch.build.analysis.sources.iter() {
            // From the root of who asks, or from the name of a library.
            let path = match library_of(&source.path) {
                Some(library) if Some(library) != home => source.path.replacen(['<', '>'], "", 2),
                Some(library) => source.path.replacen(&format!("<{library}>/"), "", 1),
                None if home.is_some() => continue,
                None => source.path.to_string(),
            };
            let Some(path) = path.strip_suffix(".qg") else { continue };
            let way: Vec<&str> = path.split('/').collect();
            if way == parts {
                file = Some(source.id);
            } else if let Some(next) = way.strip_prefix(parts.as_slice()).and_then(|it| it.first())
            {
                self.add(next, CompletionItemKind::FOLDER, None, None);
            }
        }
        if let Some(file) = file {
            self.declared(scratch, file);
        }
    }

    /// The values, enums and modules that a file imports, by their names there.
    fn imported(&mut self, scratch: &Snapshot, source: &SourceFile) {
        let env = scratch.env();
        let imports = scratch.build.analysis.imports.get(&source.id);
        for Import { name, global, .. } in imports.into_iter().flatten() {
            let (kind, detail, doc) = match global {
                Global::Let(id) => {
                    let it = env.declarations.global_let(*id);
                    let detail = format!("let {}: {}", it.name, env.show(&it.ty));
                    (CompletionItemKind::CONSTANT, Some(detail), it.doc.as_ref())
                }
                Global::Function(id) => {
                    let it = env.declarations.function(*id);
                    (CompletionItemKind::FUNCTION, Some(signature(scratch, it)), it.doc.as_ref())
                }
                Global::Enum(id) => {
                    let it = env.declarations.enumeration(*id);
                    (CompletionItemKind::ENUM, None, it.doc.as_ref())
                }
                Global::Module(file) => {
                    let path = scratch.source(*file).map(|source| source.path.to_string());
                    (CompletionItemKind::MODULE, path, None)
                }
                Global::Schema(_) | Global::Type(_) => continue,
            };
            self.add(&name.text, kind, detail, doc);
        }
    }

    /// The modules that a file imports.
    pub(super) fn modules(&mut self, scratch: &Snapshot, source: &SourceFile) {
        let imports = scratch.build.analysis.imports.get(&source.id);
        for it in imports.into_iter().flatten() {
            if matches!(it.global, Global::Module(_)) {
                let path = scratch.source(it.file).map(|source| source.path.to_string());
                self.add(&it.name.text, CompletionItemKind::MODULE, path, None);
            }
        }
    }

    /// What a file declares in public.
    pub(super) fn declared(&mut self, scratch: &Snapshot, file: FileId) {
        let all = &scratch.build.analysis.declarations;
        let here = |span: Span, public: bool| span.file == file && public;
        for it in all.schemas.iter().filter(|it| here(it.span, it.public)) {
            // Payloads are called `Login.sso` and have no name of their own.
            if !it.name.contains('.') {
                self.add(&it.name, CompletionItemKind::STRUCT, None, it.doc.as_ref());
            }
        }
        for it in all.enums.iter().filter(|it| here(it.span, it.public)) {
            self.add(&it.name, CompletionItemKind::ENUM, None, it.doc.as_ref());
        }
        for it in all.names.iter().filter(|it| here(it.span, it.public)) {
            let detail = scratch.env().show(&it.ty);
            self.add(&it.name, CompletionItemKind::TYPE_PARAMETER, Some(detail), it.doc.as_ref());
        }
        for it in all.functions.iter().filter(|it| here(it.span, it.public)) {
            let detail = signature(scratch, it);
            self.add(&it.name, CompletionItemKind::FUNCTION, Some(detail), it.doc.as_ref());
        }
        for it in all.lets.iter().filter(|it| here(it.span, it.public)) {
            let detail = format!("let {}: {}", it.name, scratch.env().show(&it.ty));
            self.add(&it.name, CompletionItemKind::CONSTANT, Some(detail), it.doc.as_ref());
        }
    }
}
