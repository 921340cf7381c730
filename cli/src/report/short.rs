//! One line each: `path:line:column: error[QG0201] message`.

use std::io::{self, Write};

use qg_lang::diagnostic::{Diagnostic, Severity};

use super::{Context, Place, harmless};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for finding in diagnostics {
        let Place { path, start, end: _ } =
            Place::of(finding.primary.span, context.sources, context.names);
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            harmless(&path),
            start.line,
            start.column,
            severity(finding.severity),
            finding.code.id,
            harmless(&finding.message).replace('\n', " "),
        )?;
    }
    Ok(())
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use crate::args::Format;
    use crate::report::tests::{sample, text};

    #[test]
    fn columns_count_characters() {
        let (sources, findings) = sample();
        assert_eq!(
            text(Format::Short, &sources, &findings),
            "fleet/services/a b.qg:2:13: error[QG0999] no field `frobt`, 100%\n"
        );
    }
}
