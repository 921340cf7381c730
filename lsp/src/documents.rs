//! The texts an editor has open.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::lsp_types::TextDocumentContentChangeEvent;

use crate::convert::{Encoding, offset};
use crate::state::FleetKey;

/// No text grows beyond this, whatever a client sends: the language refuses sources from 4 MiB on.
const MOST: usize = 64 << 20;

/// One open text.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) version: i32,
    /// Where it lies, without links in its folders.
    pub(crate) path: PathBuf,
    pub(crate) home: Home,
}

/// What a text belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// A source of a fleet, under this name.
    Fleet(FleetKey, Arc<str>),
    /// A copy of a file of the standard library, under this name.
    Library(Arc<str>),
    /// Its fleet cannot be read.
    Nowhere,
}

impl Document {
    /// Applies changes in their order.
    pub(crate) fn change(
        &mut self,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        for TextDocumentContentChangeEvent { range, text, .. } in changes {
            match range {
                None => self.text = text,
                Some(range) => {
                    let start = offset(&self.text, range.start, encoding);
                    let end = offset(&self.text, range.end, encoding).max(start);
                    if self.text.len() - (end - start) + text.len() <= MOST {
                        self.text.replace_range(start..end, &text);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::lsp_types::{Position, Range};

    /// Lines and columns of start and end, and the new text.
    type Change<'a> = (Option<(u32, u32, u32, u32)>, &'a str);

    fn changed(text: &str, changes: &[Change<'_>]) -> String {
        let mut document = Document {
            text: text.to_owned(),
            version: 0,
            path: PathBuf::new(),
            home: Home::Nowhere,
        };
        let changes = changes
            .iter()
            .map(|(range, text)| TextDocumentContentChangeEvent {
                range: range
                    .map(|(a, b, c, d)| Range::new(Position::new(a, b), Position::new(c, d))),
                range_length: None,
                text: (*text).to_owned(),
            })
            .collect();
        document.change(changes, Encoding::Utf16);
        document.text
    }

    #[test]
    fn changes_apply_in_order() {
        let both = [(Some((0, 1, 0, 2)), "XY"), (Some((0, 3, 1, 0)), "")];
        assert_eq!(changed("abc\ndef\n", &both), "aXYdef\n");
        assert_eq!(changed("abc", &[(None, "new"), (Some((0, 0, 0, 1)), "N")]), "New");
    }

    #[test]
    fn senseless_ranges_do_no_harm() {
        assert_eq!(changed("🦀", &[(Some((0, 1, 0, 1)), "x")]), "x🦀");
        assert_eq!(changed("ab", &[(Some((5, 0, 0, 0)), "x")]), "abx");
        assert_eq!(changed("ab", &[(Some((0, 2, 0, 1)), "x")]), "abx");
    }
}
