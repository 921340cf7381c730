//! Which line ends count, and which words are names.

use super::Layout;
use crate::lexer::{Kind, Lines, Token};

impl Layout<'_> {
    /// At the first token of a line: does the line end before it count?
    pub(super) fn begin_line(&mut self, index: usize) {
        let Some(next) = self.raw.get(index).copied() else { return };
        if self.careful {
            self.close_by_line(index, next);
        }
        let Some(last) = self.out.last().copied() else { return };
        let Some(group) = self.groups.last() else { return };
        let inside = matches!(group.closer, Kind::ParenClose | Kind::HoleClose | Kind::StringClose);
        let whole = group.closer == Kind::End && self.lines == Lines::Ignored;
        if inside
            || whole
            || group.clauses
            || last.kind.opens()
            || matches!(last.kind, Kind::Comma | Kind::Line)
            || next.kind.closes()
            || (self.goes_on(last) && !self.starts_item(index))
            || self.carries_on(index)
        {
            return;
        }
        self.end_segment();
        self.push(Token { kind: Kind::Line, tight: true, start: last.end, end: last.end, mate: 0 });
    }

    /// Whether a line that ends in this token goes on with the next one.
    pub(super) fn goes_on(&self, last: Token) -> bool {
        let before = self.out.len().checked_sub(2).and_then(|index| self.out.get(index));
        // A `/` where a value is wanted is the root directory.
        let root =
            last.kind == Kind::Slash && before.is_none_or(|before| !before.kind.ends_value());
        last.kind.continues() && !root
    }

    /// Whether a line that begins with this token carries on the one before it.
    pub(super) fn carries_on(&self, index: usize) -> bool {
        let kind = self.word(index, true);
        matches!(kind, Kind::Pipe | Kind::And | Kind::Or | Kind::OrElse | Kind::Then)
            || kind == Kind::Else && self.kind_at(index + 1) != Kind::FatArrow
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
        if matches!(self.closer(), Kind::ParenClose | Kind::ListClose) && self.starts_item(index) {
            let keep = self
                .groups
                .iter()
                .rposition(|it| !matches!(it.closer, Kind::ParenClose | Kind::ListClose));
            self.close_down_to(keep.map_or(1, |keep| keep + 1), noticed);
        }
    }

    /// Whether `path =`, `kind label {` or a declaration stands here, so that a new item begins.
    pub(super) fn starts_item(&self, index: usize) -> bool {
        if self.starts_declaration(index) && !matches!(self.kind_at(index), Kind::For | Kind::If) {
            return true;
        }
        let mut at = index;
        loop {
            let Some(after) = self.after_key(at) else { return false };
            let kind = self.kind_at(after);
            if kind != Kind::Dot {
                // `name: type` begins a field of a schema; in lists and calls it is none.
                let field = kind == Kind::Colon && self.closer() == Kind::BraceClose;
                return kind == Kind::Equals || field;
            }
            at = after + 1;
        }
    }

    /// Whether a word that only an item begins with stands here, or `kind label {`.
    pub(super) fn starts_declaration(&self, index: usize) -> bool {
        let kind = self.word(index, true);
        if (Kind::Let..=Kind::If).contains(&kind) {
            return true;
        }
        kind == Kind::Name
            && !matches!(self.kind_at(index + 1), Kind::Dot | Kind::Equals)
            && if self.kind_at(index + 1) == Kind::Path {
                Some(index + 2)
            } else {
                self.after_key(index + 1)
            }
            .is_some_and(|after| self.kind_at(after) == Kind::BraceOpen)
    }

    /// Where a key (a word or a string) ends.
    pub(super) fn after_key(&self, index: usize) -> Option<usize> {
        let kind = self.kind_at(index);
        if kind.is_word() {
            return Some(index + 1);
        }
        if !matches!(kind, Kind::StringOpen | Kind::BlockOpen) {
            return None;
        }
        let mut depth = 0u32;
        for (at, token) in self.raw.iter().enumerate().skip(index) {
            if token.kind.is_string_open() {
                depth += 1;
            } else if token.kind == Kind::StringClose {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
        }
        None
    }

    /// The kind of a token, where words of the language that stand as names are names.
    pub(super) fn word_in_place(&self, index: usize) -> Kind {
        self.word(index, false)
    }

    pub(super) fn word(&self, index: usize, begins_line: bool) -> Kind {
        let kind = self.kind_at(index);
        if !kind.is_keyword() {
            return kind;
        }
        let item = || {
            matches!(self.closer(), Kind::BraceClose | Kind::End)
                && (begins_line || self.after_item())
        };
        let value = matches!(kind, Kind::True | Kind::False | Kind::SelfWord | Kind::Unset);
        let after_dot =
            index.checked_sub(1).is_some_and(|before| self.kind_at(before) == Kind::Dot);
        let next = self.kind_at(index + 1);
        let is_name = after_dot
            || next == Kind::Equals
            || !value && matches!(next, Kind::Dot | Kind::Colon) && item()
            || next == Kind::BraceOpen
                && !value
                && !matches!(kind, Kind::Then | Kind::Else)
                && item();
        if is_name { Kind::Name } else { kind }
    }

    /// Whether an item may begin after what has gone out.
    pub(super) fn after_item(&self) -> bool {
        self.out.last().is_none_or(|last| {
            matches!(
                last.kind,
                Kind::Line
                    | Kind::Comma
                    | Kind::BraceOpen
                    | Kind::Default
                    | Kind::Override
                    | Kind::Extend
            )
        })
    }
}
