//! Tests of the parser: what a text gives, and what is wrong with it.

mod dump;
mod expressions;
mod items;
mod mistakes;
mod robust;
mod samples;
mod strings;

use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;
use crate::span::FileId;

use super::{Parsed, parse, parse_expr};

fn source(text: &str) -> SourceFile {
    SourceFile::new(FileId(0), "test.qg", text)
}

fn parsed(text: &str) -> Parsed {
    parse(&source(text))
}

/// `line:column code message`, columns from 1 in characters.
fn shown(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let source = source(text);
    diagnostics
        .iter()
        .map(|it| {
            let start = it.primary.span.start;
            let line = source.lines.line(start);
            let before = text
                .get(source.lines.start(line) as usize..start as usize)
                .expect("a span on character boundaries");
            format!("{}:{} {} {}", line + 1, before.chars().count() + 1, it.code.id, it.message)
        })
        .collect()
}

/// A file without mistakes, and its tree in short.
#[track_caller]
fn file(text: &str, expected: &str) {
    let found = parsed(text);
    assert_eq!(shown(text, &found.diagnostics), Vec::<String>::new(), "{text}");
    assert_eq!(dump::items(&found.file.body), expected, "{text}");
}

/// An expression without mistakes, and its tree in short.
#[track_caller]
fn expr(text: &str, expected: &str) {
    let (found, _, diagnostics) = parse_expr(&source(text));
    assert_eq!(shown(text, &diagnostics), Vec::<String>::new(), "{text}");
    assert_eq!(dump::expr(&found.expect("an expression")), expected, "{text}");
}

/// A file with mistakes: what is understood, and what is said.
#[track_caller]
fn wrong(text: &str, expected: &str, messages: &[&str]) {
    let found = parsed(text);
    assert_eq!(shown(text, &found.diagnostics), messages, "{text}");
    assert_eq!(dump::items(&found.file.body), expected, "{text}");
}

/// What the first fixes of all findings make of a text.
#[track_caller]
fn mended(text: &str, expected: &str) {
    let found = parsed(text);
    let mut edits: Vec<_> = found
        .diagnostics
        .iter()
        .filter_map(|it| it.fixes.first())
        .flat_map(|fix| fix.edits.iter().cloned())
        .collect();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.start, span.end)));
    let mut result = text.to_owned();
    for (span, new) in edits {
        result.replace_range(span.range(), &new);
    }
    assert_eq!(result, expected);
}
