//! Between bytes and what the protocol speaks of: the one file that knows UTF-16.

use std::path::{Path, PathBuf};

use qg_lang::source::SourceFile;
use qg_lang::span::Span;
use tower_lsp::lsp_types::{ClientCapabilities, Position, PositionEncodingKind, Range, Url};

/// In which units the client counts columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    #[default]
    Utf16,
}

impl Encoding {
    /// UTF-8 where the client offers it, else what every client must know.
    pub(crate) fn negotiate(capabilities: &ClientCapabilities) -> Encoding {
        let general = capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_ref());
        match offered.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8)) {
            true => Encoding::Utf8,
            false => Encoding::Utf16,
        }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }

    /// How many bytes of a line lie before a column; a column within a character means its start,
    /// one behind the end the end.
    fn bytes(self, line: &str, column: u32) -> usize {
        let mut left = column as usize;
        for (at, character) in line.char_indices() {
            let width = match self {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
            };
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
    }
}

/// The byte offset of a position in a text. A line ends at its line feed; positions behind the end
/// of a line or of the text mean that end.
pub(crate) fn offset(text: &str, position: Position, encoding: Encoding) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    within_line(text, start, position.character, encoding)
}

/// The same in a source, whose lines are known.
pub(crate) fn source_offset(source: &SourceFile, position: Position, encoding: Encoding) -> u32 {
    if position.line >= source.lines.count() {
        return source.text.len() as u32;
    }
    let start = source.lines.start(position.line) as usize;
    within_line(&source.text, start, position.character, encoding) as u32
}

fn within_line(text: &str, start: usize, column: u32, encoding: Encoding) -> usize {
    let rest = text.get(start..).unwrap_or("");
    let line = rest.split('\n').next().unwrap_or("");
    let line = line.strip_suffix('\r').unwrap_or(line);
    start + encoding.bytes(line, column)
}

/// The position of a byte offset.
pub(crate) fn position(source: &SourceFile, offset: u32, encoding: Encoding) -> Position {
    let offset = floor(&source.text, offset as usize);
    let line = source.lines.line(offset as u32);
    let start = source.lines.start(line) as usize;
    let before = source.text.get(start..offset).unwrap_or("");
    Position { line, character: encoding.width(before) as u32 }
}

/// The range of a span.
pub(crate) fn range(source: &SourceFile, span: Span, encoding: Encoding) -> Range {
    Range {
        start: position(source, span.start, encoding),
        end: position(source, span.end.max(span.start), encoding),
    }
}

/// The range of some bytes of a text that is no source of the language.
pub(crate) fn text_range(text: &str, bytes: std::ops::Range<usize>, encoding: Encoding) -> Range {
    let at = |offset: usize| {
        let before = text.get(..floor(text, offset)).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() as u32,
            character: encoding.width(before.get(start..).unwrap_or("")) as u32,
        }
    };
    Range { start: at(bytes.start), end: at(bytes.end) }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The path of a `file:` address, as it is said.
pub(crate) fn said_path(url: &Url) -> Option<PathBuf> {
    // The parser of addresses makes a path of any that has no host.
    (url.scheme() == "file").then(|| url.to_file_path().ok()).flatten()
}

/// The path of a `file:` address, without links in its folders, so that it can be compared.
pub(crate) fn path_of(url: &Url) -> Option<PathBuf> {
    let path = said_path(url)?;
    let real = match (path.parent().and_then(|folder| folder.canonicalize().ok()), path.file_name())
    {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path,
    };
    Some(real)
}

/// The address of a file.
pub(crate) fn url_of(path: &Path) -> Option<Url> {
    Url::from_file_path(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_have_paths() {
        let path = |url: &str| path_of(&Url::parse(url).expect("an address"));
        assert_eq!(path("file:///no/a.qg"), Some(PathBuf::from("/no/a.qg")));
        for url in ["filz:///no/a.qg", "untitled:/no/a.qg", "git:///no/a.qg", "http:///no/a.qg"] {
            assert_eq!(path(url), None, "{url}");
        }
    }
    use qg_lang::span::FileId;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_are_counted_as_negotiated() {
        // é: two bytes, one unit; 🦀: four bytes, two units.
        let text = "é🦀x\r\nab";
        let source = SourceFile::new(FileId(0), "a.qg", text);
        for (offset_, utf8, utf16) in [
            (0, at(0, 0), at(0, 0)),
            (2, at(0, 2), at(0, 1)),
            (6, at(0, 6), at(0, 3)),
            (7, at(0, 7), at(0, 4)),
            (9, at(1, 0), at(1, 0)),
            (11, at(1, 2), at(1, 2)),
        ] {
            for (encoding, want) in [(Encoding::Utf8, utf8), (Encoding::Utf16, utf16)] {
                assert_eq!(position(&source, offset_, encoding), want, "{offset_} {encoding:?}");
                assert_eq!(offset(text, want, encoding), offset_ as usize, "{want:?} {encoding:?}");
                assert_eq!(source_offset(&source, want, encoding), offset_);
            }
        }
    }

    #[test]
    fn positions_outside_mean_the_nearest_place() {
        let text = "🦀x\r\nab";
        // Within the crab, behind the line's end (before its carriage return), behind the last line.
        assert_eq!(offset(text, at(0, 1), Encoding::Utf16), 0);
        assert_eq!(offset(text, at(0, 3), Encoding::Utf8), 0);
        assert_eq!(offset(text, at(0, 99), Encoding::Utf16), 5);
        assert_eq!(offset(text, at(7, 1), Encoding::Utf8), text.len());
        let source = SourceFile::new(FileId(0), "a.qg", text);
        assert_eq!(position(&source, 2, Encoding::Utf8), at(0, 0));
        assert_eq!(position(&source, 999, Encoding::Utf8), at(1, 2));
        assert_eq!(text_range(text, 4..8, Encoding::Utf16), Range::new(at(0, 2), at(1, 1)));
    }
}
