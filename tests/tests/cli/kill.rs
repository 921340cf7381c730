//! A run that is killed at any moment leaves the old output whole, or has put the new one in its place.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use qg_interpreter::manifest::{Manifest, sha256};
use qg_tests::generate;

use crate::sandbox::Sandbox;

/// Whether every file is there as the manifest says, and no other.
fn is_whole(tree: &BTreeMap<String, Vec<u8>>) -> bool {
    let Some(text) = tree.get("manifest.json") else { return false };
    let Some(manifest) = Manifest::parse(&String::from_utf8_lossy(text)) else { return false };
    tree.len() == manifest.files.len() + 1
        && manifest
            .files
            .iter()
            .all(|(path, entry)| tree.get(path).is_some_and(|bytes| sha256(bytes) == entry.sha256))
}

#[test]
fn a_killed_run_leaves_a_whole_output() {
    let sandbox = Sandbox::empty();
    generate::racks(12).write(&sandbox.path("fleet"));
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let old = sandbox.tree("fleet/build");
    assert!(old.len() > 100, "only {} files", old.len());
    assert!(is_whole(&old));
    let text = sandbox.read("fleet/hosts/fleet.qg").replace("example.org", "example.net");
    sandbox.write("fleet/hosts/fleet.qg", &text);

    let mut in_the_middle = 0;
    for delay in [0, 1, 2, 4, 8, 16] {
        let mut child = sandbox
            .command()
            .args(["compile", "fleet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("runs");
        // Wait until it writes, then a little longer, then kill it (SIGKILL).
        let fresh = sandbox.path("fleet/.build.qgc-new");
        let start = Instant::now();
        while !fresh.exists() && child.try_wait().expect("a child").is_none() {
            assert!(start.elapsed() < Duration::from_secs(120), "it never writes");
            sleep(Duration::from_micros(200));
        }
        sleep(Duration::from_millis(delay));
        child.kill().expect("a child can be killed");
        child.wait().expect("a child");

        let found = sandbox.tree("fleet/build");
        assert!(is_whole(&found), "after {delay} ms");
        if found == old {
            in_the_middle += usize::from(fresh.exists());
        }
    }
    assert!(in_the_middle > 0, "no run was killed while it wrote");

    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let new = sandbox.tree("fleet/build");
    assert!(is_whole(&new));
    assert_ne!(new, old);
    assert_eq!(sandbox.names("fleet"), ["build", "hosts", "qg.toml", "services"]);
}

#[test]
fn a_run_that_cannot_write_leaves_everything_as_it_was() {
    let sandbox = Sandbox::fleet();
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let old = sandbox.tree("fleet");
    // Below a file; and with a name that is too long for the folder in which it writes first.
    let long = format!("fleet/{}", "x".repeat(250));
    for out in ["fleet/qg.toml/build", &long] {
        let ran = sandbox.qgc(&["compile", "fleet", "--out", out]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains("cannot"), "{ran:?}");
        assert_eq!(sandbox.tree("fleet"), old);
    }
}

#[test]
fn two_runs_at_once_never_mix() {
    let sandbox = Sandbox::empty();
    generate::racks(4).write(&sandbox.path("fleet"));
    let children: Vec<_> = (0..4)
        .map(|_| {
            sandbox
                .command()
                .args(["compile", "fleet"])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("runs")
        })
        .collect();
    let mut done = 0;
    for child in children {
        let ran = crate::sandbox::ran(&child.wait_with_output().expect("it ends"));
        match ran.code {
            Some(0) => done += 1,
            _ => assert!(ran.err.contains("another qgc is writing"), "{ran:?}"),
        }
    }
    assert!(done > 0);
    assert!(is_whole(&sandbox.tree("fleet/build")));
    assert!(fs::metadata(sandbox.path("fleet/.build.qgc-lock")).is_err());
}
