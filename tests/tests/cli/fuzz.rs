//! Anything at all in place of what the program reads and writes: `qg.toml`, `qg.options`, the files of secrets, the
//! output folder and what lies beside it. Whatever it finds, it ends within bounds, changes nothing that it did not
//! write, and leaves the old output whole where it fails.
//!
//! `QG_FUZZ=5000` tries so many rounds, `QG_FUZZ_SECONDS=3600` goes on so long, `QG_FUZZ_SEED=7` tries others. The seed
//! of a round that fails is shown: `QG_FUZZ=1 QG_FUZZ_SEED=…` runs it again.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use qg_tests::bounded;
use qg_tests::mutate::Random;
use qg_tests::sops;
use qg_tests::switch::number;

use crate::sandbox::Sandbox;

/// How many rounds, where nothing else is said.
const ROUNDS: usize = 60;

const FLEET: &str = r#"
fleet { secrets = ./secrets.yaml }
host a { system = x86_64_linux, state_version = "25.05", age.key_file = /key.txt, file "/etc/a" { text = "p = ${secret.db}" }, file "/etc/b" { source = ./beside.txt } }
host b { system = x86_64_linux, state_version = "25.05", file "/etc/b" { text = "b" }, age.key_file = /k }
secret db { key = "app/db", on = [host.b] }
"#;

/// Everything that is changed.
const PLACES: &[&str] = &[
    "fleet/qg.toml",
    "fleet/qg.toml",
    "fleet/qg.options",
    "fleet/hosts/secrets.yaml",
    "fleet/hosts/beside.txt",
    "fleet/hosts/more.qg",
    "fleet/build/manifest.json",
    "fleet/build/manifest.json",
    "fleet/build/hosts/a/default.nix",
    "fleet/build/hosts/b/files/etc/b",
    "fleet/build/hosts/b",
    "fleet/build/hosts",
    "fleet/build/other",
    "fleet/build",
    "fleet/.build.qgc-lock",
    "fleet/.build.qgc-new",
    "fleet/.build.qgc-old",
];

/// What the program may make, move and remove: the output, and what lies beside it while it works.
const OWN: &[&str] =
    &["fleet/build", "fleet/.build.qgc-lock", "fleet/.build.qgc-new", "fleet/.build.qgc-old"];

/// Pieces that mean something, or nearly.
const PIECES: &[&str] = &[
    "[fleet]\n",
    "out = \"build\"\n",
    "out = \"../outside\"\n",
    "out = \"/\"\n",
    "out = \"hosts\"\n",
    "out = \".\"\n",
    "out = \"\"\n",
    "sources = [\"hosts\"]\n",
    "sources = [\"..\"]\n",
    "sources = []\n",
    "name = ",
    "flake = ",
    "'''",
    "\"\"\"",
    "\"hosts/b/files/etc/b\":",
    "\"hosts/a/default.nix\":",
    "\"../outside/precious\":",
    "\"/etc/passwd\":",
    "\"made_by\":\"qgc\"",
    "\"version\":1",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\n",
    "\0",
    "\u{feff}",
    "\r\n",
    "99999999999999999999",
    "-1",
    "null",
    "sops:\n",
    "mac: x\n",
    "&a [*a]",
    "*a",
    "- ",
    "? ",
    "!x ",
    "---\n",
    "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]",
    "qg-options 1\n",
    "options: 9\n",
    "\u{202e}",
    "\u{1b}[2J",
    "é",
    "😀",
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Thing {
    File(Vec<u8>),
    Folder,
    Link(PathBuf),
    Other,
}

/// Everything below a folder, without following links.
fn snapshot(root: &Path) -> BTreeMap<String, Thing> {
    let mut all = BTreeMap::new();
    let mut todo = vec![root.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
            let thing = if kind.is_dir() {
                todo.push(path.clone());
                Thing::Folder
            } else if kind.is_symlink() {
                Thing::Link(fs::read_link(&path).expect("a link"))
            } else if kind.is_fifo() {
                Thing::Other
            } else {
                Thing::File(fs::read(&path).unwrap_or_default())
            };
            let below = path.strip_prefix(root).expect("it lies below").to_string_lossy();
            all.insert(below.into_owned(), thing);
        }
    }
    all
}

