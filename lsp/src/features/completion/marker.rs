//! The marker that stands for what is yet to be typed.

use std::sync::Arc;

use qg_lang::Analysis;
use qg_lang::ast::{ExprKind, Key};
use qg_lang::parser::parse;
use qg_lang::source::SourceFile;
use qg_lang::span::Span;

use crate::cursor::{self, Cursor, Spot};
use crate::snapshot::Snapshot;

/// A name that nobody writes.
const MARKER: &str = "qg-completes-here";

/// What makes the marker a whole thing: an expression (or a key that goes on), a field, a block, an
/// arm of a `match`, a hole in a string.
const ENDINGS: &[&str] = &["", " = 0", " {}", " => 0", "}"];

/// A text with the marker in it.
pub(super) struct Marked {
    text: Arc<str>,
    name: Arc<str>,
    /// What the chosen word takes the place of, in the text without the marker.
    pub(super) replaced: Span,
}

impl Marked {
    /// Puts the marker in the place of the word at an offset. None where no word can stand, as in a
    /// comment, a string or a number.
    pub(super) fn new(snapshot: &Snapshot, source: &SourceFile, offset: u32) -> Option<Marked> {
        let (before, after) = source.text.split_at_checked(offset as usize)?;
        let is_part = |c: &char| c.is_alphanumeric() || *c == '_' || *c == '-';
        let prefix: usize = before.chars().rev().take_while(is_part).map(char::len_utf8).sum();
        let suffix: usize = after.chars().take_while(is_part).map(char::len_utf8).sum();
        let start = before.len() - prefix;
        let head = before.get(..start)?;
        let word = before.get(start..)?;
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return None;
        }
        let tail = after.get(suffix..)?;
        let replaced = Span::new(source.id, start as u32, offset);
        ENDINGS.iter().find_map(|ending| {
            let text: Arc<str> = format!("{head}{MARKER}{ending}{tail}").into();
            let trial = SourceFile::new(source.id, Arc::clone(&source.path), Arc::clone(&text));
            let parsed = Arc::new(parse(&trial));
            let analysis = Analysis {
                files: [(source.id, parsed)].into(),
                declarations: snapshot.build.analysis.declarations.clone(),
                ..Analysis::default()
            };
            let cursor = cursor::find(&analysis, snapshot.env(), &trial, start as u32)?;
            let marked = Marked { text, name: Arc::clone(&source.path), replaced };
            marked.is_in(&cursor).then_some(marked)
        })
    }

    /// Whether what was found is the marker.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the marker is a name")]
    pub(super) fn is_in(&self, cursor: &Cursor<'_>) -> bool {
        match &cursor.spot {
            Spot::Key(spot) => is_marker(spot.key),
            Spot::Member { key, .. } => is_marker(key),
            Spot::Expr(expr, _) => match &expr.kind {
                ExprKind::Name(name) => &*name.text == MARKER,
                _ => false,
            },
            Spot::Variant(name, _) | Spot::Argument(_, name) | Spot::Declared(name, _) => {
                &*name.text == MARKER
            }
            Spot::Type(_) => true,
            Spot::Import(decl, index) => {
                decl.path.get(*index).is_some_and(|name| &*name.text == MARKER)
            }
            Spot::ImportName(_, it) => &*it.name.text == MARKER,
            Spot::Body | Spot::Data(_) => false,
        }
    }

    /// The fleet with the marked text, checked but not evaluated.
    pub(super) fn scratch(&self, snapshot: &Snapshot) -> Snapshot {
        snapshot.with_text(Arc::clone(&self.name), Arc::clone(&self.text))
    }
}

fn is_marker(key: &Key) -> bool {
    match key {
        Key::Name(name) => &*name.text == MARKER,
        Key::Text(_) => false,
    }
}
