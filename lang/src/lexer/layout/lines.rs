//! Which line ends count, and which words are names.

use super::Layout;
use crate::lexer::{Lines, Token, TokenKind};

impl Layout<'_> {
    /// At the first token of a line: does the line end before it count?
    pub(super) fn begin_line(&mut self, index: usize) {
        let Some(next) = self.raw.get(index).copied() else { return };
        if self.careful {
            self.close_by_line(index, next);
        }
        let Some(last) = self.out.last().copied() else { return };
        let Some(group) = self.groups.last() else { return };
        let inside = matches!(
            group.closer,
            TokenKind::ParenClose | TokenKind::HoleClose | TokenKind::StringClose
        );
        let whole = group.closer == TokenKind::End && self.lines == Lines::Ignored;
        if inside
            || whole
            || group.clauses
            || last.kind.opens()
            || matches!(last.kind, TokenKind::Comma | TokenKind::Line)
            || next.kind.closes()
            || (self.goes_on(last) && !self.starts_item(index))
            || self.carries_on(index)
        {
            return;
        }
        self.end_segment();
        self.push(Token {
            kind: TokenKind::Line,
            tight: true,
            start: last.end,
            end: last.end,
            mate: 0,
        });
    }

    /// Whether a line that ends in this token goes on with the next one.
    pub(super) fn goes_on(&self, last: Token) -> bool {
        let before = self.out.len().checked_sub(2).and_then(|index| self.out.get(index));
        // A `/` where a value is wanted is the root directory.
        let root =
            last.kind == TokenKind::Slash && before.is_none_or(|before| !before.kind.ends_value());
        last.kind.continues() && !root
    }

    /// Whether a line that begins with this token carries on the one before it.
    pub(super) fn carries_on(&self, index: usize) -> bool {
        let kind = self.word(index, true);
        matches!(
            kind,
            TokenKind::Pipe | TokenKind::And | TokenKind::Or | TokenKind::OrElse | TokenKind::Then
        ) || kind == TokenKind::Else && self.kind_at(index + 1) != TokenKind::FatArrow
    }

    /// Closes what cannot go on where this line begins.
    pub(super) fn close_by_line(&mut self, index: usize, next: Token) {
        let noticed = Some((next, "the next item begins here"));
        let column = (next.start as usize).checked_sub(1);
        let at_margin =
            column.is_none_or(|before| self.source.text.as_bytes().get(before) == Some(&b'\n'));
        if at_margin && self.groups.len() > 1 && self.starts_declaration(index) {
            return self.close_down_to(1, noticed);
        }
        if matches!(self.closer(), TokenKind::ParenClose | TokenKind::ListClose)
            && self.starts_item(index)
        {
            let keep = self
                .groups
                .iter()
                .rposition(|it| !matches!(it.closer, TokenKind::ParenClose | TokenKind::ListClose));
            self.close_down_to(keep.map_or(1, |keep| keep + 1), noticed);
        }
    }

    /// Whether `path =`, `kind label {` or a declaration stands here, so that a new item begins.
    pub(super) fn starts_item(&self, index: usize) -> bool {
        if self.starts_declaration(index)
            && !matches!(self.kind_at(index), TokenKind::For | TokenKind::If)
        {
            return true;
        }
        let mut at = index;
        loop {
            let Some(after) = self.after_key(at) else { return false };
            let kind = self.kind_at(after);
            if kind != TokenKind::Dot {
                // `name: type` begins a field of a schema; in lists and calls it is none.
                let field = kind == TokenKind::Colon && self.closer() == TokenKind::BraceClose;
                return kind == TokenKind::Equals || field;
            }
            at = after + 1;
        }
    }

    /// Whether a word that only an item begins with stands here, or `kind label {`.
    pub(super) fn starts_declaration(&self, index: usize) -> bool {
        let kind = self.word(index, true);
        if (TokenKind::Let..=TokenKind::If).contains(&kind) {
            return true;
        }
        kind == TokenKind::Name
            && !matches!(self.kind_at(index + 1), TokenKind::Dot | TokenKind::Equals)
            && if self.kind_at(index + 1) == TokenKind::Path {
                Some(index + 2)
            } else {
                self.after_key(index + 1)
            }
            .is_some_and(|after| self.kind_at(after) == TokenKind::BraceOpen)
    }

    /// Where a key (a word or a string) ends.
    pub(super) fn after_key(&self, index: usize) -> Option<usize> {
        let kind = self.kind_at(index);
        if kind.is_word() {
            return Some(index + 1);
        }
        if !matches!(kind, TokenKind::StringOpen | TokenKind::BlockOpen) {
            return None;
        }
        let mut depth = 0u32;
        for (at, token) in self.raw.iter().enumerate().skip(index) {
            if token.kind.is_string_open() {
                depth += 1;
            } else if token.kind == TokenKind::StringClose {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
        }
        None
    }

    /// The kind of a token, where words of the language that stand as names are names.
    pub(super) fn word_in_place(&self, index: usize) -> TokenKind {
        self.word(index, false)
    }

    pub(super) fn word(&self, index: usize, begins_line: bool) -> TokenKind {
        let kind = self.kind_at(index);
        if !kind.is_keyword() {
            return kind;
        }
        let item = || {
            matches!(self.closer(), TokenKind::BraceClose | TokenKind::End)
                && (begins_line || self.after_item())
        };
        let value = matches!(
            kind,
            TokenKind::True | TokenKind::False | TokenKind::SelfWord | TokenKind::Unset
        );
        let after_dot =
            index.checked_sub(1).is_some_and(|before| self.kind_at(before) == TokenKind::Dot);
        let next = self.kind_at(index + 1);
        let is_name = after_dot
            || next == TokenKind::Equals
            || !value && matches!(next, TokenKind::Dot | TokenKind::Colon) && item()
            || next == TokenKind::BraceOpen
                && !value
                && !matches!(kind, TokenKind::Then | TokenKind::Else)
                && item();
        if is_name { TokenKind::Name } else { kind }
    }

    /// Whether an item may begin after what has gone out.
    pub(super) fn after_item(&self) -> bool {
        self.out.last().is_none_or(|last| {
            matches!(
                last.kind,
                TokenKind::Line
                    | TokenKind::Comma
                    | TokenKind::BraceOpen
                    | TokenKind::Default
                    | TokenKind::Override
                    | TokenKind::Extend
            )
        })
    }
}
