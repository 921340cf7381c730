//! From byte spans to lines and columns: the border where columns exist.

use qg_lang::source::{SourceFile, SourceMap};
use qg_lang::span::Span;

use crate::names::Names;

/// Says at the start of a file that it is Unicode; no editor counts it as a column.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// A line and a column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    /// From 0.
    pub byte: u32,
}

/// A span as people and programs name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    pub start: Position,
    pub end: Position,
}

impl Place {
    /// The place of a span. A span that does not fit its text is moved onto it.
    #[must_use]
    pub fn of(span: Span, sources: &SourceMap, names: &Names) -> Place {
        match sources.get(span.file) {
            Some(file) => {
                let span = fitted(span, &file.text);
                Place {
                    path: path(file, names),
                    start: position(file, span.start),
                    end: position(file, span.end),
                }
            }
            None => {
                let start = Position { line: 1, column: 1, byte: 0 };
                Place { path: names.prefix.clone(), start, end: start }
            }
        }
    }
}

/// How to call a file from the current folder.
pub(super) fn path(file: &SourceFile, names: &Names) -> String {
    names.of(&file.path)
}

/// The span within the text, its ends on character boundaries.
pub(super) fn fitted(span: Span, text: &str) -> Span {
    let fit = |offset: u32| {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset as u32
    };
    Span::new(span.file, fit(span.start), fit(span.end))
}

fn position(file: &SourceFile, offset: u32) -> Position {
    let line = file.lines.line(offset);
    let before = file.text.get(file.lines.start(line) as usize..offset as usize).unwrap_or("");
    let before =
        if line == 0 { before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before) } else { before };
    Position { line: line + 1, column: before.chars().count() as u32 + 1, byte: offset }
}

/// Whether a character hides, or turns the direction of what follows.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
