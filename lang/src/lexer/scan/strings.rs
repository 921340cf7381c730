//! The text of strings, and what happens where one does not end.

use logos::Logos;

use super::{Mode, Scanned, Scanner};
use crate::lexer::code::{Block, Line};
use crate::lexer::{TokenKind, foreign, text};

/// How often an unclosed `"""` is tried to be ended early; each try reads the rest of the file again.
const MAX_RESCANS: u32 = 8;

impl Scanner<'_> {
    pub(super) fn open(&mut self, kind: TokenKind, start: usize, end: usize) {
        let mode = if matches!(kind, TokenKind::BlockOpen | TokenKind::NixBlockOpen) {
            let Scanned { tokens, comments, diagnostics } = &self.found;
            Mode::Block {
                opened: start,
                begun: end,
                tokens: tokens.len() + 1,
                comments: comments.len(),
                diagnostics: diagnostics.len(),
            }
        } else {
            Mode::Line { opened: start }
        };
        self.push(kind, start, end);
        self.modes.push(mode);
    }

    pub(super) fn open_hole(&mut self, start: usize, end: usize, one_line: bool) {
        self.push(TokenKind::HoleOpen, start, end);
        self.modes.push(Mode::Hole { opened: start, braces: 0, one_line });
    }

    /// Reads the text of a `"…"` until it ends or a hole begins.
    pub(super) fn line(&mut self) {
        let mut lexer = Line::lexer(self.text);
        lexer.bump(self.pos);
        while let Some(token) = lexer.next() {
            let range = lexer.span();
            let (start, end) = (range.start, range.end);
            self.pos = end;
            match token {
                Ok(Line::Text) => {
                    self.check_text(start, end);
                    self.push(TokenKind::Text, start, end);
                }
                Ok(Line::Escape) => {
                    let written = self.text.get(start..end).unwrap_or("");
                    if text::escape(written).is_none() {
                        let diagnostic = foreign::escape(self.span(start, end), written);
                        self.report(diagnostic);
                    }
                    self.push(TokenKind::Escape, start, end);
                }
                Ok(Line::Dollar) => self.push(TokenKind::Dollar, start, end),
                Ok(Line::Hole) => return self.open_hole(start, end, true),
                Ok(Line::Close) => {
                    self.modes.pop();
                    return self.push(TokenKind::StringClose, start, end);
                }
                Ok(Line::End) => {
                    self.pos = start;
                    return self.end_of_line();
                }
                Ok(Line::LoneReturn) => {
                    let at = self.span(start, end);
                    self.report(foreign::lone_return(at));
                }
                // A backslash before the line's end.
                Err(()) => self.push(TokenKind::Text, start, end),
            }
        }
        self.pos = self.text.len();
    }

    /// Reads the text of a `"""…"""` until it ends or a hole begins.
    pub(super) fn block(&mut self) {
        let mut lexer = Block::lexer(self.text);
        lexer.bump(self.pos);
        while let Some(token) = lexer.next() {
            let range = lexer.span();
            let (start, end) = (range.start, range.end);
            self.pos = end;
            match token {
                Ok(Block::Text) | Err(()) => {
                    self.check_text(start, end);
                    self.push(TokenKind::Text, start, end);
                }
                Ok(Block::Dollar) => self.push(TokenKind::Dollar, start, end),
                Ok(Block::Hole) => return self.open_hole(start, end, false),
                Ok(Block::Close) => {
                    self.modes.pop();
                    return self.push(TokenKind::StringClose, start, end);
                }
                Ok(Block::LoneReturn) => {
                    let at = self.span(start, end);
                    self.report(foreign::lone_return(at));
                }
            }
        }
        self.pos = self.text.len();
    }

    /// Control characters and what a wrong encoding left behind have no place in text.
    pub(super) fn check_text(&mut self, start: usize, end: usize) {
        let written = self.text.get(start..end).unwrap_or("");
        let bad = |c: char| c == '\u{fffd}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        if let Some((at, c)) = written.char_indices().find(|(_, c)| bad(*c)) {
            let at = start + at;
            let diagnostic = foreign::control(self.span(at, at + c.len_utf8()), c);
            self.report(diagnostic);
        }
    }

    pub(super) fn in_one_line(&self) -> bool {
        match self.modes.last() {
            Some(Mode::Hole { one_line, .. }) => *one_line,
            Some(Mode::Line { .. }) => true,
            Some(Mode::Block { .. }) | None => false,
        }
    }

    /// Ends the one-line strings, and the holes in them, that are open where the line ends.
    /// The outermost hole is to blame, or else the string.
    pub(super) fn end_of_line(&mut self) {
        let mut string = None;
        let mut hole = None;
        while self.in_one_line() {
            match self.modes.pop() {
                Some(Mode::Hole { opened, .. }) => {
                    hole = Some(opened);
                    self.push(TokenKind::HoleClose, self.pos, self.pos);
                }
                Some(Mode::Line { opened }) => {
                    string = Some(opened);
                    self.push(TokenKind::StringClose, self.pos, self.pos);
                }
                Some(Mode::Block { .. }) | None => break,
            }
        }
        let diagnostic = match (hole, string) {
            (Some(opened), _) => foreign::open_hole(self.span(opened, opened + 2)),
            (None, Some(opened)) => foreign::open_string(self.span(opened, self.pos)),
            (None, None) => return,
        };
        self.report(diagnostic);
    }

    /// At the end of the file: ends what is open. Answers whether there is something to read again.
    pub(super) fn at_end(&mut self) -> bool {
        self.end_of_line();
        let block = self.modes.iter().position(|mode| matches!(mode, Mode::Block { .. }));
        let Some(index) = block else {
            // A hole of a multi-line string cannot stand without its string.
            return false;
        };
        let Some(Mode::Block { opened, begun, tokens, comments, diagnostics }) =
            self.modes.get(index).copied()
        else {
            return false;
        };
        let at = self.span(opened, begun);
        if index > 0 || self.rescans >= MAX_RESCANS {
            while let Some(mode) = self.modes.pop() {
                let kind = match mode {
                    Mode::Hole { .. } => TokenKind::HoleClose,
                    Mode::Line { .. } | Mode::Block { .. } => TokenKind::StringClose,
                };
                self.push(kind, self.pos, self.pos);
            }
            self.report(foreign::open_block(at));
            return false;
        }
        // The string is taken to end before the next line that looks like an item of the file,
        // so that one missing `"""` does not hide what follows.
        self.rescans += 1;
        self.modes.clear();
        self.found.tokens.truncate(tokens);
        self.found.comments.truncate(comments);
        self.found.diagnostics.truncate(diagnostics);
        let rest = self.text.get(begun..).unwrap_or("");
        let cut = rest
            .match_indices('\n')
            .map(|(at, _)| begun + at + 1)
            .find(|at| {
                let rest = self.text.get(*at..).unwrap_or("");
                rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '}')
            })
            .unwrap_or(self.text.len());
        // The line end itself belongs to the code again.
        let end = if cut == self.text.len() { cut } else { cut - 1 };
        self.push(TokenKind::Text, begun, end);
        self.push(TokenKind::StringClose, end, end);
        self.report(foreign::open_block(at));
        self.pos = end;
        end < self.text.len()
    }
}
