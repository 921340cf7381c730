//! Reads the annotated files of `tests/suite/lexical` and `tests/suite/syntax` and compares them with
//! what the lexer and the parser find: line, columns, code, message, help and fixes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use qg_lang::diagnostic::Diagnostic;
use qg_lang::parser::parse;
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;

fn files(area: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/suite").join(area);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the suite")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "qg"))
        .collect();
    found.sort();
    found
}

/// One annotated finding: where its carets stand, and what follows them.
#[derive(Debug)]
struct Wanted {
    line: usize,
    start: usize,
    end: usize,
    text: String,
    help: Vec<String>,
    fixes: Vec<(String, String)>,
}

fn wanted(text: &str) -> Vec<Wanted> {
    let mut found: Vec<Wanted> = Vec::new();
    let mut line = 0;
    for (number, content) in text.lines().enumerate() {
        let carets =
            content.strip_prefix('#').map(str::trim_start).filter(|it| it.starts_with('^'));
        if let Some(rest) = content.strip_prefix("# help: ") {
            found.last_mut().expect("a finding before").help.push(rest.to_owned());
        } else if let Some(rest) = content.strip_prefix("# fix: ") {
            let (title, new) = rest.split_once(" => ").expect("a title and a text");
            found.last_mut().expect("a finding").fixes.push((title.to_owned(), new.to_owned()));
        } else if let Some(carets) = carets {
            let start = content.chars().count() - carets.chars().count();
            let text = carets.trim_start_matches('^');
            let end = start + carets.len() - text.len();
            let text = text.trim().to_owned();
            found.push(Wanted { line, start, end, text, help: Vec::new(), fixes: Vec::new() });
        } else {
            line = number;
        }
    }
    found
}

/// Line, first and last column (characters, from 0) of a finding.
fn place(source: &SourceFile, diagnostic: &Diagnostic) -> (usize, usize, usize) {
    let span = diagnostic.primary.span;
    let line = source.lines.line(span.start);
    let from = source.lines.start(line) as usize;
    let count = |from: usize, to: usize| {
        source.text.get(from..to).expect("character boundaries").chars().count()
    };
    let rest = source.text.get(from..).expect("a line");
    let end_of_line = from + rest.find(['\n', '\r']).unwrap_or(rest.len());
    let start = count(from, span.start as usize);
    let end = (span.end as usize).min(end_of_line).max(span.start as usize);
    (line as usize, start, start + count(span.start as usize, end).max(1))
}

fn compare(path: &Path, problems: &mut String) {
    let text = std::fs::read_to_string(path).expect("a text");
    let source = SourceFile::new(FileId(0), "suite.qg", text.as_str());
    let mut found = parse(&source).diagnostics;
    let name = path.display();
    for wanted in wanted(&text) {
        let place_of = (wanted.line, wanted.start, wanted.end);
        let index = found.iter().position(|it| {
            let said = format!("{} {}", it.code.id, it.message);
            place(&source, it) == place_of && said.contains(&wanted.text)
        });
        let Some(index) = index else {
            writeln!(problems, "{name}:{}: not found: {}", wanted.line + 1, wanted.text)
                .expect("text");
            continue;
        };
        let it = found.remove(index);
        for help in &wanted.help {
            if !it.help.iter().any(|known| known.contains(help)) {
                writeln!(problems, "{name}:{}: no such help: {help}", wanted.line + 1)
                    .expect("text");
            }
        }
        for (title, new) in &wanted.fixes {
            let known = it.fixes.iter().any(|fix| {
                fix.title.contains(title)
                    && fix.edits.iter().any(|(_, text)| text.trim() == new.trim())
            });
            if !known {
                writeln!(problems, "{name}:{}: no such fix: {title}", wanted.line + 1)
                    .expect("text");
            }
        }
    }
    for it in found {
        let (line, start, _) = place(&source, &it);
        let (line, start) = (line + 1, start + 1);
        writeln!(problems, "{name}:{line}:{start}: not annotated: {} {}", it.code.id, it.message)
            .expect("text");
    }
}

#[test]
fn lexical_and_syntax_files_say_what_they_are_annotated_with() {
    let mut problems = String::new();
    let files: Vec<PathBuf> = files("lexical").into_iter().chain(files("syntax")).collect();
    assert!(files.len() > 30, "the suite is there");
    for path in files {
        compare(&path, &mut problems);
    }
    assert_eq!(problems, "");
}
