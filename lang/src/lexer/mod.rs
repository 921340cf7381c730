//! Text to tokens. Three steps: `scan` cuts the text, `layout` decides which line ends count and
//! pairs the brackets, and the parser reads literals with the help of `literal` and `text`.

mod code;
mod foreign;
mod kind;
mod layout;
pub(crate) mod literal;
mod quantity;
mod scan;
pub(crate) mod text;

use crate::ast::ExprKind;
use crate::diagnostic::{Diagnostic, codes::lexical};
use crate::source::SourceFile;
use crate::span::{FileId, Span};

pub use kind::TokenKind;
pub(crate) use quantity::{as_duration, as_size};
pub(crate) use scan::MAX_DIAGNOSTICS;

/// A token for highlighting: comments are there, line ends are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    pub kind: TokenKind,
    pub span: Span,
}

/// The tokens of a text as they stand, comments and the parts of strings among them.
/// What is no token is of kind [`TokenKind::Wrong`]; this never fails.
#[must_use]
pub fn tokens(source: &SourceFile) -> Vec<Highlight> {
    let mut found: Vec<Highlight> = Vec::new();
    if source.text.len() > MAX_BYTES {
        return found;
    }
    let scanned = scan::scan(source);
    let span = |start, end| Span::new(source.id, start, end);
    let mut comments = scanned.comments.iter().peekable();
    for token in &scanned.tokens {
        while let Some(comment) = comments.next_if(|comment| comment.start < token.start) {
            found.push(Highlight { kind: comment.kind(), span: span(comment.start, comment.end) });
        }
        if token.kind != TokenKind::Line && token.start < token.end {
            found.push(Highlight { kind: token.kind, span: span(token.start, token.end) });
        }
    }
    found.extend(comments.map(|it| Highlight { kind: it.kind(), span: span(it.start, it.end) }));
    found
}

/// Whether a text is a name, and no word of the language.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let source = SourceFile::new(FileId(0), "", text);
    match tokens(&source).as_slice() {
        [one] => one.kind == TokenKind::Name && one.span == source.whole(),
        _ => false,
    }
}

/// A size as it is written in a source, `512MiB`, in bytes; none for any other text.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    match quantity::read(text) {
        Ok(ExprKind::Size(size)) => Some(size.bytes),
        Ok(_) | Err(_) => None,
    }
}

/// How large a file may be.
pub(crate) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A token as the parser reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Whether it touches the token before it.
    pub(crate) tight: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// For what opens: the index of what closes it.
    pub(crate) mate: u32,
}

/// A comment, with its `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawComment {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// It begins with exactly two `#` and nothing stands before it on its line.
    pub(crate) doc: bool,
}

impl RawComment {
    fn kind(self) -> TokenKind {
        if self.doc { TokenKind::DocComment } else { TokenKind::Comment }
    }
}

/// What the parser gets: balanced tokens that end in [`TokenKind::End`], comments, and what was wrong.
#[derive(Clone, Debug)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<RawComment>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Whether line ends count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// In a file: they end items.
    EndItems,
    /// In one expression: they are white space.
    Ignored,
}

/// Cuts a text into tokens that the parser can read. Brackets and strings are balanced in the result,
/// whatever the text; nesting is within the limits.
pub(crate) fn lex(source: &SourceFile, lines: Lines) -> Lexed {
    if source.text.len() > MAX_BYTES {
        let end = source.text.len() as u32;
        let diagnostic = Diagnostic::error(
            lexical::FILE_TOO_LARGE,
            source.whole().head(),
            "this file is larger than 4 MiB, and no more is read".to_owned(),
        )
        .help("split it into several files: their order does not matter");
        let token = Token { kind: TokenKind::End, tight: false, start: end, end, mate: 0 };
        return Lexed { tokens: vec![token], comments: Vec::new(), diagnostics: vec![diagnostic] };
    }
    let scan::Scanned { tokens, comments, mut diagnostics } = scan::scan(source);
    let tokens = layout::layout(source, &tokens, lines, &mut diagnostics);
    Lexed { tokens, comments, diagnostics }
}
