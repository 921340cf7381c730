//! Text to raw tokens: code and strings in turn, on a stack, so that strings and the code in their
//! holes may nest. Every string and every hole that is opened is closed in the result.

mod strings;

use logos::Logos;

use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;
use crate::span::Span;

use super::code::Code;
use super::{RawComment, Token, TokenKind, foreign, literal};

/// How many diagnostics of one file are worth reading.
pub(crate) const MAX_DIAGNOSTICS: usize = 100;

/// Raw tokens, with a [`TokenKind::Line`] for each line end; comments beside them.
pub(super) struct Scanned {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<RawComment>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

pub(super) fn scan(source: &SourceFile) -> Scanned {
    let mut scanner = Scanner {
        source,
        text: &source.text,
        // A byte order mark at the very start says nothing and is passed over.
        pos: if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        modes: Vec::new(),
        rescans: 0,
        found: Scanned { tokens: Vec::new(), comments: Vec::new(), diagnostics: Vec::new() },
    };
    loop {
        match scanner.modes.last() {
            None | Some(Mode::Hole { .. }) => scanner.code(),
            Some(Mode::Line { .. }) => scanner.line(),
            Some(Mode::Block { .. }) => scanner.block(),
        }
        if scanner.pos >= scanner.text.len() && !scanner.at_end() {
            break;
        }
    }
    scanner.found
}

#[derive(Clone, Copy)]
enum Mode {
    /// In `${ … }`; how many braces are open in it.
    Hole { opened: usize, braces: u32, one_line: bool },
    /// In `"…"`.
    Line { opened: usize },
    /// In `"""…"""`; how much had been found when it began.
    Block { opened: usize, begun: usize, tokens: usize, comments: usize, diagnostics: usize },
}

struct Scanner<'s> {
    source: &'s SourceFile,
    text: &'s str,
    pos: usize,
    modes: Vec<Mode>,
    rescans: u32,
    found: Scanned,
}

