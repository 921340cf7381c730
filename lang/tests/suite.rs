//! Runs the annotated files of `tests/suite/{names,types}` through `analyze`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use qg_lang::Analysis;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::source::SourceFile;
use qg_lang::span::Span;
use qg_lang::world::MemoryWorld;

#[test]
fn names() {
    run("names");
}

#[test]
fn types() {
    run("types");
}

/// Each code of the checker has a case that fires it.
#[test]
fn every_code_has_a_case() {
    let mut texts = String::new();
    for area in ["names", "types"] {
        for (_, text) in cases(area) {
            texts.push_str(&text);
        }
    }
    let all = codes::names::ALL.iter().chain(codes::types::ALL);
    let missing: Vec<&str> =
        all.map(|code| code.id).filter(|id| !texts.contains(&format!("^ {id}"))).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn the_standard_library_is_clean() {
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    let found: Vec<String> =
        analysis.diagnostics.iter().map(|it| describe(&analysis, it)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The same trees and findings come out when nothing changed.
#[test]
fn trees_are_kept() {
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), "let x = y".into());
    let mut cache = qg_lang::ParseCache::default();
    let first = qg_lang::analyze_with(&world, &mut cache);
    let second = qg_lang::analyze_with(&world, &mut cache);
    assert_eq!(first.diagnostics, second.diagnostics);
    assert!(first.files.iter().all(|(id, parsed)| Arc::ptr_eq(parsed, &second.files[id])));
    world.sources.insert("a.qg".into(), "let x = 1".into());
    let third = qg_lang::analyze_with(&world, &mut cache);
    assert!(third.diagnostics.is_empty(), "{:?}", third.diagnostics);
}

/// A chain of definitions may be long without the stack being so.
#[test]
fn long_chains() {
    let mut text = String::from("let x0 = 1\n");
    for index in 1..5000 {
        writeln!(text, "let x{index} = x{} + 1", index - 1).unwrap();
    }
    // Backwards, so that each definition asks for one that was not checked yet.
    let lines: Vec<&str> = text.lines().rev().collect();
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), lines.join("\n").into());
    let analysis = qg_lang::analyze(&world);
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics.first());
}

#[test]
fn loose_expressions() {
    let mut world = MemoryWorld::default();
    world.sources.insert(
        "a.qg".into(),
        "extend schema Model { game: {Game} = {} }\nschema Game { size: int = 1 }\npub let base = 2\ngame doom {}".into(),
    );
    let analysis = qg_lang::analyze(&world);
    let locals = BTreeMap::from([(Arc::from("it"), qg_lang::check::types::Type::Int)]);
    for (text, wanted) in [
        ("game.doom.size + base + it", "int"),
        ("[for g in game: g.name]", "[string]"),
        ("first(values(game)) ?? game.doom", "game"),
        ("game.doom.sise", "unknown"),
    ] {
        let id = qg_lang::span::FileId(analysis.sources.iter().count() as u32);
        let source = SourceFile::new(id, "<query>", text);
        let (expr, exprs, found) = qg_lang::parser::parse_expr(&source);
        assert!(found.is_empty(), "{found:?}");
        let (ty, types, diagnostics) =
            qg_lang::check_expr(&analysis, &source, &expr.unwrap(), exprs, &locals);
        assert_eq!(qg_lang::check::spell_type(&analysis.declarations, &ty), wanted, "{text}");
        assert_eq!(diagnostics.is_empty(), wanted != "unknown", "{diagnostics:?}");
        assert_eq!(types.types.len(), exprs as usize);
    }
}

