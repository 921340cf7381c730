//! What the language server asks of whoever starts it: which fleet a file belongs to, and what lies
//! on disk. Unsaved texts are laid over that here.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use qg_lang::levels::Levels;
use qg_lang::world::{Limits, Settings, Unread, World};

/// A world that can be looked at from any thread.
pub type SharedWorld = Arc<dyn World + Send + Sync>;

/// How fleets are found.
pub trait Projects: Send + Sync {
    /// The fleet that a file (which need not exist yet) or a folder belongs to; a file outside all
    /// fleets is one of its own.
    ///
    /// # Errors
    /// Where there is none, or its manifest is wrong.
    fn find(&self, path: &Path) -> Result<Arc<dyn EditorProject>, Trouble>;
}

/// One fleet.
pub trait EditorProject: Send + Sync {
    /// The folder that all its paths are relative to.
    fn root(&self) -> &Path;

    /// The one file it consists of, where it has no manifest.
    fn only(&self) -> Option<&Path>;

    /// Where a file of the fleet, or of a library that it uses, lies.
    fn path_of(&self, name: &str) -> PathBuf;

    /// How a source file is called in the fleet; none where it is not one of its sources.
    fn name_of(&self, file: &Path) -> Option<Arc<str>>;

    /// Reads the sources from disk.
    ///
    /// # Errors
    /// Where that is not possible.
    fn read(&self) -> Result<SharedWorld, Trouble>;
}

/// Why a fleet cannot be read, and where that is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub message: String,
    /// A file, its text and a place in it (in bytes), where there is one.
    pub place: Option<(PathBuf, String, Range<usize>)>,
}

/// The disk, with the unsaved texts of an editor over it.
#[derive(Clone)]
pub(crate) struct Overlay {
    pub(crate) disk: SharedWorld,
    pub(crate) open: BTreeMap<Arc<str>, Arc<str>>,
}

impl World for Overlay {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        // Editors take a mark off where they open a file, and count columns without it. In a text that they have sent
        // one counts as what it is there: a character.
        let unmarked =
            |text: Arc<str>| text.strip_prefix('\u{feff}').map_or(Arc::clone(&text), Arc::from);
        let disk = self.disk.sources().into_iter();
        let mut all: BTreeMap<Arc<str>, Arc<str>> =
            disk.map(|(path, text)| (path, unmarked(text))).collect();
        all.extend(self.open.iter().map(|(path, text)| (Arc::clone(path), Arc::clone(text))));
        all.into_iter().collect()
    }

    fn exists(&self, path: &str) -> bool {
        self.open.contains_key(path) || self.disk.exists(path)
    }

    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        match self.open.get(path) {
            Some(text) => Ok(Arc::from(text.as_bytes())),
            None => self.disk.read(path),
        }
    }

    fn is_cut(&self) -> bool {
        self.disk.is_cut()
    }

    fn settings(&self) -> Option<Settings> {
        self.disk.settings()
    }

    fn limits(&self) -> Limits {
        self.disk.limits()
    }

    fn levels(&self) -> Levels {
        self.disk.levels()
    }
}
