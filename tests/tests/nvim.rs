//! The real Neovim, without a screen, with our plugin and nothing else.
//!
//! `tests/nvim/*.lua` are the sittings: each drives Neovim as a user does and fails where it does not
//! see what it should.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use tempfile::TempDir;

fn neovim() -> Option<PathBuf> {
    qg_tests::peers::found(&[qg_tests::peers::cached("neovim/nvim")], "Neovim")
}

/// A copy of the fleet that the sittings are about.
fn fleet() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("qg.toml", "[fleet]\nsources = [\"hosts\", \"services\"]\n"),
        ("hosts/server.qg", include_str!("../nvim/fleet/server.qg")),
        ("services/wiki.qg", include_str!("../nvim/fleet/wiki.qg")),
        ("services/links.qg", include_str!("../nvim/fleet/links.qg")),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Runs a sitting, and gives what Neovim printed.
fn sit(script: &str) -> Option<String> {
    let neovim = neovim()?;
    let fleet = fleet();
    let home = tempfile::tempdir().unwrap();
    let plugin = qg_tests::disk::repository().join("editors/nvim");
    let program = env!("CARGO_BIN_EXE_qgc-under-test");
    let sitting = Path::new(env!("CARGO_MANIFEST_DIR")).join("nvim").join(script);
    let output = run(Command::new(neovim)
        .args(["--headless", "--clean", "-i", "NONE", "-n"])
        .arg("--cmd")
        .arg(format!("set runtimepath^={}", plugin.display()))
        .arg("--cmd")
        .arg(format!("let g:qg_command = '{program}'"))
        .arg("-l")
        .arg(&sitting)
        .current_dir(fleet.path())
        .env("HOME", home.path())
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_STATE_HOME", home.path().join("state"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("LUA_PATH", format!("{}/nvim/?.lua", env!("CARGO_MANIFEST_DIR"))));
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let log = fs::read_to_string(home.path().join("state/nvim/lsp.log")).unwrap_or_default();
    assert!(output.status.success(), "{script} failed:\n{text}\n{log}");
    Some(text)
}

/// A sitting that hangs is ended and fails.
fn run(command: &mut Command) -> Output {
    use std::process::Stdio;
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!("Neovim hangs: {}", String::from_utf8_lossy(&output.stderr));
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

#[test]
fn findings_come_and_go_while_one_types() {
    sit("findings.lua");
}

#[test]
fn hover_definition_completion_and_fixes_answer() {
    sit("asking.lua");
}

#[test]
fn file_type_colours_comments_and_indentation() {
    sit("editing.lua");
}

#[test]
fn checkhealth_finds_everything_in_place() {
    sit("health.lua");
}
