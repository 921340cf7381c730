//! `qgc query`: the value of an expression over the fleet.

use std::io::Write;

use serde_json::Value;

use super::run::{Run, ignore_gone_reader, pretty};
use crate::Outcome;
use crate::args::{AnswerFormat, Format, QueryArgs};
use crate::failure::Failure;
use crate::report::{self, Context};
use crate::table;
use crate::terminal::Terminal;

pub(super) fn run(args: &QueryArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let run = Run::new(args.path.as_deref(), &args.chosen)?;
    run.mention_errors(terminal)?;
    let answer = match run.build.ask(&args.expr, &[]) {
        Ok(answer) => answer,
        // A text of blanks and comments alone has nothing wrong in it.
        Err(findings) if findings.is_empty() => {
            let line = "there is no question: give an expression, as `[for h in host: h.name]`";
            ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
            return Ok(Outcome::Findings);
        }
        Err(findings) => {
            let sources = run.build.sources();
            let colors = terminal.err_colors;
            let context = Context { sources: &sources, names: &run.project.names, colors };
            // Stdout is for the answer.
            ignore_gone_reader(report::write(
                Format::Human,
                &findings,
                context,
                &mut terminal.err,
            ))?;
            return Ok(Outcome::Findings);
        }
    };
    let text = match args.format {
        AnswerFormat::Json => pretty(&answer.json)?,
        AnswerFormat::Table => table::shown(&run.build, &answer, terminal.width()),
        AnswerFormat::Raw => raw(&answer.json),
    };
    ignore_gone_reader(terminal.out.write_all(text.as_bytes()))?;
    if answer.whole {
        return Ok(Outcome::Clean);
    }
    ignore_gone_reader(terminal.flush())?;
    let line = "a part of the answer is unknown: it depends on an error in the fleet";
    ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
    Ok(Outcome::Findings)
}

/// Strings without quotes, lists with one element a line, records as JSON on one line.
fn raw(json: &Value) -> String {
    match json {
        Value::Array(items) => items.iter().map(|item| bare(item) + "\n").collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            bare(json) + "\n"
        }
    }
}

fn bare(json: &Value) -> String {
    match json {
        // For programs: byte for byte.
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => json.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::raw;
    use serde_json::json;

    #[test]
    fn raw_answers() {
        assert_eq!(raw(&json!("a \"b\"")), "a \"b\"\n");
        assert_eq!(
            raw(&json!(["a", 1, null, ["x"], { "k": true }])),
            "a\n1\n\n[\"x\"]\n{\"k\":true}\n"
        );
        assert_eq!(raw(&json!([])), "");
        assert_eq!(raw(&json!(null)), "\n");
    }
}
