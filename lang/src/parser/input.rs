//! The input of every production: chumsky's, with the words this parser needs.

use std::sync::Arc;

use chumsky::input::{Checkpoint, Cursor, InputRef};
use chumsky::inspector::Inspector;
use chumsky::prelude::{Parser, any};
use chumsky::{extra, span::SimpleSpan};

use crate::ast::{Expr, ExprId, ExprKind, Name};
use crate::diagnostic::Diagnostic;
use crate::lexer::{MAX_DIAGNOSTICS, RawComment, Token, TokenKind};
use crate::source::SourceFile;
use crate::span::Span;

use super::fault::{Expected, Fault};

pub(super) type Tokens<'s> = &'s [Token];
pub(super) type Extra<'s> = extra::Full<Fault, State<'s>, ()>;
pub(super) type Input<'s, 'p> = InputRef<'s, 'p, Tokens<'s>, Extra<'s>>;
pub(super) type Res<T> = Result<T, Fault>;
pub(super) type Mark<'s, 'p> = Checkpoint<'s, 'p, Tokens<'s>, ()>;

/// What goes along: the text, the numbers given to expressions, and what was found wrong.
/// Nothing in it is taken back when the input is rewound.
pub(super) struct State<'s> {
    pub(super) source: &'s SourceFile,
    tokens: Tokens<'s>,
    comments: &'s [RawComment],
    /// Parentheses and lists that were not closed, from their opening to where they were closed for them.
    unclosed: Vec<(usize, usize)>,
    next: u32,
    diagnostics: Vec<Diagnostic>,
}

impl<'s> State<'s> {
    pub(super) fn new(
        source: &'s SourceFile,
        tokens: Tokens<'s>,
        comments: &'s [RawComment],
    ) -> State<'s> {
        let unclosed = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| matches!(token.kind, TokenKind::ParenOpen | TokenKind::ListOpen))
            .filter(|(_, token)| {
                tokens.get(token.mate as usize).is_some_and(|mate| mate.start == mate.end)
            })
            .map(|(open, token)| (open, token.mate as usize))
            .take(MAX_DIAGNOSTICS)
            .collect();
        State { source, tokens, comments, unclosed, next: 0, diagnostics: Vec::new() }
    }

    /// How many numbers were given, and what was found.
    pub(super) fn finish(self) -> (u32, Vec<Diagnostic>) {
        (self.next, self.diagnostics)
    }

    /// The token at an index; the last one past the end.
    pub(super) fn token(&self, index: usize) -> Token {
        let end = Token { kind: TokenKind::End, tight: false, start: 0, end: 0, mate: 0 };
        self.tokens.get(index).or(self.tokens.last()).copied().unwrap_or(end)
    }

    /// Whether a token stands in brackets that were not closed, which has been reported.
    pub(super) fn in_unclosed(&self, index: usize) -> bool {
        self.unclosed.iter().any(|(open, close)| *open < index && index <= *close)
    }

    pub(super) fn kind(&self, index: usize) -> TokenKind {
        self.token(index).kind
    }

    pub(super) fn span(&self, token: Token) -> Span {
        Span::new(self.source.id, token.start, token.end)
    }

    pub(super) fn text(&self, token: Token) -> &'s str {
        self.source.slice(self.span(token))
    }

    /// The bytes that a range of tokens covers.
    pub(super) fn bytes(&self, range: SimpleSpan) -> Span {
        let first = self.token(range.start);
        let last = self.token(range.end.saturating_sub(1).max(range.start));
        Span::new(self.source.id, first.start, last.end)
    }

    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        // One more than is shown, so that it is known that there are more.
        if self.diagnostics.len() <= MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    pub(super) fn report(&mut self, fault: Fault) {
        if let Some(diagnostic) = fault.diagnostic(self) {
            self.say(diagnostic);
        }
    }

    /// The doc comment that stands directly above a token.
    pub(super) fn doc(&self, token: Token) -> Option<Arc<str>> {
        let before = self.comments.partition_point(|comment| comment.start < token.start);
        let mut lines = Vec::new();
        let mut below = token.start;
        for comment in self.comments.get(..before)?.iter().rev() {
            let between = self.source.text.get(comment.end as usize..below as usize)?;
            let adjacent = between.chars().all(char::is_whitespace)
                && between.bytes().filter(|b| *b == b'\n').count() <= 1;
            if !comment.doc || !adjacent {
                break;
            }
            let text = self.source.text.get(comment.start as usize..comment.end as usize)?;
            let text = text.strip_prefix("##").unwrap_or(text);
            lines.push(text.strip_prefix(' ').unwrap_or(text).trim_end());
            below = comment.start;
        }
        if lines.is_empty() {
            return None;
        }
        lines.reverse();
        Some(lines.join("\n").into())
    }
}

impl<'s> Inspector<'s, Tokens<'s>> for State<'s> {
    type Checkpoint = ();
    fn on_token(&mut self, _: &Token) {}
    fn on_save<'parse>(&self, _: &Cursor<'s, 'parse, Tokens<'s>>) {}
    fn on_rewind<'parse>(&mut self, _: &Checkpoint<'s, 'parse, Tokens<'s>, ()>) {}
}

