//! What came of tests, as people and programs read it.

mod junit;

use std::io::{self, Write};

use qg_interpreter::testing::Tested;
use serde_json::{Value, json};

use crate::args::Format;
use crate::report::{self, Context, Place, harmless};
pub(crate) use junit::junit;

/// For people: a line for each test, and below it what does not hold.
pub(crate) fn human(tests: &[Tested], context: Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (green, red, plain) =
        if context.colors { ("\u{1b}[32m", "\u{1b}[31m", "\u{1b}[0m") } else { ("", "", "") };
    for test in tests {
        let name = harmless(&test.name);
        if test.holds() {
            writeln!(out, "{green}ok{plain}      {name}")?;
            continue;
        }
        writeln!(out, "{red}FAILED{plain}  {name}")?;
        report::write(Format::Human, &test.findings, context, out)?;
    }
    Ok(())
}

/// For programs: one JSON value.
pub(crate) fn json(tests: &[Tested], context: Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<Value> = tests
        .iter()
        .map(|test| {
            let findings = test.findings.iter().map(|it| report::object(it, context));
            json!({
                "name": test.name,
                "holds": test.holds(),
                "expectations": test.expectations,
                "place": place(test, context),
                "findings": findings.collect::<Vec<_>>(),
            })
        })
        .collect();
    let failed = tests.iter().filter(|it| !it.holds()).count();
    let text = json!({ "tests": all, "count": tests.len(), "failed": failed });
    writeln!(out, "{}", serde_json::to_string_pretty(&text).unwrap_or_default())
}

/// `hosts/tests.qg:3`
fn place(test: &Tested, context: Context<'_>) -> Option<String> {
    let place = Place::of(test.span?, context.sources, context.names);
    Some(format!("{}:{}", place.path, place.start.line))
}
