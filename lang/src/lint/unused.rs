//! Names that nothing reads: imports, declarations, `let`s, parameters, what loops and `match` bind.

use std::collections::BTreeSet;

use super::Program;
use super::place::lines_of;
use super::uses::{Idle, Role, Uses};
use crate::ast::{
    Body, EnumDecl, FnDecl, ImportDecl, ImportName, Item, ItemKind, LetDecl, Name, SchemaDecl,
    TypeDecl,
};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Code, Diagnostic, Tag};
use crate::resolve::Global;
use crate::span::{FileId, Span};

/// The places of the declarations that other files import, each with the file of it.
pub(super) fn imported(program: Program<'_>) -> BTreeSet<Span> {
    let Program { env, scopes, .. } = program;
    let declared = |global| match global {
        Global::Let(id) => Some(env.declarations.global_let(id).span),
        Global::Function(id) => Some(env.declarations.function(id).span),
        Global::Schema(id) => Some(env.declarations.schema(id).span),
        Global::Enum(id) => Some(env.declarations.enumeration(id).span),
        Global::Type(id) => Some(env.declarations.type_name(id).span),
        Global::Module(_) => None,
    };
    let files = program.files.keys().filter_map(|file| scopes.own(*file));
    let bindings = files.flat_map(|own| own.values()).filter(|binding| binding.imported);
    bindings.filter_map(|binding| declared(binding.global)).collect()
}

/// The unused names of a file.
pub(super) fn find(
    program: Program<'_>,
    file: FileId,
    body: &Body,
    uses: &Uses<'_>,
    wanted: &BTreeSet<Span>,
    out: &mut Vec<Diagnostic>,
) {
    let is_used = |name: &Name| {
        uses.globals.contains(&*name.text)
            || name.text.starts_with('_')
            || wanted.contains(&name.span)
            || program.scopes.is_broken(file, &name.text)
    };
    for item in &body.items {
        if let ItemKind::Import(ImportDecl { names: Some(all), .. }) = &item.kind {
            let bound = |it: &ImportName| !is_used(it.alias.as_ref().unwrap_or(&it.name));
            let left = all.iter().enumerate().filter(|(_, it)| bound(it));
            out.extend(left.map(|(index, it)| one_of(program, item, all, index, it)));
            continue;
        }
        let Some((what, name)) = declared(item) else { continue };
        if !is_used(name) {
            out.push(match what {
                Declared::Import => import(program, item, name),
                Declared::Other(what) => declaration(program, item, name, what),
            });
        }
    }
    out.extend(uses.idle.iter().map(|idle| binder(program, *idle)));
}

