//! What the targets write, read by the programs that it is for.
//!
//! `tests/peers/install.sh` installs them. Where one is missing its tests say so and are skipped, unless CI is set.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod command_line;
mod dice;
mod fleets;
mod quadlet;
mod quadlet_fleet;
mod quadlet_keys;
mod quadlet_values;
#[path = "../../../tests/src/sops.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod sops;

use std::path::PathBuf;

/// Whether a test can be run; says which program is missing where it cannot.
pub(crate) fn found(program: Option<PathBuf>, name: &str) -> Option<PathBuf> {
    if program.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{name} is missing: tests/peers/install.sh");
        eprintln!("skipped: {name} is missing, tests/peers/install.sh installs it");
    }
    program
}

/// A program of the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