fn below(all: &BTreeMap<String, Thing>, folder: &str) -> BTreeMap<String, Thing> {
    let inside = |path: &str| path == folder || path.starts_with(&format!("{folder}/"));
    all.iter()
        .filter(|(path, _)| inside(path))
        .map(|(path, it)| (path.clone(), it.clone()))
        .collect()
}

/// Changes the bytes of a file.
fn bytes(random: &mut Random, path: &Path) {
    let mut bytes = fs::read(path).unwrap_or_default();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(40)).min(bytes.len());
        let piece = random.pick(PIECES).as_bytes().to_vec();
        match random.below(7) {
            0 => drop(bytes.splice(at..at, piece)),
            1 => drop(bytes.splice(at..end, piece)),
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let part: Vec<u8> = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = random.below(bytes.len() + 1);
                drop(bytes.splice(to..to, part));
            }
            5 => {
                // A line goes, or comes twice.
                let lines: Vec<Vec<u8>> =
                    bytes.split_inclusive(|it| *it == b'\n').map(<[u8]>::to_vec).collect();
                let one = random.below(lines.len());
                let copies = random.below(3);
                let part = |(at, line): (usize, Vec<u8>)| {
                    if at == one { line.repeat(copies) } else { line }
                };
                bytes = lines.into_iter().enumerate().flat_map(part).collect();
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random.below(256) as u8;
                }
            }
        }
    }
    drop(fs::write(path, bytes));
}

/// Puts something else in place of what lies there.
fn replace(random: &mut Random, sandbox: &Sandbox, path: &Path) {
    let gone = || {
        drop(fs::remove_file(path));
        drop(fs::remove_dir_all(path));
    };
    match random.below(9) {
        0 => gone(),
        1 => {
            gone();
            drop(fs::create_dir_all(path));
        }
        2 => {
            gone();
            drop(fs::create_dir_all(path));
            drop(fs::write(path.join("mine"), "mine"));
        }
        3 => {
            gone();
            let to = random.pick(&["nowhere", "/dev/zero", "/", "."]).to_string();
            drop(symlink(to, path));
        }
        4 => {
            gone();
            let to = random.pick(&["outside", "outside/precious", "fleet/hosts", "fleet/qg.toml"]);
            drop(symlink(sandbox.path(to), path));
        }
        5 => {
            gone();
            drop(Command::new("mkfifo").arg(path).status());
        }
        6 => {
            gone();
            drop(fs::write(path, ""));
        }
        7 => {
            gone();
            drop(fs::hard_link(sandbox.path("outside/precious"), path));
        }
        _ => {
            let mode = *random.pick(&[0o000, 0o444, 0o555, 0o777]);
            if path.symlink_metadata().is_ok_and(|it| !it.is_symlink()) {
                drop(fs::set_permissions(path, fs::Permissions::from_mode(mode)));
            }
        }
    }
}

const RUNS: &[&[&str]] = &[
    &["compile", "fleet"],
    &["compile", "fleet", "--host", "a"],
    &["compile", "fleet", "--host", "a"],
    &["compile", "fleet", "--dry-run"],
    &["compile", "fleet", "--host", "a", "--dry-run"],
    &["check", "fleet"],
    &["check", "fleet", "--format", "sarif"],
    &["query", "1", "fleet"],
    &["why", "fleet/build/hosts/a/default.nix:3", "fleet"],
];

