//! How what shall be differs from what is on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::tree::FolderTree;
use crate::failure::Failure;
use crate::files::read;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Added,
    Changed,
    Removed,
}

impl Change {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        }
    }
}

/// What a run changes, by path below the output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WritePlan {
    pub changes: BTreeMap<String, Change>,
}

impl WritePlan {
    /// Compares, byte by byte: what was changed by hand counts as changed.
    pub(super) fn new(folder: &Path, tree: &FolderTree) -> Result<WritePlan, Failure> {
        let mut found = BTreeSet::new();
        if folder.is_dir() {
            list(folder, "", &mut found)?;
        }
        let mut changes = BTreeMap::new();
        for path in &found {
            let on_disk = folder.join(path);
            let is_file = fs::symlink_metadata(&on_disk).is_ok_and(|kind| kind.is_file());
            match tree.get(path) {
                None => {
                    changes.insert(path.clone(), Change::Removed);
                }
                Some(bytes) => {
                    if !is_file || read(&on_disk, u64::MAX).ok().as_deref() != Some(bytes) {
                        changes.insert(path.clone(), Change::Changed);
                    }
                }
            }
        }
        for (path, _) in tree.files() {
            if !found.contains(path) {
                changes.insert(path.to_owned(), Change::Added);
            }
        }
        Ok(WritePlan { changes })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many of each: `2 added, 1 changed`; `nothing changed` if there are none.
    #[must_use]
    pub fn summary(&self) -> String {
        let parts: Vec<String> = [Change::Added, Change::Changed, Change::Removed]
            .into_iter()
            .map(|change| (change, self.changes.values().filter(|it| **it == change).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(change, count)| format!("{count} {}", change.word()))
            .collect();
        match parts.is_empty() {
            true => "nothing changed".to_owned(),
            false => parts.join(", "),
        }
    }
}

/// Everything below a folder that is not a folder itself, and folders that hold nothing; links are not followed.
pub(super) fn list(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeSet<String>,
) -> Result<(), Failure> {
    let failed = |error| Failure::io("read", folder, &error);
    let mut empty = true;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        empty = false;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type().map_err(failed)?.is_dir() {
            true => list(&entry.path(), &format!("{name}/"), found)?,
            false => {
                found.insert(name);
            }
        }
    }
    if empty && !prefix.is_empty() {
        found.insert(prefix.to_owned());
    }
    Ok(())
}
