//! Where a question ends, what is asked in a line, and its colours. The language's own lexer tells.

use nu_ansi_term::{Color, Style};
use qg_lang::lexer::{TokenKind, tokens};
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;
use qg_lang::stack::MAX_NESTING;
use reedline::StyledText;

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Nothing,
    /// `:word rest`
    Command(&'a str, &'a str),
    /// `let name = expression`
    Let(&'a str, &'a str),
    Expr(&'a str),
}

impl<'a> Line<'a> {
    pub(super) fn of(text: &'a str) -> Line<'a> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix(':') {
            let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            return Line::Command(word, rest.trim());
        }
        let binds = text.strip_prefix("let").filter(|rest| rest.starts_with(char::is_whitespace));
        if let Some((name, expr)) = binds.and_then(|rest| rest.split_once('=')) {
            return Line::Let(name.trim(), expr.trim());
        }
        match text.is_empty() {
            true => Line::Nothing,
            false => Line::Expr(text),
        }
    }
}

/// Whether a text is a name, and no word of the language.
pub(super) fn is_name(text: &str) -> bool {
    matches!(tokens(&source(text)).as_slice(), [one] if one.kind == TokenKind::Name)
}

/// Lines that one question may have, and letters.
pub(super) const MOST_LINES: usize = 1000;
const MOST_LETTERS: usize = 1 << 20;

/// How far a question has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Whole,
    /// A bracket or a string of several lines is still open.
    Open,
    /// The same, and more is no question any more.
    Endless,
}

/// Whether a question goes on in the next line. An empty line ends the wait, and what nests too deep to
/// become a question.
pub(super) fn progress(text: &str) -> Progress {
    if text.len() > MOST_LETTERS || text.lines().nth(MOST_LINES).is_some() {
        return Progress::Endless;
    }
    if text.lines().next_back().is_some_and(|line| line.trim().is_empty()) {
        return Progress::Whole;
    }
    let mut open: Vec<TokenKind> = Vec::new();
    for token in tokens(&source(text)) {
        if open.len() > MAX_NESTING {
            return Progress::Whole;
        }
        if token.kind.opens() {
            open.push(token.kind);
        } else if token.kind.closes() {
            // What closes the wrong thing is a mistake, which the parser tells.
            match open.pop() {
                Some(kind) if kind.closer() == Some(token.kind) => {}
                Some(_) | None => return Progress::Whole,
            }
        }
    }
    // A string of one line does not go on.
    let ends = |kind: &TokenKind| matches!(kind, TokenKind::StringOpen | TokenKind::NixOpen);
    match open.is_empty() || open.iter().any(ends) {
        true => Progress::Whole,
        false => Progress::Open,
    }
}

pub(super) fn styled(text: &str) -> StyledText {
    let mut styled = StyledText::new();
    let mut done = 0;
    let mut push = |style: Style, range: std::ops::Range<usize>| {
        if let Some(part) = text.get(range).filter(|part| !part.is_empty()) {
            styled.push((style, part.to_owned()));
        }
    };
    for token in tokens(&source(text)) {
        let range = token.span.range();
        push(Style::default(), done..range.start);
        push(style(token.kind), range.clone());
        done = range.end;
    }
    push(Style::default(), done..text.len());
    styled
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "of the many tokens some have colours of their own"
)]
fn style(kind: TokenKind) -> Style {
    match kind {
        TokenKind::Comment | TokenKind::DocComment => Color::DarkGray.normal(),
        TokenKind::Number
        | TokenKind::True
        | TokenKind::False
        | TokenKind::Path
        | TokenKind::File => Color::Cyan.normal(),
        TokenKind::Escape | TokenKind::Dollar | TokenKind::HoleOpen | TokenKind::HoleClose => {
            Color::Yellow.normal()
        }
        TokenKind::Text | TokenKind::StringClose => Color::Green.normal(),
        TokenKind::Wrong => Color::Red.normal(),
        kind if kind.is_string_open() => Color::Green.normal(),
        kind if kind.is_keyword() => Color::Purple.normal(),
        _ => Style::default(),
    }
}

fn source(text: &str) -> SourceFile {
    SourceFile::new(FileId(0), "", text)
}

#[cfg(test)]
mod tests {
    use super::{Line, Progress, is_name, progress, styled};

    #[test]
    fn what_is_open_goes_on() {
        for open in [
            "[",
            "{ a = 1,",
            "(1 +",
            "[for s in service:\n  s.name",
            "\"\"\"\na",
            "[\"${a.b(1)}\",",
        ] {
            assert_eq!(progress(open), Progress::Open, "{open}");
        }
        for closed in [
            "",
            "1 +",
            "\"abc",
            "a)",
            "[1)",
            "{ a = \"}\" }",
            "\"\"\"\na\n\"\"\"",
            "[\n\n",
            "\"${a.b(",
        ] {
            assert_eq!(progress(closed), Progress::Whole, "{closed}");
        }
        assert_eq!(progress(&"[".repeat(1_000)), Progress::Whole);
        assert_eq!(progress(&("[\n".to_owned() + &"1,\n".repeat(1_000))), Progress::Endless);
    }

    #[test]
    fn lines() {
        assert_eq!(Line::of("  "), Line::Nothing);
        assert_eq!(Line::of(":type  a.b "), Line::Command("type", "a.b"));
        assert_eq!(Line::of("let x = a == b"), Line::Let("x", "a == b"));
        assert_eq!(Line::of("letter.x == 1"), Line::Expr("letter.x == 1"));
        assert!(is_name("a-b") && !is_name("for") && !is_name("x: int") && !is_name(""));
    }

    #[test]
    fn colours_change_no_letter() {
        for text in ["a \"ä${b} c\" 10s # é", "", "\"", "nix\"x\" ← ?"] {
            let whole: String = styled(text).buffer.into_iter().map(|(_, part)| part).collect();
            assert_eq!(whole, text);
        }
    }
}
