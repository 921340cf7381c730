//! A folder of programs in front of the others, for scripts that are run.
#![allow(clippy::unwrap_used)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Programs of the tests, by the names that scripts call.
pub(super) struct Tools(tempfile::TempDir);

impl Tools {
    pub(super) fn new() -> Tools {
        Tools(tempfile::tempdir().unwrap())
    }

    /// A program by the text of its shell script.
    pub(super) fn put(&self, name: &str, text: &str) {
        let place = self.0.path().join(name);
        std::fs::write(&place, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
    }

    /// Another program, under another name.
    pub(super) fn link(&self, name: &str, program: &Path) {
        // BusyBox goes by the name that it is called by.
        symlink(program, self.0.path().join(name)).unwrap();
    }

    /// What `PATH` is to be.
    pub(super) fn path(&self) -> String {
        format!("{}:{}", self.0.path().display(), std::env::var("PATH").unwrap())
    }
}

/// Where a program of the machine is.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|it| it.is_file())
}

/// Every awk of this machine: what a host has is one of them.
pub(super) fn awks() -> Vec<PathBuf> {
    let all: Vec<PathBuf> =
        ["mawk", "gawk", "busybox"].into_iter().filter_map(find).chain(find("awk")).collect();
    assert!(!all.is_empty(), "there is no awk");
    all
}
