//! The output folder: one run replaces it as a whole or leaves it as it is.
//!
//! [`tree::Tree`] is what it shall hold, [`plan::Plan`] how that differs from what it holds, and
//! [`Output::write`] makes it so.

mod lock;
pub mod plan;
pub mod tree;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use qg_interpreter::manifest::{self, Manifest};

use crate::failure::Failure;
use lock::Lock;
use plan::Plan;
use tree::Tree;

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

    /// The earlier run's manifest.
    ///
    /// # Errors
    /// Where the folder is not this program's.
    pub fn manifest(&self) -> Result<Option<Manifest>, Failure> {
        self.refuse_foreign()?;
        match fs::read_to_string(self.folder.join(manifest::NAME)) {
            Ok(text) => Ok(Manifest::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::io("read", &self.folder.join(manifest::NAME), &error)),
        }
    }

    /// What would change.
    ///
    /// # Errors
    /// Where the folder is not this program's or cannot be read.
    pub fn plan(&self, tree: &Tree) -> Result<Plan, Failure> {
        self.refuse_foreign()?;
        Plan::new(&self.folder, tree)
    }

    /// Keeps other runs away from this folder until the lock is dropped, and tidies up after
    /// runs that were killed.
    ///
    /// # Errors
    /// Where another run is at work, or the folder is not this program's.
    pub fn lock(&self) -> Result<Lock, Failure> {
        self.refuse_foreign()?;
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
    pub fn write(&self, tree: &Tree, _lock: &Lock) -> Result<(), Failure> {
        self.refuse_foreign()?;
        let written = tree.write(&self.fresh).and_then(|()| self.swap());
        if written.is_err() {
            let _ = fs::remove_dir_all(&self.fresh);
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
            let _ = fs::remove_dir_all(&self.fresh);
            return Ok(());
        }
        // Between the two steps the old output lies aside; a run that finds it there alone puts it back.
        fs::rename(&self.folder, &self.aside).map_err(failed)?;
        if let Err(error) = fs::rename(&self.fresh, &self.folder) {
            let _ = fs::rename(&self.aside, &self.folder);
            return Err(failed(error));
        }
        let _ = fs::remove_dir_all(&self.aside);
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
                fs::remove_dir_all(left).map_err(|error| Failure::io("remove", left, &error))?;
            }
        }
        Ok(())
    }

    /// Refuses a folder that this program did not write: its content would be lost.
    fn refuse_foreign(&self) -> Result<(), Failure> {
        let shown = self.folder.display();
        let kind = match fs::symlink_metadata(&self.folder) {
            Ok(kind) => kind,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Failure::io("read", &self.folder, &error)),
        };
        if !kind.is_dir() {
            return Err(Failure::new(format!("{shown} is not a folder"))
                .help("links and files are not replaced; choose another folder with --out"));
        }
        let text = fs::read_to_string(self.folder.join(manifest::NAME)).unwrap_or_default();
        let mut entries = fs::read_dir(&self.folder)
            .map_err(|error| Failure::io("read", &self.folder, &error))?;
        if entries.next().is_none() || Manifest::is_ours(&text) {
            return Ok(());
        }
        Err(Failure::new(format!("{shown} holds files that qgc did not write")).help(format!(
            "the whole folder would be replaced; choose another one with --out, or remove it \
             (an output folder is known by its {})",
            manifest::NAME
        )))
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
