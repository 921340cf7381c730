//! What a fleet makes of its findings: the level of each code (`[lints]` of qg.toml), and the single ones that it
//! allows in place (`# qg: allow(QG0545) why`).
//!
//! Warnings alone are a matter of opinion. An error says that something breaks, and stays one: whoever tries to allow
//! it is told so.

mod allowance;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::SourceMap;

/// What becomes of a code's warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not shown.
    Allow,
    /// They are shown, as without a word.
    Warn,
    /// They are errors.
    Deny,
}

impl Level {
    /// Each word with its level.
    pub const ALL: &[(&str, Level)] =
        &[("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];
}

/// The levels that are said, by the code's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(pub BTreeMap<&'static str, Level>);

impl Levels {
    /// The level that is said of a code.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Level> {
        self.0.get(code.id).copied()
    }
}

/// Applies both to the findings of a whole run; what is odd about an allowance joins them.
pub fn apply(levels: &Levels, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    let (mut allowances, odd) = allowance::all(sources);
    // Where something is broken, much is not looked at: an allowance may be needed all the same.
    let whole = !diagnostics.iter().any(Diagnostic::is_error);
    diagnostics.retain_mut(|finding| {
        let place = finding.primary.span;
        let mut here = allowances.iter_mut().filter(|it| it.is_of(finding.code, place));
        if let Some(allowance) = here.next() {
            allowance.used = true;
            if finding.severity == Severity::Warning {
                return false;
            }
            finding
                .help
                .push(format!("{} is an error here: nothing can allow it", finding.code.id));
        }
        match (levels.of(finding.code), finding.severity) {
            (Some(Level::Allow), Severity::Warning) => return false,
            (Some(Level::Deny), Severity::Warning) => finding.severity = Severity::Error,
            (Some(Level::Allow | Level::Warn), Severity::Error) => {
                let id = finding.code.id;
                finding.help.push(format!("`[lints]` cannot soften it: {id} is an error here"));
            }
            (Some(Level::Deny), Severity::Error)
            | (Some(Level::Warn), Severity::Warning)
            | (None, _) => {}
        }
        true
    });
    diagnostics.extend(odd);
    if whole {
        diagnostics.extend(allowances.iter().filter(|it| !it.used).map(allowance::Allowance::idle));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;
    use crate::span::Span;

    const CODE: Code = codes::names::HIDDEN_FIELD;

    /// What is left of warnings and errors of one code, each at the first place of a word in a text.
    fn left(text: &str, levels: &Levels, of: &[(Severity, &str)]) -> Vec<String> {
        let mut sources = SourceMap::default();
        let file = sources.add("a.qg", text);
        let at = |word: &str| {
            let start = text.find(word).expect("it stands there") as u32;
            Span::new(file.id, start, start + word.len() as u32)
        };
        let make = |(severity, word): &(Severity, &str)| Diagnostic {
            severity: *severity,
            ..Diagnostic::error(CODE, at(word), "m")
        };
        let mut all: Vec<Diagnostic> = of.iter().map(make).collect();
        apply(levels, &sources, &mut all);
        let tell = |it: &Diagnostic| {
            let line = file.lines.line(it.primary.span.start) + 1;
            format!("{line} {:?} {} {}", it.severity, it.code.id, it.help.join("; "))
        };
        all.iter().map(|it| tell(it).trim_end().to_owned()).collect()
    }

    const WARNING: Severity = Severity::Warning;
    const ERROR: Severity = Severity::Error;

    #[test]
    fn a_level_is_that_of_all_warnings_of_a_code() {
        let said = |level| Levels([(CODE.id, level)].into_iter().collect());
        let both = [(WARNING, "one"), (ERROR, "two")];
        let text = "one\ntwo\n";
        let id = CODE.id;
        assert_eq!(
            left(text, &said(Level::Allow), &both),
            [format!("2 Error {id} `[lints]` cannot soften it: {id} is an error here")]
        );
        assert_eq!(
            left(text, &said(Level::Deny), &both),
            [format!("1 Error {id}"), format!("2 Error {id}")]
        );
        assert_eq!(left(text, &said(Level::Warn), &both[..1]), [format!("1 Warning {id}")]);
        assert_eq!(left(text, &Levels::default(), &both[..1]), [format!("1 Warning {id}")]);
    }

    #[test]
    fn one_finding_is_allowed_on_its_line_or_the_one_above() {
        let id = CODE.id;
        let none = Levels::default();
        for text in [
            format!("one # qg: allow({id}) because\n"),
            format!("# qg: allow({id}) because\none\n"),
            format!("# qg: allow({id})  because\n\n# a word\n  one\n"),
            format!("#qg: allow( {id} ) because\r\none\r\n"),
        ] {
            assert_eq!(left(&text, &none, &[(WARNING, "one")]), Vec::<String>::new(), "{text}");
        }
        // Further on it says nothing, and that is said.
        let text = format!("# qg: allow({id}) because\ntwo\none\n");
        let idle = codes::lexical::IDLE_ALLOWANCE.id;
        assert_eq!(
            left(&text, &none, &[(WARNING, "one")]),
            [format!("3 Warning {id}"), format!("1 Warning {idle} take it away")]
        );
        // An error stays, and is told.
        let text = format!("# qg: allow({id}) because\none\n");
        assert_eq!(
            left(&text, &none, &[(ERROR, "one")]),
            [format!("2 Error {id} {id} is an error here: nothing can allow it")]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let bad = codes::lexical::ODD_ALLOWANCE.id;
        let id = CODE.id;
        for text in [
            "# qg: allow(QG9999) because".to_owned(),
            format!("# qg: allow({id})"),
            format!("# qg: allow({id}"),
            format!("# qg: allow {id} because"),
            "# qg: allow() because".to_owned(),
            format!("# qg: deny({id}) because"),
            "# qg:".to_owned(),
        ] {
            let all = left(&format!("{text}\none\n"), &Levels::default(), &[]);
            assert!(
                all.len() == 1 && all[0].starts_with(&format!("1 Error {bad}")),
                "{text}: {all:?}"
            );
        }
        // In a string it is no comment, and a description is for readers.
        for text in ["let a = \"# qg: nothing\"", "## qg: allow(x)", "# qgc: hm", "# about qg: it"]
        {
            assert_eq!(left(text, &Levels::default(), &[]), Vec::<String>::new(), "{text}");
        }
    }
}
