//! What closes what, and what is not closed.

use crate::diagnostic::{Diagnostic, codes::syntax};

use super::Layout;
use crate::lexer::{Token, TokenKind};

impl Layout<'_> {
    /// Closes what is open inside of the groups `0..keep`, and says so at the innermost.
    pub(super) fn close_down_to(&mut self, keep: usize, noticed: Option<(Token, &str)>) {
        if self.groups.len() <= keep {
            return;
        }
        self.unbalanced = true;
        let open = self.groups.last().and_then(|group| group.open);
        if let Some(open) = open.and_then(|open| self.out.get(open)).copied() {
            let at = self.span(open);
            let mark = self.source.slice(at);
            let closer = self.closer().mark().unwrap_or("");
            // Strings and holes that are not closed have had their diagnostic, for all that is in them.
            let told = noticed.is_some_and(|(token, _)| token.start == token.end);
            if !told && !matches!(self.closer(), TokenKind::HoleClose | TokenKind::StringClose) {
                let message = format!("this `{mark}` is not closed");
                let diagnostic = Diagnostic::error(syntax::UNCLOSED, at, message)
                    .help(format!("its `{closer}` is missing"));
                let diagnostic = match noticed {
                    Some((token, text)) => diagnostic.also(self.span(token), text),
                    None => diagnostic,
                };
                self.report(diagnostic);
            }
        }
        while self.groups.len() > keep {
            let end = self.out.last().map_or(0, |last| last.end);
            self.pop(Token { kind: self.closer(), tight: true, start: end, end, mate: 0 });
        }
    }

    pub(super) fn close(&mut self, token: Token, first_on_line: bool) {
        let hard = matches!(token.kind, TokenKind::HoleClose | TokenKind::StringClose);
        // What is open in a hole must be closed in it.
        let found = self
            .groups
            .iter()
            .rposition(|group| {
                group.closer == token.kind
                    || !hard
                        && matches!(group.closer, TokenKind::HoleClose | TokenKind::StringClose)
            })
            .filter(|found| self.groups.get(*found).is_some_and(|it| it.closer == token.kind))
            .filter(|found| hard || self.may_close(*found, token));
        let Some(mut found) = found else {
            self.unbalanced = true;
            let at = self.span(token);
            let mark = self.source.slice(at).to_owned();
            self.report(
                Diagnostic::error(syntax::STRAY, at, format!("this `{mark}` closes nothing")).fix(
                    "take it away",
                    at,
                    "",
                ),
            );
            return;
        };
        if self.careful && token.kind == TokenKind::BraceClose && first_on_line {
            found = self.by_indentation(found, token);
        }
        self.close_down_to(found + 1, Some((token, "here something around it ends")));
        self.pop(token);
    }

    /// Whether `)` or `]` may close a group although braces are open in it: only on one line.
    pub(super) fn may_close(&self, found: usize, token: Token) -> bool {
        let line = self.source.lines.line(token.start);
        self.groups.iter().skip(found + 1).all(|group| {
            group.closer != TokenKind::BraceClose
                || token.kind == TokenKind::BraceClose
                || group
                    .open
                    .and_then(|open| self.out.get(open))
                    .is_some_and(|open| self.source.lines.line(open.start) == line)
        })
    }

    /// The group that a `}` at the beginning of a line closes, if its indentation tells.
    pub(super) fn by_indentation(&self, found: usize, token: Token) -> usize {
        let indent = self.indent(token);
        let opened_at = |index: usize| {
            let group = self.groups.get(index)?;
            let open = group.open.and_then(|open| self.out.get(open)).copied()?;
            (group.closer == TokenKind::BraceClose).then(|| self.indent(open))
        };
        if opened_at(found).is_none_or(|it| it <= indent) {
            return found;
        }
        let floor = self.groups.iter().rposition(|group| group.closer == TokenKind::HoleClose);
        (floor.map_or(1, |floor| floor + 1)..found)
            .rev()
            .find(|index| opened_at(*index) == Some(indent))
            .unwrap_or(found)
    }

    /// How far the line of a token is indented.
    pub(super) fn indent(&self, token: Token) -> usize {
        let start = self.source.lines.start(self.source.lines.line(token.start));
        let line = self.source.text.get(start as usize..).unwrap_or("");
        line.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
    }
}
