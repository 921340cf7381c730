//! Where sources come from. The language itself does no I/O.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a run may look at: the fleet's sources, and whether a file beside them exists.
/// Paths are relative to the fleet's root, with `/` between parts.
pub trait World {
    /// Every `.qg` file of the fleet, in the order of their paths.
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)>;

    /// Whether a file that a `./path` names exists.
    fn exists(&self, path: &str) -> bool;

    /// The bytes of a file that a `./path` names, where it can be read.
    fn read(&self, path: &str) -> Option<Arc<[u8]>>;

    /// How many bytes of memory a run may take, roughly; what takes more is a finding.
    fn memory(&self) -> u64 {
        DEFAULT_MEMORY
    }
}

/// What a run may take in memory where nobody says otherwise: 1 GiB.
pub const DEFAULT_MEMORY: u64 = 1 << 30;

/// A world in memory, for tests and for the language server's unsaved texts.
#[derive(Clone, Debug)]
pub struct MemoryWorld {
    pub sources: BTreeMap<Arc<str>, Arc<str>>,
    pub files: BTreeMap<Arc<str>, Arc<[u8]>>,
    /// The bytes that a run may take.
    pub memory: u64,
}

impl Default for MemoryWorld {
    fn default() -> MemoryWorld {
        MemoryWorld { sources: BTreeMap::new(), files: BTreeMap::new(), memory: DEFAULT_MEMORY }
    }
}

impl World for MemoryWorld {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        self.sources.iter().map(|(path, text)| (Arc::clone(path), Arc::clone(text))).collect()
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.sources.contains_key(path)
    }

    fn read(&self, path: &str) -> Option<Arc<[u8]>> {
        self.files
            .get(path)
            .cloned()
            .or_else(|| self.sources.get(path).map(|text| Arc::from(text.as_bytes())))
    }

    fn memory(&self) -> u64 {
        self.memory
    }
}
