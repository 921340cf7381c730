//! Changes that know the pieces of the language: tokens, what brackets hold, items.

use std::ops::Range;

use qg_lang::lexer::{TokenKind, tokens};
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;

use super::Random;

/// A text and its pieces, as ranges of bytes.
#[derive(Debug)]
pub(super) struct Text {
    text: String,
    tokens: Vec<(TokenKind, Range<usize>)>,
    /// What brackets and quotes hold, with them.
    groups: Vec<Range<usize>>,
}

impl Text {
    pub(super) fn of(text: &str) -> Text {
        let source = SourceFile::new(FileId(0), "a.qg", text);
        let tokens: Vec<_> =
            tokens(&source).into_iter().map(|it| (it.kind, it.span.range())).collect();
        let mut groups = Vec::new();
        let mut open = Vec::new();
        for (kind, range) in &tokens {
            if opens(*kind) {
                open.push(range.start);
            } else if closes(*kind) {
                groups.extend(open.pop().map(|start| start..range.end));
            }
        }
        Text { text: text.to_owned(), tokens, groups }
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn tokens(&self) -> &[(TokenKind, Range<usize>)] {
        &self.tokens
    }

    /// This text with something in place of a range.
    pub(super) fn with(&self, range: Range<usize>, new: &str) -> String {
        let (before, after) = (self.slice(0..range.start), self.slice(range.end..self.len()));
        format!("{before}{new}{after}")
    }

    /// Some tokens in a row.
    fn run(&self, random: &mut Random) -> Option<Range<usize>> {
        let from = random.below(self.tokens.len());
        let to = (from + random.below(4)).min(self.tokens.len().checked_sub(1)?);
        Some(self.tokens[from].1.start..self.tokens[to].1.end)
    }

    /// What some brackets hold.
    pub(super) fn group(&self, random: &mut Random) -> Option<Range<usize>> {
        self.groups.get(random.below(self.groups.len())).cloned()
    }

    /// A line, with the whole of the block that begins in it.
    pub(super) fn item(&self, random: &mut Random) -> Option<Range<usize>> {
        let line = self.tokens.get(random.below(self.tokens.len()))?.1.start;
        let start = self.slice(0..line).rfind('\n').map_or(0, |at| at + 1);
        let end = |from: usize| {
            self.slice(from..self.len()).find('\n').map_or(self.len(), |at| from + at + 1)
        };
        let mut until = end(start);
        // A block that begins here ends further down.
        while let Some(group) =
            self.groups.iter().find(|it| (start..until).contains(&it.start) && it.end > until)
        {
            until = end(group.end);
        }
        Some(start..until)
    }
}

/// Whether brackets or quotes begin.
pub(super) fn opens(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::BraceOpen
            | TokenKind::ListOpen
            | TokenKind::ParenOpen
            | TokenKind::StringOpen
            | TokenKind::BlockOpen
            | TokenKind::NixOpen
            | TokenKind::NixBlockOpen
            | TokenKind::HoleOpen
    )
}

/// Whether brackets or quotes end.
pub(super) fn closes(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::BraceClose
            | TokenKind::ListClose
            | TokenKind::ParenClose
            | TokenKind::StringClose
            | TokenKind::HoleClose
    )
}

/// One change.
pub(super) fn change(text: &Text, other: &Text, random: &mut Random) -> String {
    try_change(text, other, random).unwrap_or_else(|| text.text.clone())
}

fn try_change(text: &Text, other: &Text, random: &mut Random) -> Option<String> {
    Some(match random.below(10) {
        // Deleted.
        0 => text.with(text.run(random)?, ""),
        1 => text.with(text.group(random)?, ""),
        2 => text.with(text.item(random)?, ""),
        // Doubled.
        3 => {
            let range = text.run(random)?;
            text.with(range.end..range.end, &format!(" {}", text.slice(range.clone())))
        }
        4 => {
            let range = text.item(random)?;
            text.with(range.end..range.end, text.slice(range.clone()))
        }
        // Swapped.
        5 => swapped(text, text.run(random)?, text.run(random)?)?,
        6 => swapped(text, text.group(random)?, text.group(random)?)?,
        // Spliced.
        7 => text.with(text.run(random)?, other.slice(other.run(random)?)),
        8 => text.with(text.group(random)?, other.slice(other.group(random)?)),
        _ => {
            let at = text.item(random)?.start;
            text.with(at..at, other.slice(other.item(random)?))
        }
    })
}

fn swapped(text: &Text, one: Range<usize>, two: Range<usize>) -> Option<String> {
    let (one, two) = if one.start <= two.start { (one, two) } else { (two, one) };
    (one.end <= two.start).then(|| {
        let all = one.start..two.end;
        let between = text.slice(one.end..two.start);
        let new = format!("{}{between}{}", text.slice(two), text.slice(one));
        text.with(all, &new)
    })
}
