//! What an earlier run left in the output folder, and that nothing else is there.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use qg_interpreter::manifest::{self, Manifest};

use super::plan::list;
use crate::failure::Failure;
use crate::files::{larger, read_text};

/// A manifest that is larger belongs to no output that fits a disk.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// An earlier output.
#[derive(Debug)]
pub struct Earlier {
    pub manifest: Manifest,
    /// What lies there, links and folders without anything in them too.
    pub found: BTreeSet<String>,
}

impl Earlier {
    /// The bytes of a file that the earlier run wrote; none where it was removed since.
    ///
    /// # Errors
    /// Where something else lies there, or it cannot be read.
    pub fn read(&self, folder: &Path, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let on_disk = folder.join(path);
        // Links on the way are not followed: what is behind them was not found.
        let kind = fs::symlink_metadata(&on_disk);
        match (self.found.contains(path), kind) {
            (true, Ok(kind)) if kind.is_file() => {
                let bytes = crate::files::read(&on_disk, u64::MAX);
                bytes.map(Some).map_err(|error| Failure::io("read", &on_disk, &error))
            }
            (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            (_, Err(error)) => Err(Failure::io("read", &on_disk, &error)),
            (_, Ok(_)) => Err(Failure::new(format!("{} is not a file", on_disk.display()))),
        }
    }
}

/// Looks at an output folder.
///
/// # Errors
/// Where it is none, or holds what this program did not write: that would be lost.
pub(super) fn look(folder: &Path) -> Result<Option<Earlier>, Failure> {
    let shown = folder.display();
    match fs::symlink_metadata(folder) {
        Ok(kind) if kind.is_dir() => {}
        Ok(_) => {
            let failure = Failure::new(format!("{shown} is not a folder"));
            return Err(
                failure.help("links and files are not replaced; choose another folder with --out")
            );
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", folder, &error)),
    }
    let mut found = BTreeSet::new();
    list(folder, "", &mut found)?;
    if found.is_empty() {
        return Ok(None);
    }
    let text = text(folder)?;
    if !Manifest::is_ours(&text) {
        return Err(foreign(folder));
    }
    let Some(manifest) = Manifest::parse(&text) else {
        let failure = Failure::new(format!("{shown}/{} cannot be read", manifest::NAME));
        return Err(failure.help(format!(
            "it is damaged, or of another version of qgc, so that nobody knows whose the files there are; \
             remove {shown} and compile the whole fleet"
        )));
    };
    let unknown = |path: &&String| {
        !path.ends_with('/') && *path != manifest::NAME && !manifest.files.contains_key(*path)
    };
    let others: Vec<&str> = found.iter().filter(unknown).map(String::as_str).collect();
    if let Some(first) = others.first() {
        let more = match others.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let failure = Failure::new(format!("qgc did not write {shown}/{first}{more}"));
        return Err(failure.help(format!(
            "the whole folder is replaced: move this away, or remove {shown} where its {} lost its files",
            manifest::NAME
        )));
    }
    Ok(Some(Earlier { manifest, found }))
}

/// The text of the manifest; an empty one where there is none.
fn text(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(manifest::NAME);
    match read_text(&path, LIMIT) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(Failure::io("read", &path, &error))
        }
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(Failure::new(format!("cannot read {}: {}", path.display(), larger(LIMIT))))
        }
        Err(_) => Ok(String::new()),
    }
}

fn foreign(folder: &Path) -> Failure {
    let shown = folder.display();
    Failure::new(format!("{shown} holds files that qgc did not write")).help(format!(
        "the whole folder would be replaced; choose another one with --out, or remove it \
         (an output folder is known by its {})",
        manifest::NAME
    ))
}
