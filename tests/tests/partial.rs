//! Files are rendered of fleets with errors too, for what their lines cannot hold is a finding of its own. A fleet
//! whose files were fine before a mistake gets none of those for it: what is unknown is left out of the files, and
//! nothing is said of it there.

use std::sync::Arc;

use qg_interpreter::build;
use qg_interpreter::targets::checks::OUTPUT;
use qg_lang::world::MemoryWorld;
use qg_tests::{disk, golden};

/// One mistake in a line: what it says is unknown, of another kind, or not said at all.
const MISTAKES: &[fn(&str) -> Option<String>] = &[
    |line| line.split_once(" = ").map(|(field, _)| format!("{field} = nothing")),
    |line| line.split_once(" = ").map(|(field, _)| format!("{field} = [\"a\\nb\", 1]")),
    |line| line.contains(" = ").then(String::new),
];

/// How many mistakes are made in one fleet, each by itself.
const EACH: usize = 40;

#[test]
fn a_mistake_is_told_where_it_is_and_not_in_the_files() {
    let of_output = |id: &str| OUTPUT.iter().flat_map(|it| it.codes).any(|code| code.id == id);
    let (mut broken, mut wrong) = (0, Vec::new());
    for case in golden::cases() {
        let world = disk::world(&case, &[""]);
        for (path, text) in &world.sources {
            let lines: Vec<&str> = text.lines().collect();
            let all = lines.len() * MISTAKES.len();
            for turn in (0..all).step_by(all.div_ceil(EACH).max(1)) {
                let (at, mistake) = (turn / MISTAKES.len(), MISTAKES[turn % MISTAKES.len()]);
                let Some(line) = mistake(lines[at]) else { continue };
                let mut changed = lines.clone();
                changed[at] = &line;
                let world = with(&world, path, &changed.join("\n"));
                let built = build(&world);
                broken += usize::from(built.has_errors());
                let of_files = built.diagnostics.iter().filter(|it| of_output(it.code.id));
                wrong.extend(of_files.map(|it| {
                    format!("{}: {path}:{}: {line}\n  {}", case.display(), at + 1, it.message)
                }));
            }
        }
    }
    assert!(broken > 100, "{broken} mistakes were none");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn with(world: &MemoryWorld, path: &Arc<str>, text: &str) -> MemoryWorld {
    let mut world = world.clone();
    world.sources.insert(Arc::clone(path), Arc::from(text));
    world
}
