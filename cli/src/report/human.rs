//! Findings with their source, for people. The one user of ariadne.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use ariadne::{Cache, Color, Config, IndexType, Label, Report, ReportKind, Source};
use qg_lang::diagnostic::{Diagnostic, Severity};
use qg_lang::source::SourceMap;
use qg_lang::span::{FileId, Span};

use super::{Context, harmless, long, place, short};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut texts =
        Texts { sources: context.sources, prefix: context.prefix, ready: BTreeMap::new() };
    for finding in diagnostics {
        if long::is_long(finding, context) {
            long::write(finding, context, out)?;
            writeln!(out)?;
            continue;
        }
        match texts.place(finding.primary.span) {
            Some(at) => report(finding, at, &texts, context.colors).write(&mut texts, &mut *out)?,
            // A finding about no file: its words alone.
            None => short::write(std::slice::from_ref(finding), context, out)?,
        }
        writeln!(out)?;
    }
    Ok(())
}

type Place = (FileId, Range<usize>);

fn report(
    finding: &Diagnostic,
    at: Place,
    texts: &Texts<'_>,
    colors: bool,
) -> Report<'static, Place> {
    let (kind, color) = match finding.severity {
        Severity::Error => (ReportKind::Error, Color::Red),
        Severity::Warning => (ReportKind::Warning, Color::Yellow),
    };
    let mut report = Report::build(kind, at.clone())
        .with_config(Config::default().with_index_type(IndexType::Char).with_color(colors))
        .with_code(finding.code.id)
        .with_message(harmless(&finding.message));
    let word = match finding.primary.text.as_str() {
        "" => "here",
        text => text,
    };
    report
        .add_label(Label::new(at).with_message(harmless(word)).with_color(color).with_priority(1));
    for other in &finding.others {
        if let Some(at) = texts.place(other.span) {
            let text = harmless(&other.text);
            report.add_label(Label::new(at).with_message(text).with_color(Color::Blue));
        }
    }
    for help in &finding.help {
        report.add_help(harmless(help));
    }
    for fix in &finding.fixes {
        report.add_note(format!("fix: {}", harmless(&fix.title)));
    }
    report.finish()
}

/// The sources as they are shown: with as many characters, save that nothing in them steers the
/// terminal or ends a line where the language sees none. ariadne is asked in characters: its byte
/// offsets end inside a character of several bytes, and it takes them for characters in the heads
/// of further files.
struct Texts<'a> {
    sources: &'a SourceMap,
    prefix: &'a str,
    ready: BTreeMap<FileId, Source<String>>,
}

impl Texts<'_> {
    fn place(&self, span: Span) -> Option<Place> {
        let file = self.sources.get(span.file)?;
        let bytes = place::fitted(span, &file.text).range();
        let characters = |bytes: Range<usize>| file.text.get(bytes).unwrap_or("").chars().count();
        let start = characters(0..bytes.start);
        Some((span.file, start..start + characters(bytes)))
    }
}

impl Cache<FileId> for &mut Texts<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl fmt::Debug> {
        let Some(file) = self.sources.get(*id) else {
            return Err(format!("no file {}", id.0));
        };
        Ok(self.ready.entry(*id).or_insert_with(|| Source::from(shown(&file.text))))
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl fmt::Display + 'b> {
        self.sources.get(*id).map(|file| harmless(&place::path(file, self.prefix)))
    }
}

/// Puts one visible character for each one that is not.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        shown.push(match character {
            '\n' | '\t' => character,
            '\r' if characters.peek() == Some(&'\n') => ' ',
            it if it.is_control() || place::is_invisible(it) => '\u{fffd}',
            it => it,
        });
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Span, shown};
    use crate::args::Format;
    use crate::report::tests::{CODE, sample, text};
    use qg_lang::diagnostic::Diagnostic;
    use qg_lang::source::SourceMap;
    use qg_lang::span::FileId;

    #[test]
    fn shows_source_labels_help_and_fix() {
        let (sources, findings) = sample();
        let shown = text(Format::Human, &sources, &findings);
        for part in [
            "[QG0999] Error: no field `frobt`, 100%",
            "fleet/services/a b.qg:2:13",
            "this one",
            "declared here",
            "Help: did you mean `front`?",
            "fix: replace by `front`",
        ] {
            assert!(shown.contains(part), "{part} is missing in:\n{shown}");
        }
        assert!(!shown.contains('\u{1b}'), "no colours were wanted");
    }

    #[test]
    fn the_arrow_stands_under_its_place_behind_letters_of_two_bytes() {
        let (sources, findings) = sample();
        let shown = text(Format::Human, &sources, &findings);
        let lines: Vec<Vec<char>> = shown.lines().map(|line| line.chars().collect()).collect();
        let at = lines
            .iter()
            .position(|line| line.iter().collect::<String>().contains("frobt = 1"))
            .expect("the line is shown");
        let line: String = lines[at].iter().collect();
        let column = line.split("frobt").next().expect("found").chars().count();
        assert_eq!(lines[at + 1][column], '─', "{shown}");
        assert_eq!(lines[at + 1][column - 1], ' ', "{shown}");
    }

    /// Every place of texts with letters of one to four bytes, as the cause and as the other place.
    #[test]
    fn places_are_right_behind_and_at_letters_of_many_bytes() {
        let other = "# ééééééééééééé\n# 😀😀 ｗｗ\nport = 1\n";
        for line in ["é", "éé = \"😀\" ü", "ééééééééééx", "\u{feff}\u{301}a", ""] {
            let text_of = format!("# ééééééééééé\n{line}\n");
            let mut sources = SourceMap::default();
            sources.add("a.qg", text_of.as_str());
            sources.add("b.qg", other);
            let first = text_of.find('\n').expect("two lines") as u32 + 1;
            let stops: Vec<u32> =
                line.char_indices().map(|(at, _)| at as u32).chain([line.len() as u32]).collect();
            for (column, at) in stops.iter().enumerate() {
                for end in &stops[column..] {
                    let span = Span::new(FileId(0), first + at, first + end);
                    let there = other.find("port").expect("it is there") as u32;
                    let finding = Diagnostic::error(CODE, span, "odd")
                        .also(Span::new(FileId(1), there, there + 4), "there");
                    let shown = text(Format::Human, &sources, &[finding]);
                    assert!(shown.contains(&format!("a.qg:2:{} ", column + 1)), "{shown}");
                    assert!(shown.contains("b.qg:3:1 "), "{shown}");
                }
            }
        }
    }

    #[test]
    fn only_a_line_feed_ends_a_line() {
        let before = "a\u{b}\u{c}\u{85}\u{2028}\u{1b}\r\0\u{202e}\r\n";
        let after = shown(before);
        assert_eq!(before.chars().count(), after.chars().count());
        assert_eq!(after.lines().count(), 1);

        let mut sources = SourceMap::default();
        sources.add("a.qg", "x = \"\u{2028}\u{b}\"\ny = 1\n");
        let finding = Diagnostic::error(CODE, Span::new(FileId(0), 11, 12), "odd");
        let shown = text(Format::Human, &sources, &[finding]);
        assert!(shown.contains(":2:1"), "{shown}");
    }
}
