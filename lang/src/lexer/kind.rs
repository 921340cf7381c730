//! The kinds of tokens, and the words of the language.

/// What a token is. Highlighting and the parser read the same kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    Name,

    // Words of the language; before `=`, `.` or their own `{` they are names.
    Let,
    Fn,
    Schema,
    Enum,
    Import,
    Pub,
    Extend,
    Default,
    Override,
    For,
    If,
    Then,
    Else,
    Match,
    With,
    Is,
    Has,
    In,
    And,
    Or,
    Not,
    True,
    False,
    SelfWord,
    Unset,

    /// Whatever begins with a digit, and IPv6 addresses: numbers, durations, sizes, ports.
    Number,
    Path,
    File,

    /// `"`, `"""`, `nix"`, `nix"""` where a string begins.
    StringOpen,
    BlockOpen,
    NixOpen,
    NixBlockOpen,
    /// The quotes where a string ends.
    StringClose,
    /// Text of a string as it stands.
    Text,
    /// `\n` and its like in a one-line string.
    Escape,
    /// `$${`
    Dollar,
    /// `${` and its `}`
    HoleOpen,
    HoleClose,

    BraceOpen,
    BraceClose,
    ListOpen,
    ListClose,
    ParenOpen,
    ParenClose,

    Comma,
    Colon,
    Dot,
    Equals,
    FatArrow,
    Arrow,
    Pipe,
    Bar,
    Ampersand,
    Question,
    OrElse,
    EqualEqual,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Minus,
    Star,
    Slash,

    Comment,
    DocComment,
    /// The end of a line that ends an item.
    Line,
    /// What is no token; a diagnostic says why.
    Wrong,
    /// The end of the file.
    End,
}

/// The words of the language, in the order of the alphabet.
const WORDS: &[(&str, TokenKind)] = &[
    ("and", TokenKind::And),
    ("default", TokenKind::Default),
    ("else", TokenKind::Else),
    ("enum", TokenKind::Enum),
    ("extend", TokenKind::Extend),
    ("false", TokenKind::False),
    ("fn", TokenKind::Fn),
    ("for", TokenKind::For),
    ("has", TokenKind::Has),
    ("if", TokenKind::If),
    ("import", TokenKind::Import),
    ("in", TokenKind::In),
    ("is", TokenKind::Is),
    ("let", TokenKind::Let),
    ("match", TokenKind::Match),
    ("not", TokenKind::Not),
    ("or", TokenKind::Or),
    ("override", TokenKind::Override),
    ("pub", TokenKind::Pub),
    ("schema", TokenKind::Schema),
    ("self", TokenKind::SelfWord),
    ("then", TokenKind::Then),
    ("true", TokenKind::True),
    ("unset", TokenKind::Unset),
    ("with", TokenKind::With),
];

/// Marks, as they are written.
const MARKS: &[(TokenKind, &str)] = &[
    (TokenKind::Comma, ","),
    (TokenKind::Colon, ":"),
    (TokenKind::Dot, "."),
    (TokenKind::Equals, "="),
    (TokenKind::FatArrow, "=>"),
    (TokenKind::Arrow, "->"),
    (TokenKind::StringOpen, "\""),
    (TokenKind::BlockOpen, "\"\"\""),
    (TokenKind::NixOpen, "nix\""),
    (TokenKind::NixBlockOpen, "nix\"\"\""),
    (TokenKind::HoleOpen, "${"),
    (TokenKind::HoleClose, "}"),
    (TokenKind::BraceOpen, "{"),
    (TokenKind::BraceClose, "}"),
    (TokenKind::ListOpen, "["),
    (TokenKind::ListClose, "]"),
    (TokenKind::ParenOpen, "("),
    (TokenKind::ParenClose, ")"),
    (TokenKind::Pipe, "|>"),
    (TokenKind::Bar, "|"),
    (TokenKind::Ampersand, "&"),
    (TokenKind::Question, "?"),
    (TokenKind::OrElse, "??"),
    (TokenKind::EqualEqual, "=="),
    (TokenKind::NotEqual, "!="),
    (TokenKind::Less, "<"),
    (TokenKind::LessEqual, "<="),
    (TokenKind::Greater, ">"),
    (TokenKind::GreaterEqual, ">="),
    (TokenKind::Plus, "+"),
    (TokenKind::Minus, "-"),
    (TokenKind::Star, "*"),
    (TokenKind::Slash, "/"),
];

