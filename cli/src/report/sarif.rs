//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;
use std::io::{self, Write};

use qg_lang::diagnostic::{Code, Diagnostic, Fix};
use qg_lang::span::Span;
use serde_json::{Value, json};

use super::short::severity;
use super::{Context, Place, more_words};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    more: &[(String, usize)],
    context: Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    // Only the rules that fired, in the order of their codes; a result names its rule's place.
    let mut rules: BTreeMap<&str, (usize, Code)> =
        diagnostics.iter().map(|finding| (finding.code.id, (0, finding.code))).collect();
    for (index, (place, _)) in rules.values_mut().enumerate() {
        *place = index;
    }
    let mut log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "qgc",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|(_, code)| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": diagnostics
                .iter()
                .map(|finding| {
                    let index = rules.get(finding.code.id).map_or(0, |(index, _)| *index);
                    result(finding, index, context)
                })
                .collect::<Vec<_>>(),
        }],
    });
    if !more.is_empty() {
        log["runs"][0]["invocations"] = json!([invocation(more)]);
    }
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// Tells of results that were left out, as a tool tells of what it could not show (section 3.20.21).
fn invocation(more: &[(String, usize)]) -> Value {
    let notice = |(path, count): &(String, usize)| {
        json!({
            "level": "note",
            "message": { "text": more_words(*count) },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } }],
            "properties": { "leftOut": count },
        })
    };
    let notices: Vec<Value> = more.iter().map(notice).collect();
    json!({ "executionSuccessful": true, "toolExecutionNotifications": notices })
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.explain },
    })
}

fn result(finding: &Diagnostic, index: usize, context: Context<'_>) -> Value {
    let Diagnostic { code, severity: how, message, primary, others, help, fixes, tag: _ } = finding;
    let mut text = message.clone();
    for help in help {
        text.push('\n');
        text.push_str(help);
    }
    let related: Vec<Value> = others
        .iter()
        .enumerate()
        .map(|(id, other)| {
            let mut location = location(other.span, &other.text, context);
            location["id"] = json!(id);
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": code.id,
        "ruleIndex": index,
        "level": severity(*how),
        "message": { "text": text },
        "locations": [location(primary.span, &primary.text, context)],
    });
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if !fixes.is_empty() {
        result["fixes"] = fixes.iter().map(|it| fix(it, context)).collect();
    }
    result
}

fn location(span: Span, text: &str, context: Context<'_>) -> Value {
    let place = Place::of(span, context.sources, context.names);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.path) },
            "region": region(&place),
        },
    });
    if !text.is_empty() {
        location["message"] = json!({ "text": text });
    }
    location
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "byteOffset": place.start.byte,
        "byteLength": place.end.byte - place.start.byte,
    })
}

/// A fix, its edits gathered by file.
fn fix(fix: &Fix, context: Context<'_>) -> Value {
    let mut changes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (span, text) in &fix.edits {
        let place = Place::of(*span, context.sources, context.names);
        changes.entry(uri(&place.path)).or_default().push(json!({
            "deletedRegion": region(&place),
            "insertedContent": { "text": text },
        }));
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(uri, replacements)| {
            json!({ "artifactLocation": { "uri": uri }, "replacements": replacements })
        })
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

/// A path as a relative URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => {
                let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
                let digits = ['%', digit(other >> 4), digit(other & 15)];
                uri.extend(digits.map(|it| it.to_ascii_uppercase()));
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use crate::args::Format;
    use crate::report::tests::{sample, text};
    use serde_json::{Value, json};

    #[test]
    fn has_rules_places_and_fixes() {
        let (sources, findings) = sample();
        let log: Value =
            serde_json::from_str(&text(Format::Sarif, &sources, &findings)).expect("JSON");
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "QG0999");
        let result = &run["results"][0];
        assert_eq!((&result["ruleIndex"], &result["level"]), (&json!(0), &json!("error")));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "fleet/services/a%20b.qg");
        assert_eq!(place["region"]["startColumn"], 13);
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "declared here");
        let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(replacement["insertedContent"]["text"], "front");
        assert_eq!(replacement["deletedRegion"]["endColumn"], 18);
    }

    #[test]
    fn an_empty_log_is_a_log() {
        let (sources, _) = sample();
        let log: Value = serde_json::from_str(&text(Format::Sarif, &sources, &[])).expect("JSON");
        assert_eq!(log["runs"][0]["results"], json!([]));
    }
}
