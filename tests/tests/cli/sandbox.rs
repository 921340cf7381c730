//! A folder with a fleet, and the program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use qg_tests::disk;
use tempfile::TempDir;

/// A temporary folder that holds a fleet in `fleet/`.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    /// An empty folder.
    pub(crate) fn empty() -> Sandbox {
        Sandbox { folder: TempDir::new().expect("a temporary folder") }
    }

    /// The fleet that `qgc init` makes.
    pub(crate) fn fleet() -> Sandbox {
        let sandbox = Sandbox::empty();
        let ran = sandbox.qgc(&["init", "fleet"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        sandbox
    }

    /// That fleet with one more file.
    pub(crate) fn fleet_with(path: &str, text: &str) -> Sandbox {
        let sandbox = Sandbox::fleet();
        sandbox.write(path, text);
        sandbox
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The program, to be run in the folder, without the colours and locale of who runs the tests.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qgc-under-test"));
        command.current_dir(self.folder.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    pub(crate) fn qgc(&self, args: &[&str]) -> Ran {
        ran(&self.command().args(args).output().expect("the program can be run"))
    }

    /// Every file below a folder, by path.
    pub(crate) fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        files(&self.path(folder))
    }

    /// What lies in a folder, hidden or not.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
        err: String::from_utf8(output.stderr.clone()).expect("UTF-8"),
    }
}

pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    disk::files(folder, "")
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(folder).expect("it lies below");
            (below.to_string_lossy().into_owned(), fs::read(&path).expect("a file can be read"))
        })
        .collect()
}