impl TokenKind {
    /// Every mark and every word of the language, as it is written.
    pub(crate) fn written() -> impl Iterator<Item = (TokenKind, &'static str)> {
        MARKS.iter().copied().chain(WORDS.iter().map(|(word, kind)| (*kind, *word)))
    }

    /// How a mark or a word of the language is written.
    #[must_use]
    pub fn mark(self) -> Option<&'static str> {
        TokenKind::written().find(|(kind, _)| *kind == self).map(|(_, mark)| mark)
    }

    /// The kind of a word: one of the language's own, or a name.
    #[must_use]
    pub fn of_word(word: &str) -> TokenKind {
        match WORDS.binary_search_by(|(known, _)| (*known).cmp(word)) {
            Ok(index) => WORDS.get(index).map_or(TokenKind::Name, |(_, kind)| *kind),
            Err(_) => TokenKind::Name,
        }
    }

    /// Whether this is a word of the language.
    #[must_use]
    pub fn is_keyword(self) -> bool {
        (TokenKind::Let..=TokenKind::Unset).contains(&self)
    }

    /// Whether this is a name or a word of the language.
    #[must_use]
    pub fn is_word(self) -> bool {
        (TokenKind::Name..=TokenKind::Unset).contains(&self)
    }

    /// Whether a string begins here.
    #[must_use]
    pub fn is_string_open(self) -> bool {
        (TokenKind::StringOpen..=TokenKind::NixBlockOpen).contains(&self)
    }

    /// Whether this opens something that must be closed; strings count.
    #[must_use]
    pub fn opens(self) -> bool {
        self.closer().is_some()
    }

    /// Whether this closes something.
    #[must_use]
    pub fn closes(self) -> bool {
        [
            TokenKind::StringClose,
            TokenKind::HoleClose,
            TokenKind::BraceClose,
            TokenKind::ListClose,
            TokenKind::ParenClose,
        ]
        .contains(&self)
    }

    /// What closes this.
    #[must_use]
    pub fn closer(self) -> Option<TokenKind> {
        if self.is_string_open() {
            return Some(TokenKind::StringClose);
        }
        [
            (TokenKind::HoleOpen, TokenKind::HoleClose),
            (TokenKind::BraceOpen, TokenKind::BraceClose),
            (TokenKind::ListOpen, TokenKind::ListClose),
            (TokenKind::ParenOpen, TokenKind::ParenClose),
        ]
        .into_iter()
        .find(|(open, _)| *open == self)
        .map(|(_, close)| close)
    }

    /// Whether a value goes on after this: a line that ends in it goes on with the next one.
    pub(crate) fn continues(self) -> bool {
        (TokenKind::Comma..=TokenKind::Slash).contains(&self) && self != TokenKind::Question
            || (TokenKind::Then..=TokenKind::Else).contains(&self)
            || (TokenKind::With..=TokenKind::Not).contains(&self)
    }

    /// Whether a value or a closing mark ends here, so that an operator may follow.
    pub(crate) fn ends_value(self) -> bool {
        self.is_word() && !self.continues()
            || self.closes()
            || [
                TokenKind::Number,
                TokenKind::Path,
                TokenKind::File,
                TokenKind::Question,
                TokenKind::Wrong,
            ]
            .contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, WORDS};

    #[test]
    fn words_are_in_order_so_that_the_search_finds_them() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(TokenKind::of_word("unset"), TokenKind::Unset);
        assert_eq!(TokenKind::of_word("and"), TokenKind::And);
        assert_eq!(TokenKind::of_word("service"), TokenKind::Name);
        assert!(WORDS.iter().all(|(_, kind)| kind.is_keyword()));
    }
}
