//! Findings with their source, for people, as ariadne draws them.

use std::io::{self, Write};
use std::ops::Range;

use ariadne::{Color, Config, IndexType, Label, LabelAttach, Report, ReportKind};
use qg_lang::diagnostic::{Diagnostic, Severity};

use super::texts::{Excerpt, Shown, Texts};
use super::{Context, harmless, long, short};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut texts = Texts::new(diagnostics, context);
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

fn report(
    finding: &Diagnostic,
    at: Shown,
    texts: &Texts<'_>,
    colors: bool,
) -> Report<'static, (Excerpt, Range<usize>)> {
    let (kind, color) = match finding.severity {
        Severity::Error => (ReportKind::Error, Color::Red),
        Severity::Warning => (ReportKind::Warning, Color::Yellow),
    };
    let others: Vec<(Shown, &str)> = finding
        .others
        .iter()
        .filter_map(|other| Some((texts.place(other.span)?, other.text.as_str())))
        .collect();
    let attach = match at.middle_is_narrow || others.iter().any(|(it, _)| it.middle_is_narrow) {
        true => LabelAttach::Start,
        false => LabelAttach::Middle,
    };
    let config = Config::default().with_index_type(IndexType::Char).with_color(colors);
    let mut excerpt = (at.file, 0);
    let mut report = Report::build(kind, (excerpt, at.characters.clone()))
        .with_config(config.with_label_attach(attach))
        .with_code(finding.code.id)
        .with_message(harmless(&finding.message));
    let word = match finding.primary.text.as_str() {
        "" => "here",
        text => text,
    };
    let label = Label::new((excerpt, at.characters)).with_message(harmless(word));
    report.add_label(label.with_color(color).with_priority(1));
    let mut line = at.last_line;
    for (other, text) in others {
        // What ariadne takes together: labels of one source, none on an earlier line than the one before.
        if other.file != excerpt.0 || other.last_line < line {
            excerpt = (other.file, excerpt.1 + 1);
        }
        line = other.last_line;
        let label = Label::new((excerpt, other.characters)).with_message(harmless(text));
        report.add_label(label.with_color(Color::Blue));
    }
    for help in &finding.help {
        report.add_help(harmless(help));
    }
    for fix in &finding.fixes {
        report.add_note(format!("fix: {}", harmless(&fix.title)));
    }
    report.finish()
}

#[cfg(test)]
mod tests {
    use crate::args::Format;
    use crate::report::tests::{CODE, sample, text};
    use crate::report::texts::shown;
    use qg_lang::diagnostic::Diagnostic;
    use qg_lang::source::SourceMap;
    use qg_lang::span::{FileId, Span};

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
