//! A finding in a line that is too long for a page: the part around its place.

use std::io::{self, Write};

use qg_lang::diagnostic::{Diagnostic, Label};
use qg_lang::span::Span;
use unicode_width::UnicodeWidthChar;

use super::texts::shown;
use super::{Context, Place, harmless, place};

/// A line with more bytes is cut.
const LONG: usize = 600;
/// So many characters are shown on each side of a place.
const AROUND: usize = 80;

/// Whether one of the places of a finding is in such a line.
pub(super) fn is_long(finding: &Diagnostic, context: Context<'_>) -> bool {
    let labels = std::iter::once(&finding.primary).chain(&finding.others);
    labels.filter_map(|label| line(label.span, context)).any(|(line, _)| line.len() > LONG)
}

/// The line that a span begins in, and where in it (in bytes).
fn line<'c>(span: Span, context: Context<'c>) -> Option<(&'c str, usize)> {
    let file = context.sources.get(span.file)?;
    let start = place::fitted(span, &file.text).start;
    let first = file.lines.start(file.lines.line(start));
    let rest = file.text.get(first as usize..)?;
    let line = rest.split('\n').next().unwrap_or("");
    let line = line.strip_suffix('\r').unwrap_or(line);
    let at = ((start - first) as usize).min(line.len());
    // The mark at the start of a file is no part of its line.
    match line.strip_prefix(place::BYTE_ORDER_MARK) {
        Some(rest) if first == 0 => Some((rest, at.saturating_sub(line.len() - rest.len()))),
        _ => Some((line, at)),
    }
}

pub(super) fn write(
    finding: &Diagnostic,
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    super::short::write(std::slice::from_ref(finding), context, out)?;
    excerpt(&finding.primary, context, out)?;
    for other in &finding.others {
        let Place { path, start, end: _ } = Place::of(other.span, context.sources, context.names);
        writeln!(out, "  {}:{}:{}:", harmless(&path), start.line, start.column)?;
        excerpt(other, context, out)?;
    }
    for help in &finding.help {
        writeln!(out, "  help: {}", harmless(help))?;
    }
    for fix in &finding.fixes {
        writeln!(out, "  fix: {}", harmless(&fix.title))?;
    }
    Ok(())
}

fn excerpt(label: &Label, context: Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some((line, at)) = line(label.span, context) else { return Ok(()) };
    let (before, behind) = (line.get(..at).unwrap_or(""), line.get(at..).unwrap_or(""));
    let mut left: Vec<char> = before.chars().rev().take(AROUND).collect();
    left.reverse();
    let right: String = behind.chars().take(AROUND).collect();
    let cut = |whole: &str, part: usize| if whole.chars().nth(part).is_some() { "…" } else { "" };
    let one_line = |text: &str| shown(text).replace(['\t', '\n'], " ");
    let left = one_line(&left.into_iter().collect::<String>());
    let begin = cut(before, AROUND);
    writeln!(out, "  {begin}{left}{}{}", one_line(&right), cut(behind, AROUND))?;
    let wide = |text: &str| text.chars().map(|it| it.width().unwrap_or(0)).sum::<usize>();
    // As far as it is shown: to the end of the line, or of the excerpt.
    let length = context.sources.slice(label.span).chars().count();
    let marked: String = right.chars().take(length).collect();
    let (blanks, marks) = (2 + wide(begin) + wide(&left), wide(&one_line(&marked)).max(1));
    writeln!(out, "{}{} {}", " ".repeat(blanks), "^".repeat(marks), harmless(&label.text))
}

#[cfg(test)]
mod tests {
    use crate::args::Format;
    use crate::report::tests::{CODE, text};
    use qg_lang::diagnostic::Diagnostic;
    use qg_lang::source::SourceMap;
    use qg_lang::span::{FileId, Span};

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        let mut sources = SourceMap::default();
        let line = format!("{}frob{}\n", "é ".repeat(100_000), " x".repeat(100_000));
        let at = line.find("frob").expect("there") as u32;
        sources.add("a.qg", line.as_str());
        let finding = Diagnostic::error(CODE, Span::new(FileId(0), at, at + 4), "odd").here("this");
        let shown = text(Format::Human, &sources, &[finding]);
        assert!(shown.len() < 1000 && shown.contains("a.qg:1:200001: "), "{shown}");
        let lines: Vec<Vec<char>> = shown.lines().map(|it| it.chars().collect()).collect();
        let column = lines[2].iter().position(|it| *it == '^').expect("a mark");
        assert_eq!(lines[1][column..column + 4], ['f', 'r', 'o', 'b'], "{shown}");
        assert!(lines[1].contains(&'…') && shown.contains("^^^^ this"), "{shown}");
    }
}
