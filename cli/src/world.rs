//! A fleet's files on disk, as a [`World`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use qg_lang::levels::Levels;
use qg_lang::source::library_of;
use qg_lang::world::{Limits, Settings, Unread, World};

use crate::failure::Failure;
use crate::files::{self, FILE_LIMIT, NOWHERE};
use crate::libraries::Library;
use crate::project::Project;

/// No more than this is read of a source: one byte past the language's limit, so that the parser
/// sees that it is too large.
const SOURCE_LIMIT: u64 = 4 * 1024 * 1024 + 1;

/// The sources of a fleet, read once; files beside them are looked at when asked for.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    libraries: BTreeMap<String, PathBuf>,
    sources: BTreeMap<Arc<str>, Arc<str>>,
    limits: Limits,
    levels: Levels,
    settings: Option<Settings>,
    /// Whether sources were left unread, for there was too much before them.
    cut: bool,
    /// Links to folders outside, which were not followed, by their paths below the root.
    left: Vec<String>,
}

impl DiskWorld {
    /// Reads every `.qg` file below the source folders: sorted, hidden ones left out, and what the compiler
    /// writes; each folder once (so that a cycle of links ends).
    ///
    /// # Errors
    /// Where a folder or a file cannot be read, or leads out of the fleet's folder.
    pub fn read(project: &Project) -> Result<DiskWorld, Failure> {
        let root = fs::canonicalize(&project.root)
            .map_err(|error| Failure::io("read", &project.root, &error))?;
        let mut walk = Walk {
            out: fs::canonicalize(project.out()).ok(),
            root,
            sources: BTreeMap::new(),
            seen: BTreeSet::new(),
            left: Vec::new(),
        };
        for (folder, _) in &project.config.sources {
            let name = clean(folder);
            walk.visit(&project.root.join(&name), &name, true)?;
        }
        let root = walk.root.clone();
        let mut libraries = BTreeMap::new();
        for Library { name, folder, .. } in &project.libraries {
            walk.root.clone_from(folder);
            let before = walk.sources.len();
            walk.visit(folder, &format!("<{name}>"), true)?;
            if walk.sources.len() == before {
                let message = format!("there is no .qg file in the library `{name}`");
                let folder = folder.display();
                return Err(Failure::new(message).help(format!("its folder is {folder}")));
            }
            libraries.insert(name.clone(), folder.clone());
        }
        let limits = project.config.limits;
        let Walk { sources: files, left, .. } = walk;
        let (mut sources, mut whole, mut cut) = (BTreeMap::new(), 0, false);
        for (name, (path, real)) in files {
            if whole > limits.sources {
                cut = true;
                break;
            }
            let bytes = files::read_start(&real, SOURCE_LIMIT)
                .map_err(|error| Failure::io("read", &path, &error))?;
            whole += bytes.len() as u64;
            sources.insert(name, decode(&bytes));
        }
        let (levels, settings) = (project.config.levels.clone(), project.settings.clone());
        Ok(DiskWorld { root, libraries, sources, limits, levels, settings, cut, left })
    }

    /// A fleet of which nothing lies on disk yet.
    #[must_use]
    pub fn empty(project: &Project) -> DiskWorld {
        let (root, limits) = (project.root.clone(), project.config.limits);
        let (libraries, sources) = (BTreeMap::new(), BTreeMap::new());
        let (levels, settings) = (project.config.levels.clone(), project.settings.clone());
        let (cut, left) = (false, Vec::new());
        DiskWorld { root, libraries, sources, limits, levels, settings, cut, left }
    }

    /// Links to folders outside, which were not followed.
    #[must_use]
    pub fn left(&self) -> &[String] {
        &self.left
    }

    /// Lays another text over a source, as if it lay on disk.
    pub fn put(&mut self, path: &str, text: &str) {
        self.sources.insert(Arc::from(path), Arc::from(text));
    }

