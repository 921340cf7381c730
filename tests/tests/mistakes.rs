//! Mistakes as people make them, seeded into the fleet of this repository one at a time, and changes that look like
//! mistakes and are none: `tests/mistakes/*.txt`, in the form that [`qg_tests::mistakes`] tells.
//!
//! `QG_MISTAKES=sonarr cargo test -p qg-tests --test mistakes` tries those with this word in their file's name or title.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use qg_lang::levels::Levels;
use qg_tests::mistakes::{Mistake, read};
use qg_tests::{disk, fleets};

#[test]
fn each_is_found_at_its_cause_and_nothing_else_is() {
    let mut fleet = disk::world(disk::repository(), &["hosts", "services", "secrets"]);
    fleet.levels = Levels::default();
    assert!(
        qg_interpreter::build(&fleet).diagnostics.is_empty(),
        "{}",
        fleets::name(disk::repository())
    );
    let wanted = std::env::var("QG_MISTAKES").unwrap_or_default();
    let cases: Vec<(String, Mistake)> = disk::files(&disk::folder("mistakes"), ".txt")
        .iter()
        .flat_map(|path| {
            let file = path.file_stem().expect("a name").to_string_lossy().into_owned();
            read(path).into_iter().map(move |case| (file.clone(), case))
        })
        .filter(|(file, case)| file.contains(&wanted) || case.title.contains(&wanted))
        .collect();
    assert!(!cases.is_empty(), "no mistake has `{wanted}` in its title");
    for (file, case) in &cases {
        assert_eq!(
            file == "harmless",
            case.is_harmless(),
            "{file}: {} lists findings?",
            case.title
        );
    }
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((file, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let wrong = case.try_in(&fleet);
            if !wrong.is_empty() {
                let words = format!("{file}: {}\n    {}", case.title, wrong.join("\n    "));
                failed.lock().expect("nobody panics with it").push(words);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().expect("nobody panicked with it");
    failed.sort();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), cases.len(), failed.join("\n"));
}