impl Scanner<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source.id, start as u32, end as u32)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        // One more than is shown, so that it is known that there are more.
        if self.found.diagnostics.len() <= MAX_DIAGNOSTICS {
            self.found.diagnostics.push(diagnostic);
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        let tight = self.found.tokens.last().is_some_and(|last| last.end as usize == start)
            && self.found.comments.last().is_none_or(|last| last.end as usize != start);
        let (start, end) = (start as u32, end as u32);
        self.found.tokens.push(Token { kind, tight, start, end, mate: 0 });
    }

    /// The last token, where this place touches it.
    fn touching(&self, start: usize) -> Option<Token> {
        self.found.tokens.last().copied().filter(|last| last.end as usize == start)
    }

    /// Reads code until a string or a hole begins or ends.
    fn code(&mut self) {
        let mut lexer = Code::lexer(self.text);
        lexer.bump(self.pos);
        while let Some(token) = lexer.next() {
            let range = lexer.span();
            let (start, end) = (range.start, range.end);
            self.pos = end;
            let Ok(token) = token else {
                self.unknown(start, end);
                continue;
            };
            let kind = match token {
                Code::Line => {
                    if self.in_one_line() {
                        self.pos = start;
                        return self.end_of_line();
                    }
                    TokenKind::Line
                }
                Code::Comment => {
                    self.comment(start, end);
                    continue;
                }
                Code::Word => TokenKind::of_word(self.text.get(start..end).unwrap_or("")),
                Code::Number => {
                    let length = foreign::date_length(self.text.get(start..).unwrap_or(""));
                    if length > 0 {
                        let end = start + length;
                        let written = self.text.get(start..end).unwrap_or("");
                        let diagnostic = foreign::date(self.span(start, end), written);
                        self.report(diagnostic);
                        self.push(TokenKind::Wrong, start, end);
                        self.pos = end;
                        return;
                    }
                    self.literal(start, end);
                    continue;
                }
                Code::Colons => {
                    let after = self.colons(start, end);
                    if after != end {
                        self.pos = after;
                        return;
                    }
                    continue;
                }
                Code::Path => {
                    if let Some(after) = self.slashes(start, end) {
                        self.pos = after;
                        return;
                    }
                    TokenKind::Path
                }
                Code::File => TokenKind::File,
                Code::StringOpen => return self.open(TokenKind::StringOpen, start, end),
                Code::BlockOpen => return self.open(TokenKind::BlockOpen, start, end),
                Code::NixOpen => return self.open(TokenKind::NixOpen, start, end),
                Code::NixBlockOpen => return self.open(TokenKind::NixBlockOpen, start, end),
                Code::BraceOpen => {
                    if let Some(Mode::Hole { braces, .. }) = self.modes.last_mut() {
                        *braces += 1;
                    }
                    TokenKind::BraceOpen
                }
                Code::BraceClose => match self.modes.last_mut() {
                    Some(Mode::Hole { braces: 0, .. }) => {
                        self.modes.pop();
                        return self.push(TokenKind::HoleClose, start, end);
                    }
                    Some(Mode::Hole { braces, .. }) => {
                        *braces -= 1;
                        TokenKind::BraceClose
                    }
                    Some(Mode::Line { .. } | Mode::Block { .. }) | None => TokenKind::BraceClose,
                },
                Code::ListOpen => TokenKind::ListOpen,
                Code::ListClose => TokenKind::ListClose,
                Code::ParenOpen => TokenKind::ParenOpen,
                Code::ParenClose => TokenKind::ParenClose,
                Code::Comma => TokenKind::Comma,
                Code::Colon => TokenKind::Colon,
                Code::Dot => TokenKind::Dot,
                Code::Equals => TokenKind::Equals,
                Code::FatArrow => TokenKind::FatArrow,
                Code::Arrow => TokenKind::Arrow,
                Code::Pipe => TokenKind::Pipe,
                Code::Bar => TokenKind::Bar,
                Code::Ampersand => TokenKind::Ampersand,
                Code::Question => TokenKind::Question,
                Code::OrElse => TokenKind::OrElse,
                Code::EqualEqual => TokenKind::EqualEqual,
                Code::NotEqual => TokenKind::NotEqual,
                Code::Less => TokenKind::Less,
                Code::LessEqual => TokenKind::LessEqual,
                Code::Greater => TokenKind::Greater,
                Code::GreaterEqual => TokenKind::GreaterEqual,
                Code::Plus => TokenKind::Plus,
                Code::Minus => TokenKind::Minus,
                Code::Star => TokenKind::Star,
                Code::Slash => TokenKind::Slash,
                Code::ForeignAnd => self.foreign(start, end, "and", TokenKind::And),
                Code::ForeignOr => {
                    let at = self.span(start, end);
                    self.report(foreign::or_else(at));
                    TokenKind::Or
                }
                Code::ForeignBlock => {
                    let at = self.span(start, end);
                    self.report(foreign::text_block(at));
                    TokenKind::Wrong
                }
                Code::ForeignNot => self.foreign(start, end, "not ", TokenKind::Not),
                Code::ForeignEqual => self.foreign(start, end, "==", TokenKind::EqualEqual),
                Code::ForeignNotEqual => self.foreign(start, end, "!=", TokenKind::NotEqual),
                Code::Semicolon => {
                    let at = self.span(start, end);
                    let rest = self.text.get(end..self.line_end(end)).unwrap_or("");
                    self.report(foreign::semicolon(at, rest));
                    TokenKind::Line
                }
                Code::ForeignComment => {
                    self.pos = self.foreign_comment(start);
                    return;
                }
                Code::ForeignQuoted => {
                    let written = self.text.get(start..end).unwrap_or("");
                    let diagnostic = foreign::quotes(self.span(start, end), written);
                    self.report(diagnostic);
                    TokenKind::Wrong
                }
                Code::LoneReturn => {
                    let at = self.span(start, end);
                    self.report(foreign::lone_return(at));
                    TokenKind::Line
                }
                Code::NonAscii => {
                    self.unknown(start, end);
                    continue;
                }
            };
            self.push(kind, start, end);
        }
        self.pos = self.text.len();
    }

    /// Takes up a comment; `##` is a doc comment where nothing stands before it on its line.
    fn comment(&mut self, start: usize, end: usize) {
        let alone = self.found.tokens.last().is_none_or(|last| last.kind == TokenKind::Line);
        let written = self.text.get(start..end).unwrap_or("");
        let doc = alone && written.starts_with("##") && !written.starts_with("###");
        self.found.comments.push(RawComment { start: start as u32, end: end as u32, doc });
    }

    fn foreign(&mut self, start: usize, end: usize, word: &str, kind: TokenKind) -> TokenKind {
        let written = self.text.get(start..end).unwrap_or("");
        let diagnostic = foreign::operator(self.span(start, end), written, word);
        self.report(diagnostic);
        kind
    }

    fn literal(&mut self, start: usize, end: usize) {
        let kind = match literal::read(self.text.get(start..end).unwrap_or("")) {
            Ok(_) => TokenKind::Number,
            Err(problem) => {
                let diagnostic = foreign::literal(self.span(start, end), problem);
                self.report(diagnostic);
                TokenKind::Wrong
            }
        };
        self.push(kind, start, end);
    }

    /// An IPv6 address, or what looks like one; answers where to read on.
    fn colons(&mut self, start: usize, end: usize) -> usize {
        let written = self.text.get(start..end).unwrap_or("");
        // An address never touches a word.
        if written.starts_with("::") && self.touching(start).is_some_and(|it| it.kind.is_word()) {
            let end = start + 2;
            let at = self.span(start, end);
            self.report(foreign::double_colon(at));
            self.push(TokenKind::Dot, start, end);
            return end;
        }
        // In `if a == fd00::1: x` the last colon is not the address's.
        let shorter = written.strip_suffix(':').filter(|it| !it.ends_with(':'));
        let end = match shorter {
            Some(shorter) if literal::read(written).is_err() => start + shorter.len(),
            Some(_) | None => end,
        };
        self.literal(start, end);
        end
    }

    /// `//`, which begins a comment elsewhere and stands in URLs. Answers where to read on.
    fn slashes(&mut self, start: usize, end: usize) -> Option<usize> {
        self.text.get(start..end).filter(|written| written.starts_with("//"))?;
        let before = self.found.tokens.last().copied();
        if before.is_some_and(|last| last.kind == TokenKind::Colon && last.end as usize == start) {
            let end = self.text.get(start..).map_or(end, |rest| start + foreign::url_length(rest));
            let scheme = self.found.tokens.len().checked_sub(2);
            let scheme = scheme.and_then(|at| self.found.tokens.get(at)).copied();
            let scheme = scheme.filter(|word| word.kind == TokenKind::Name);
            let from = scheme.map_or(start, |word| word.start as usize);
            let written = self.text.get(from..end).unwrap_or("");
            let diagnostic = foreign::bare_url(self.span(from, end), written);
            self.report(diagnostic);
            // The scheme and its colon are part of the URL.
            let kept = self.found.tokens.len() - if scheme.is_some() { 2 } else { 1 };
            self.found.tokens.truncate(kept);
            self.push(TokenKind::Wrong, from, end);
            return Some(end);
        }
        let at = self.span(start, start + 2);
        let finding = self.double_slash(start, at);
        self.report(finding);
        Some(self.line_end(start))
    }

    /// `//` between two values joins them elsewhere; anywhere else it begins a comment.
    fn double_slash(&self, start: usize, at: Span) -> Diagnostic {
        let rest = self.text.get(start + 2..self.line_end(start)).unwrap_or("").trim();
        let first = rest.split([' ', ';', ',', ')']).next().unwrap_or("");
        let last = self.found.tokens.last();
        let value = last.filter(|it| {
            matches!(it.kind, TokenKind::Name | TokenKind::Number) || it.kind.closes()
        });
        let alone = rest.trim_end_matches(';') == first && !first.is_empty();
        let joins = rest.starts_with(['{', '(']) || alone;
        match value {
            Some(left) if joins => {
                let left = self.text.get(left.start as usize..left.end as usize).unwrap_or("");
                let digits = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
                let numbers = (digits(left) && digits(first)).then_some((left, first));
                foreign::double_slash(at, numbers)
            }
            Some(_) | None => foreign::comment(at, "//"),
        }
    }

    /// `/* … */`; answers where to read on.
    fn foreign_comment(&mut self, start: usize) -> usize {
        let at = self.span(start, start + 2);
        self.report(foreign::comment(at, "/*"));
        let rest = self.text.get(start + 2..).unwrap_or("");
        match rest.find("*/") {
            Some(length) if !self.in_one_line() => start + 2 + length + 2,
            Some(_) | None => self.line_end(start),
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or("");
        from + rest.find(['\r', '\n']).unwrap_or(rest.len())
    }

    /// What is no token at all; a run of such characters is one finding.
    fn unknown(&mut self, start: usize, end: usize) {
        let last = self.found.tokens.last_mut();
        if let Some(last) = last
            && last.kind == TokenKind::Wrong
            && last.end as usize == start
        {
            last.end = end as u32;
            return;
        }
        let written = self.text.get(start..end).unwrap_or("");
        let touching = self
            .touching(start)
            .is_some_and(|last| matches!(last.kind, TokenKind::Equals | TokenKind::Not));
        let diagnostic = foreign::unknown(self.span(start, end), written, touching);
        self.report(diagnostic);
        if !foreign::is_blank(written) {
            self.push(TokenKind::Wrong, start, end);
        }
    }
}
