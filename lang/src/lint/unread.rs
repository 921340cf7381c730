//! Fields that a fleet adds to a record of the library, and that nothing of the fleet reads: what is written out is
//! what the library's own schemas say. The same of a field of one's own that holds records of the library, as files:
//! they are written where a thing of the library has them.

use std::collections::{BTreeMap, BTreeSet};

use super::Program;
use crate::ast::{
    Block, Expr, ExprKind, Field, Item, ItemKind, Key, SchemaDecl, Visit, walk_expr, walk_item,
};
use crate::check::types::{Schema, SchemaId, Type};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::is_library;
use crate::resolve::Global;
use crate::span::Span;

/// The fields that are said and never read.
pub(super) fn find(program: Program<'_>, out: &mut Vec<Diagnostic>) {
    let mut words = Words::default();
    for (file, parsed) in program.files.iter().filter(|(file, _)| !is_library(**file)) {
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            return;
        }
        words.visit_body(&parsed.file.body);
        for item in &parsed.file.body.items {
            if let ItemKind::Schema(decl @ SchemaDecl { extend: true, .. }) = &item.kind
                && let Some(Global::Schema(id)) = program.scopes.get(*file, &decl.name.text)
                && is_library(program.env.schema(id).span.file)
            {
                words.added.push((decl, program.env.schema(id)));
            }
        }
    }
    own(program, &words, out);
    for (decl, schema) in &words.added {
        // What is known of a host or a service may be there for `qgc query` alone; a record in it is for a program, and
        // a switch is for something that it switches.
        let is_entity = program.env.is_kind(schema.id)
            || program.env.tables.singles.contains_key(&schema.id)
            || program.env.declarations.model == Some(schema.id);
        for field in &decl.fields {
            let name = &*field.name.text;
            let foreign = name.contains(char::is_uppercase);
            let holders = holders(program, schema.id);
            let switch = schema.field(name).is_some_and(|it| *it.ty.base() == Type::Bool);
            let said = words.said_in(&holders, name).filter(|_| !is_entity || foreign || switch);
            if let Some(said) = said.filter(|_| !words.read.contains(name)) {
                out.push(finding(schema, name, field.name.span, said));
            }
        }
    }
}

/// The fields of a fleet's own kinds that hold records of the library, and that nothing hands on to it.
fn own(program: Program<'_>, words: &Words<'_>, out: &mut Vec<Diagnostic>) {
    let Program { env, .. } = program;
    let kinds = env.tables.kind_of.iter().map(|(id, kind)| (kind, env.schema(*id)));
    for (kind, schema) in kinds.filter(|(_, schema)| !is_library(schema.span.file)) {
        for field in &schema.fields {
            let name = &*field.name;
            let ty = field.ty.base();
            let held = if let Type::Map(element) = ty { element.base() } else { ty };
            let Type::Record(held) = held else { continue };
            if env.is_kind(*held) {
                continue;
            }
            let said = words.said_in(&[kind], name);
            let said = said.filter(|_| is_library(env.schema(*held).span.file));
            let Some(said) = said.filter(|_| !words.read.contains(name)) else { continue };
            out.push(
                Diagnostic::warning(
                    names::UNREAD_FIELD,
                    field.span,
                    format!("nothing reads the field `{name}` of `{kind}`"),
                )
                .also(said, "so that this is written nowhere")
                .help(format!(
                    "what a kind of one's own has of the library's is handed to a thing of the library: `for x in {kind} {{ service \"${{x.name}}\" {{ on = x.on, {name} = x.{name} }} }}`"
                )),
            );
        }
    }
}

fn finding(schema: &Schema, name: &str, declared: Span, said: Span) -> Diagnostic {
    let finding = Diagnostic::warning(
        names::UNREAD_FIELD,
        declared,
        format!("nothing reads the field `{name}` that is added to `{}`", schema.name),
    )
    .also(said, "so that this is written nowhere")
    .help("what is written for a host is what the library's own fields say; a field of one's own is for what the fleet itself makes of it");
    let free = schema.fields.iter().find(|field| {
        is_library(field.span.file)
            && matches!(field.ty, Type::Map(_))
            && field.doc.as_ref().is_some_and(|doc| doc.starts_with("Further keys"))
    });
    match free {
        Some(field) => {
            finding.help(format!("a key of the program that reads it: `{}.{name} = …`", field.name))
        }
        None => finding,
    }
}

/// The words below which records of a schema stand: the fields that hold them, by themselves or by name.
fn holders(program: Program<'_>, id: SchemaId) -> Vec<&str> {
    let fields = program.env.declarations.schemas.iter().flat_map(|schema| &schema.fields);
    let holds = |ty: &Type| {
        let base = ty.base();
        let of = if let Type::Map(element) = base { element.base() } else { base };
        *of == Type::Record(id)
    };
    fields.filter(|field| holds(&field.ty)).map(|field| &*field.name).collect()
}

/// Which words are said as fields, and which are read.
#[derive(Default)]
struct Words<'a> {
    added: Vec<(&'a SchemaDecl, &'a Schema)>,
    /// The words, by the one before them on their way; for what a map holds, by the one before that.
    said: BTreeMap<(&'a str, &'a str), Span>,
    read: BTreeSet<String>,
    /// The way to the place.
    around: Vec<&'a str>,
}

impl Words<'_> {
    /// Where a word is said below one of these.
    fn said_in(&self, holders: &[&str], name: &str) -> Option<Span> {
        holders.iter().filter_map(|it| self.said.get(&(*it, name))).min().copied()
    }
}

impl<'a> Visit<'a> for Words<'a> {
    fn visit_item(&mut self, item: &'a Item) {
        if let ItemKind::Field(Field { path, .. }) | ItemKind::Block(Block { path, .. }) =
            &item.kind
        {
            let before = self.around.len();
            for key in path {
                if let Key::Name(name) = key {
                    for holder in self.around.iter().rev().take(2) {
                        self.said.entry((*holder, &*name.text)).or_insert(name.span);
                    }
                    self.around.push(&name.text);
                }
            }
            walk_item(self, item);
            self.around.truncate(before);
            return;
        }
        walk_item(self, item);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone read a field")]
    fn visit_expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Name(name) => drop(self.read.insert(name.text.to_string())),
            ExprKind::Get(_, key) | ExprKind::Has(_, key) => {
                self.read.extend(key.literal().map(|it| it.to_string()));
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}
