//! What people who come from elsewhere write, and what they are told: one file for each background in
//! `tests/suite/guesses`. A case is
//!
//! ```text
//! ? what is meant
//! let x = len([1])          what they write
//! ! count                   words that the answer has to have in a help or a fix
//! = let x = count([1])      what they should have written, which is tried
//! > 1:9 QG0201 …            the answer; `QG_BLESS=1` writes it anew
//! ```

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use qg_interpreter::build;
use qg_lang::diagnostic::{Diagnostic, Fix};
use qg_lang::parser::parse;
use qg_lang::source::{SourceFile, SourceMap};
use qg_lang::span::FileId;
use qg_lang::world::MemoryWorld;
use qg_tests::{disk, release};

const BACKGROUNDS: [&str; 7] = ["compose", "cue", "hcl", "javascript", "jsonnet", "nix", "python"];

#[derive(Debug, Default)]
struct Guess {
    title: String,
    written: String,
    says: Vec<String>,
    right: String,
    answer: String,
}

fn path(background: &str) -> PathBuf {
    disk::folder("suite").join("guesses").join(format!("{background}.txt"))
}

fn guesses(background: &str) -> Vec<Guess> {
    let text = fs::read_to_string(path(background)).expect("the guesses of a background");
    let mut all: Vec<Guess> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("? ") {
            all.push(Guess { title: title.to_owned(), ..Guess::default() });
            continue;
        }
        let case = all.last_mut().expect("a title first");
        let (to, line) = match line.split_at_checked(2) {
            Some(("! ", words)) => {
                case.says.push(words.to_owned());
                continue;
            }
            Some(("= ", line)) => (&mut case.right, line),
            Some(("> ", line)) => (&mut case.answer, line),
            Some(_) | None => (&mut case.written, line),
        };
        to.push_str(line);
        to.push('\n');
    }
    all
}

/// The errors of a text that stands alone.
fn errors(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("a.qg"), Arc::from(text));
    let built = build(&release::said(world));
    let found = built.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    (found, built.analysis.sources)
}

fn answer(found: &[Diagnostic], sources: &SourceMap) -> String {
    let mut all = String::new();
    for finding in found {
        let at = finding.primary.span;
        let source = sources.get(at.file).expect("a file");
        let before = source.text.get(..at.start as usize).expect("a place");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let _ = writeln!(all, "{line}:{column} {} {}", finding.code.id, finding.message);
        for help in &finding.help {
            let _ = writeln!(all, "  help: {help}");
        }
        for fix in &finding.fixes {
            let texts: Vec<String> =
                fix.edits.iter().map(|(_, text)| format!("{text:?}")).collect();
            let _ = writeln!(all, "  fix: {} => {}", fix.title, texts.join(" "));
        }
    }
    all
}

fn is_syntax(finding: &Diagnostic) -> bool {
    finding.code.id.starts_with("QG00") || finding.code.id.starts_with("QG01")
}

fn mended(text: &str, fix: &Fix, file: FileId) -> String {
    let mut edits: Vec<_> = fix.edits.iter().filter(|(at, _)| at.file == file).collect();
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    let mut text = text.to_owned();
    for (at, new) in edits {
        text.replace_range(at.start as usize..at.end as usize, new);
    }
    text
}

/// A fix takes its own finding away, and brings no mistake of writing.
fn unsound(written: &str, found: &[Diagnostic]) -> Vec<String> {
    let like = |all: &[Diagnostic], one: &Diagnostic| {
        all.iter().filter(|it| (it.code.id, &it.message) == (one.code.id, &one.message)).count()
    };
    let syntax = |all: &[Diagnostic]| all.iter().filter(|it| is_syntax(it)).count();
    let mut wrong = Vec::new();
    for finding in found {
        for fix in &finding.fixes {
            let text = mended(written, fix, finding.primary.span.file);
            let (after, _) = errors(&text);
            if syntax(&after) > syntax(found) || like(&after, finding) >= like(found, finding) {
                wrong.push(format!("the fix `{}` leads to\n{text}", fix.title));
            }
        }
    }
    wrong
}

fn wrong_with(case: &Guess, found: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let mut wrong = unsound(&case.written, found);
    let helps = found.iter().flat_map(|it| it.help.iter().cloned());
    let fixes = found.iter().flat_map(|it| &it.fixes);
    let texts = fixes.flat_map(|fix| fix.edits.iter().map(|(_, text)| text.clone()));
    let told: Vec<String> = helps.chain(texts).collect();
    if told.is_empty() {
        wrong.push("nobody says what to write".to_owned());
    }
    for words in &case.says {
        if !told.iter().any(|text| text.contains(words)) {
            wrong.push(format!("nothing says `{words}`"));
        }
    }
    let (of_right, right_sources) = errors(&case.right);
    let of_right: Vec<Diagnostic> = of_right
        .into_iter()
        .filter(|it| {
            ["QG00", "QG01", "QG02", "QG03"].iter().any(|area| it.code.id.starts_with(area))
        })
        .collect();
    if case.right.is_empty() || !of_right.is_empty() {
        wrong.push(format!("what is right is not:\n{}", answer(&of_right, &right_sources)));
    }
    let now = answer(found, sources);
    if now != case.answer && std::env::var_os("QG_BLESS").is_none() {
        wrong.push(format!("the answer is now\n{now}and was\n{}", case.answer));
    }
    wrong
}

