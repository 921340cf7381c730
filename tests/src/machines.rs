//! What the machines of our own fleet are, whole: what was compiled, the modules beside the hosts and those of homes,
//! put together by the flake of `hosts` as NixOS would, under `tests/peers/machine`. nixpkgs' own modules are not in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::{disk, nix};

/// One machine.
#[derive(Debug, Deserialize)]
pub struct Machine {
    /// Its options. Packages are `pkg:NAME`, files `path:…`, functions `<function>`.
    pub config: Value,
    /// Modules that lie elsewhere: in inputs of the flake, in nixpkgs.
    pub outside: Vec<String>,
    /// Modules of nixpkgs that do not hold.
    pub disabled: Vec<String>,
}

/// The machines by name.
///
/// # Errors
/// What Nix says against them.
///
/// # Panics
/// Where Nix cannot be run, or answers with something else than machines.
pub fn evaluate(program: &Path, build: &Path) -> Result<BTreeMap<String, Machine>, String> {
    let repository = disk::repository();
    let words: BTreeSet<String> = ["hosts", "services", "editors"]
        .map(|it| repository.join(it))
        .iter()
        .chain([&build.to_owned()])
        .flat_map(|folder| disk::files(folder, ".nix"))
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .flat_map(|text| words(&text))
        .collect();
    let words = serde_json::to_string(&words).expect("JSON");
    let entry = repository.join("tests/peers/machine/machine.nix");
    let out = nix::run(
        program,
        build,
        &[
            "--eval",
            "--strict",
            "--json",
            &entry.display().to_string(),
            "--argstr",
            "words",
            &words,
            "--arg",
            "build",
            &build.display().to_string(),
            "--arg",
            "flake",
            &repository.join("hosts/flake.nix").display().to_string(),
        ],
    );
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&out.stdout);
    let text = text.replace(&format!("{}/", build.display()), "");
    let text = text.replace(&format!("{}/", repository.display()), "");
    Ok(serde_json::from_str(&text).expect("machines"))
}

/// The words of a text of Nix.
fn words(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_ascii_alphanumeric() || "_-'".contains(c);
    text.split(|c| !inside(c)).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}
