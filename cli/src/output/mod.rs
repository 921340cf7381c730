//! The output folder: one run replaces it as a whole or leaves it as it is.
//!
//! [`tree::FolderTree`] is what it shall hold, [`plan::WritePlan`] how that differs from what it holds, and
//! [`Output::write`] makes it so.

pub mod earlier;
mod lock;
pub mod plan;
mod remove;
pub mod tree;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use earlier::Earlier;
use lock::Lock;
use plan::WritePlan;
use tree::FolderTree;

/// The output folder as it is on disk.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    /// The folder beside it in which a run writes.
    fresh: PathBuf,
    /// Where the old folder goes for a moment, where two folders cannot be exchanged at once.
    aside: PathBuf,
    lock: PathBuf,
}

impl Output {
    /// Looks at the folder, which need not exist.
    ///
    /// # Errors
    /// Where this program did not write what is there, or it is a link.
    pub fn open(folder: &Path) -> Result<Output, Failure> {
        let no_name = || Failure::new(format!("{} cannot be an output folder", folder.display()));
        // `build/` and `build/.` are `build`; something that ends in `..` has no name.
        let folder: PathBuf = folder.components().collect();
        let name = folder.file_name().ok_or_else(no_name)?.to_owned();
        let beside = |suffix: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(&name);
            hidden.push(suffix);
            folder.with_file_name(hidden)
        };
        Ok(Output {
            fresh: beside(".qgc-new"),
            aside: beside(".qgc-old"),
            lock: beside(".qgc-lock"),
            folder,
        })
    }

    /// What the earlier run wrote, where there was one.
    ///
    /// # Errors
    /// Where the folder is not this program's, or holds something that it did not write.
    pub fn earlier(&self) -> Result<Option<Earlier>, Failure> {
        earlier::look(&self.folder)
    }

    /// What would change.
    ///
    /// # Errors
    /// Where the folder is not this program's or cannot be read.
    pub fn plan(&self, tree: &FolderTree) -> Result<WritePlan, Failure> {
        self.earlier()?;
        WritePlan::new(&self.folder, tree)
    }

    /// Keeps other runs away from this folder until the lock is dropped, and tidies up after
    /// runs that were killed.
    ///
    /// # Errors
    /// Where another run is at work, or the folder is not this program's.
    pub fn lock(&self) -> Result<Lock, Failure> {
        self.earlier()?;
        if let Some(parent) = self.folder.parent() {
            fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, &error))?;
        }
        let lock = Lock::take(&self.lock, &self.folder)?;
        self.tidy()?;
        Ok(lock)
    }

    /// Replaces the folder by the tree. The lock shows that nobody else is at it.
    ///
    /// # Errors
    /// Where something cannot be written; the old output is then as it was.
    pub fn write(&self, tree: &FolderTree, _lock: &Lock) -> Result<(), Failure> {
        self.earlier()?;
        // What cannot be removed afterwards is not exchanged: it would lie in the way of every later run.
        remove::make_removable(&self.folder)
            .map_err(|error| Failure::io("replace", &self.folder, &error))?;
        let written = tree.write(&self.fresh).and_then(|()| self.swap());
        if written.is_err() {
            let _ = remove::folder(&self.fresh);
        }
        written
    }

    /// Puts the fresh folder in the place of the old one.
    fn swap(&self) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::io("replace", &self.folder, &error);
        if fs::symlink_metadata(&self.folder).is_err() {
            return fs::rename(&self.fresh, &self.folder).map_err(failed);
        }
        if exchange(&self.fresh, &self.folder) {
            // What lies there now is the old output.
            let _ = remove::folder(&self.fresh);
            return Ok(());
        }
        // Between the two steps the old output lies aside; a run that finds it there alone puts it back.
        fs::rename(&self.folder, &self.aside).map_err(failed)?;
        if let Err(error) = fs::rename(&self.fresh, &self.folder) {
            let _ = fs::rename(&self.aside, &self.folder);
            return Err(failed(error));
        }
        let _ = remove::folder(&self.aside);
        Ok(())
    }

    /// Removes what a killed run left beside the folder.
    fn tidy(&self) -> Result<(), Failure> {
        let there = |path: &Path| fs::symlink_metadata(path).is_ok();
        if there(&self.aside) && !there(&self.folder) {
            fs::rename(&self.aside, &self.folder)
                .map_err(|error| Failure::io("put back", &self.folder, &error))?;
        }
        for left in [&self.fresh, &self.aside] {
            if there(left) {
                remove::folder(left).map_err(|error| {
                    Failure::io("remove", left, &error)
                        .help("an earlier run left it; remove it by hand")
                })?;
            }
        }
        Ok(())
    }
}

/// Exchanges two folders in one step, where the system can.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests;
