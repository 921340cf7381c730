//! Depth, made for every function that calls itself: whatever nests or leans on something else ends with
//! findings, soon and with little memory. Each run is a program of its own, within bounds, so that a
//! stack that overflows is a failed test.

mod definitions;
mod doors;
mod foreign;
mod writing;

use std::fs;
use std::process::Output;

use qg_tests::bounded;
use tempfile::TempDir;

/// How deep, where the text of one level is short.
const DEEP: usize = 100_000;

/// A fleet, and the codes that are found in it and nowhere else; none where it is fine.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, String)>,
    codes: &'static [&'static str],
}

impl Case {
    fn new(name: &'static str, text: String, codes: &'static [&'static str]) -> Case {
        Case { name, files: vec![("a.qg", text)], codes }
    }
}

/// What every case begins with.
const FLEET: &str = "fleet { domain = \"example.org\", state = /var/lib/fleet }\n\
    host h { system = x86_64_linux, state_version = \"25.05\", address = 10.0.0.1 }\n";

/// A folder with these files.
fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("qg.toml"), "").expect("a file");
    for (path, text) in files {
        fs::write(folder.path().join(path), text).expect("a file");
    }
    folder
}

/// Runs `qgc` in a folder, within bounds.
fn qgc(folder: &TempDir, args: &[&str], input: &[u8]) -> Result<Output, bounded::Ended> {
    let mut command = bounded::command(env!("CARGO_BIN_EXE_qgc-under-test"));
    bounded::output(command.args(args).current_dir(folder.path()), input)
}

/// Checks each case, and gives those that are not as they should be.
fn run(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for Case { name, files, codes } in cases {
        let folder = folder(&files);
        let ran = match qgc(&folder, &["check", "--format", "short"], b"") {
            Ok(ran) => ran,
            Err(ended) => {
                wrong.push(format!("{name}: {ended}"));
                continue;
            }
        };
        let out = String::from_utf8_lossy(&ran.stdout);
        // That nothing uses what is only there to be deep is not the question.
        let codes_of = out.lines().filter_map(|it| it.split(['[', ']']).nth(1));
        let found: Vec<&str> = codes_of.filter(|it| !["QG0231", "QG0840"].contains(it)).collect();
        let all = found.iter().all(|it| codes.contains(it));
        if !all || found.is_empty() != codes.is_empty() {
            let first: String = out.chars().take(200).collect();
            wrong.push(format!("{name}: {:?}, {} findings: {first}", ran.status, found.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
