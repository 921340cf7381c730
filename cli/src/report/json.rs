//! One JSON object per line, with all that a finding holds.

use std::io::{self, Write};

use qg_lang::diagnostic::{Diagnostic, Fix, Label};
use serde_json::{Value, json};

use super::short::severity;
use super::{Context, Place, Position};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for finding in diagnostics {
        writeln!(out, "{}", object(finding, context))?;
    }
    Ok(())
}

/// One object for each file of which findings were left out: `{"left_out": {"path": …, "count": …}}`.
pub(super) fn write_more(more: &[(String, usize)], out: &mut dyn Write) -> io::Result<()> {
    for (path, count) in more {
        writeln!(out, "{}", json!({ "left_out": { "path": path, "count": count } }))?;
    }
    Ok(())
}

/// A finding with all that it holds.
pub(crate) fn object(finding: &Diagnostic, context: Context<'_>) -> Value {
    let Diagnostic { code, severity: how, message, primary, others, help, fixes, tag: _ } = finding;
    let mut object = json!({
        "code": code.id,
        "title": code.title,
        "severity": severity(*how),
        "message": message,
    });
    extend(&mut object, label(primary, context));
    let others: Vec<Value> = others.iter().map(|other| label(other, context)).collect();
    let fixes: Vec<Value> = fixes.iter().map(|it| fix(it, context)).collect();
    extend(&mut object, json!({ "others": others, "help": help, "fixes": fixes }));
    object
}

fn label(label: &Label, context: Context<'_>) -> Value {
    let Label { span, text } = label;
    let mut object = place(&Place::of(*span, context.sources, context.names));
    extend(&mut object, json!({ "label": text }));
    object
}

fn fix(fix: &Fix, context: Context<'_>) -> Value {
    let Fix { title, edits } = fix;
    let edits: Vec<Value> = edits
        .iter()
        .map(|(span, text)| {
            let mut edit = place(&Place::of(*span, context.sources, context.names));
            extend(&mut edit, json!({ "text": text }));
            edit
        })
        .collect();
    json!({ "title": title, "edits": edits })
}

fn place(place: &Place) -> Value {
    let Place { path, start, end } = place;
    json!({ "path": path, "start": position(*start), "end": position(*end) })
}

fn position(position: Position) -> Value {
    let Position { line, column, byte } = position;
    json!({ "line": line, "column": column, "byte": byte })
}

/// Adds the fields of one object to another.
fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use crate::args::Format;
    use crate::report::tests::{sample, text};
    use serde_json::{Value, json};

    #[test]
    fn holds_everything() {
        let (sources, findings) = sample();
        let shown = text(Format::Json, &sources, &findings);
        let object: Value = serde_json::from_str(&shown).expect("one JSON object");
        let start = json!({ "line": 2, "column": 13, "byte": 32 });
        let end = json!({ "line": 2, "column": 18, "byte": 37 });
        assert_eq!(
            object,
            json!({
                "code": "QG0999",
                "title": "a code of the tests",
                "severity": "error",
                "message": "no field `frobt`, 100%",
                "path": "fleet/services/a b.qg",
                "start": start,
                "end": end,
                "label": "this one",
                "others": [{
                    "path": "fleet/services/a b.qg",
                    "start": { "line": 1, "column": 1, "byte": 0 },
                    "end": { "line": 1, "column": 6, "byte": 5 },
                    "label": "declared here",
                }],
                "help": ["did you mean `front`?"],
                "fixes": [{
                    "title": "replace by `front`",
                    "edits": [{
                        "path": "fleet/services/a b.qg", "start": start, "end": end, "text": "front",
                    }],
                }],
            })
        );
    }
}
