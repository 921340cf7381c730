//! What the thing under the cursor is: its type and doc comment, and for what the model holds, its
//! effective value and who said it.

use std::sync::Arc;

use qg_interpreter::describe::{Described, ProvenancePart};
use qg_lang::ast::Item;
use qg_lang::check::types::{Function, SchemaField, Type};
use qg_lang::source::SourceFile;
use tower_lsp::lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use crate::cursor::{self, Cursor, Spot};
use crate::meaning::{Meaning, saying};
use crate::snapshot::Snapshot;

/// Of what a loop says for many, so many are shown.
const MOST: usize = 5;

pub(crate) fn hover(snapshot: &Snapshot, source: &SourceFile, position: Position) -> Option<Hover> {
    let offset = snapshot.offset(source, position);
    let cursor = cursor::find(&snapshot.build.analysis, snapshot.env(), source, offset)?;
    let (meaning, span) = snapshot.meaning(source, &cursor)?;
    let (head, doc) = about(snapshot, snapshot, &meaning)?;
    let mut parts = vec![format!("```qg\n{head}\n```")];
    parts.extend(doc.map(|doc| doc.to_string()));
    let values = values(snapshot, &cursor, &meaning);
    if !values.is_empty() {
        parts.push("---".to_owned());
        parts.extend(values.iter().map(|it| value(snapshot, it)));
    }
    let value = parts.join("\n\n");
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: Some(snapshot.range(span)),
    })
}

/// The head of a thing as it would be declared, and its doc comment; `model` is the snapshot that
/// was evaluated.
pub(crate) fn about(
    snapshot: &Snapshot,
    model: &Snapshot,
    meaning: &Meaning<'_>,
) -> Option<(String, Option<Arc<str>>)> {
    let env = snapshot.env();
    let declarations = env.declarations;
    Some(match meaning {
        Meaning::Schema(id) => {
            let schema = declarations.schema(*id);
            (format!("schema {}", schema.name), schema.doc.clone())
        }
        Meaning::Enum(id) => {
            let it = declarations.enumeration(*id);
            let names: Vec<&str> = it.variants.iter().map(|variant| &*variant.name).collect();
            (format!("enum {} {{ {} }}", it.name, names.join(", ")), it.doc.clone())
        }
        Meaning::Type(id) => {
            let it = declarations.type_name(*id);
            (format!("type {} = {}", it.name, env.show(&it.ty)), it.doc.clone())
        }
        Meaning::Variant(id, index) => {
            let it = declarations.enumeration(*id);
            let variant = it.variants.get(*index as usize)?;
            (format!("{}.{}", it.name, variant.name), variant.doc.clone())
        }
        Meaning::Function(id) => {
            let function = declarations.function(*id);
            (signature(snapshot, function), function.doc.clone())
        }
        Meaning::Let(id) => {
            let it = declarations.global_let(*id);
            (format!("let {}: {}", it.name, env.show(&it.ty)), it.doc.clone())
        }
        Meaning::Field(it, _) => (field(snapshot, it), it.doc.clone()),
        Meaning::Entry(path, ty) => {
            let ty = ty.as_ref().map_or_else(String::new, |ty| format!(": {}", env.show(ty)));
            let doc = path_doc(model, path);
            (format!("{}{ty}", dotted(path)), doc)
        }
        Meaning::Local(name, _, ty) => {
            let ty = ty.as_ref().unwrap_or(&Type::Unknown);
            (format!("{name}: {}", env.show(ty)), None)
        }
        Meaning::Source(id) => (snapshot.source(*id)?.path.to_string(), None),
        Meaning::File(path) => (path.clone(), None),
        Meaning::Declared(span, doc) => {
            let name = snapshot.build.analysis.sources.slice(*span).to_owned();
            let all = &declarations;
            let function = all.functions.iter().find(|it| it.span == *span);
            let global = all.lets.iter().find(|it| it.span == *span);
            let fields = || all.schemas.iter().flat_map(|it| &it.fields);
            let head = if let Some(it) = function {
                signature(snapshot, it)
            } else if let Some(it) = global {
                format!("let {name}: {}", env.show(&it.ty))
            } else if let Some(it) = fields().find(|it| it.span == *span) {
                field(snapshot, it)
            } else {
                name
            };
            (head, doc.clone())
        }
    })
}

