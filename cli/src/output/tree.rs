//! What the output folder shall hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Component, Path};

use crate::failure::Failure;

/// Files by their path below the output folder; each path stays inside it.
#[derive(Clone, Debug, Default)]
pub struct FolderTree {
    files: BTreeMap<String, Vec<u8>>,
}

impl FolderTree {
    /// Adds a file.
    ///
    /// # Errors
    /// Where the path leads out of the folder, or two files want one place.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        refuse_outside(path)?;
        let refused = |what: &str| Err(Failure::new(format!("the output path \"{path}\" {what}")));
        let below = format!("{path}/");
        if self.files.range(below.clone()..).next().is_some_and(|(it, _)| it.starts_with(&below)) {
            return refused("is a file and a folder at once");
        }
        let mut above = path;
        while let Some((folder, _)) = above.rsplit_once('/') {
            if self.files.contains_key(folder) {
                return refused("lies below another file");
            }
            above = folder;
        }
        match self.files.insert(path.to_owned(), bytes) {
            Some(_) => refused("is written twice"),
            None => Ok(()),
        }
    }

    /// The files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes everything into a folder that is not there yet.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Failure> {
        let make =
            |path: &Path| fs::create_dir(path).map_err(|error| Failure::io("make", path, &error));
        make(folder)?;
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for path in self.files.keys() {
            let mut above = path.as_str();
            while let Some((parent, _)) = above.rsplit_once('/') {
                if !folders.insert(parent) {
                    break;
                }
                above = parent;
            }
        }
        // A folder sorts before what is below it.
        for below in folders {
            make(&folder.join(below))?;
        }
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            // `create_new` follows no link and overwrites nothing.
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .and_then(|mut file| file.write_all(bytes))
                .map_err(|error| Failure::io("write", &path, &error))?;
        }
        Ok(())
    }
}

fn refuse_outside(path: &str) -> Result<(), Failure> {
    let plain = |part: &str| {
        let mut parts = Path::new(part).components();
        matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
    };
    // Where a backslash parts names it would lead elsewhere.
    let parts: &[char] = if cfg!(windows) { &['\\', '\0'] } else { &['\0'] };
    let inside = path.split('/').all(|part| !part.contains(parts) && plain(part));
    match inside {
        true => Ok(()),
        false => Err(Failure::new(format!("the output path {path:?} leads out of the folder"))),
    }
}

#[cfg(test)]
mod tests {
    use super::FolderTree;

    #[test]
    fn only_paths_inside_the_folder_are_taken() {
        for path in
            ["", "/etc/passwd", "../x", "a/../../x", "a/./b", "a//b", "a/", ".", "..", "a\0"]
        {
            assert!(FolderTree::default().add(path, Vec::new()).is_err(), "{path:?}");
        }
        let mut tree = FolderTree::default();
        for path in ["a/b", "a/c.d/..e", "a-b", ".hidden", "ä/ö"] {
            tree.add(path, Vec::new()).expect(path);
        }
        assert_eq!(tree.len(), 5);
    }

    #[test]
    fn two_files_never_want_one_place() {
        let mut tree = FolderTree::default();
        tree.add("a/b", Vec::new()).expect("free");
        for path in ["a/b", "a", "a/b/c", "a/b/c/d"] {
            assert!(tree.add(path, Vec::new()).is_err(), "{path}");
        }
        tree.add("a.b", Vec::new()).expect("free");
    }
}
