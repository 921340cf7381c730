//! What each stage costs, and how that grows with the size of a fleet.
//!
//! Times are of the processor, so that other programs hardly count; only whole processes are timed by
//! the clock on the wall. Each stands beside that of another piece of work over the same bytes (reading
//! them as one JSON string), and beside the time of the stage for a fleet of a tenth of the size:
//! growth of 10 is linear, 13 is the most that is wanted.
//!
//! `cargo bench -p qg-tests` measures this repository's fleet and generated ones of 10, 100 and 1,000
//! times its size. `QG_BENCH_SECONDS=600` lets a single measurement take longer than a minute.

use std::hint::black_box;
use std::io::{Write, stdout};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use qg_cli::args::Chosen;
use qg_cli::project::Project;
use qg_cli::world::DiskWorld;
use qg_interpreter::fleet::{Facts, Fleet as Model, checks};
use qg_interpreter::targets::Prepared;
use qg_interpreter::{build, evaluate, manifest, targets};
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;
use qg_lang::world::{Limits, MemoryWorld, World};
use qg_lang::{analyze, lexer, parser};
use qg_tests::{disk, generate};

/// No fleet of these is told that it is too large.
const UNBOUNDED: Limits = Limits { sources: u64::MAX, memory: u64::MAX, steps: u64::MAX / 2 };

