//! Texts and places as ariadne draws them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use ariadne::{Cache, Source};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::source::SourceMap;
use qg_lang::span::{FileId, Span};
use unicode_width::UnicodeWidthChar;

use super::{Context, harmless, place};
use crate::names::Names;

/// One excerpt of a report: its file, and a number of its own. ariadne puts the cause's place over
/// whatever is of the cause's source, so that a further excerpt of the same file is another source.
pub(super) type Excerpt = (FileId, u32);

/// A place in a text as it is shown.
pub(super) struct Shown {
    pub(super) file: FileId,
    /// At least one: an arrow stands under something.
    pub(super) characters: Range<usize>,
    pub(super) last_line: u32,
    /// Nothing can point at a character that has no column of its own.
    pub(super) middle_is_narrow: bool,
    narrow_ends: Vec<usize>,
}

/// The sources as they are shown: with as many characters, save that nothing in them steers the
/// terminal or ends a line where the language sees none, that there is no byte order mark, and that
/// a blank stands at the end, so that the end has a place. ariadne is asked in characters: its byte
/// offsets end inside a character of several bytes, and it takes them for characters in the heads
/// of further files.
pub(super) struct Texts<'a> {
    sources: &'a SourceMap,
    names: &'a Names,
    /// Characters without a column of their own that something points at.
    pointed: BTreeSet<(FileId, usize)>,
    ready: BTreeMap<FileId, Source<String>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(diagnostics: &[Diagnostic], context: Context<'a>) -> Texts<'a> {
        let Context { sources, names, colors: _ } = context;
        let mut texts = Texts { sources, names, pointed: BTreeSet::new(), ready: BTreeMap::new() };
        let labels =
            diagnostics.iter().flat_map(|it| std::iter::once(&it.primary).chain(&it.others));
        for shown in labels.filter_map(|label| texts.place(label.span)).collect::<Vec<_>>() {
            texts.pointed.extend(shown.narrow_ends.into_iter().map(|at| (shown.file, at)));
        }
        texts
    }

    pub(super) fn place(&self, span: Span) -> Option<Shown> {
        let file = self.sources.get(span.file)?;
        let bytes = place::fitted(span, &file.text).range();
        let mark = usize::from(file.text.starts_with(place::BYTE_ORDER_MARK));
        let count =
            |to: usize| file.text.get(..to).unwrap_or("").chars().count().saturating_sub(mark);
        let start = count(bytes.start);
        let end = count(bytes.end).max(start + 1);
        let rest = file.text.get(bytes.start..).unwrap_or("");
        let narrow_at = |at: usize| rest.chars().nth(at - start).is_some_and(is_narrow);
        let last_line = file.lines.line(bytes.end.saturating_sub(1).max(bytes.start) as u32);
        let is_long = file.lines.line(bytes.start as u32) < last_line;
        // What goes over several lines is pointed at from both ends.
        let ends = [Some(start), is_long.then_some(end - 1)];
        Some(Shown {
            file: span.file,
            characters: start..end,
            last_line,
            middle_is_narrow: !is_long && narrow_at(usize::midpoint(start, end)),
            narrow_ends: ends.into_iter().flatten().filter(|at| narrow_at(*at)).collect(),
        })
    }
}

impl Cache<Excerpt> for &mut Texts<'_> {
    type Storage = String;

    fn fetch(&mut self, (id, _): &Excerpt) -> Result<&Source<String>, impl fmt::Debug> {
        let Some(file) = self.sources.get(*id) else {
            return Err(format!("no file {}", id.0));
        };
        let pointed = &self.pointed;
        Ok(self.ready.entry(*id).or_insert_with(|| {
            let text = &file.text;
            let text = text.strip_prefix(place::BYTE_ORDER_MARK).unwrap_or(text);
            let seen = |(at, it)| if pointed.contains(&(*id, at)) { UNSEEN } else { it };
            Source::from(shown(text).chars().chain([' ']).enumerate().map(seen).collect::<String>())
        }))
    }

    fn display<'b>(&self, (id, _): &'b Excerpt) -> Option<impl fmt::Display + 'b> {
        self.sources.get(*id).map(|file| harmless(&place::path(file, self.names)))
    }
}

/// Whether a character stands in the column of the one before: a combining mark, a variation selector.
fn is_narrow(character: char) -> bool {
    !place::is_invisible(character) && character.width() == Some(0)
}

/// Stands for what cannot be seen.
const UNSEEN: char = '\u{fffd}';

/// Puts one visible character for each one that is not.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        shown.push(match character {
            '\n' | '\t' => character,
            '\r' if characters.peek() == Some(&'\n') => ' ',
            it if it.is_control() || place::is_invisible(it) => UNSEEN,
            it => it,
        });
    }
    shown
}
