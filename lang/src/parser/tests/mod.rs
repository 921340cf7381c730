//! Tests of the parser; what a text gives, and what is wrong with it.

mod samples;

use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;
use crate::span::FileId;

use super::{Parsed, parse};

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