/// What productions ask the input.
pub(super) trait Look<'s, 'p> {
    /// The index of the next token.
    fn index(&self) -> usize;
    fn token(&mut self) -> Token;
    fn kind(&mut self) -> TokenKind;
    /// The kind of the token `ahead` of the next one.
    fn kind_ahead(&mut self, ahead: usize) -> TokenKind;
    fn at(&mut self, kind: TokenKind) -> bool;
    /// Whether the next token is a name with this text.
    fn at_word(&mut self, word: &str) -> bool;
    /// Takes the next token; the end is never taken.
    fn bump(&mut self) -> Token;
    fn eat(&mut self, kind: TokenKind) -> Option<Token>;
    fn expect(&mut self, kind: TokenKind) -> Res<Token>;
    fn fault(&self, expected: Expected) -> Fault;
    fn here(&mut self) -> Span;
    /// From the start of a token to the end of the last one taken.
    fn since(&mut self, first: usize) -> Span;
    fn text(&mut self, token: Token) -> &'s str;
    fn name_of(&mut self, token: Token) -> Name;
    fn node(&mut self, kind: ExprKind, span: Span) -> Arc<Expr>;
    fn say(&mut self, diagnostic: Diagnostic);
    fn report(&mut self, fault: Fault);
    /// Goes back to `mark` and on to the first token outside of brackets that `stop` holds for,
    /// or that closes what is open around. Answers what was passed over.
    fn skip_from(&mut self, mark: Mark<'s, 'p>, stop: impl Fn(TokenKind) -> bool) -> Span;
    fn skip_to(&mut self, index: usize);
}

impl<'s, 'p> Look<'s, 'p> for Input<'s, 'p> {
    fn index(&self) -> usize {
        *self.cursor().inner()
    }

    fn token(&mut self) -> Token {
        let index = self.index();
        self.state().token(index)
    }

    fn kind(&mut self) -> TokenKind {
        self.token().kind
    }

    fn kind_ahead(&mut self, ahead: usize) -> TokenKind {
        let index = self.index() + ahead;
        self.state().kind(index)
    }

    fn at(&mut self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    fn at_word(&mut self, word: &str) -> bool {
        let token = self.token();
        token.kind == TokenKind::Name && self.text(token) == word
    }

    fn bump(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::End {
            self.skip();
        }
        token
    }

    fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        self.at(kind).then(|| self.bump())
    }

    fn expect(&mut self, kind: TokenKind) -> Res<Token> {
        self.eat(kind).ok_or_else(|| self.fault(Expected::mark(kind)))
    }

    fn fault(&self, expected: Expected) -> Fault {
        Fault::new(self.index(), expected)
    }

    fn here(&mut self) -> Span {
        let token = self.token();
        self.state().span(token)
    }

    fn since(&mut self, first: usize) -> Span {
        let last = self.index();
        self.state().bytes((first..last).into())
    }

    fn text(&mut self, token: Token) -> &'s str {
        self.state().text(token)
    }

    fn name_of(&mut self, token: Token) -> Name {
        let span = self.state().span(token);
        Name { text: self.text(token).into(), span }
    }

    fn node(&mut self, kind: ExprKind, span: Span) -> Arc<Expr> {
        let state = self.state();
        let id = ExprId(state.next);
        state.next += 1;
        Arc::new(Expr { kind, span, id })
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        self.state().say(diagnostic);
    }

    fn report(&mut self, fault: Fault) {
        self.state().report(fault);
    }

    fn skip_from(&mut self, mark: Mark<'s, 'p>, stop: impl Fn(TokenKind) -> bool) -> Span {
        self.rewind(mark);
        let first = self.index();
        let mut index = first;
        loop {
            let token = self.state().token(index);
            if token.kind == TokenKind::End || token.kind.closes() || stop(token.kind) {
                break;
            }
            index = if token.kind.opens() { token.mate as usize + 1 } else { index + 1 };
        }
        self.skip_to(index);
        if index == first {
            // Nothing stands there: the place behind what came before.
            return match first.checked_sub(1) {
                Some(before) => super::fault::behind(self.state(), before),
                None => self.here().head(),
            };
        }
        self.since(first)
    }

    fn skip_to(&mut self, index: usize) {
        while self.index() < index && !self.at(TokenKind::End) {
            self.bump();
        }
    }
}

/// One token of this kind.
pub(super) fn tok<'s>(kind: TokenKind) -> impl Parser<'s, Tokens<'s>, Token, Extra<'s>> + Copy {
    any().filter(move |token: &Token| token.kind == kind).labelled(Expected::mark(kind))
}

/// A name that is no word of the language.
pub(super) fn name<'s>() -> impl Parser<'s, Tokens<'s>, Name, Extra<'s>> + Copy {
    any()
        .filter(|token: &Token| token.kind == TokenKind::Name)
        .map_with(|token, extra| {
            let state: &mut State<'s> = extra.state();
            Name { text: state.text(token).into(), span: state.span(token) }
        })
        .labelled(Expected::NAME)
}

/// Whether items and elements are separated here.
pub(super) fn separates(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comma | TokenKind::Line)
}