/// One round; what is wrong, where something is.
fn round(seed: u64) -> Result<(), String> {
    let mut random = Random(seed);
    let sandbox = Sandbox::empty();
    sandbox.write("outside/precious", "precious\n");
    sandbox.write(
        "fleet/qg.toml",
        "out = \"build\"\n\n[fleet]\nname = \"home\"\nsources = [\"hosts\"]\n",
    );
    sandbox.write("fleet/hosts/fleet.qg", FLEET);
    sandbox.write("fleet/hosts/secrets.yaml", &sops::holding(FLEET));
    sandbox.write("fleet/hosts/beside.txt", "beside\n");
    if random.below(4) > 0 {
        let ran = sandbox.qgc(&["compile", "fleet"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let ours = snapshot(&sandbox.path("fleet/build"));
    sandbox.write(
        "fleet/hosts/more.qg",
        "extend host a { about = \"x\", file \"/etc/new\" { text = \"new\" } }\n",
    );
    let mut told = Vec::new();
    for _ in 0..=random.below(3) {
        let place = random.pick(PLACES);
        let path = sandbox.path(place);
        let around = path.parent().and_then(|it| it.canonicalize().ok());
        let root = sandbox.path(".").canonicalize().expect("the sandbox is there");
        // An earlier change may have put a link or nothing around it: what lies elsewhere is not ours.
        if !around.is_some_and(|it| it.starts_with(&root)) || path.is_symlink() {
            continue;
        }
        told.push((*place).to_owned());
        match random.below(3) {
            0 => replace(&mut random, &sandbox, &path),
            _ if path.is_dir() => drop(fs::write(path.join("mine"), "mine")),
            _ if path.symlink_metadata().is_ok_and(|it| it.file_type().is_fifo()) => {}
            _ if path.metadata().is_ok_and(|it| it.len() > 1 << 20) => {}
            _ => bytes(&mut random, &path),
        }
    }
    drop(fs::write(sandbox.path("outside/precious"), "precious\n"));
    let before = snapshot(&sandbox.path("."));
    let args = *random.pick(RUNS);
    let mut command = bounded::command(env!("CARGO_BIN_EXE_qgc-under-test"));
    command.current_dir(sandbox.path(".")).args(args);
    let wrong = |what: String| Err(format!("{args:?} after {told:?}: {what}"));
    let output = match bounded::output(&mut command, b"") {
        Ok(output) => output,
        Err(ended) => return wrong(ended.to_string()),
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code();
    if !matches!(code, Some(0..=2)) || said.contains("panicked") {
        return wrong(format!("{code:?}: {said}"));
    }
    let after = snapshot(&sandbox.path("."));
    let is_own =
        |path: &str| OWN.iter().any(|own| path == *own || path.starts_with(&format!("{own}/")));
    // Where the manifest names another folder, that one may be new.
    let manifest = sandbox.path("fleet/qg.toml");
    let moved = !(manifest.is_file()
        && fs::read_to_string(manifest).is_ok_and(|it| it.contains("out = \"build\"")));
    for (path, thing) in before.iter().filter(|(path, _)| !is_own(path)) {
        if after.get(path) != Some(thing) {
            return wrong(format!("{path} changed, code {code:?}: {said}"));
        }
    }
    let new = |path: &&String| !is_own(path) && !before.contains_key(*path);
    if let Some(path) = after.keys().find(new)
        && !(moved && code == Some(0))
    {
        return wrong(format!("{path} is new, code {code:?}: {said}"));
    }
    let reads = args.first() != Some(&"compile") || args.contains(&"--dry-run");
    let (old, made) = (below(&before, "fleet/build"), below(&after, "fleet/build"));
    if code != Some(0) || reads {
        // What a killed run left aside is put back where nothing else is.
        let back = old.is_empty() && before.contains_key("fleet/.build.qgc-old");
        if old != made && !back {
            return wrong(format!("the output changed, code {code:?}: {said}"));
        }
        return Ok(());
    }
    for (path, thing) in &old {
        let name = path.strip_prefix("fleet/build/").unwrap_or("");
        let foreign =
            !matches!(thing, Thing::Folder) && !name.is_empty() && !ours.contains_key(name);
        let others = args.contains(&"--host") && name.starts_with("hosts/b/");
        if (foreign || (others && !matches!(thing, Thing::Folder))) && made.get(path) != Some(thing)
        {
            return wrong(format!("{path} is gone or changed: {said}"));
        }
    }
    Ok(())
}

#[test]
fn whatever_lies_there_nothing_of_others_is_touched() {
    let end = number("QG_FUZZ_SECONDS").map(|it| Instant::now() + Duration::from_secs(it));
    let rounds = number("QG_FUZZ").unwrap_or(ROUNDS as u64);
    let first = number("QG_FUZZ_SEED").unwrap_or(1);
    let mut wrong = Vec::new();
    for index in 0.. {
        let over = end.map_or(index >= rounds, |end| Instant::now() >= end);
        if over || wrong.len() >= 10 {
            break;
        }
        let seed = first + index;
        if let Err(what) = round(seed) {
            wrong.push(format!("QG_FUZZ=1 QG_FUZZ_SEED={seed}: {what}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
