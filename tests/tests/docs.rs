//! What the documents claim, as far as a program can tell.

#![allow(clippy::format_push_string)] // a report is short

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use qg_lang::parser::parse;
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;
use qg_lang::world::MemoryWorld;
use qg_tests::{disk, golden};

fn documents() -> Vec<(PathBuf, String)> {
    let root = disk::repository();
    let mut paths = disk::files(&root.join("docs"), ".md");
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        paths.push(root.join(name));
    }
    let read = |path: PathBuf| {
        let text =
            fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// The targets of `[text](target)` that lie in the repository, without `#part`.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://"))
        .collect()
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(|it| it.is_alphanumeric() || *it == ' ' || *it == '-' || *it == '_')
        .map(|it| if it == ' ' { '-' } else { it })
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for link in links(&text) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.parent().unwrap_or(Path::new(".")).join(file),
            };
            if !target.exists() {
                wrong.push(format!("{}: {link}", path.display()));
            } else if !part.is_empty() {
                let text = fs::read_to_string(&target).unwrap_or_default();
                let mut headings = text.lines().filter_map(|line| line.strip_prefix('#'));
                if !headings.any(|it| anchor(it.trim_start_matches('#')) == part) {
                    wrong.push(format!("{}: {link}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Examples in the language parse, unless they leave something out (`…`).
#[test]
fn examples_parse() {
    let mut count = 0;
    for (path, text) in documents() {
        for block in text.split("```qg\n").skip(1) {
            let block = block.split("```").next().unwrap_or("");
            let block = block.replace("{ … }", "{ }").replace("\"…\"", "\"x\"");
            if block.contains('…') {
                continue;
            }
            count += 1;
            let parsed = parse(&SourceFile::new(FileId(0), "example.qg", block.as_str()));
            let words: Vec<&String> = parsed.diagnostics.iter().map(|it| &it.message).collect();
            assert!(words.is_empty(), "{}: {words:?}\n{block}", path.display());
        }
    }
    assert!(count > 8, "only {count} examples");
}

/// The README's example makes the files that it shows.
#[test]
fn the_readme_shows_what_is_made() {
    let text = fs::read_to_string(disk::repository().join("README.md")).expect("the README");
    let blocks = |language: &str| -> Vec<String> {
        let open = format!("```{language}\n");
        text.split(&open)
            .skip(1)
            .map(|it| it.split("```").next().unwrap_or("").to_owned())
            .collect()
    };
    let mut world = MemoryWorld::default();
    for block in blocks("qg") {
        let path = block.lines().next().and_then(|it| it.strip_prefix("# ")).expect("a path");
        world.sources.insert(path.into(), block.as_str().into());
    }
    let built = qg_interpreter::build(&world);
    let findings = golden::in_words(&built.diagnostics, &built.analysis.sources);
    let fleet = built.fleet.unwrap_or_else(|| panic!("{findings}"));
    let files = qg_interpreter::targets::render(&fleet);
    let file = |end: &str| {
        let found = files.iter().find(|it| it.path.ends_with(end));
        &found.unwrap_or_else(|| panic!("{end} is not made")).text
    };
    assert_eq!(file("/quadlet/whoami.container"), &blocks("ini")[0]);
    assert!(file("/traefik/dynamic.yml").contains(&blocks("yaml")[0]));
}

/// What the README shows of a terminal is what happens there: commands after `$ `, and in the REPL
/// what is typed after `qg> `.
#[test]
fn the_readme_shows_what_is_answered() {
    let text = fs::read_to_string(disk::repository().join("README.md")).expect("the README");
    let blocks = |open: &str| -> Vec<String> {
        let found = text.split(open).skip(1);
        found.map(|it| it.split("```").next().unwrap_or("").to_owned()).collect()
    };
    let folder = tempfile::TempDir::new().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("qg.toml", "[fleet]\nname = \"example\"\nsources = [\"hosts\", \"services\"]\n");
    for block in blocks("```qg\n") {
        let path = block.lines().next().and_then(|it| it.strip_prefix("# ")).expect("a path");
        write(path, &block);
    }
    let mut count = 0;
    for block in blocks("```console\n") {
        let mut shown = String::new();
        for line in block.lines().filter_map(|line| line.strip_prefix("$ qgc ")) {
            let typed: String = block
                .lines()
                .filter_map(|line| line.strip_prefix("qg> "))
                .map(|line| format!("{line}\n"))
                .collect();
            shown.push_str(&format!("$ qgc {line}\n"));
            shown.push_str(&answered(line, &typed, folder.path()));
            count += 1;
        }
        assert_eq!(blurred(&shown), blurred(&block), "the README has\n{block}\nbut it is\n{shown}");
    }
    assert!(count >= 3, "only {count} commands");
}

/// A text without the lines of the standard library, which move, and with one blank for several.
fn blurred(text: &str) -> Vec<String> {
    let word = |word: &str| match word.split_once(".qg:") {
        Some((file, _)) if file.starts_with("<std>/") => format!("{file}.qg"),
        Some(_) | None => word.to_owned(),
    };
    let line = |line: &str| line.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect()
}

/// What the program prints for a command line; for the REPL, each line that is typed before its
/// answer.
fn answered(line: &str, typed: &str, folder: &Path) -> String {
    // Quotes hold blanks; nothing else of a shell is used.
    let args: Vec<String> = line
        .split('\'')
        .enumerate()
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect();
    let run = |typed: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_qgc-under-test"))
            .args(&args)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        child.stdin.take().expect("a pipe").write_all(typed.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    if args.first().is_none_or(|command| command != "repl") {
        return run("");
    }
    let (mut before, mut shown, mut done) = (String::new(), String::new(), 0);
    for line in typed.lines() {
        before.push_str(&format!("{line}\n"));
        let all = run(&before);
        shown.push_str(&format!("qg> {line}\n{}", all.get(done..).unwrap_or("")));
        done = all.len();
    }
    shown
}
