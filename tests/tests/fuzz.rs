//! Any fleet at all: the pipeline ends soon, within bounds of memory, and never panics.
//!
//! The cases of the suite, the golden ones and the fleet of this repository are changed at random,
//! from a fixed seed: `qg_tests::mutate` knows the grammar. Each is compiled, reported, rendered and
//! asked in a process with 2 GiB of address space and 10 seconds on the processor.
//! `QG_FUZZ=100000` tries more of them, `QG_FUZZ_SECONDS=3600` goes on for an hour,
//! `QG_FUZZ_SEED=7` takes others. With a bound of time, what fails is kept and the search goes on.

#![allow(clippy::print_stderr)] // what an hour finds is said when it is found

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use qg_lang::world::MemoryWorld;
use qg_tests::bounded::{self, Ended, Worker};
use qg_tests::mutate::{self, Random};
use qg_tests::switch::number;
use qg_tests::{pipeline, seeds, shrink};

/// How many fleets, where nothing else is said.
const TRIES: u64 = 500;
/// Fleets that one process takes, so that what one leaves behind is not held against all others.
const PER_WORKER: u64 = 100;
/// What fails before it is enough.
const ENOUGH: usize = 20;

fn worker() -> Command {
    bounded::command(env!("CARGO_BIN_EXE_qg-pipeline"))
}

fn fails(world: &MemoryWorld) -> Option<Ended> {
    Worker::start(&mut worker()).ask(&pipeline::packed(world)).err()
}

/// Where a fleet that failed is kept: as a case of the suite.
fn keep(world: &MemoryWorld, name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(name);
    for (path, text) in &world.sources {
        let path = folder.join(path.replace("..", "_"));
        fs::create_dir_all(path.parent().expect("a folder is around")).expect("a folder");
        fs::write(path, text.as_bytes()).expect("a fleet can be kept");
    }
    folder
}

#[test]
fn no_fleet_breaks_the_pipeline() {
    let seeds = seeds::seeds();
    let seed = number("QG_FUZZ_SEED").unwrap_or(1);
    let mut random = Random(seed);
    let until = number("QG_FUZZ_SECONDS").map(|it| Instant::now() + Duration::from_secs(it));
    let tries = number("QG_FUZZ").unwrap_or(if until.is_some() { u64::MAX } else { TRIES });
    let mut running = None;
    let mut failures = Vec::new();
    let (mut count, mut through) = (0, 0);
    while count < tries && until.is_none_or(|it| Instant::now() < it) && failures.len() < ENOUGH {
        let (base, other) = (seeds.base(&mut random), seeds.donor(&mut random));
        let world = mutate::change(base, other, &mut random);
        let job = pipeline::packed(&world);
        if count % PER_WORKER == 0 {
            running = None;
        }
        count += 1;
        let asked = running.take().unwrap_or_else(|| Worker::start(&mut worker())).ask(&job);
        let ended = match asked {
            Ok((came, worker)) => {
                through += u64::from(came == "Through");
                running = Some(worker);
                continue;
            }
            // What others left behind is no fault of this one.
            Err(_) => match fails(&world) {
                None => continue,
                Some(ended) => ended,
            },
        };
        let path = keep(&world, &format!("qg-fuzz-{seed}-{count}"));
        let small = shrink::shrink(&world, |it| fails(it).is_some());
        keep(&small, &format!("qg-fuzz-{seed}-{count}-small"));
        failures.push(format!("fleet {count}, kept in {}(-small): {ended}", path.display()));
        eprintln!("{}", failures.last().expect("it was just put there"));
        if until.is_none() {
            break;
        }
    }
    eprintln!("{count} fleets from seed {seed}, {through} of them sound enough for files");
    // What never gets past the parser proves little of what is behind it.
    assert!(through > count / 20, "only {through} of {count} fleets came through");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
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
        let mut world = MemoryWorld::default();
        world.sources.insert(Arc::from("a.qg"), Arc::from(text.as_str()));
        let head: String = text.chars().take(40).collect();
        if let Some(ended) = fails(&world) {
            panic!("text {index}, {head}…: {ended}");
        }
    }
}
