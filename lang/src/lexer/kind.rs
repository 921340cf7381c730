//! The kinds of tokens, and the words of the language.

/// What a token is. Highlighting and the parser read the same kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
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
const WORDS: &[(&str, Kind)] = &[
    ("and", Kind::And),
    ("default", Kind::Default),
    ("else", Kind::Else),
    ("enum", Kind::Enum),
    ("extend", Kind::Extend),
    ("false", Kind::False),
    ("fn", Kind::Fn),
    ("for", Kind::For),
    ("has", Kind::Has),
    ("if", Kind::If),
    ("import", Kind::Import),
    ("in", Kind::In),
    ("is", Kind::Is),
    ("let", Kind::Let),
    ("match", Kind::Match),
    ("not", Kind::Not),
    ("or", Kind::Or),
    ("override", Kind::Override),
    ("pub", Kind::Pub),
    ("schema", Kind::Schema),
    ("self", Kind::SelfWord),
    ("then", Kind::Then),
    ("true", Kind::True),
    ("unset", Kind::Unset),
    ("with", Kind::With),
];

/// Marks, as they are written.
const MARKS: &[(Kind, &str)] = &[
    (Kind::Comma, ","),
    (Kind::Colon, ":"),
    (Kind::Dot, "."),
    (Kind::Equals, "="),
    (Kind::FatArrow, "=>"),
    (Kind::Arrow, "->"),
    (Kind::StringOpen, "\""),
    (Kind::BlockOpen, "\"\"\""),
    (Kind::NixOpen, "nix\""),
    (Kind::NixBlockOpen, "nix\"\"\""),
    (Kind::HoleOpen, "${"),
    (Kind::HoleClose, "}"),
    (Kind::BraceOpen, "{"),
    (Kind::BraceClose, "}"),
    (Kind::ListOpen, "["),
    (Kind::ListClose, "]"),
    (Kind::ParenOpen, "("),
    (Kind::ParenClose, ")"),
    (Kind::Pipe, "|>"),
    (Kind::Bar, "|"),
    (Kind::Ampersand, "&"),
    (Kind::Question, "?"),
    (Kind::OrElse, "??"),
    (Kind::EqualEqual, "=="),
    (Kind::NotEqual, "!="),
    (Kind::Less, "<"),
    (Kind::LessEqual, "<="),
    (Kind::Greater, ">"),
    (Kind::GreaterEqual, ">="),
    (Kind::Plus, "+"),
    (Kind::Minus, "-"),
    (Kind::Star, "*"),
    (Kind::Slash, "/"),
];

impl Kind {
    /// Every mark and every word of the language, as it is written.
    pub(crate) fn written() -> impl Iterator<Item = (Kind, &'static str)> {
        MARKS.iter().copied().chain(WORDS.iter().map(|(word, kind)| (*kind, *word)))
    }

    /// How a mark or a word of the language is written.
    #[must_use]
    pub fn mark(self) -> Option<&'static str> {
        Kind::written().find(|(kind, _)| *kind == self).map(|(_, mark)| mark)
    }

    /// The kind of a word: one of the language's own, or a name.
    #[must_use]
    pub fn of_word(word: &str) -> Kind {
        match WORDS.binary_search_by(|(known, _)| (*known).cmp(word)) {
            Ok(index) => WORDS.get(index).map_or(Kind::Name, |(_, kind)| *kind),
            Err(_) => Kind::Name,
        }
    }

    /// Whether this is a word of the language.
    #[must_use]
    pub fn is_keyword(self) -> bool {
        (Kind::Let..=Kind::Unset).contains(&self)
    }

    /// Whether this is a name or a word of the language.
    #[must_use]
    pub fn is_word(self) -> bool {
        (Kind::Name..=Kind::Unset).contains(&self)
    }

    /// Whether a string begins here.
    #[must_use]
    pub fn is_string_open(self) -> bool {
        (Kind::StringOpen..=Kind::NixBlockOpen).contains(&self)
    }

    /// Whether this opens something that must be closed; strings count.
    #[must_use]
    pub fn opens(self) -> bool {
        self.closer().is_some()
    }

    /// Whether this closes something.
    #[must_use]
    pub fn closes(self) -> bool {
        [Kind::StringClose, Kind::HoleClose, Kind::BraceClose, Kind::ListClose, Kind::ParenClose]
            .contains(&self)
    }

    /// What closes this.
    #[must_use]
    pub fn closer(self) -> Option<Kind> {
        if self.is_string_open() {
            return Some(Kind::StringClose);
        }
        [
            (Kind::HoleOpen, Kind::HoleClose),
            (Kind::BraceOpen, Kind::BraceClose),
            (Kind::ListOpen, Kind::ListClose),
            (Kind::ParenOpen, Kind::ParenClose),
        ]
        .into_iter()
        .find(|(open, _)| *open == self)
        .map(|(_, close)| close)
    }

    /// Whether a value goes on after this: a line that ends in it goes on with the next one.
    pub(crate) fn continues(self) -> bool {
        (Kind::Comma..=Kind::Slash).contains(&self) && self != Kind::Question
            || (Kind::Then..=Kind::Else).contains(&self)
            || (Kind::With..=Kind::Not).contains(&self)
    }

    /// Whether a value or a closing mark ends here, so that an operator may follow.
    pub(crate) fn ends_value(self) -> bool {
        self.is_word() && !self.continues()
            || self.closes()
            || [Kind::Number, Kind::Path, Kind::File, Kind::Question, Kind::Wrong].contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, WORDS};

    #[test]
    fn words_are_in_order_so_that_the_search_finds_them() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(Kind::of_word("unset"), Kind::Unset);
        assert_eq!(Kind::of_word("and"), Kind::And);
        assert_eq!(Kind::of_word("service"), Kind::Name);
        assert!(WORDS.iter().all(|(_, kind)| kind.is_keyword()));
    }
}
