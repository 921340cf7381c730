//! Which flake the hosts are built from.

use std::fs;
use std::path::Path;

use qg_lang::diagnostic::closest;

use super::ask;
use crate::failure::Failure;
use crate::project::{MANIFEST, Project};

/// A flake, and how to call it.
pub(super) struct Flake {
    /// As Nix wants it.
    pub(super) reference: String,
    /// As the user said it.
    pub(super) shown: String,
}

/// The flake that is named, that `qg.toml` names, or that lies beside or right below it.
pub(super) fn find(named: Option<&str>, project: &Project) -> Result<Flake, Failure> {
    // A folder on the command line is seen from where the command is run.
    if let Some(named) = named {
        return Ok(flake(named, Path::new(".")));
    }
    if let Some(said) = &project.config.flake {
        return Ok(flake(said, &project.root));
    }
    let found = near(project);
    match found.as_slice() {
        [folder] => Ok(flake(folder, &project.root)),
        [] => Err(Failure::new(format!("there is no flake.nix beside {MANIFEST} or right below it"))
            .help("name the flake with --flake, or as `flake` under [fleet] in qg.toml; --file asks a Nix file")),
        several => Err(Failure::new(format!("there are several flakes: {}", several.join(", ")))
            .help("name the one that the hosts are built from: --flake, or `flake` under [fleet] in qg.toml")),
    }
}

/// Folders with a `flake.nix`, seen from the root: it itself, and those right below it.
fn near(project: &Project) -> Vec<String> {
    let has = |folder: &Path| folder.join("flake.nix").is_file();
    let mut found = Vec::new();
    if has(&project.root) {
        found.push(".".to_owned());
    }
    let mut below: Vec<String> = fs::read_dir(&project.root)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && *name != project.config.out)
        .filter(|name| has(&project.root.join(name)))
        .collect();
    below.sort();
    found.extend(below);
    found
}

/// A folder that is there becomes its real path; anything else is for Nix to understand.
fn flake(said: &str, from: &Path) -> Flake {
    let folder = from.join(said);
    let real = folder.join("flake.nix").is_file().then(|| fs::canonicalize(&folder).ok()).flatten();
    let reference = real.map_or_else(|| said.to_owned(), |path| path.display().to_string());
    Flake { reference, shown: said.to_owned() }
}

/// The hosts to ask: those that are wanted, or all that the flake has.
pub(super) fn hosts(flake: &Flake, wanted: &[String]) -> Result<Vec<String>, Failure> {
    let known = ask::names(flake)?;
    for host in wanted {
        if !known.contains(host) {
            let failure = Failure::new(format!("{} has no host `{host}`", flake.shown));
            return Err(match closest(host, known.iter().map(String::as_str)) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help(format!("it has: {}", known.join(", "))),
            });
        }
    }
    if known.is_empty() {
        return Err(Failure::new(format!("{} has no `nixosConfigurations`", flake.shown)));
    }
    Ok(if wanted.is_empty() { known } else { wanted.to_vec() })
}
