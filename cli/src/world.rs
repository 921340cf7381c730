//! A fleet's files on disk, as a [`World`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use qg_lang::world::World;

use crate::failure::Failure;
use crate::project::Project;

/// No more than this is read of a source: one byte past the language's limit, so that the parser
/// sees that it is too large.
const SOURCE_LIMIT: u64 = 4 * 1024 * 1024 + 1;

/// No more than this is read of a file that a `./path` names.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// The sources of a fleet, read once; files beside them are looked at when asked for.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    sources: BTreeMap<Arc<str>, Arc<str>>,
    memory: u64,
}

impl DiskWorld {
    /// Reads every `.qg` file below the source folders: sorted, hidden ones left out, each folder
    /// once (so that a circle of links ends).
    ///
    /// # Errors
    /// Where a folder or a file cannot be read.
    pub fn read(project: &Project) -> Result<DiskWorld, Failure> {
        let mut walk = Walk { sources: BTreeMap::new(), seen: BTreeSet::new() };
        for (folder, _) in &project.config.sources {
            let name = clean(folder);
            walk.visit(&project.root.join(folder), &name, true)?;
        }
        let memory = project.config.memory;
        Ok(DiskWorld { root: project.root.clone(), sources: walk.sources, memory })
    }

    /// A fleet of which nothing lies on disk yet.
    #[must_use]
    pub fn empty(project: &Project) -> DiskWorld {
        let memory = project.config.memory;
        DiskWorld { root: project.root.clone(), sources: BTreeMap::new(), memory }
    }

    /// How many source files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The place of a file below the root; none for a path that leads out of it.
    fn locate(&self, path: &str) -> Option<PathBuf> {
        let below = Path::new(path);
        let inside =
            below.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        inside.then(|| self.root.join(below))
    }
}

impl World for DiskWorld {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        self.sources.iter().map(|(path, text)| (Arc::clone(path), Arc::clone(text))).collect()
    }

    fn exists(&self, path: &str) -> bool {
        self.locate(path).is_some_and(|path| path.exists())
    }

    fn read(&self, path: &str) -> Option<Arc<[u8]>> {
        let path = self.locate(path)?;
        // A pipe or a device would block, or never end.
        if !fs::metadata(&path).ok()?.is_file() {
            return None;
        }
        read_up_to(&path, FILE_LIMIT).ok().map(Arc::from)
    }

    fn memory(&self) -> u64 {
        self.memory
    }
}

/// The text of some bytes. What is not UTF-8 becomes U+FFFD, which the lexer refuses at its place.
#[must_use]
pub fn decode(bytes: &[u8]) -> Arc<str> {
    Arc::from(String::from_utf8_lossy(bytes))
}

struct Walk {
    sources: BTreeMap<Arc<str>, Arc<str>>,
    /// Folders that were looked at already, by their real path.
    seen: BTreeSet<PathBuf>,
}

impl Walk {
    /// Looks at a file or folder; `name` is its path below the root.
    fn visit(&mut self, path: &Path, name: &str, named: bool) -> Result<(), Failure> {
        let Ok(kind) = fs::metadata(path) else {
            // A link to nothing that nobody asked for is not a source.
            return match named {
                true => Err(Failure::new(format!("cannot read {}", path.display()))),
                false => Ok(()),
            };
        };
        if kind.is_dir() {
            return self.folder(path, name);
        }
        if kind.is_file() && (named || path.extension().is_some_and(|it| it == "qg")) {
            let bytes = read_up_to(path, SOURCE_LIMIT)
                .map_err(|error| Failure::io("read", path, &error))?;
            self.sources.insert(Arc::from(name), decode(&bytes));
        }
        Ok(())
    }

    fn folder(&mut self, path: &Path, name: &str) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::io("read", path, &error);
        if !self.seen.insert(fs::canonicalize(path).map_err(failed)?) {
            return Ok(());
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            entries.push(entry.map_err(failed)?.file_name());
        }
        entries.sort();
        for entry in entries {
            let child = path.join(&entry);
            let Some(entry) = entry.to_str() else {
                if child.extension().is_some_and(|it| it == "qg") {
                    return Err(Failure::new(format!("{} is not named in UTF-8", child.display())));
                }
                continue;
            };
            if entry.starts_with('.') {
                continue;
            }
            let name = match name.is_empty() {
                true => entry.to_owned(),
                false => format!("{name}/{entry}"),
            };
            self.visit(&child, &name, false)?;
        }
        Ok(())
    }
}

/// A path of `qg.toml` without `.` and trailing `/`.
pub(crate) fn clean(path: &str) -> String {
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/")
}

fn read_up_to(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
