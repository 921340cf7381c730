//! XML in the form that CI servers show.

use std::fmt::Write as _;
use std::io::{self, Write};

use qg_interpreter::testing::Tested;
use qg_lang::diagnostic::Diagnostic;

use crate::args::Format;
use crate::report::{self, Context, Place};

pub(crate) fn junit(tests: &[Tested], context: Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let context = Context { colors: false, ..context };
    let failed = tests.iter().filter(|it| !it.holds()).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\"", tests.len());
    let _ = writeln!(text, "<testsuites {counts}>\n  <testsuite name=\"qg\" {counts}>");
    for test in tests {
        case(test, context, &mut text)?;
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    out.write_all(text.as_bytes())
}

fn case(test: &Tested, context: Context<'_>, text: &mut String) -> io::Result<()> {
    let place = test.span.map(|span| Place::of(span, context.sources, context.names));
    let (file, line) = place.map_or_else(Default::default, |it| (it.path, it.start.line));
    let _ = write!(
        text,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{line}\" assertions=\"{}\"",
        escaped(&test.name),
        escaped(&file),
        escaped(&file),
        test.expectations
    );
    if test.holds() {
        text.push_str("/>\n");
        return Ok(());
    }
    text.push_str(">\n");
    let first = test.findings.first().map(|it| it.message.as_str()).unwrap_or_default();
    let told = told(&test.findings, context)?;
    let _ = writeln!(
        text,
        "      <failure message=\"{}\">{}</failure>\n    </testcase>",
        escaped(first),
        escaped(&told)
    );
    Ok(())
}

fn told(findings: &[Diagnostic], context: Context<'_>) -> io::Result<String> {
    let mut told = Vec::new();
    report::write(Format::Human, findings, context, &mut told)?;
    Ok(String::from_utf8_lossy(&told).into_owned())
}

/// Text for XML 1.0: what cannot stand in it at all, as most control characters, becomes a mark.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' | '\t' => {
                let _ = write!(safe, "&#{};", u32::from(character));
            }
            it if it.is_control() || matches!(it, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            it => safe.push(it),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_ends_a_text_of_xml() {
        assert_eq!(
            escaped("a\"<b>&'\n\u{1b}]]>"),
            "a&quot;&lt;b&gt;&amp;&apos;&#10;\u{fffd}]]&gt;"
        );
    }
}
