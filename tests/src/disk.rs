//! Where the tests' files lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use qg_lang::world::MemoryWorld;

use crate::release;

/// The repository.
///
/// # Panics
/// Never: this crate lies one folder below it.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

/// A folder of this crate.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every file below a folder with this ending, sorted.
///
/// # Panics
/// Where the folder cannot be read.
#[must_use]
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The fleet that lies in some folders, with paths from the folder around them; what a case expects is
/// none of it.
///
/// # Panics
/// Where a file cannot be read.
#[must_use]
pub fn world(root: &Path, folders: &[&str]) -> MemoryWorld {
    let mut world = MemoryWorld::default();
    for path in folders.iter().flat_map(|folder| files(&root.join(folder), "")) {
        let below = path.strip_prefix(root).expect("it lies below").to_string_lossy().into_owned();
        let bytes = fs::read(&path).expect("a source can be read");
        if below.starts_with("expected/") {
        } else if below.ends_with(".qg") {
            world.sources.insert(Arc::from(below), qg_cli::world::decode(&bytes));
        } else {
            world.files.insert(Arc::from(below), Arc::from(bytes));
        }
    }
    release::said(world)
}
