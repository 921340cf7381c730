//! Where the thing under the cursor is declared: entities, fields (in their schema), imports,
//! locals, variants, functions, files beside the source.

use std::path::Path;

use qg_lang::source::SourceFile;
use qg_lang::span::Span;
use tower_lsp::lsp_types::{GotoDefinitionResponse, Location, Position, Range};

use crate::convert::url_of;
use crate::cursor;
use crate::meaning::Meaning;
use crate::snapshot::Snapshot;

pub(crate) fn definition(
    snapshot: &Snapshot,
    source: &SourceFile,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    let offset = snapshot.offset(source, position);
    let cursor = cursor::find(&snapshot.build.analysis, snapshot.env(), source, offset)?;
    let (meaning, _) = snapshot.meaning(source, &cursor)?;
    let location = if let Meaning::File(path) = &meaning {
        beginning(&snapshot.on_disk(path)?)?
    } else {
        snapshot.location(span(snapshot, &meaning)?)?
    };
    Some(GotoDefinitionResponse::Scalar(location))
}

/// Where something is declared.
fn span(snapshot: &Snapshot, meaning: &Meaning<'_>) -> Option<Span> {
    let declarations = &snapshot.build.analysis.declarations;
    match meaning {
        Meaning::Schema(id) => Some(declarations.schema(*id).span),
        Meaning::Enum(id) => Some(declarations.enumeration(*id).span),
        Meaning::Type(id) => Some(declarations.type_name(*id).span),
        Meaning::Variant(id, index) => {
            declarations.enumeration(*id).variants.get(*index as usize).map(|it| it.span)
        }
        Meaning::Function(id) => Some(declarations.function(*id).span),
        Meaning::Let(id) => Some(declarations.global_let(*id).span),
        Meaning::Field(field, _) => Some(field.span),
        Meaning::Entry(path, _) => {
            let path: Vec<&str> = path.iter().map(|key| &**key).collect();
            // A name is said by the label of what it names.
            let named = match path.split_last() {
                Some((&"name", owner)) => snapshot.build.place_of(owner),
                _ => None,
            };
            snapshot.build.place_of(&path).or(named)
        }
        Meaning::Local(_, span, _) | Meaning::Declared(span, _) => Some(*span),
        Meaning::Source(id) => Some(Span::new(*id, 0, 0)),
        Meaning::File(_) => None,
    }
}

fn beginning(path: &Path) -> Option<Location> {
    path.is_file()
        .then(|| url_of(path))
        .flatten()
        .map(|uri| Location { uri, range: Range::default() })
}
