//! `# qg: allow(QG0545, QG0683) why`: one finding that a fleet puts up with, where it stands.

use crate::diagnostic::codes::{self, lexical};
use crate::diagnostic::{Code, Diagnostic, Tag};
use crate::lexer::{TokenKind, tokens};
use crate::source::{SourceFile, SourceMap};
use crate::span::Span;

/// What stands at the beginning of a comment that is for the compiler.
const MARK: &str = "qg:";

/// A code that is allowed on one line.
pub(super) struct Allowance {
    code: Code,
    /// The bytes of the line that it is about.
    line: Span,
    comment: Span,
    pub(super) used: bool,
}

impl Allowance {
    /// Whether it is about a finding of a code at a place.
    pub(super) fn is_of(&self, code: Code, place: Span) -> bool {
        let inside = self.line.start <= place.start && place.start < self.line.end;
        self.code == code && self.line.file == place.file && inside
    }

    /// What to say of it where it allowed nothing.
    pub(super) fn idle(&self) -> Diagnostic {
        let message = format!("there is no {} to be allowed here", self.code.id);
        Diagnostic::warning(lexical::IDLE_ALLOWANCE, self.comment, message)
            .help("take it away")
            .tag(Tag::Unnecessary)
    }
}

/// Every allowance of the sources, and what is wrong with those that cannot be read.
pub(super) fn all(sources: &SourceMap) -> (Vec<Allowance>, Vec<Diagnostic>) {
    let (mut found, mut odd) = (Vec::new(), Vec::new());
    let own = sources.iter().filter(|file| !file.is_std() && !file.is_data());
    // Few files have one, and looking for it is cheaper than taking them apart.
    for file in own.filter(|file| file.text.contains(MARK)) {
        for token in tokens(file).iter().filter(|it| it.kind == TokenKind::Comment) {
            let text = file.slice(token.span).trim_start_matches('#').trim_start();
            let Some(said) = text.strip_prefix(MARK) else { continue };
            match read(said.trim()) {
                Ok(all) => {
                    let line = line_of(file, token.span);
                    let comment = token.span;
                    found.extend(all.into_iter().map(|code| Allowance {
                        code,
                        line,
                        comment,
                        used: false,
                    }));
                }
                Err(why) => odd.push(
                    Diagnostic::error(lexical::ODD_ALLOWANCE, token.span, why)
                        .help("write `# qg: allow(QG0683) why it may be so`"),
                ),
            }
        }
    }
    (found, odd)
}

/// The codes behind the mark.
fn read(said: &str) -> Result<Vec<Code>, String> {
    let inside =
        said.strip_prefix("allow").map(str::trim_start).and_then(|it| it.strip_prefix('('));
    let Some((codes, reason)) = inside.and_then(|it| it.split_once(')')) else {
        return Err("this is no allowance".to_owned());
    };
    if reason.trim().is_empty() {
        return Err("an allowance says why".to_owned());
    }
    let known = |id: &str| codes::by_id(id).ok_or_else(|| format!("there is no code `{id}`"));
    codes.split(',').map(|id| known(id.trim())).collect()
}

/// The line that a comment is about: its own, where something stands before it, or the next one that is no comment.
fn line_of(file: &SourceFile, comment: Span) -> Span {
    let end = file.text.len() as u32;
    let of = |line: u32| {
        let next = if line + 1 < file.lines.count() { file.lines.start(line + 1) } else { end };
        Span::new(file.id, file.lines.start(line), next)
    };
    let own = file.lines.line(comment.start);
    let before = Span::new(file.id, of(own).start, comment.start);
    if !file.slice(before).trim().is_empty() {
        return of(own);
    }
    let is_code = |line: &Span| {
        let text = file.slice(*line).trim();
        !text.is_empty() && !text.starts_with('#')
    };
    let next = (own + 1..file.lines.count()).map(of).find(is_code);
    next.unwrap_or(Span::new(file.id, end, end))
}
