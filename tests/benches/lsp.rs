//! Types a file character by character through the language server, and waits for the findings after
//! each: how long that takes, and how much memory the server needs, on the fleet of this repository
//! and on one of ten times its size.
//!
//! `cargo bench -p qg-tests --bench lsp`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use qg_lang::ParseCache;
use qg_lang::world::MemoryWorld;
use qg_tests::disk::{files, repository};
use qg_tests::editor::{Editor, memory};
use qg_tests::generate::of_bytes;
use serde_json::json;

/// Characters that are typed of one file, at most.
const TYPED: usize = 1500;
/// How long one file is typed, at most; but so many characters in any case.
const TYPING: Duration = Duration::from_secs(120);
const LEAST: usize = 20;

/// Questions that are asked at once, and how long the server rests after them.
const QUESTIONS: usize = 5000;
const REST: Duration = Duration::from_secs(50);

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let real = tempfile::tempdir().unwrap();
    let bytes = copy(repository(), real.path());
    let first = measure("this repository's fleet", real.path(), "services/jellyfin.qg", bytes);

    let large = tempfile::tempdir().unwrap();
    let generated = of_bytes(bytes * 10);
    generated.write(large.path());
    let file = "services/rack0/single0.qg";
    let second = measure("a generated fleet", large.path(), file, generated.bytes());

    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64().max(1e-9);
    println!(
        "ratio for {:.1} times the source: p50 {:.1}, p99 {:.1}, memory {:.1}",
        second.bytes as f64 / first.bytes as f64,
        ratio(second.p50, first.p50),
        ratio(second.p99, first.p99),
        second.memory as f64 / first.memory.max(1) as f64,
    );
}

struct Figures {
    bytes: usize,
    p50: Duration,
    p99: Duration,
    /// Peak, in KiB.
    memory: u64,
}

fn measure(name: &str, root: &Path, file: &str, bytes: usize) -> Figures {
    let text = fs::read_to_string(root.join(file)).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_qgc-under-test"));
    let mut editor = Editor::start(program, root, "utf-16");
    editor.open(file, "");
    editor.findings(file);
    let mut times = Vec::new();
    let (mut line, mut column) = (0, 0);
    let begin = Instant::now();
    for character in text.chars().take(TYPED) {
        let start = Instant::now();
        if start - begin > TYPING && times.len() >= LEAST {
            break;
        }
        editor.change(file, Some([line, column, line, column]), &character.to_string());
        editor.findings(file);
        times.push(start.elapsed());
        match character {
            '\n' => (line, column) = (line + 1, 0),
            other => column += other.len_utf16() as u32,
        }
    }
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    let memory = memory(editor.child.id(), "VmHWM");
    println!("{name}: {bytes} bytes of source, {} keys in {file}", times.len());
    println!(
        "  p50 {:.1?}, p99 {:.1?}, longest {:.1?}; peak memory {} MiB",
        at(50),
        at(99),
        times[times.len() - 1],
        memory / 1024
    );
    questions(&mut editor, file, &text);
    parts(root);
    Figures { bytes, p50: at(50), p99: at(99), memory }
}

/// Many questions at once: how long they take, what they need and what they leave.
fn questions(editor: &mut Editor, file: &str, text: &str) {
    editor.change(file, None, text);
    editor.findings(file);
    let document = json!({ "uri": editor.uri(file) });
    let lines = text.lines().count();
    let start = Instant::now();
    let ids: Vec<i64> = (0..QUESTIONS)
        .map(|index| {
            let method = ["textDocument/completion", "textDocument/hover"][index % 2];
            let at = json!({ "line": index % lines, "character": 4 });
            editor.ask(method, json!({ "textDocument": document, "position": at }))
        })
        .collect();
    for id in ids {
        editor.answer(id);
    }
    let took = start.elapsed();
    let (most, then) = ["VmHWM", "VmRSS"].map(|it| memory(editor.child.id(), it) / 1024).into();
    thread::sleep(REST);
    let left = memory(editor.child.id(), "VmRSS") / 1024;
    println!(
        "  {QUESTIONS} questions at once: {:.1?} each; peak memory {most} MiB, {then} MiB after them, {left} MiB when it rests",
        took / QUESTIONS as u32
    );
}

/// What the time of one build goes into.
fn parts(root: &Path) {
    let mut world = MemoryWorld::default();
    for path in files(root, "") {
        let name: Arc<str> = path.strip_prefix(root).unwrap().to_string_lossy().into();
        match fs::read_to_string(&path) {
            Ok(text) if name.ends_with(".qg") && !name.starts_with('.') => {
                world.sources.insert(name, text.into());
            }
            Ok(text) => {
                world.files.insert(name, Arc::from(text.as_bytes()));
            }
            Err(_) => {}
        }
    }
    let mut trees = ParseCache::default();
    let _ = qg_lang::analyze_with(&world, &mut trees);
    let (mut analyses, mut evaluations, mut renderings) = (Vec::new(), Vec::new(), Vec::new());
    let begin = Instant::now();
    while analyses.len() < 3 || (analyses.len() < 20 && begin.elapsed() < TYPING / 4) {
        let start = Instant::now();
        let analysis = qg_lang::analyze_with(&world, &mut trees);
        analyses.push(start.elapsed());
        let start = Instant::now();
        let build = qg_interpreter::evaluate(analysis, &world);
        evaluations.push(start.elapsed());
        assert!(build.diagnostics.len() < 1000, "a sound fleet");
        let fleet = build.fleet.expect("a sound fleet");
        let start = Instant::now();
        let files = qg_interpreter::targets::render(&fleet);
        renderings.push(start.elapsed());
        assert!(!files.is_empty());
    }
    for all in [&mut analyses, &mut evaluations, &mut renderings] {
        all.sort();
    }
    println!(
        "  of one build: names and types {:.1?}, evaluation and checks {:.1?}, of which {:.1?} to render the files \
         (files that did not change are not parsed)",
        analyses[analyses.len() / 2],
        evaluations[evaluations.len() / 2],
        renderings[renderings.len() / 2]
    );
}

/// Copies the fleet of a folder, and gives how long its sources are.
fn copy(from: &Path, to: &Path) -> usize {
    let mut bytes = 0;
    fs::copy(from.join("qg.toml"), to.join("qg.toml")).unwrap();
    for folder in ["hosts", "services"] {
        for path in files(&from.join(folder), "") {
            let target = to.join(path.strip_prefix(from).unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let size = fs::copy(&path, &target).unwrap() as usize;
            bytes += if path.extension().is_some_and(|it| it == "qg") { size } else { 0 };
        }
    }
    bytes
}
