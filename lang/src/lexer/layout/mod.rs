//! Raw tokens to tokens for the parser: which line ends count, which words are names, what closes what.
//!
//! The result is balanced, whatever the text: what is not closed is closed where it must have ended,
//! with a diagnostic. So one missing brace does not hide the rest of a file, and the parser need not
//! know about it. Nesting and the height of expressions are within limits, so that nothing that
//! walks the tree recurses deeply.

mod balance;
mod lines;

use crate::diagnostic::{Diagnostic, codes::lexical};
use crate::source::SourceFile;
use crate::span::Span;
use crate::stack::MAX_NESTING;

use super::{Lines, Token, TokenKind, scan::MAX_DIAGNOSTICS};

/// How high a tree may become: operators and words in one item or element, with what stands in its brackets.
const MAX_HEIGHT: u32 = 400;

/// Lays out `raw`; diagnostics go to the end of `diagnostics`.
pub(super) fn layout(
    source: &SourceFile,
    raw: &[Token],
    lines: Lines,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Token> {
    let run = |careful| {
        let mut layout = Layout {
            source,
            raw,
            lines,
            careful,
            unbalanced: false,
            nesting: 0,
            out: Vec::with_capacity(raw.len() + 1),
            groups: vec![Group::new(None, TokenKind::End)],
            diagnostics: Vec::new(),
        };
        layout.run();
        layout
    };
    let mut layout = run(false);
    if layout.unbalanced {
        // A second look, in which indentation and the beginnings of lines tell what was meant.
        layout = run(true);
    }
    diagnostics.append(&mut layout.diagnostics);
    layout.out
}

/// What is open: the file itself, a bracket, a hole or a string.
struct Group {
    /// Where it was opened, among the tokens that go out; nothing for the file.
    open: Option<usize>,
    /// What closes it.
    closer: TokenKind,
    /// Where the item or element that is being read begins.
    segment: usize,
    /// Operators and words in this segment, and the height of the highest bracket in it.
    steps: u32,
    height: u32,
    /// The height of the highest segment until now.
    highest: u32,
    /// In a list: the segment began with `for` or `if`, and its `:` is still to come.
    clauses: bool,
}

impl Group {
    fn new(open: Option<usize>, closer: TokenKind) -> Group {
        let segment = open.map_or(0, |open| open + 1);
        Group { open, closer, segment, steps: 0, height: 0, highest: 0, clauses: false }
    }
}

struct Layout<'s> {
    source: &'s SourceFile,
    raw: &'s [Token],
    lines: Lines,
    /// Whether indentation counts.
    careful: bool,
    unbalanced: bool,
    nesting: usize,
    out: Vec<Token>,
    groups: Vec<Group>,
    diagnostics: Vec<Diagnostic>,
}

