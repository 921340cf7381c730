//! What may stand at the cursor. The text there is seldom whole, so a marker is put in its place
//! that makes it whole; what the checker then knows of the marker's surroundings says what fits.

mod marker;
mod offers;

use qg_lang::ast::{TypeExpr, TypeKind};
use qg_lang::check::types::{Resolution, Type};
use qg_lang::source::SourceFile;
use qg_lang::span::{FileId, Span};
use tower_lsp::lsp_types::{CompletionItem, CompletionItemKind, Position};

use crate::cursor::{self, Cursor, CursorPlace, KeySpot, Spot};
use crate::snapshot::Snapshot;
use marker::Marked;
use offers::Offers;

/// What stands where a saying may begin.
const ITEM_WORDS: &[&str] = &["default", "extend", "for", "if", "let", "override"];
/// What may stand at the top of a file besides.
const TOP_WORDS: &[&str] = &["enum", "fn", "import", "pub", "schema", "type"];
/// What an expression may begin with.
const VALUE_WORDS: &[&str] = &["if", "match", "not", "self"];

pub(crate) fn completion(
    snapshot: &Snapshot,
    source: &SourceFile,
    position: Position,
) -> Vec<CompletionItem> {
    let offset = snapshot.offset(source, position);
    at(snapshot, source, offset).map_or_else(Vec::new, |(_, items)| items)
}

/// The offers for an offset, and the part of the text that they take the place of.
pub(crate) fn at(
    snapshot: &Snapshot,
    source: &SourceFile,
    offset: u32,
) -> Option<(Span, Vec<CompletionItem>)> {
    let marked = Marked::new(snapshot, source, offset)?;
    let mut offers = Offers::new(snapshot, snapshot.range(marked.replaced));
    let scratch = marked.scratch(snapshot);
    let start = marked.replaced.start;
    let cursor = cursor::find(&scratch.build.analysis, scratch.env(), source, start)?;
    if marked.is_in(&cursor) {
        offer(&scratch, source, &cursor, &mut offers);
    }
    Some((marked.replaced, offers.finish()))
}

/// `scratch` knows the types of the marked text; what the model holds, the offers know.
fn offer(scratch: &Snapshot, source: &SourceFile, cursor: &Cursor<'_>, offers: &mut Offers<'_>) {
    match &cursor.spot {
        Spot::Key(spot) => key(scratch, cursor, spot, offers),
        Spot::Expr(_, wanted) => {
            if let Some(wanted) = wanted {
                offers.fitting(scratch.env(), wanted);
            }
            offers.visible(scratch, source, cursor);
            offers.words(VALUE_WORDS);
        }
        Spot::Member { base, key: _ } => member(scratch, cursor, *base, offers),
        Spot::Variant(_, Some(subject)) => {
            if let Type::Enum(id) = subject.base() {
                offers.variants(scratch.env(), *id);
            }
            offers.members(scratch.env(), subject);
        }
        Spot::Type(ty) => match module_of(scratch, source, ty) {
            Some(module) => offers.declared(scratch, module),
            None => {
                offers.types(scratch.env());
                offers.modules(scratch, source);
            }
        },
        Spot::Import(decl, index) => {
            let before = decl.path.get(..*index).unwrap_or_default();
            offers.imports(scratch, source, before);
        }
        Spot::ImportName(decl, _) => offers.imports(scratch, source, &decl.path),
        Spot::Argument(..)
        | Spot::Variant(_, None)
        | Spot::Body
        | Spot::Data(_)
        | Spot::Declared(..) => {}
    }
}

/// The module before the point of a written type.
fn module_of(scratch: &Snapshot, source: &SourceFile, ty: &TypeExpr) -> Option<FileId> {
    let (TypeKind::Name(name) | TypeKind::Ref(name)) = &ty.kind else { return None };
    let (module, _) = name.text.split_once('.')?;
    let imports = scratch.build.analysis.imports.get(&source.id)?;
    imports.iter().find(|it| &*it.name.text == module).map(|it| it.file)
}

fn key(scratch: &Snapshot, cursor: &Cursor<'_>, spot: &KeySpot<'_>, offers: &mut Offers<'_>) {
    match &spot.place {
        CursorPlace::Schema(id) => offers.fields(scratch.env(), *id),
        CursorPlace::Map(_) | CursorPlace::Free(_) => {
            if let Some(path) = &cursor.path {
                offers.keys(path);
            }
        }
        CursorPlace::Unknown => {}
    }
    let first = spot.item.span.start == spot.key.span().start;
    if first && !spot.label {
        offers.words(ITEM_WORDS);
        if cursor.around.len() == 1 {
            offers.words(TOP_WORDS);
        }
    }
}

fn member(
    scratch: &Snapshot,
    cursor: &Cursor<'_>,
    base: Option<&qg_lang::ast::Expr>,
    offers: &mut Offers<'_>,
) {
    let Some(base) = base else {
        // `has x`: a field of the record around.
        if let Some(CursorPlace::Schema(id)) = cursor.around.last() {
            offers.fields(scratch.env(), *id);
        }
        return;
    };
    match scratch.resolution(base) {
        Some(Resolution::Enum(id)) => {
            offers.variants(scratch.env(), *id);
            return;
        }
        Some(Resolution::Module(file)) => {
            offers.declared(scratch, *file);
            return;
        }
        Some(
            Resolution::Local
            | Resolution::Let(_)
            | Resolution::Function(_)
            | Resolution::Kind
            | Resolution::Entity
            | Resolution::Variant(..),
        )
        | None => {}
    }
    let path = scratch.path_of(cursor, base);
    match scratch.type_of(base).as_ref().map(Type::base) {
        Some(Type::Record(id) | Type::Ref(id)) => {
            offers.fields(scratch.env(), *id);
            offers.name_of(scratch.env(), *id);
        }
        Some(Type::Anonymous(fields)) => {
            for (name, ty) in fields.iter() {
                let detail = scratch.env().show(ty);
                offers.add(name, CompletionItemKind::FIELD, Some(detail), None);
            }
        }
        _ => {
            if let Some(path) = path {
                offers.keys(&path);
            }
        }
    }
}