fn written_out(cases: &[(Guess, String)]) -> String {
    let mut all = String::new();
    for (case, answer) in cases {
        let _ = write!(all, "? {}\n{}", case.title, case.written);
        let lines = |all: &mut String, mark: &str, text: &str| {
            for line in text.lines() {
                let _ = writeln!(all, "{mark} {line}");
            }
        };
        lines(&mut all, "!", &case.says.join("\n"));
        lines(&mut all, "=", &case.right);
        lines(&mut all, ">", answer);
    }
    all
}

#[test]
fn who_guesses_wrong_is_told_what_to_write() {
    let mut failed = Vec::new();
    for background in BACKGROUNDS {
        let cases = guesses(background);
        assert!(cases.len() >= 40, "{background} has {} guesses", cases.len());
        let titles: BTreeSet<&str> = cases.iter().map(|case| &*case.title).collect();
        assert_eq!(titles.len(), cases.len(), "a title of {background} is there twice");
        let mut blessed = Vec::new();
        for case in cases {
            let (found, sources) = errors(&case.written);
            for wrong in wrong_with(&case, &found, &sources) {
                failed.push(format!("{background}: {}\n{}{wrong}", case.title, case.written));
            }
            let answer = answer(&found, &sources);
            blessed.push((case, answer));
        }
        if std::env::var_os("QG_BLESS").is_some() {
            fs::write(path(background), written_out(&blessed)).expect("the guesses are written");
        }
    }
    assert!(failed.is_empty(), "{} wrong:\n\n{}", failed.len(), failed.join("\n\n"));
}

/// What a code in a help may stand in.
const AROUND: &[&str] = &[
    "@",
    "let x = @",
    "let x = a @",
    "let x = [@]",
    "let x: @ = 1",
    "schema S { a: @ }",
    "schema S { @ }",
    "service s { @ }",
    "service s { @ {} }",
    "service s { container { @ } }",
    "let x = f(@)",
    "@ { a = 1 }",
    "let x = match v { @ }",
];

/// Whether a code parses somewhere; `…` stands for whatever can stand there.
fn parses(code: &str) -> bool {
    ["…", "x", "x = 1", "x => 1", "", "1"].iter().any(|rest| {
        let code = code.replace('…', rest);
        AROUND.iter().any(|around| {
            let text = around.replace('@', &code);
            let source = SourceFile::new(FileId(0), "a.qg", text.as_str());
            parse(&source).diagnostics.is_empty()
        })
    })
}

/// What is shown in a help and is no code of this language: marks, words, files, commands, Nix' own words.
fn is_no_code(code: &str) -> bool {
    let word = !code.contains([' ', '(', '[', '{', '"']);
    let inside = ["${", "$$", "\\", "\"\"\"", "= ", "qgc ", "sops "];
    word || code == "{" || inside.iter().any(|begin| code.starts_with(begin))
}

/// The codes of a text: what stands between backticks.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn what_a_help_shows_can_be_written() {
    let table = disk::repository().join("stdlib/elsewhere.tsv");
    let table = fs::read_to_string(table).expect("the words of other languages");
    let mut helps: Vec<String> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').nth(2))
        .map(|help| help.replace("{}", "x"))
        .collect();
    for background in BACKGROUNDS {
        for case in guesses(background) {
            let lines = case.answer.lines().filter_map(|line| line.strip_prefix("  help: "));
            helps.extend(lines.map(str::to_owned));
        }
    }
    // What every other case of the suite is told.
    for path in disk::files(&disk::folder("suite"), ".qg") {
        let text = qg_cli::world::decode(&fs::read(&path).expect("a case can be read"));
        helps.extend(
            text.lines().filter_map(|line| line.strip_prefix("# help: ")).map(str::to_owned),
        );
    }
    let wrong: BTreeSet<&str> = helps
        .iter()
        .flat_map(|help| codes(help))
        .filter(|code| !is_no_code(code) && !parses(code))
        .collect();
    assert!(helps.len() > 400, "{} helps", helps.len());
    assert!(
        wrong.is_empty(),
        "these cannot be written:\n  {}",
        wrong.into_iter().collect::<Vec<_>>().join("\n  ")
    );
}