impl Layout<'_> {
    fn run(&mut self) {
        let mut line = true;
        let mut index = 0;
        while let Some(token) = self.raw.get(index).copied() {
            if token.kind == TokenKind::Line {
                line = true;
                index += 1;
                continue;
            }
            if line {
                self.begin_line(index);
            }
            let kind = self.word_in_place(index);
            let token = Token { kind, ..token };
            index += 1;
            if kind.closes() {
                self.close(token, line);
            } else if !kind.opens() {
                self.push(token);
            } else if !kind.is_string_open() && self.nesting >= MAX_NESTING {
                index = self.skip_group(token, index);
            } else {
                self.open(token);
            }
            line = false;
        }
        let end = self.source.text.len() as u32;
        self.close_down_to(1, None);
        self.end_segment();
        self.out.push(Token { kind: TokenKind::End, tight: false, start: end, end, mate: 0 });
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.source.id, token.start, token.end)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() <= MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn closer(&self) -> TokenKind {
        self.groups.last().map_or(TokenKind::End, |group| group.closer)
    }

    fn kind_at(&self, index: usize) -> TokenKind {
        self.raw.get(index).map_or(TokenKind::End, |token| token.kind)
    }

    /// Adds a token that neither opens nor closes.
    fn push(&mut self, token: Token) {
        if token.kind == TokenKind::Comma {
            self.end_segment();
        }
        let first = self.groups.last().is_some_and(|group| group.segment == self.out.len());
        self.out.push(token);
        let length = self.out.len();
        let Some(group) = self.groups.last_mut() else { return };
        if matches!(token.kind, TokenKind::Comma | TokenKind::Line) {
            group.segment = length;
        } else if matches!(token.kind, TokenKind::For | TokenKind::If) && first {
            group.clauses = group.closer == TokenKind::ListClose;
        } else if matches!(token.kind, TokenKind::Colon | TokenKind::Then) {
            group.clauses = false;
        }
        let plain = [
            TokenKind::Name,
            TokenKind::Number,
            TokenKind::Path,
            TokenKind::File,
            TokenKind::Wrong,
        ];
        let in_string = (TokenKind::Text..=TokenKind::Dollar).contains(&token.kind);
        if !plain.contains(&token.kind) && !in_string && token.kind != TokenKind::Line {
            group.steps += 1;
        }
    }

    fn open(&mut self, token: Token) {
        if let (TokenKind::ParenOpen, Some(group)) = (token.kind, self.groups.last_mut()) {
            group.steps += 1;
        }
        if !token.kind.is_string_open() {
            self.nesting += 1;
        }
        let group = Group::new(Some(self.out.len()), token.kind.closer().unwrap_or(TokenKind::End));
        self.groups.push(group);
        self.out.push(token);
    }

    /// Ends the item or element that is being read; replaces it where it is too high.
    fn end_segment(&mut self) {
        let Some(group) = self.groups.last_mut() else { return };
        let mut height = group.steps + group.height;
        let too_high =
            (height > MAX_HEIGHT).then(|| self.out.get(group.segment).copied()).flatten();
        if let (Some(first), Some(last)) = (too_high, self.out.last().copied()) {
            self.out.truncate(group.segment);
            let wrong = Token { kind: TokenKind::Wrong, end: last.end, ..first };
            self.out.push(wrong);
            height = 1;
            let at = Span::new(self.source.id, first.start, last.end);
            let diagnostic =
                Diagnostic::error(lexical::TOO_LONG, at, "too many operators are joined here")
                    .help("put the parts into a list, or give some of them names with `let`");
            if self.diagnostics.len() <= MAX_DIAGNOSTICS {
                self.diagnostics.push(diagnostic);
            }
        }
        group.highest = group.highest.max(height);
        group.steps = 0;
        group.height = 0;
        group.clauses = false;
        group.segment = self.out.len();
    }

    /// Closes the innermost group with this token.
    fn pop(&mut self, closer: Token) {
        self.end_segment();
        let Some(group) = self.groups.pop() else { return };
        let mate = self.out.len() as u32;
        let open = group.open.and_then(|open| self.out.get_mut(open));
        if let Some(open) = open {
            open.mate = mate;
            if !open.kind.is_string_open() {
                self.nesting -= 1;
            }
        }
        self.out.push(closer);
        if let Some(parent) = self.groups.last_mut() {
            parent.height = parent.height.max(group.highest + 1);
        }
    }

    /// Leaves out a group that is nested too deep.
    fn skip_group(&mut self, token: Token, mut index: usize) -> usize {
        let at = self.span(token);
        let message = format!("brackets are nested more than {MAX_NESTING} deep here");
        self.report(
            Diagnostic::error(lexical::TOO_DEEP, at, message)
                .help("give an inner part a name with `let`"),
        );
        let mut depth = 1;
        let mut end = token.end;
        while depth > 0 {
            let Some(next) = self.raw.get(index) else { break };
            if next.kind.opens() {
                depth += 1;
            } else if next.kind.closes() {
                depth -= 1;
            }
            end = next.end;
            index += 1;
        }
        self.push(Token { kind: TokenKind::Wrong, end, ..token });
        index
    }
}
