//! Findings, as people and programs read them. One file per format.

mod chosen;
#[cfg(test)]
mod columns;
mod github;
mod human;
mod json;
mod long;
mod place;
mod sarif;
mod short;
mod texts;

use std::io::{self, Write};

use qg_lang::diagnostic::Diagnostic;
use qg_lang::source::SourceMap;

use crate::args::Format;
use crate::names::Names;
pub(crate) use json::object;
pub use place::{Place, Position};

/// What a report needs beside the findings.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub sources: &'a SourceMap,
    /// How files are called from the current folder.
    pub names: &'a Names,
    pub colors: bool,
}

/// Writes all findings in a format.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write(
    format: Format,
    diagnostics: &[Diagnostic],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_some(format, diagnostics, 0, context, out).map(|_| ())
}

/// Writes findings in a format, at most so many of each file (0: all); gives what is left out, by the paths of files.
/// The formats that programs read say it too: what they hold is all that their readers know.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_some(
    format: Format,
    diagnostics: &[Diagnostic],
    most: usize,
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<Vec<(String, usize)>> {
    let (shown, more) = chosen::chosen(diagnostics, most);
    let path = |id| context.sources.get(id).map(|file| place::path(file, context.names));
    let more: Vec<(String, usize)> =
        more.into_iter().map(|(id, count)| (path(id).unwrap_or_default(), count)).collect();
    match format {
        Format::Human => human::write(&shown, context, out)?,
        Format::Short => short::write(&shown, context, out)?,
        Format::Json => {
            json::write(&shown, context, out)?;
            json::write_more(&more, out)?;
        }
        Format::Sarif => sarif::write(&shown, &more, context, out)?,
        Format::Github => {
            github::write(&shown, context, out)?;
            github::write_more(&more, out)?;
        }
    }
    Ok(more)
}

/// What is to be said of findings that are left out, in words.
fn more_words(count: usize) -> String {
    let findings = if count == 1 { "finding is" } else { "findings are" };
    format!("{count} more {findings} left out here; --max-findings 0 shows all of them")
}

/// Text that can do nothing to a terminal: control characters and marks that turn the direction
/// of writing are shown by their number.
pub(crate) fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => safe.push(character),
            it if it.is_control() || place::is_invisible(it) => safe.extend(it.escape_unicode()),
            it => safe.push(it),
        }
    }
    safe
}

#[cfg(test)]
pub(crate) mod tests {
    use qg_lang::diagnostic::{Code, Diagnostic, codes::CodeInfo};
    use qg_lang::source::SourceMap;
    use qg_lang::span::{FileId, Span};

    use super::{Context, Format, Names, write};

    static INFO: CodeInfo =
        CodeInfo { id: "QG0999", title: "a code of the tests", explain: "Only in tests." };
    pub(crate) const CODE: Code = &INFO;

    /// A file with letters of two bytes before the place of its finding.
    pub(crate) fn sample() -> (SourceMap, Vec<Diagnostic>) {
        let mut sources = SourceMap::default();
        let text = "about = \"äöüß\"\nname = \"é\", frobt = 1 # x\n";
        sources.add("services/a b.qg", text);
        let start = text.find("frobt").expect("there") as u32;
        let span = Span::new(FileId(0), start, start + 5);
        let finding = Diagnostic::error(CODE, span, "no field `frobt`, 100%")
            .here("this one")
            .also(Span::new(FileId(0), 0, 5), "declared here")
            .help("did you mean `front`?")
            .fix("replace by `front`", span, "front");
        (sources, vec![finding])
    }

    pub(crate) fn text(format: Format, sources: &SourceMap, findings: &[Diagnostic]) -> String {
        let mut out = Vec::new();
        let names = Names { prefix: "fleet/".to_owned(), ..Names::default() };
        let context = Context { sources, names: &names, colors: false };
        write(format, findings, context, &mut out).expect("memory does not fail");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn nothing_on_a_terminal_is_steered_by_a_source() {
        assert_eq!(super::harmless("a\u{1b}[31m\u{202e}b"), "a\\u{1b}[31m\\u{202e}b");
    }

    #[test]
    fn spans_that_do_not_fit_the_text_are_shown_all_the_same() {
        let (sources, mut findings) = sample();
        let whole = sources.get(FileId(0)).expect("there").text.len() as u32;
        // In the middle of `ä`, past the end, and in a file that is not there.
        for span in [
            Span::new(FileId(0), 10, 11),
            Span::new(FileId(0), whole, whole + 40),
            Span::new(FileId(0), whole + 7, whole + 9),
            Span::new(FileId(9), 3, 4),
        ] {
            findings.push(Diagnostic::warning(CODE, span, "odd").also(span, "place"));
        }
        for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
            let shown = text(format, &sources, &findings);
            assert!(shown.matches("odd").count() >= 4, "{format:?}:\n{shown}");
        }
    }
}