/// What an item at the top of a file declares for that file alone.
enum Declared {
    Import,
    Other(&'static str),
}

fn declared(item: &Item) -> Option<(Declared, &Name)> {
    match &item.kind {
        ItemKind::Import(decl) => {
            decl.alias.as_ref().or(decl.path.last()).map(|name| (Declared::Import, name))
        }
        ItemKind::Let(LetDecl { public: false, name, .. }) => {
            Some((Declared::Other("value"), name))
        }
        ItemKind::Fn(FnDecl { public: false, name, .. }) => {
            Some((Declared::Other("function"), name))
        }
        ItemKind::Schema(SchemaDecl { public: false, extend: false, name, .. }) => {
            Some((Declared::Other("schema"), name))
        }
        ItemKind::Enum(EnumDecl { public: false, name, .. }) => {
            Some((Declared::Other("enum"), name))
        }
        ItemKind::Type(TypeDecl { public: false, name, .. }) => {
            Some((Declared::Other("type"), name))
        }
        ItemKind::Let(_)
        | ItemKind::Fn(_)
        | ItemKind::Schema(_)
        | ItemKind::Enum(_)
        | ItemKind::Type(_)
        | ItemKind::Field(_)
        | ItemKind::Block(_)
        | ItemKind::For(_)
        | ItemKind::If(_)
        | ItemKind::Error => None,
    }
}

fn unused(code: Code, name: &Name, message: String) -> Diagnostic {
    Diagnostic::warning(code, name.span, message).tag(Tag::Unnecessary)
}

fn unused_import(name: &Name) -> Diagnostic {
    let message = format!("`{}` is imported, and nothing in this file uses it", name.text);
    unused(names::UNUSED_IMPORT, name, message).help("remove the import")
}

fn import(program: Program<'_>, item: &Item, name: &Name) -> Diagnostic {
    remove(program, item, unused_import(name))
}

/// One of several names of an import.
fn one_of(
    program: Program<'_>,
    item: &Item,
    all: &[ImportName],
    index: usize,
    this: &ImportName,
) -> Diagnostic {
    let span = |it: &ImportName| {
        let alias = it.alias.as_ref().unwrap_or(&it.name);
        it.name.span.to(alias.span)
    };
    let before = index.checked_sub(1).and_then(|before| all.get(before)).map(span);
    let next = all.get(index + 1).map(span);
    let name = this.alias.as_ref().unwrap_or(&this.name);
    let gap = match (before, next) {
        (_, Some(next)) => Span::new(next.file, span(this).start, next.start),
        (Some(before), None) => Span::new(before.file, before.end, span(this).end),
        (None, None) => return import(program, item, name),
    };
    unused_import(name).fix(format!("remove `{}`", name.text), gap, "")
}

fn declaration(program: Program<'_>, item: &Item, name: &Name, what: &str) -> Diagnostic {
    let message = format!("nothing uses the {what} `{}`", name.text);
    let finding = unused(names::UNUSED_DECLARATION, name, message).help(
        "remove it; `pub` before it lends it to other files, and a name that begins with `_` stands there on purpose",
    );
    keep(name, remove(program, item, finding))
}

fn binder(program: Program<'_>, Idle { name, role }: Idle<'_>) -> Diagnostic {
    let shown = &name.text;
    match role {
        Role::Let(item) => {
            let message = format!("nothing in this body uses the value `{shown}`");
            let finding = unused(names::UNUSED_DECLARATION, name, message)
                .help("remove it; a name that begins with `_` stands there on purpose");
            keep(name, remove(program, item, finding))
        }
        Role::Parameter { named } => {
            let message = format!("the function does not use its parameter `{shown}`");
            let finding = unused(names::UNUSED_PARAMETER, name, message)
                .help("remove it, or begin its name with `_` where it has to stand there");
            // Who calls a `fn` may say the name.
            if named { finding } else { keep(name, finding) }
        }
        Role::Element => {
            let message = format!("nothing in the loop uses `{shown}`");
            let finding = unused(names::UNUSED_BINDER, name, message).help(
                "each turn makes the same; a name that begins with `_` says that this is meant",
            );
            keep(name, finding)
        }
        Role::Key(second) => {
            let message = format!("nothing in the loop uses `{shown}`");
            let gap = Span::new(name.span.file, name.span.start, second.start);
            unused(names::UNUSED_BINDER, name, message).help("one name alone binds the value").fix(
                format!("remove `{shown}`"),
                gap,
                "",
            )
        }
        Role::Payload(variant) => {
            let message = format!("nothing uses the payload `{shown}`");
            let gap = Span::new(name.span.file, variant.end, name.span.end);
            unused(names::UNUSED_BINDER, name, message)
                .help(
                    "a variant, or a member of a union, may stand without a name for what it holds",
                )
                .fix(format!("remove `{shown}`"), gap, "")
        }
    }
}

/// The mend that says that a name is there on purpose.
fn keep(name: &Name, finding: Diagnostic) -> Diagnostic {
    finding.fix(format!("call it `_{}`", name.text), name.span.head(), "_")
}

/// The mend that removes an item, where it has its lines for itself.
fn remove(program: Program<'_>, item: &Item, finding: Diagnostic) -> Diagnostic {
    let lines = program.sources.get(item.span.file).and_then(|file| lines_of(file, item.span));
    match lines {
        Some(lines) => finding.fix("remove it", lines, ""),
        None => finding,
    }
}