    /// Where a source lies.
    #[must_use]
    pub fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// How many source files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether the fleet has no sources of its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.keys().all(|path| library_of(path).is_some())
    }

    /// The link to nothing below the root that a path is, or leads over.
    fn dangling<'p>(root: &Path, path: &'p Path) -> Option<&'p Path> {
        files::dangling(path).filter(|link| link.starts_with(root))
    }

    /// The root that a path begins at, and the place of the file; none for a path that leads out of it.
    fn locate(&self, path: &str) -> Option<(&Path, PathBuf)> {
        let (root, below) = match library_of(path) {
            Some(library) => {
                let rest = path.strip_prefix(&format!("<{library}>/"))?;
                (self.libraries.get(library)?, Path::new(rest))
            }
            None => (&self.root, Path::new(path)),
        };
        let inside =
            below.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        inside.then(|| (root.as_path(), root.join(below)))
    }
}

impl World for DiskWorld {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        self.sources.iter().map(|(path, text)| (Arc::clone(path), Arc::clone(text))).collect()
    }

    fn exists(&self, path: &str) -> bool {
        // A link to nothing is there: `read` tells what is wrong with it.
        self.locate(path)
            .is_some_and(|(root, path)| path.exists() || Self::dangling(root, &path).is_some())
    }

    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        let (root, path) = self.locate(path).ok_or(Unread::Outside)?;
        let real = match fs::canonicalize(&path) {
            Ok(real) => real,
            Err(error) => {
                return Err(match Self::dangling(root, &path) {
                    Some(link) if link == path => Unread::Failed(NOWHERE.to_owned()),
                    Some(link) => {
                        let link = link.strip_prefix(root).unwrap_or(link).display();
                        Unread::Failed(format!("`{link}` is a link that leads nowhere"))
                    }
                    None if error.kind() == io::ErrorKind::NotFound => Unread::Missing,
                    None => Unread::Failed(error.to_string()),
                });
            }
        };
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        if !real.starts_with(root) {
            return Err(Unread::Outside);
        }
        let bytes = files::read(&real, FILE_LIMIT);
        bytes.map(Arc::from).map_err(|error| Unread::Failed(error.to_string()))
    }

    fn is_cut(&self) -> bool {
        self.cut
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
}

/// The text of some bytes. What is not UTF-8 becomes U+FFFD, which the lexer refuses at its place.
#[must_use]
pub fn decode(bytes: &[u8]) -> Arc<str> {
    Arc::from(String::from_utf8_lossy(bytes))
}

struct Walk {
    /// The folder of the fleet, or of the library that is looked at, by its real path.
    root: PathBuf,
    /// What the compiler writes, by its real path.
    out: Option<PathBuf>,
    /// The sources that were found, by their names: how each is called, and its real path.
    sources: BTreeMap<Arc<str>, (PathBuf, PathBuf)>,
    /// Folders that were looked at already, by their real path.
    seen: BTreeSet<PathBuf>,
    left: Vec<String>,
}

impl Walk {
    /// Looks at a file or folder; `name` is its path below the root. Whoever is named, in the manifest or by the
    /// ending `.qg`, is read or refused.
    fn visit(&mut self, path: &Path, name: &str, named: bool) -> Result<(), Failure> {
        let named = named || path.extension().is_some_and(|it| it == "qg");
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            // Nobody asked for a link to nothing.
            Err(_) if !named => return Ok(()),
            Err(error) => return Err(Failure::io("read", path, &error)),
        };
        let kind = fs::metadata(&real).map_err(|error| Failure::io("read", path, &error))?;
        if !real.starts_with(&self.root) {
            if kind.is_dir() && !named {
                self.left.push(name.to_owned());
            }
            return match named {
                false => Ok(()),
                true => Err(Failure::new(format!(
                    "{} leads out of the fleet's folder, to {}",
                    path.display(),
                    real.display()
                ))
                .help("links that lead out are not followed: put the file there")),
            };
        }
        if kind.is_dir() {
            return self.folder(path, name, real);
        }
        if named {
            self.sources.insert(Arc::from(name), (path.to_owned(), real));
        }
        Ok(())
    }

    fn folder(&mut self, path: &Path, name: &str, real: PathBuf) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::io("read", path, &error);
        if self.out.as_ref() == Some(&real) || !self.seen.insert(real) {
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
