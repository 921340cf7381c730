//! No string becomes structure: every place of the standard library that a text may stand at gets texts that mean
//! something to some reader. Each is refused with a finding at that place, or every reader of every file finds the
//! same structure as with a harmless text.
//!
//! `QG_HOSTILE=all` tries every text at every place, `QG_HOSTILE=Unit.StateDirectory` all at one.
#![allow(clippy::print_stderr, clippy::panic)] // a reader sees what was tried

mod apart;
mod around;
mod back;
mod compare;
mod fields;
mod readers;
mod sources;
mod systemd;
mod texts;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;

use qg_interpreter::targets::{self, OutputFile};
use qg_interpreter::{Build, build};
use qg_lang::world::MemoryWorld;
use qg_tests::sops;

use apart::{APART, MEANT, NOWHERE, is_nowhere};
use back::read;
use fields::{Leaf, Part, leaves};
use sources::{Writer, flavours};

const FILE: &str = "fleet.qg";

fn world(text: &str) -> MemoryWorld {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from(FILE), Arc::from(text));
    // Every text may be a key of it.
    let texts = (0..texts::TEXTS.len()).map(texts::text).chain([texts::WORST.to_owned()]);
    let keys: BTreeSet<String> = texts
        .filter(|it| !it.contains('/') && it.chars().all(|c| c.is_ascii_graphic()))
        .map(|it| serde_json::to_string(&it).unwrap_or_default())
        .chain(
            ["hzqx", "sample"]
                .into_iter()
                .filter(|it| text.contains(&format!("key = \"{it}\"")))
                .map(str::to_owned),
        )
        .chain(text.split('"').filter(|it| it.starts_with("secret")).map(str::to_owned))
        .collect();
    let secrets = sops::file(keys.iter().map(String::as_str));
    for (path, text) in [
        ("secrets.yaml", secrets.as_str()),
        (
            "sample.txt",
            "x
",
        ),
    ] {
        world.files.insert(Arc::from(path), Arc::from(text.as_bytes()));
    }
    world
}

fn findings(build: &Build) -> Vec<String> {
    let errors = build.diagnostics.iter().filter(|it| it.is_error());
    errors.map(|it| format!("{} {}", it.code.id, it.message)).collect()
}

/// One text at one place of one fleet.
struct Case {
    name: String,
    harmless: String,
    text: String,
    ours: Vec<OutputFile>,
    theirs: Vec<OutputFile>,
}

