//! Raw tokens to tokens for the parser: which line ends count, which words are names, what closes what.
//!
//! The result is balanced, whatever the text: what is not closed is closed where it must have ended,
//! with a diagnostic. So one missing brace does not hide the rest of a file, and the parser need not
//! know about it. Nesting and the height of expressions are within limits, so that nothing that
//! walks the tree recurses deeply.

use crate::diagnostic::{
    Diagnostic,
    codes::{lexical, syntax},
};
use crate::source::SourceFile;
use crate::span::Span;

use super::{Kind, Lines, Token, scan::MAX_DIAGNOSTICS};

/// How deep brackets nest.
const MAX_NESTING: usize = 128;

/// How high a tree may become: operators and words in one item or element, with what stands in its brackets.
const MAX_HEIGHT: u32 = 400;

/// Lays out `raw`; diagnostics go to the end of `diagnostics`.
pub(super) fn layout(
    source: &SourceFile,
    raw: &[Token],
    lines: Lines,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Token> {
    let run = |careful| {
        let mut layout = Layout {
            source,
            raw,
            lines,
            careful,
            unbalanced: false,
            nesting: 0,
            out: Vec::with_capacity(raw.len() + 1),
            groups: vec![Group::new(None, Kind::End)],
            diagnostics: Vec::new(),
        };
        layout.run();
        layout
    };
    let mut layout = run(false);
    if layout.unbalanced {
        // A second look, in which indentation and the beginnings of lines tell what was meant.
        layout = run(true);
    }
    diagnostics.append(&mut layout.diagnostics);
    layout.out
}

/// What is open: the file itself, a bracket, a hole or a string.
struct Group {
    /// Where it was opened, among the tokens that go out; nothing for the file.
    open: Option<usize>,
    /// What closes it.
    closer: Kind,
    /// Where the item or element that is being read begins.
    segment: usize,
    /// Operators and words in this segment, and the height of the highest bracket in it.
    steps: u32,
    height: u32,
    /// The height of the highest segment until now.
    highest: u32,
    /// In a list: the segment began with `for` or `if`, and its `:` is still to come.
    clauses: bool,
}

impl Group {
    fn new(open: Option<usize>, closer: Kind) -> Group {
        let segment = open.map_or(0, |open| open + 1);
        Group { open, closer, segment, steps: 0, height: 0, highest: 0, clauses: false }
    }
}

struct Layout<'s> {
    source: &'s SourceFile,
    raw: &'s [Token],
    lines: Lines,
    /// Whether indentation counts.
    careful: bool,
    unbalanced: bool,
    nesting: usize,
    out: Vec<Token>,
    groups: Vec<Group>,
    diagnostics: Vec<Diagnostic>,
}

