//! What stops a production, and how it is said in plain words.

use chumsky::DefaultExpected;
use chumsky::error::{Error, LabelError};
use chumsky::span::SimpleSpan;
use chumsky::util::MaybeRef;

use crate::diagnostic::{Diagnostic, codes::syntax};
use crate::lexer::{Token, TokenKind};
use crate::span::Span;

use super::input::State;

/// What might have stood in a place: a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Expected(u128);

impl Expected {
    pub(super) const VALUE: Expected = Expected(1 << 127);
    pub(super) const NAME: Expected = Expected(1 << 126);
    pub(super) const TYPE: Expected = Expected(1 << 125);
    pub(super) const ITEM: Expected = Expected(1 << 124);
    pub(super) const KEY: Expected = Expected(1 << 123);
    pub(super) const VARIANT: Expected = Expected(1 << 122);
    pub(super) const LINE_END: Expected = Expected(1 << 121);
    pub(super) const END: Expected = Expected(1 << 120);
    pub(super) const LABEL: Expected = Expected(1 << 119);

    pub(super) const fn mark(kind: TokenKind) -> Expected {
        Expected(1 << (kind as u32))
    }

    pub(super) const fn or(self, other: Expected) -> Expected {
        Expected(self.0 | other.0)
    }

    pub(super) fn has(self, other: Expected) -> bool {
        self.0 & other.0 != 0
    }

    /// "a value, `,` or `]`"
    fn words(self) -> String {
        let named = [
            (Expected::ITEM, "a field or a block"),
            (Expected::VALUE, "a value"),
            (Expected::NAME, "a name"),
            (Expected::KEY, "the name of a field"),
            (Expected::VARIANT, "a variant"),
            (Expected::TYPE, "a type"),
            (Expected::LABEL, "a label"),
            (Expected::LINE_END, "the end of the line"),
            (Expected::END, "the end"),
        ];
        let mut words: Vec<String> = named
            .iter()
            .filter(|(bit, _)| self.has(*bit))
            .map(|(_, word)| (*word).to_owned())
            .collect();
        words.extend(
            TokenKind::written()
                .filter(|(kind, _)| self.has(Expected::mark(*kind)))
                .map(|(_, mark)| format!("`{mark}`")),
        );
        let last = words.pop().unwrap_or_else(|| "something else".to_owned());
        if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
    }
}

/// Why a production does not fit what stands there.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// The token that does not fit.
    pub(super) at: usize,
    pub(super) expected: Expected,
    /// Where a better sentence is known than what was expected.
    pub(super) said: Option<Box<Diagnostic>>,
}

impl Fault {
    pub(super) fn new(at: usize, expected: Expected) -> Fault {
        Fault { at, expected, said: None }
    }

    pub(super) fn said(at: usize, diagnostic: Diagnostic) -> Fault {
        Fault { at, expected: Expected::default(), said: Some(Box::new(diagnostic)) }
    }

    /// The diagnostic; nothing where the cause has been reported already.
    pub(super) fn diagnostic(self, state: &State<'_>) -> Option<Diagnostic> {
        let found = state.token(self.at);
        let before = self.at.checked_sub(1).map(|before| state.token(before));
        // What the lexer refused, or closed in place of what is missing, has had its diagnostic.
        let refused =
            |it: Token| it.kind == TokenKind::Wrong || it.kind.closes() && it.start == it.end;
        let refused = refused(found) || before.is_some_and(refused) || state.in_unclosed(self.at);
        if refused {
            return None;
        }
        if let Some(said) = self.said {
            return Some(*said);
        }
        let at = if found.kind.is_string_open() {
            state.span(found).to(state.span(state.token(found.mate as usize)))
        } else {
            state.span(found)
        };
        let what = self.expected.words();
        let after = before
            .filter(|before| !matches!(before.kind, TokenKind::Line | TokenKind::Comma))
            .map(|before| format!(" after {}", name(state, before)))
            .unwrap_or_default();
        let message = format!("expected {what}{after}, found {}", name(state, found));
        let value = self.expected.has(Expected::VALUE);
        let code = if value { syntax::MISSING_VALUE } else { syntax::UNEXPECTED };
        let mut diagnostic = Diagnostic::error(code, at, message);
        if found.kind.is_keyword()
            && self.expected.has(Expected::NAME.or(Expected::VALUE).or(Expected::KEY))
        {
            let word = state.text(found);
            diagnostic = diagnostic.help(format!(
                "`{word}` is a word of the language; as a name it stands before `=` only"
            ));
        }
        Some(diagnostic)
    }
}

/// How a token is named in a message.
fn name(state: &State<'_>, token: Token) -> String {
    if token.kind == TokenKind::Line {
        return "the end of the line".to_owned();
    }
    if token.kind == TokenKind::End {
        return "the end of the file".to_owned();
    }
    if token.kind.is_string_open() || token.kind == TokenKind::StringClose {
        return "a string".to_owned();
    }
    match token.kind.mark() {
        Some(mark) => format!("`{mark}`"),
        None => format!("`{}`", shortened(state.text(token))),
    }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// The place where something is missing: behind a token.
pub(super) fn behind(state: &State<'_>, at: usize) -> Span {
    state.span(state.token(at)).tail()
}

type Tokens<'s> = &'s [Token];

impl<'s> LabelError<'s, Tokens<'s>, Expected> for Fault {
    fn expected_found<I: IntoIterator<Item = Expected>>(
        expected: I,
        _found: Option<MaybeRef<'s, Token>>,
        span: SimpleSpan,
    ) -> Fault {
        let expected = expected.into_iter().fold(Expected::default(), Expected::or);
        Fault::new(span.start, expected)
    }

    fn label_with(&mut self, label: Expected) {
        self.expected = label;
    }
}

impl<'s> LabelError<'s, Tokens<'s>, DefaultExpected<'s, Token>> for Fault {
    fn expected_found<I: IntoIterator<Item = DefaultExpected<'s, Token>>>(
        _expected: I,
        _found: Option<MaybeRef<'s, Token>>,
        span: SimpleSpan,
    ) -> Fault {
        Fault::new(span.start, Expected::default())
    }
}

impl<'s> Error<'s, Tokens<'s>> for Fault {
    fn merge(self, other: Fault) -> Fault {
        match (&self.said, &other.said) {
            (Some(_), _) => self,
            (None, Some(_)) => other,
            (None, None) => {
                let expected = self.expected.or(other.expected);
                Fault { expected, ..if self.at >= other.at { self } else { other } }
            }
        }
    }
}
