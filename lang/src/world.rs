//! Where sources come from. The language itself does no I/O.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::levels::Levels;

/// What a run may look at: the fleet's sources, and whether a file beside them exists.
/// Paths are relative to the fleet's root, with `/` between parts; those of a library begin with its name, `<house>/`.
pub trait World {
    /// Every `.qg` file of the fleet, in the order of their paths.
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)>;

    /// Whether a file that a `./path` names exists.
    fn exists(&self, path: &str) -> bool;

    /// The bytes of a file that a `./path` names.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread>;

    /// Whether there are more sources than these: those that follow were not read, for what was read is
    /// more than [`Limits::sources`] already.
    fn is_cut(&self) -> bool {
        false
    }

    /// The environment that is chosen; none where the fleet is taken as it stands.
    fn settings(&self) -> Option<Settings> {
        None
    }

    /// What a run may take; what takes more is a finding.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// What becomes of the warnings of each code: `[lints]` of qg.toml.
    fn levels(&self) -> Levels {
        Levels::default()
    }

    /// The text of a file of the standard library, where it is to be another one than the compiler's own: how a
    /// fleet fares with a later library is tried with it.
    fn library(&self, _path: &str) -> Option<Arc<str>> {
        None
    }
}

/// A file of settings, and the environment of it that is meant: `[environments.NAME]` in TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub path: Arc<str>,
    pub text: Arc<str>,
    pub environment: Arc<str>,
}

/// What a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of all sources together, without the standard library.
    pub sources: u64,
    /// The bytes of memory, roughly.
    pub memory: u64,
    /// The steps of evaluation that any fleet may take, however small.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { sources: 6 << 20, memory: 1 << 30, steps: 5_000_000 }
    }
}

/// Why a file beside the sources cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nothing lies there.
    Missing,
    /// It lies elsewhere: links that lead out of the fleet's folder are not followed.
    Outside,
    /// Anything else, in the system's words.
    Failed(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Missing => out.write_str("there is no such file"),
            Unread::Outside => out.write_str("it leads out of the fleet's folder"),
            Unread::Failed(why) => out.write_str(why),
        }
    }
}

/// A world in memory, for tests and for the language server's unsaved texts.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    pub sources: BTreeMap<Arc<str>, Arc<str>>,
    pub files: BTreeMap<Arc<str>, Arc<[u8]>>,
    /// What is there and cannot be read.
    pub unread: BTreeMap<Arc<str>, Unread>,
    /// What a run may take.
    pub limits: Limits,
    /// Files of the standard library with another text than the compiler's own.
    pub library: BTreeMap<Arc<str>, Arc<str>>,
    pub settings: Option<Settings>,
    /// What becomes of the warnings of each code.
    pub levels: Levels,
}

impl World for MemoryWorld {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        self.sources.iter().map(|(path, text)| (Arc::clone(path), Arc::clone(text))).collect()
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path)
            || self.sources.contains_key(path)
            || self.unread.contains_key(path)
    }

    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        if let Some(why) = self.unread.get(path) {
            return Err(why.clone());
        }
        let source = || self.sources.get(path).map(|text| Arc::from(text.as_bytes()));
        self.files.get(path).cloned().or_else(source).ok_or(Unread::Missing)
    }

    fn settings(&self) -> Option<Settings> {
        self.settings.clone()
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn levels(&self) -> Levels {
        self.levels.clone()
    }

    fn library(&self, path: &str) -> Option<Arc<str>> {
        self.library.get(path).cloned()
    }
}
