//! Annotations of GitHub Actions:
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::io::{self, Write};

use qg_lang::diagnostic::Diagnostic;

use super::short::severity;
use super::{Context, Place, more_words};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for finding in diagnostics {
        let Place { path, start, end } =
            Place::of(finding.primary.span, context.sources, context.names);
        let mut message = finding.message.clone();
        if !finding.primary.text.is_empty() {
            message.push_str(": ");
            message.push_str(&finding.primary.text);
        }
        for other in &finding.others {
            let place = Place::of(other.span, context.sources, context.names);
            let Place { path, start, end: _ } = place;
            let (line, column) = (start.line, start.column);
            message
                .extend([&format!("\n{path}:{line}:{column}: "), &other.text].map(String::as_str));
        }
        for help in &finding.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        write!(
            out,
            "::{} file={},line={},col={},endLine={}",
            severity(finding.severity),
            property(&path),
            start.line,
            start.column,
            end.line,
        )?;
        // An end column is only understood where the finding stands on one line.
        if start.line == end.line && start.column < end.column {
            write!(out, ",endColumn={}", end.column)?;
        }
        let title = format!("{}: {}", finding.code.id, finding.code.title);
        writeln!(out, ",title={}::{}", property(&title), data(&message))?;
    }
    Ok(())
}

/// A notice for each file of which findings were left out.
pub(super) fn write_more(more: &[(String, usize)], out: &mut dyn Write) -> io::Result<()> {
    for (path, count) in more {
        let (path, words) = (property(path), data(&more_words(*count)));
        writeln!(out, "::notice file={path},title=findings left out::{words}")?;
    }
    Ok(())
}

/// Text behind the `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at `,` or `:`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use crate::args::Format;
    use crate::report::tests::{sample, text};

    #[test]
    fn everything_that_could_end_a_field_is_escaped() {
        let (sources, findings) = sample();
        assert_eq!(
            text(Format::Github, &sources, &findings),
            "::error file=fleet/services/a b.qg,line=2,col=13,endLine=2,endColumn=18,\
             title=QG0999%3A a code of the tests::no field `frobt`, 100%25: this one%0A\
             fleet/services/a b.qg:1:1: declared here%0Ahelp: did you mean `front`?\n"
        );
        assert_eq!(super::property("a:b,c\r\n%"), "a%3Ab%2Cc%0D%0A%25");
    }
}
