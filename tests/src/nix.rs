//! What real Nix says of the files: it evaluates them under `tests/peers/nix`, which refuses what NixOS refuses.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use qg_interpreter::targets::OutputFile;
use serde_json::Value;

use crate::{disk, peers};

/// `nix-instantiate`; where it is missing the test is skipped.
#[must_use]
pub fn program() -> Option<PathBuf> {
    peers::program("nix-instantiate")
}

/// Writes output files below a folder.
///
/// # Panics
/// Where the folder cannot be written to.
pub fn write(files: &[OutputFile], folder: &Path) {
    for file in files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders can be made");
        std::fs::write(path, &file.text).expect("files can be written");
    }
}

/// Runs `nix-instantiate` in a folder, with a store of its own there.
///
/// # Panics
/// Where it cannot be run.
#[must_use]
pub fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Output {
    let state = folder.join("nix-state");
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("NIX_STATE_DIR", state.join("var"))
        .env("NIX_STORE_DIR", state.join("store"))
        .env("NIX_LOG_DIR", state.join("log"))
        .output()
        .expect("Nix can be run")
}

/// The options of a host, and under `_units` what a switch compares.
///
/// # Errors
/// What Nix says against it, or NixOS would.
///
/// # Panics
/// Where the answer is no JSON.
pub fn evaluate(program: &Path, folder: &Path, host: &str) -> Result<Value, String> {
    let file = format!("hosts/{host}/default.nix");
    let text = std::fs::read_to_string(folder.join(&file)).map_err(|error| error.to_string())?;
    let stub = disk::repository().join("tests/peers/nix/stub.nix");
    let out = run(
        program,
        folder,
        &[
            "--eval",
            "--strict",
            "--json",
            &stub.display().to_string(),
            "--argstr",
            "root",
            &folder.display().to_string(),
            "--argstr",
            "file",
            &file,
            "--arg",
            "packages",
            &packages(&text),
            "--arg",
            "extra",
            "true",
        ],
    );
    if out.status.success() {
        Ok(serde_json::from_slice(&out.stdout).expect("JSON"))
    } else {
        Err(String::from_utf8_lossy(&out.stderr).into_owned())
    }
}

/// What stands behind `pkgs.` in a text, as a list of Nix.
#[must_use]
pub fn packages(text: &str) -> String {
    let names: BTreeSet<String> = text
        .split("pkgs.")
        .skip(1)
        .map(|rest| {
            rest.chars().take_while(|c| c.is_alphanumeric() || "_-'".contains(*c)).collect()
        })
        .collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[ {} ]", quoted.join(" "))
}