/// `expose: Exposure = private`
pub(crate) fn field(snapshot: &Snapshot, field: &SchemaField) -> String {
    let ty = snapshot.env().show(&field.ty);
    let default = field.default.as_ref().map_or_else(String::new, |default| {
        format!(" = {}", snapshot.build.analysis.sources.slice(default.span))
    });
    format!("{}: {ty}{default}", field.name)
}

/// `fn fqdn(label: string) -> string`
pub(crate) fn signature(snapshot: &Snapshot, function: &Function) -> String {
    let env = snapshot.env();
    let params: Vec<String> = function
        .params
        .iter()
        .map(|param| format!("{}: {}", param.name, env.show(&param.ty)))
        .collect();
    format!("fn {}({}) -> {}", function.name, params.join(", "), env.show(&function.result))
}

/// The comment above what created an entity.
fn path_doc(snapshot: &Snapshot, path: &[Arc<str>]) -> Option<Arc<str>> {
    let [kind, name] = path else { return None };
    let span = snapshot.build.place_of(&[kind, name])?;
    let parsed = snapshot.build.analysis.files.get(&span.file)?;
    let creates = |item: &&Item| saying(item).is_some_and(|it| it.contains(span.start));
    parsed.file.body.items.iter().find(creates)?.doc.clone()
}

/// What the model holds there.
fn values(snapshot: &Snapshot, cursor: &Cursor<'_>, meaning: &Meaning<'_>) -> Vec<Described> {
    let build = &snapshot.build;
    match (&cursor.spot, meaning) {
        // What this very item says; in a loop, all that it says.
        (Spot::Key(spot), _) if spot.last => {
            let said = saying(spot.item).map(|span| build.said_at(span, MOST)).unwrap_or_default();
            match (said.is_empty(), meaning) {
                (true, Meaning::Field(_, Some(path)) | Meaning::Entry(path, _)) => at(build, path),
                _ => said,
            }
        }
        (Spot::Key(_), _) => Vec::new(),
        (_, Meaning::Field(_, Some(path)) | Meaning::Entry(path, _)) => at(build, path),
        _ => Vec::new(),
    }
}

fn at(build: &qg_interpreter::Build, path: &[Arc<str>]) -> Vec<Described> {
    // A whole kind is no answer to a question.
    if path.len() < 2 {
        return Vec::new();
    }
    let path: Vec<&str> = path.iter().map(|key| &**key).collect();
    build.value_at(&path).into_iter().collect()
}

/// The value, and below it each place that had its say.
fn value(snapshot: &Snapshot, described: &Described) -> String {
    let Described { path, value, said } = described;
    let mut lines = Vec::new();
    match value {
        Some(value) => lines.push(format!("```qg\n{path} = {value}\n```")),
        None => lines.push(format!("`{path}` has an error")),
    }
    for one in said {
        let place = snapshot.build.analysis.sources.place(one.span);
        let place = match snapshot.location(one.span) {
            Some(location) => {
                let line = location.range.start.line + 1;
                format!("[{place}]({}#L{line})", location.uri)
            }
            None => place,
        };
        let lost = if one.part == ProvenancePart::Lost { ", which lost" } else { "" };
        lines.push(format!("- {} {place}{lost}", one.words()));
    }
    lines.join("\n")
}

fn dotted(path: &[Arc<str>]) -> String {
    let keys: Vec<String> = path.iter().map(|key| qg_interpreter::evaluation::spell(key)).collect();
    keys.join(".")
}
