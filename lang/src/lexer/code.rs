//! The three sets of raw tokens: code, one-line strings, multi-line strings.

use logos::Logos;

#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(skip r"[ \t]+")]
pub(super) enum Code {
    #[regex(r"\r?\n")]
    Line,
    #[token("\r")]
    LoneReturn,
    #[regex(r"#[^\r\n]*", allow_greedy = true)]
    Comment,

    // A `-` belongs to a name only between its letters.
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*(-+[A-Za-z0-9_]+)*")]
    Word,
    // Everything that touches a digit is one token, which is valid or refused as a whole.
    #[regex(r"[0-9][0-9A-Za-z_]*(\.+[0-9A-Za-z_]+)*(/[0-9A-Za-z._+@/-]*)?")]
    Number,
    #[regex(r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(/[0-9]+)?")]
    Colons,
    #[regex(r"/[0-9A-Za-z._+@/-]+")]
    Path,
    #[regex(r"\.\.?/[0-9A-Za-z._+@/-]*")]
    File,

    #[token("\"")]
    StringOpen,
    #[token("\"\"\"")]
    BlockOpen,
    #[token("nix\"")]
    NixOpen,
    #[token("nix\"\"\"")]
    NixBlockOpen,

    #[token("{")]
    BraceOpen,
    #[token("}")]
    BraceClose,
    #[token("[")]
    ListOpen,
    #[token("]")]
    ListClose,
    #[token("(")]
    ParenOpen,
    #[token(")")]
    ParenClose,

    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("=")]
    Equals,
    #[token("=>")]
    FatArrow,
    #[token("->")]
    Arrow,
    #[token("|>")]
    Pipe,
    #[token("|")]
    Bar,
    #[token("&")]
    Ampersand,
    #[token("?")]
    Question,
    #[token("??")]
    OrElse,
    #[token("==")]
    EqualEqual,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,

    // What people write who come from elsewhere.
    #[token("&&")]
    ForeignAnd,
    #[token("||")]
    ForeignOr,
    #[token("|||")]
    ForeignBlock,
    #[token("!")]
    ForeignNot,
    #[token("===")]
    ForeignEqual,
    #[token("!==")]
    #[token("<>")]
    ForeignNotEqual,
    #[token(";")]
    Semicolon,
    #[token("/*")]
    ForeignComment,
    #[regex(r"'[^'\r\n]*'")]
    #[regex(r"`[^`\r\n]*`")]
    #[regex(r"[“„«][^”“»\r\n]*[”“»]")]
    ForeignQuoted,
    #[regex(r"[^\x00-\x7F]+")]
    NonAscii,
}

#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    #[regex(r#"[^"\\$\r\n]+"#)]
    #[token("$")]
    Text,
    #[regex(r"\\u\{[0-9A-Fa-f]*\}")]
    #[regex(r"\\[^\r\n]")]
    Escape,
    #[token("$${")]
    Dollar,
    #[token("${")]
    Hole,
    #[token("\"")]
    Close,
    #[regex(r"\r?\n")]
    End,
    #[token("\r")]
    LoneReturn,
}

#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    #[regex(r#"[^"$\r]+"#)]
    #[token("$")]
    #[token("\"")]
    #[token("\r\n")]
    Text,
    #[token("$${")]
    Dollar,
    #[token("${")]
    Hole,
    #[token("\"\"\"")]
    Close,
    #[token("\r")]
    LoneReturn,
}
