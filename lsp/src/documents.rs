//! The texts an editor has open.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::lsp_types::TextDocumentContentChangeEvent;

use crate::convert::{Encoding, offset};
use crate::fleets::FleetKey;

/// No text grows beyond this, whatever a client sends: the language refuses sources from 4 MiB on.
const MOST: usize = 16 << 20;

/// How many bytes may be moved by the edits of one message: each moves what is behind it.
const MOVED: usize = 4 << 30;

/// One open text.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    text: String,
    /// The same, as builds hold it, since one asked for it.
    shared: Option<Arc<str>>,
    pub(crate) version: i32,
    /// Where it lies, without links in its folders.
    pub(crate) path: PathBuf,
    pub(crate) home: Home,
    /// Why the text is not known any more.
    pub(crate) lost: Option<String>,
    /// Whether that was told.
    pub(crate) told: bool,
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
    pub(crate) fn new(text: String, version: i32, path: PathBuf, home: Home) -> Document {
        let mut document = Document {
            text: String::new(),
            shared: None,
            version,
            path,
            home,
            lost: None,
            told: false,
        };
        document.set(text);
        document
    }

    /// The text, without a copy for each build.
    pub(crate) fn text(&mut self) -> Arc<str> {
        Arc::clone(self.shared.get_or_insert_with(|| Arc::from(self.text.as_str())))
    }

    /// How many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    /// Forgets the text: what the editor shows is something else.
    pub(crate) fn lose(&mut self, reason: impl Into<String>) {
        self.text = String::new();
        self.shared = None;
        self.lost.get_or_insert_with(|| reason.into());
    }

    fn set(&mut self, text: String) {
        (self.lost, self.told) = (None, false);
        self.shared = None;
        self.text = text;
        self.bound();
    }

    fn bound(&mut self) {
        if self.text.len() > MOST {
            let (length, most) = (self.text.len() >> 20, MOST >> 20);
            self.lose(format!("it has {length} MiB, and no more than {most} MiB are held"));
        }
    }

    /// Applies changes in their order. A text that is not known can only be said anew.
    pub(crate) fn change(
        &mut self,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let mut moved = 0;
        for TextDocumentContentChangeEvent { range, text, .. } in changes {
            let Some(range) = range else {
                self.set(text);
                continue;
            };
            if self.lost.is_some() {
                continue;
            }
            self.shared = None;
            moved += self.text.len() + text.len();
            if moved > MOVED {
                self.lose("too many edits came at once");
                continue;
            }
            let one = offset(&self.text, range.start, encoding);
            let other = offset(&self.text, range.end, encoding);
            self.text.replace_range(one.min(other)..one.max(other), &text);
            self.bound();
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
        let mut document = Document::new(text.to_owned(), 0, PathBuf::new(), Home::Nowhere);
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
        assert_eq!(changed("ab", &[(Some((5, 0, 6, 0)), "x")]), "abx");
        assert_eq!(changed("ab", &[(Some((0, 2, 0, 1)), "x")]), "ax");
    }

    #[test]
    fn a_text_beyond_all_bounds_is_not_held() {
        let whole =
            |text: String| TextDocumentContentChangeEvent { range: None, range_length: None, text };
        let insert = |text: &str| TextDocumentContentChangeEvent {
            range: Some(Range::default()),
            range_length: None,
            text: text.to_owned(),
        };
        let text = "a".repeat(MOST);
        let mut document = Document::new(text, 0, PathBuf::new(), Home::Nowhere);
        assert!(document.lost.is_none());
        document.change(vec![insert("b"), insert("c")], Encoding::Utf8);
        assert!(document.lost.as_ref().is_some_and(|it| it.contains("16 MiB")));
        assert_eq!((document.size(), document.text.capacity()), (0, 0));
        document.change(vec![insert("d")], Encoding::Utf8);
        assert!(document.lost.is_some(), "an edit of a text that is not known");
        document.change(vec![whole("a".to_owned()), insert("b")], Encoding::Utf8);
        assert_eq!((document.lost.clone(), &*document.text()), (None, "ba"));
        document.change(vec![whole("a".repeat(MOST))], Encoding::Utf8);
        assert!(document.lost.is_none());
        document.change(vec![insert(""); MOVED / MOST + 1], Encoding::Utf8);
        assert!(document.lost.is_some(), "so many edits take minutes");
    }
}