/// A stage: its name, and what it does with a fleet.
type Stage = (&'static str, fn(&Fleet));

const STAGES: &[Stage] = &[
    ("lex", |fleet| {
        for file in &fleet.files {
            black_box(lexer::tokens(file));
        }
    }),
    ("parse", |fleet| {
        for file in &fleet.files {
            black_box(parser::parse(file));
        }
    }),
    ("check", |fleet| {
        black_box(analyze(&fleet.world));
    }),
    ("evaluate", |fleet| {
        black_box(evaluate(analyze(&fleet.world), &fleet.world));
    }),
    // What is made of the model, with every check and without: the difference is what the checks cost.
    ("judge", |fleet| {
        let Some(model) = &fleet.model else { return };
        let facts = Facts::of(model);
        let found = checks::run(&facts);
        black_box(targets::plan(&Prepared::of(facts), found));
    }),
    ("render", |fleet| {
        let Some(model) = &fleet.model else { return };
        black_box(targets::render(model));
    }),
    ("compile", |fleet| {
        let built = build(&fleet.world);
        let Some(model) = &built.fleet else { return };
        let files = targets::render(model);
        let made = manifest::build(&files, &model.origins, &built.analysis.sources);
        black_box(made.to_text());
    }),
];

/// A fleet, ready for every stage.
struct Fleet {
    world: MemoryWorld,
    files: Vec<SourceFile>,
    bytes: usize,
    /// All sources as one JSON string.
    json: String,
    /// What is read from the evaluation; none where it has errors.
    model: Option<Model>,
}

impl Fleet {
    fn new(world: MemoryWorld) -> Fleet {
        let text: String = world.sources.values().map(|text| &**text).collect();
        let files = world.sources.iter().zip(0..).map(|((path, text), id)| {
            SourceFile::new(FileId(id), Arc::clone(path), Arc::clone(text))
        });
        Fleet {
            files: files.collect(),
            bytes: text.len(),
            json: serde_json::to_string(&text).expect("a string is JSON"),
            model: build(&world).fleet,
            world,
        }
    }

    /// The other piece of work.
    fn read_json(&self) {
        let text: Result<String, _> = serde_json::from_str(&self.json);
        black_box(text.expect("it was made so"));
    }
}

/// What this process has used of the processor.
fn processor() -> Duration {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(used).expect("no process has used less than nothing")
}

/// The time on the wall.
fn wall() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// The middle one of several times: of many where it is short, of one where it is long.
fn time(clock: fn() -> Duration, work: impl Fn()) -> Duration {
    let mut times = Vec::new();
    let begin = Instant::now();
    while times.len() < 3 || (times.len() < 101 && begin.elapsed() < Duration::from_secs(1)) {
        let start = clock();
        work();
        times.push(clock() - start);
        if begin.elapsed() > Duration::from_secs(20) {
            break;
        }
    }
    times.sort();
    times[times.len() / 2]
}

fn say(line: &str) {
    let mut out = stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the result can be printed");
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() {
    let seconds = std::env::var("QG_BENCH_SECONDS").ok().and_then(|it| it.parse().ok());
    let limit = Duration::from_secs(seconds.unwrap_or(60));
    let project = Project::find(Some(disk::repository()), &Chosen::default())
        .unwrap_or_else(|it| panic!("{it:?}"));
    let on_disk = DiskWorld::read(&project).unwrap_or_else(|it| panic!("{it:?}"));
    let own = own_world(&on_disk);
    let size: usize = own.sources.values().map(|text| text.len()).sum();
    say(&format!("this fleet: {} files, {size} bytes", own.sources.len()));
    process(&project);
    say("");
    say("fleet        bytes  stage         time      MB/s   × JSON  growth");

    let mut before: Vec<Option<Duration>> = vec![None; STAGES.len()];
    measure("own", &Fleet::new(own), &mut before.clone(), limit);
    for times in [1, 10, 100, 1000] {
        // The largest of them has a hundred thousand services: it says that it is meant to.
        let world = MemoryWorld { limits: UNBOUNDED, ..generate::of_bytes(size * times).world() };
        let fleet = Fleet::new(world);
        measure(&format!("× {times}"), &fleet, &mut before, limit);
    }
}

/// Measures every stage; `before` holds the times for a tenth of the size.
fn measure(name: &str, fleet: &Fleet, before: &mut [Option<Duration>], limit: Duration) {
    let json = time(processor, || fleet.read_json());
    for ((stage, work), before) in STAGES.iter().zip(before) {
        let head = format!("{name:<8} {:>9}  {stage:<9}", fleet.bytes);
        if before.is_some_and(|it| it * 12 > limit) {
            say(&format!("{head} not measured: it would take longer than {} s", limit.as_secs()));
            *before = Some(limit);
            continue;
        }
        let took = time(processor, || work(fleet));
        let growth = before.map_or_else(
            || "-".to_owned(),
            |before| format!("{:.1}", took.as_secs_f64() / before.as_secs_f64()),
        );
        say(&format!(
            "{head} {:>9.2} ms {:>7.1} {:>8.1} {growth:>7}",
            millis(took),
            fleet.bytes as f64 / 1e6 / took.as_secs_f64(),
            took.as_secs_f64() / json.as_secs_f64(),
        ));
        *before = Some(took);
    }
}

/// The whole program, beside the cheapest program there is.
fn process(project: &Project) {
    let program = env!("CARGO_BIN_EXE_qgc-under-test");
    let run = |program: &str, args: &[&str]| {
        let status = Command::new(program)
            .args(args)
            .current_dir(&project.root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        black_box(status.expect("it can be run"));
    };
    let check = time(wall, || run(program, &["check"]));
    let nothing = time(wall, || run("true", &[]));
    say(&format!(
        "qgc check, whole process: {:.1} ms (starting `true`: {:.1} ms)",
        millis(check),
        millis(nothing)
    ));
}

/// The fleet of this repository, in memory.
fn own_world(on_disk: &DiskWorld) -> MemoryWorld {
    let mut world = MemoryWorld::default();
    for (path, text) in on_disk.sources() {
        world.sources.insert(path, text);
    }
    for folder in ["hosts", "services"] {
        for path in disk::files(&disk::repository().join(folder), "") {
            let below = path.strip_prefix(disk::repository()).expect("it lies below");
            let below = below.to_string_lossy().into_owned();
            if let Some(bytes) = on_disk.read(&below).ok().filter(|_| !below.ends_with(".qg")) {
                world.files.insert(Arc::from(below), bytes);
            }
        }
    }
    world
}
