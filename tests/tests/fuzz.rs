//! Any text at all: the pipeline ends soon, within bounds of memory, and never panics.
//!
//! The texts of the suite, of the standard library and of this fleet are changed at random, from a
//! fixed seed. `QG_FUZZ=100000` tries more of them, `QG_FUZZ_SEED=7` others.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use qg_cli::args::Format;
use qg_cli::report::{self, Context};
use qg_interpreter::{build, manifest, targets};
use qg_lang::world::MemoryWorld;
use qg_tests::mutate::{Random, mutate};
use qg_tests::{disk, generate};

/// How many texts, where nothing else is said.
const TRIES: usize = 1500;

/// No text may take longer. Most take milliseconds; those that use up all the evaluation's fuel, seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// What all of it may take at once, in KiB.
const MEMORY: u64 = 6 * 1024 * 1024;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(otherwise)
}

/// Real texts to begin with.
fn seeds() -> Vec<String> {
    let read = |path: &PathBuf| {
        qg_cli::world::decode(&fs::read(path).expect("a source can be read")).to_string()
    };
    let mut seeds: Vec<String> =
        disk::files(&disk::folder("suite"), ".qg").iter().map(read).collect();
    for folder in ["hosts", "services", "stdlib/std"] {
        let folder = disk::repository().join(folder);
        if folder.is_dir() {
            seeds.extend(disk::files(&folder, ".qg").iter().map(read));
        }
    }
    seeds.extend(generate::racks(1).sources.into_iter().map(|(_, text)| text));
    // Those that are made to use up all the fuel would use up all the time.
    seeds.retain(|text| !text.contains("QG0413") && text.len() < 30_000);
    seeds
}

/// The whole way of one text.
fn run(text: &str) {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("a.qg"), Arc::from(text));
    let built = build(&world);
    let sources = &built.analysis.sources;
    for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        let context = Context { sources, prefix: "", colors: true };
        let some = built.diagnostics.get(..built.diagnostics.len().min(20)).unwrap_or_default();
        report::write(format, some, context, &mut Vec::new()).expect("memory does not fail");
    }
    for finding in &built.diagnostics {
        let spans =
            [finding.primary.span].into_iter().chain(finding.others.iter().map(|it| it.span));
        for span in spans {
            let file = sources.get(span.file).expect("a finding is about a file");
            assert!(file.text.get(span.range()).is_some(), "{finding:?} is not in the text");
        }
    }
    if let Some(fleet) = &built.fleet {
        let files = targets::render(fleet);
        let made = manifest::build(&files, &fleet.origins, sources);
        assert_eq!(manifest::Manifest::parse(&made.to_text()), Some(made));
    }
}

/// The most memory that this process ever had, in KiB.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[test]
fn no_text_breaks_the_pipeline() {
    let seeds = seeds();
    let mut random = Random(number("QG_FUZZ_SEED", 1) as u64);
    let (send, receive) = mpsc::channel::<String>();
    let (answer, answers) = mpsc::channel::<bool>();
    // The usual stack of a thread: what needs more must take care of that itself.
    let worker = thread::spawn(move || {
        while let Ok(text) = receive.recv() {
            let fine = catch_unwind(AssertUnwindSafe(|| run(&text))).is_ok();
            if answer.send(fine).is_err() {
                break;
            }
        }
    });
    for index in 0..number("QG_FUZZ", TRIES) {
        let (base, other) = (random.below(seeds.len()), random.below(seeds.len()));
        let text = mutate(&seeds[base], &seeds[other], &mut random);
        send.send(text.clone()).expect("the worker is there");
        let what = match answers.recv_timeout(PATIENCE) {
            Ok(true) if peak().is_none_or(|peak| peak < MEMORY) => continue,
            Ok(true) => "took too much memory",
            Ok(false) => "panicked",
            Err(_) => "did not end in time",
        };
        let path = std::env::temp_dir().join(format!("qg-fuzz-{index}.qg"));
        fs::write(&path, &text).expect("the text can be kept");
        panic!("text {index} {what}; it is in {}", path.display());
    }
    drop(send);
    worker.join().expect("the worker ends");
}

#[test]
fn texts_that_nest_repeat_or_never_end_are_only_findings() {
    let nested = |open: &str, close: &str| {
        format!("let a = {}1{}\n", open.repeat(50_000), close.repeat(50_000))
    };
    let texts = [
        nested("(", ")"),
        nested("[", "]"),
        nested("{ a = ", " }"),
        nested("not ", ""),
        nested("- ", ""),
        nested("if true then ", " else 1"),
        nested("x => ", ""),
        nested("\"${", "}\""),
        nested("1 + ", ""),
        nested("1 ?? ", ""),
        nested("/a / ", ""),
        nested("f(", ")"),
        format!("let a = b{}\n", ".c".repeat(50_000)),
        format!("let a: {}int{} = 1\n", "[".repeat(50_000), "]".repeat(50_000)),
        format!("let a: int{} = 1\n", "?".repeat(50_000)),
        format!("{}{}", "service a { route b {\n".repeat(20_000), "}}\n".repeat(20_000)),
        "if true { ".repeat(50_000),
        "let a = \"".to_owned() + &"x".repeat(100_000),
        "\"".repeat(100_001),
        "\0".repeat(100_000),
        "#".repeat(100_000),
        (0..20_000).map(|it| format!("let a{it} = a{}\n", it + 1)).collect(),
        (0..3_000).map(|it| format!("fn f{it}(x: int) -> int = f{}(x)\n", it + 1)).collect(),
        (0..3_000).map(|it| format!("schema S{it} {{ a: S{}? }}\n", it + 1)).collect(),
    ];
    for (index, text) in texts.iter().enumerate() {
        let (done, waited) = mpsc::channel();
        let text = text.clone();
        let head: String = text.chars().take(40).collect();
        thread::spawn(move || {
            let fine = catch_unwind(AssertUnwindSafe(|| run(&text))).is_ok();
            let _ = done.send(fine);
        });
        let ended = waited.recv_timeout(PATIENCE);
        assert_eq!(ended, Ok(true), "text {index}, {head}…");
    }
}