impl Layout<'_> {
    fn run(&mut self) {
        let mut line = true;
        let mut index = 0;
        while let Some(token) = self.raw.get(index).copied() {
            if token.kind == Kind::Line {
                line = true;
                index += 1;
                continue;
            }
            if line {
                self.begin_line(index);
            }
            let kind = self.word_in_place(index);
            let token = Token { kind, ..token };
            index += 1;
            if kind.closes() {
                self.close(token, line);
            } else if !kind.opens() {
                self.push(token);
            } else if !kind.is_string_open() && self.nesting >= MAX_NESTING {
                index = self.skip_group(token, index);
            } else {
                self.open(token);
            }
            line = false;
        }
        let end = self.source.text.len() as u32;
        self.close_down_to(1, None);
        self.end_segment();
        self.out.push(Token { kind: Kind::End, tight: false, start: end, end, mate: 0 });
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.source.id, token.start, token.end)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() <= MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn closer(&self) -> Kind {
        self.groups.last().map_or(Kind::End, |group| group.closer)
    }

    fn kind_at(&self, index: usize) -> Kind {
        self.raw.get(index).map_or(Kind::End, |token| token.kind)
    }

    /// Adds a token that neither opens nor closes.
    fn push(&mut self, token: Token) {
        if token.kind == Kind::Comma {
            self.end_segment();
        }
        let first = self.groups.last().is_some_and(|group| group.segment == self.out.len());
        self.out.push(token);
        let length = self.out.len();
        let Some(group) = self.groups.last_mut() else { return };
        if matches!(token.kind, Kind::Comma | Kind::Line) {
            group.segment = length;
        } else if matches!(token.kind, Kind::For | Kind::If) && first {
            group.clauses = group.closer == Kind::ListClose;
        } else if matches!(token.kind, Kind::Colon | Kind::Then) {
            group.clauses = false;
        }
        let plain = [Kind::Name, Kind::Number, Kind::Path, Kind::File, Kind::Wrong];
        let in_string = (Kind::Text..=Kind::Dollar).contains(&token.kind);
        if !plain.contains(&token.kind) && !in_string && token.kind != Kind::Line {
            group.steps += 1;
        }
    }

    fn open(&mut self, token: Token) {
        if let (Kind::ParenOpen, Some(group)) = (token.kind, self.groups.last_mut()) {
            group.steps += 1;
        }
        if !token.kind.is_string_open() {
            self.nesting += 1;
        }
        let group = Group::new(Some(self.out.len()), token.kind.closer().unwrap_or(Kind::End));
        self.groups.push(group);
        self.out.push(token);
    }

    /// Ends the item or element that is being read; replaces it where it is too high.
    fn end_segment(&mut self) {
        let Some(group) = self.groups.last_mut() else { return };
        let mut height = group.steps + group.height;
        let too_high =
            (height > MAX_HEIGHT).then(|| self.out.get(group.segment).copied()).flatten();
        if let (Some(first), Some(last)) = (too_high, self.out.last().copied()) {
            self.out.truncate(group.segment);
            let wrong = Token { kind: Kind::Wrong, end: last.end, ..first };
            self.out.push(wrong);
            height = 1;
            let at = Span::new(self.source.id, first.start, last.end);
            let diagnostic =
                Diagnostic::error(lexical::TOO_LONG, at, "too many operators are joined here")
                    .help("put the parts into a list, or give some of them names with `let`");
            if self.diagnostics.len() <= MAX_DIAGNOSTICS {
                self.diagnostics.push(diagnostic);
            }
        }
        group.highest = group.highest.max(height);
        group.steps = 0;
        group.height = 0;
        group.clauses = false;
        group.segment = self.out.len();
    }

    /// Closes the innermost group with this token.
    fn pop(&mut self, closer: Token) {
        self.end_segment();
        let Some(group) = self.groups.pop() else { return };
        let mate = self.out.len() as u32;
        let open = group.open.and_then(|open| self.out.get_mut(open));
        if let Some(open) = open {
            open.mate = mate;
            if !open.kind.is_string_open() {
                self.nesting -= 1;
            }
        }
        self.out.push(closer);
        if let Some(parent) = self.groups.last_mut() {
            parent.height = parent.height.max(group.highest + 1);
        }
    }

    /// Closes what is open inside of the groups `0..keep`, and says so at the innermost.
    fn close_down_to(&mut self, keep: usize, noticed: Option<(Token, &str)>) {
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
            if !told && !matches!(self.closer(), Kind::HoleClose | Kind::StringClose) {
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

    fn close(&mut self, token: Token, first_on_line: bool) {
        let hard = matches!(token.kind, Kind::HoleClose | Kind::StringClose);
        // What is open in a hole must be closed in it.
        let found = self
            .groups
            .iter()
            .rposition(|group| {
                group.closer == token.kind
                    || !hard && matches!(group.closer, Kind::HoleClose | Kind::StringClose)
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
        if self.careful && token.kind == Kind::BraceClose && first_on_line {
            found = self.by_indentation(found, token);
        }
        self.close_down_to(found + 1, Some((token, "here something around it ends")));
        self.pop(token);
    }

    /// Whether `)` or `]` may close a group although braces are open in it: only on one line.
    fn may_close(&self, found: usize, token: Token) -> bool {
        let line = self.source.lines.line(token.start);
        self.groups.iter().skip(found + 1).all(|group| {
            group.closer != Kind::BraceClose
                || token.kind == Kind::BraceClose
                || group
                    .open
                    .and_then(|open| self.out.get(open))
                    .is_some_and(|open| self.source.lines.line(open.start) == line)
        })
    }

    /// The group that a `}` at the beginning of a line closes, if its indentation tells.
    fn by_indentation(&self, found: usize, token: Token) -> usize {
        let indent = self.indent(token);
        let opened_at = |index: usize| {
            let group = self.groups.get(index)?;
            let open = group.open.and_then(|open| self.out.get(open)).copied()?;
            (group.closer == Kind::BraceClose).then(|| self.indent(open))
        };
        if opened_at(found).is_none_or(|it| it <= indent) {
            return found;
        }
        let floor = self.groups.iter().rposition(|group| group.closer == Kind::HoleClose);
        (floor.map_or(1, |floor| floor + 1)..found)
            .rev()
            .find(|index| opened_at(*index) == Some(indent))
            .unwrap_or(found)
    }

    /// How far the line of a token is indented.
    fn indent(&self, token: Token) -> usize {
        let start = self.source.lines.start(self.source.lines.line(token.start));
        let line = self.source.text.get(start as usize..).unwrap_or("");
        line.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
    }

    /// Leaves out a group that is nested too deep.
    fn skip_group(&mut self, token: Token, mut index: usize) -> usize {
        let at = self.span(token);
        let message = format!("brackets are nested more than {MAX_NESTING} deep here");
        self.report(
            Diagnostic::error(lexical::TOO_DEEP, at, message)
                .help("give an inner part a name with `let`"),
        );
        let mut depth = 1;
        let mut end = token.end;
        while depth > 0 {
            let Some(next) = self.raw.get(index) else { break };
            if next.kind.opens() {
                depth += 1;
            } else if next.kind.closes() {
                depth -= 1;
            }
            end = next.end;
            index += 1;
        }
        self.push(Token { kind: Kind::Wrong, end, ..token });
        index
    }

    /// At the first token of a line: does the line end before it count?
    fn begin_line(&mut self, index: usize) {
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
    fn goes_on(&self, last: Token) -> bool {
        let before = self.out.len().checked_sub(2).and_then(|index| self.out.get(index));
        // A `/` where a value is wanted is the root directory.
        let root =
            last.kind == Kind::Slash && before.is_none_or(|before| !before.kind.ends_value());
        last.kind.continues() && !root
    }

    /// Whether a line that begins with this token carries on the one before it.
    fn carries_on(&self, index: usize) -> bool {
        let kind = self.word(index, true);
        matches!(kind, Kind::Pipe | Kind::And | Kind::Or | Kind::OrElse | Kind::Then)
            || kind == Kind::Else && self.kind_at(index + 1) != Kind::FatArrow
    }

    /// Closes what cannot go on where this line begins.
    fn close_by_line(&mut self, index: usize, next: Token) {
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
    fn starts_item(&self, index: usize) -> bool {
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
    fn starts_declaration(&self, index: usize) -> bool {
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
    fn after_key(&self, index: usize) -> Option<usize> {
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
    fn word_in_place(&self, index: usize) -> Kind {
        self.word(index, false)
    }

    fn word(&self, index: usize, begins_line: bool) -> Kind {
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
    fn after_item(&self) -> bool {
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
