//! `qgc why` over our own fleet: every line of every artifact that carries a value knows who said it,
//! and a sample of answers, written down in `why.txt`, names exactly the right lines.

#![allow(clippy::format_push_string)] // a report is short

use std::collections::BTreeMap;
use std::fs;

use qg_cli::args::Chosen;
use qg_cli::project::Project;
use qg_cli::world::DiskWorld;
use qg_interpreter::Build;
use qg_interpreter::describe::{Line, Provenance, ProvenancePart};
use qg_interpreter::targets::{self, OutputFile};
use qg_tests::disk::{folder, repository};

fn fleet() -> (Build, Vec<OutputFile>) {
    let project = Project::find(Some(repository()), &Chosen::default()).expect("our own fleet");
    let world = DiskWorld::read(&project).expect("its sources");
    let build = qg_interpreter::build(&world);
    let files = targets::render(build.fleet.as_ref().expect("a fleet without errors"));
    (build, files)
}

/// Whether more stands in a line than brackets, a comment, or the head of what follows.
fn carries_a_value(path: &str, line: &str) -> bool {
    let line = line.trim();
    let ends = |endings: &[&str]| endings.iter().any(|end| path.ends_with(end));
    let head = if ends(&[".container", ".pod", ".network", ".volume"]) {
        line.starts_with('[')
    } else if path.ends_with(".nix") {
        line.ends_with('{') || (line.starts_with("{ ") && line.ends_with("... }:"))
    } else if path.ends_with("sealed.sh") {
        // The same for every fleet.
        include_str!("../../interpreter/targets/src/sealed/render.sh").contains(line)
    } else {
        false
    };
    line.chars().any(char::is_alphanumeric) && !line.starts_with('#') && !head
}

#[test]
fn every_line_that_carries_a_value_knows_who_said_it() {
    let (build, files) = fleet();
    let (mut missing, mut known) = (BTreeMap::<&str, Vec<String>>::new(), 0);
    for file in &files {
        for (index, text) in file.text.lines().enumerate() {
            if !carries_a_value(&file.path, text) {
                continue;
            }
            let line = build.why_line(file, index + 1).expect("the file has this line");
            let is_source = |it: &Provenance| {
                let source = build.analysis.sources.get(it.span.file);
                source.is_some_and(|it| it.path.ends_with(".qg"))
            };
            if line.values.iter().any(|it| it.said.iter().any(is_source)) {
                known += 1;
            } else {
                missing.entry(&file.path).or_default().push(format!("{}: {text}", index + 1));
            }
        }
    }
    let count: usize = missing.values().map(Vec::len).sum();
    let shown: String =
        missing.iter().map(|(path, lines)| format!("{path}\n  {}\n", lines.join("\n  "))).collect();
    assert!(count == 0, "{count} lines know nothing, {known} do:\n{shown}");
    assert!(known > 3000, "only {known} lines");
}

/// One answer of the table.
struct Sample {
    file: String,
    /// A line before the one that is meant, where several are alike.
    below: Option<String>,
    line: String,
    answer: String,
}

const TABLE: &str = "tests/why.txt";

/// The comment at the head of the table, and its answers.
fn samples() -> (String, Vec<Sample>) {
    let text = fs::read_to_string(folder(TABLE)).expect("the table");
    let (head, rest) = text.split_once("\n\n").expect("a comment, then answers");
    let blocks = rest.split("\n\n").map(str::trim_end).filter(|block| !block.is_empty());
    let samples = blocks.map(|block| {
        let mut lines = block.lines().peekable();
        let file = lines.next().expect("a file").to_owned();
        let below = lines.next_if(|it| it.starts_with("below "));
        let line = lines.next().and_then(|it| it.strip_prefix("> "));
        Sample {
            below: below.and_then(|it| it.strip_prefix("below ")).map(str::to_owned),
            line: line
                .unwrap_or_else(|| panic!("`> ` and a line are wanted in\n{block}"))
                .to_owned(),
            answer: lines.map(|line| format!("{line}\n")).collect(),
            file,
        }
    });
    (head.to_owned(), samples.collect())
}

/// Places as the table has them, which no other line of a source moves.
fn quoted(build: &Build, line: &Line) -> String {
    let mut text = String::new();
    for value in &line.values {
        let spelled = value.value.as_ref().filter(|spelled| !spelled.contains('\n'));
        let head =
            spelled.map_or_else(|| value.path.clone(), |it| format!("{} = {it}", value.path));
        text.push_str(&format!("  {head}\n"));
        for said in &value.said {
            let source = build.analysis.sources.get(said.span.file).expect("a source");
            let at = source.lines.line(said.span.start) as usize;
            let quote = source.text.lines().nth(at).unwrap_or("").trim();
            let blanks = match said.part {
                ProvenancePart::Behind(depth) => "  ".repeat(depth),
                ProvenancePart::Won | ProvenancePart::Lost => String::new(),
            };
            let lost = if said.part == ProvenancePart::Lost { "lost: " } else { "" };
            let words = said.words();
            text.push_str(&format!("    {blanks}{lost}{words} | {}: {quote}\n", source.path));
        }
    }
    text
}

#[test]
fn a_sample_of_answers_names_the_right_lines() {
    let (build, files) = fleet();
    let (head, samples) = samples();
    assert!(samples.len() >= 50, "only {} answers", samples.len());
    let (mut table, mut wrong) = (format!("{head}\n\n"), String::new());
    for Sample { file, below, line, answer } in samples {
        let made = files.iter().find(|it| it.path == file).unwrap_or_else(|| panic!("no {file}"));
        let lines: Vec<&str> = made.text.lines().map(str::trim).collect();
        let from = below.as_ref().map_or(0, |below| {
            lines.iter().position(|it| it == below).unwrap_or_else(|| panic!("{file}: no {below}"))
        });
        let at = lines.iter().skip(from).position(|it| *it == line).map(|at| at + from);
        let at = at.unwrap_or_else(|| panic!("{file} has no line {line}"));
        let now = quoted(&build, &build.why_line(made, at + 1).expect("it has this line"));
        if now != answer {
            wrong.push_str(&format!("{file}\n> {line}\nthe table has\n{answer}now it is\n{now}\n"));
        }
        let below = below.map_or_else(String::new, |below| format!("below {below}\n"));
        table.push_str(&format!("{file}\n{below}> {line}\n{now}\n"));
    }
    if std::env::var_os("QG_BLESS").is_some() {
        fs::write(folder(TABLE), table).expect("the table can be written");
    } else {
        assert!(wrong.is_empty(), "{wrong}");
    }
}
