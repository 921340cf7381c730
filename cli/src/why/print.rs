//! Who said what, as people and programs read it. The words come from [`qg_interpreter::describe`].

use std::fmt::Write;

use qg_interpreter::describe::{Described, Line, Provenance, ProvenancePart};
use qg_interpreter::manifest::how;
use qg_lang::source::SourceMap;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::report::{Context, Place, harmless};

/// No more than this is shown of a source's line.
const TEXT: usize = 100;

/// A value, and below it each place that had its say.
#[must_use]
pub(super) fn human(described: &Described, context: Context<'_>) -> String {
    let Described { path, value, said } = described;
    let mut text = match (path.is_empty(), value) {
        (true, _) => String::new(),
        (false, Some(value)) => format!("{path} = {}\n", harmless(value)),
        (false, None) => format!("{path} has an error\n"),
    };
    text.push_str(&places(said, context));
    text
}

/// A line of the output with the values in it. A whole record is named only: what it holds is not
/// what the line shows.
#[must_use]
pub(super) fn human_line(line: &Line, context: Context<'_>) -> String {
    let mut text = format!("  {}\n", harmless(&line.text));
    for Described { path, value, said } in &line.values {
        text.push('\n');
        match value.as_ref().filter(|value| !value.contains('\n')) {
            // A string does not fail.
            Some(value) => drop(writeln!(text, "{path} = {}", harmless(value))),
            None if path.is_empty() => {}
            None => drop(writeln!(text, "{path}")),
        }
        text.push_str(&places(said, context));
    }
    if line.values.is_empty() {
        text.push_str("\nNothing in the sources: this line belongs to the form of the file.\n");
    }
    text
}

/// One line for each place: how it is said, where, and the source there.
fn places(said: &[Provenance], context: Context<'_>) -> String {
    let rows: Vec<(String, String, String)> = said
        .iter()
        .map(|one| {
            let words = match one.part {
                ProvenancePart::Won => one.words(),
                ProvenancePart::Behind(depth) => format!("{}{}", "  ".repeat(depth), one.words()),
                ProvenancePart::Lost => format!("lost: {}", one.words()),
            };
            let Place { path, start, end: _ } = Place::of(one.span, context.sources, context.names);
            let place = format!("{}:{}", harmless(&path), start.line);
            (words, place, harmless(&source_line(one, context.sources)))
        })
        .collect();
    let widest = |of: fn(&(String, String, String)) -> &str| {
        rows.iter().map(|row| of(row).width()).max().unwrap_or(0)
    };
    let (words, places) = (widest(|row| &row.0), widest(|row| &row.1));
    rows.iter()
        .map(|(how, place, source)| {
            let first = " ".repeat(words.saturating_sub(how.width()));
            let second = " ".repeat(places.saturating_sub(place.width()));
            format!("  {how}{first}  {place}{second}  {source}\n")
        })
        .collect()
}

/// The line of the source on which a place begins, without what is around it.
fn source_line(said: &Provenance, sources: &SourceMap) -> String {
    let Some(file) = sources.get(said.span.file) else { return String::new() };
    let start = file.lines.start(file.lines.line(said.span.start)) as usize;
    let line = file.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let before = (said.span.start as usize).saturating_sub(start);
    let before = line.get(..before).map_or(0, |before| before.trim_start().chars().count());
    let line: Vec<char> = line.trim().chars().collect();
    // Of a long line, what is around the place.
    let from = if line.len() <= TEXT || before < TEXT / 2 { 0 } else { before - TEXT / 4 };
    let text: String = line.iter().skip(from).take(TEXT).collect();
    let (head, tail) =
        (if from > 0 { "…" } else { "" }, if line.len() > from + TEXT { "…" } else { "" });
    format!("{head}{text}{tail}")
}

/// A value and its places as JSON.
#[must_use]
pub(super) fn object(described: &Described, context: Context<'_>) -> Value {
    let Described { path, value, said } = described;
    let said: Vec<Value> = said
        .iter()
        .map(|one| {
            let Place { path, start, end } = Place::of(one.span, context.sources, context.names);
            let (part, depth) = match one.part {
                ProvenancePart::Won => ("won", 0),
                ProvenancePart::Behind(depth) => ("behind", depth),
                ProvenancePart::Lost => ("lost", 0),
            };
            json!({
                "how": how(one.how),
                "words": one.words(),
                "part": part,
                "depth": depth,
                "says": one.path,
                "path": path,
                "start": { "line": start.line, "column": start.column },
                "end": { "line": end.line, "column": end.column },
                "text": source_line(one, context.sources),
            })
        })
        .collect();
    let path = Some(path).filter(|path| !path.is_empty());
    json!({ "path": path, "value": value, "said": said })
}
