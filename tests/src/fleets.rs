//! The fleets that must always compile: that of this repository, and those of `tests/fleets`, written as
//! new users write them.

use std::path::{Path, PathBuf};

use qg_cli::args::Chosen;
use qg_cli::project::Project;
use qg_cli::world::DiskWorld;
use qg_interpreter::{Build, build};

use crate::{disk, golden};

/// The folder of each, the repository's own first.
///
/// # Panics
/// Where `tests/fleets` cannot be read.
#[must_use]
pub fn all() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(disk::folder("fleets")).expect("the fleets can be read");
    let mut all: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    all.sort();
    all.insert(0, disk::repository().to_owned());
    all
}

/// What a fleet is called where a test speaks of it.
#[must_use]
pub fn name(root: &Path) -> String {
    root.strip_prefix(disk::repository())
        .ok()
        .filter(|below| below.iter().next().is_some())
        .map_or_else(|| "the fleet".to_owned(), |below| below.display().to_string())
}

/// What lies on the disk of a fleet.
///
/// # Panics
/// Where it cannot be read.
#[must_use]
pub fn world(root: &Path) -> DiskWorld {
    let project =
        Project::find(Some(root), &Chosen::default()).unwrap_or_else(|it| panic!("{it:?}"));
    DiskWorld::read(&project).unwrap_or_else(|it| panic!("{it:?}"))
}

/// A fleet, built.
///
/// # Panics
/// Where it has findings.
#[must_use]
pub fn built(root: &Path) -> Build {
    let built = build(&world(root));
    let words = golden::in_words(&built.diagnostics, &built.analysis.sources);
    assert!(built.fleet.is_some() && built.diagnostics.is_empty(), "{}: {words}", name(root));
    built
}