#[test]
fn no_string_becomes_structure() {
    let said = std::env::var("QG_HOSTILE").unwrap_or_default();
    let analysis = qg_lang::analyze(&world(""));
    let all = leaves(&analysis.declarations);
    assert!(all.len() > 300, "{} places", all.len());
    let mut jobs = Vec::new();
    for (at, leaf) in all.iter().enumerate() {
        if APART.iter().any(|(name, _)| *name == leaf.name)
            || !said.is_empty() && said != "all" && said != leaf.name
        {
            continue;
        }
        for (turn, flavour) in flavours(leaf).iter().enumerate() {
            jobs.push((at, turn, *flavour, leaf));
        }
    }
    let (next, wrong, cases) = (Mutex::new(0), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let written = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let run = || {
                loop {
                    let at = {
                        let mut next = next.lock().expect("no panic");
                        *next += 1;
                        *next - 1
                    };
                    let Some((place, turn, flavour, leaf)) = jobs.get(at) else { return };
                    let writer = Writer {
                        declared: &analysis.declarations,
                        sources: &analysis.sources,
                        number: at,
                        flavour: *flavour,
                    };
                    let (mut odd, mut found) = (Vec::new(), Vec::new());
                    let reached = one(&writer, leaf, *place + *turn, &said, &mut odd, &mut found);
                    if reached {
                        written.lock().expect("no panic").insert(leaf.name.clone());
                    }
                    let name = format!("{} ({flavour:?})", leaf.name);
                    wrong
                        .lock()
                        .expect("no panic")
                        .extend(odd.into_iter().map(|it| format!("{name}: {it}")));
                    cases.lock().expect("no panic").extend(found);
                }
            };
            std::thread::Builder::new()
                .stack_size(64 << 20)
                .spawn_scoped(scope, run)
                .expect("a thread");
        }
    });
    let (mut wrong, cases) =
        (wrong.into_inner().expect("no panic"), cases.into_inner().expect("no panic"));
    let written = written.into_inner().expect("no panic");
    for leaf in all.iter().filter(|_| said.is_empty()) {
        if !written.contains(&leaf.name)
            && !is_nowhere(&leaf.name)
            && !APART.iter().any(|(name, _)| *name == leaf.name)
        {
            wrong.push(format!("{}: it reaches no file", leaf.name));
        }
    }
    // The tables hold no place that is gone.
    let names: BTreeSet<&str> = all.iter().map(|leaf| leaf.name.as_str()).collect();
    let tables = APART
        .iter()
        .map(|(name, _)| *name)
        .chain(NOWHERE.iter().flat_map(|(_, all)| all.iter().copied()))
        .chain(MEANT.iter().map(|(name, _, _)| *name));
    wrong.extend(
        tables
            .filter(|name| !names.contains(name))
            .map(|name| format!("{name}: there is no such place")),
    );
    eprintln!("{} places, {} fleets, {} texts to be read back", all.len(), jobs.len(), cases.len());
    read(&cases, &mut wrong);
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Tries texts at a place; whether a harmless one reaches a file.
fn one(
    writer: &Writer<'_>,
    leaf: &Leaf,
    turn: usize,
    said: &str,
    wrong: &mut Vec<String>,
    cases: &mut Vec<Case>,
) -> bool {
    let Some(harmless) = writer.harmless(leaf) else {
        wrong.push("no harmless text is known for it".to_owned());
        return false;
    };
    let mut over = false;
    let mut source = writer.fleet(leaf, harmless, over);
    let mut plain = build(&world(&source));
    let mut first = Vec::new();
    if plain.fleet.is_none() {
        first = findings(&plain);
        over = true;
        source = writer.fleet(leaf, harmless, over);
        plain = build(&world(&source));
    }
    let Some(fleet) = &plain.fleet else {
        // What a host without NixOS cannot carry out is refused there.
        let not_there = |it: &String| {
            it.starts_with("QG0580")
                || it.starts_with("QG0552")
                || it.contains("no Quadlet file")
                || it.contains("is not the container's")
                || it.contains("there is no `vault")
        };
        if !first.iter().all(not_there) {
            wrong.push(format!(
                "no fleet: {first:?} {:?} {}",
                findings(&plain),
                source.lines().last().unwrap_or_default()
            ));
        }
        return false;
    };
    let ours = targets::render(fleet);
    let reached =
        ours.iter().any(|file| file.text.contains(harmless) || file.path.contains(harmless));
    let count = texts::TEXTS.len();
    let all: Vec<String> = if said.is_empty() {
        vec![texts::WORST.to_owned(), texts::text(turn * 7)]
    } else {
        std::iter::once(texts::WORST.to_owned()).chain((0..count).map(texts::text)).collect()
    };
    let is_path = sources::is_path_key(leaf)
        || leaf.part == Part::Value && matches!(leaf.ty.base(), qg_lang::check::types::Type::Path);
    for text in all {
        // Nothing said of it is another thing that is said.
        let meant = MEANT.iter().any(|(name, it, _)| *name == leaf.name && *it == text);
        let between = |c: char| c.is_whitespace() || c.is_control();
        let about = leaf.name.ends_with(".about") && text.chars().all(between);
        if text.is_empty() && is_path || about || meant {
            continue;
        }
        let source = writer.fleet(leaf, &text, over);
        let spelled = texts::literal(&text);
        // What is named is also said where it is named again.
        let start = source.find(spelled.trim_matches('"')).unwrap_or_default();
        let build = build(&world(&source));
        match &build.fleet {
            None => {
                let line = source.trim_end().rfind('\n').unwrap_or_default();
                let near = build.diagnostics.iter().filter(|it| it.is_error()).any(|it| {
                    let file = build.analysis.sources.get(it.primary.span.file);
                    file.is_some_and(|file| &*file.path == FILE)
                        && it.primary.span.end as usize >= line.min(start)
                });
                if !near {
                    wrong.push(format!("{text:?} is refused elsewhere: {:?}", findings(&build)));
                }
            }
            Some(fleet) => cases.push(Case {
                name: format!("{} ({:?})", leaf.name, writer.flavour),
                harmless: if is_path { format!("/srv/{harmless}") } else { harmless.to_owned() },
                text: if is_path { format!("/srv/{}", text.trim_start_matches('/')) } else { text },
                ours: ours.clone(),
                theirs: targets::render(fleet),
            }),
        }
    }
    reached
}