fn run(area: &str) {
    let mut failures = Vec::new();
    for (name, text) in cases(area) {
        let faults = check(&text);
        if !faults.is_empty() {
            failures.push(format!("{area}/{name}:\n  {}", faults.join("\n  ")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Name and text of each case of an area.
fn cases(area: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/suite").join(area);
    let mut all: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "qg"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

/// What an annotation asks for.
struct Wanted {
    path: String,
    /// Of the line above, from 0.
    line: u32,
    column: u32,
    length: u32,
    code: String,
    text: String,
    also: Vec<(u32, u32, String)>,
    help: Vec<String>,
    fixes: Vec<(String, String)>,
}

fn check(text: &str) -> Vec<String> {
    let mut world = MemoryWorld::default();
    let mut wanted: Vec<Wanted> = Vec::new();
    let (mut path, mut source, mut line) = ("main.qg".to_owned(), String::new(), 0);
    for written in text.lines() {
        if let Some(next) = written.strip_prefix("#--- ") {
            world.sources.insert(path.as_str().into(), source.as_str().into());
            (path, source, line) = (next.trim().to_owned(), String::new(), 0);
            continue;
        }
        annotation(written, &path, line, &mut wanted);
        if !is_annotation(written) {
            line = source.lines().count() as u32;
        }
        source.push_str(written);
        source.push('\n');
    }
    world.sources.insert(path.into(), source.into());
    let analysis = qg_lang::analyze(&world);
    compare(&analysis, &wanted)
}

fn is_annotation(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| {
        rest.trim_start().starts_with('^')
            || rest.starts_with(" help: ")
            || rest.starts_with(" fix: ")
    })
}

fn annotation(written: &str, path: &str, line: u32, wanted: &mut Vec<Wanted>) {
    if !is_annotation(written) {
        return;
    }
    if let Some(help) = written.strip_prefix("# help: ") {
        wanted.last_mut().expect("a help follows an error").help.push(help.to_owned());
        return;
    }
    if let Some(fix) = written.strip_prefix("# fix: ") {
        let (title, text) = fix.split_once(" => ").expect("a fix has a title and a text");
        let last = wanted.last_mut().expect("a fix follows an error");
        last.fixes.push((title.to_owned(), text.to_owned()));
        return;
    }
    let column = written.chars().take_while(|c| *c != '^').count() as u32;
    let length = written.chars().skip(column as usize).take_while(|c| *c == '^').count() as u32;
    let rest = written.trim_start_matches(['#', ' ', '^']).trim();
    if let Some(text) = rest.strip_prefix("also ") {
        let last = wanted.last_mut().expect("a label follows an error");
        last.also.push((column, length, text.to_owned()));
        return;
    }
    let (code, text) = rest.split_once(' ').unwrap_or((rest, ""));
    wanted.push(Wanted {
        path: path.to_owned(),
        line,
        column,
        length,
        code: code.to_owned(),
        text: text.to_owned(),
        also: Vec::new(),
        help: Vec::new(),
        fixes: Vec::new(),
    });
}

/// Line, column and length in characters of the first line of a span.
fn place(analysis: &Analysis, span: Span) -> (String, u32, u32, u32) {
    let source = analysis.sources.get(span.file).unwrap();
    let line = source.lines.line(span.start);
    let start = source.lines.start(line) as usize;
    let column = source.text.get(start..span.start as usize).unwrap().chars().count() as u32;
    let length = source.slice(span).lines().next().unwrap_or("").chars().count().max(1) as u32;
    (source.path.to_string(), line, column, length)
}

fn describe(analysis: &Analysis, diagnostic: &Diagnostic) -> String {
    let (path, line, column, length) = place(analysis, diagnostic.primary.span);
    format!(
        "{path}:{}:{column}+{length} {} {} {:?} {:?}",
        line + 1,
        diagnostic.code.id,
        diagnostic.message,
        diagnostic.help,
        diagnostic.fixes
    )
}

fn compare(analysis: &Analysis, wanted: &[Wanted]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut found: Vec<&Diagnostic> = analysis.diagnostics.iter().collect();
    for want in wanted {
        let index = found.iter().position(|it| {
            place(analysis, it.primary.span)
                == (want.path.clone(), want.line, want.column, want.length)
                && it.code.id == want.code
                && it.message.contains(&want.text)
        });
        let Some(index) = index else {
            faults.push(format!(
                "not found: {}:{} {} {}",
                want.path,
                want.line + 1,
                want.code,
                want.text
            ));
            continue;
        };
        let it = found.remove(index);
        for (column, length, text) in &want.also {
            let there = it.others.iter().any(|other| {
                let (_, _, at, wide) = place(analysis, other.span);
                at == *column && wide == *length && other.text.contains(text)
            });
            if !there {
                faults.push(format!("no label {text:?} in {:?}", it.others));
            }
        }
        for help in &want.help {
            if !it.help.iter().any(|given| given.contains(help)) {
                faults.push(format!("no help {help:?} in {:?}", it.help));
            }
        }
        for (title, text) in &want.fixes {
            let there = it.fixes.iter().any(|fix| {
                fix.title.contains(title) && fix.edits.iter().any(|(_, new)| new == text)
            });
            if !there {
                faults.push(format!("no fix {title:?} => {text:?} in {:?}", it.fixes));
            }
        }
    }
    faults.extend(found.into_iter().map(|it| format!("unexpected: {}", describe(analysis, it))));
    faults
}
