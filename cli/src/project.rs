//! Which fleet a command means: the folder with `qg.toml`, and how to call its files.

use std::fs;
use std::path::{Component, Path, PathBuf};

use qg_lang::source::library_of;
use qg_lang::world::Settings;

use crate::args::Chosen;
use crate::config::{self, Config};
use crate::environment;
use crate::failure::Failure;
use crate::files::{MANIFEST_LIMIT, dangling, read_text};
use crate::libraries::{self, Library};
use crate::names::Names;
use crate::out::clash;
use crate::world::clean;

/// The name of the fleet's manifest.
pub const MANIFEST: &str = "qg.toml";

/// A fleet on disk.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    pub config: Config,
    /// How its files are called from the current folder.
    pub names: Names,
    pub libraries: Vec<Library>,
    /// The environment that is chosen.
    pub settings: Option<Settings>,
    /// The one file that it consists of, where there is no `qg.toml`.
    pub only: Option<PathBuf>,
}

impl Project {
    /// Finds the fleet that a path (or the current folder) means.
    ///
    /// # Errors
    /// Where there is none, or its `qg.toml` is wrong.
    pub fn find(path: Option<&Path>, chosen: &Chosen) -> Result<Project, Failure> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
        let start = here.join(path.unwrap_or(Path::new(".")));
        let start = fs::canonicalize(&start)
            .map_err(|error| Failure::io("find", path.unwrap_or(&start), &error))?;
        let here = fs::canonicalize(&here).unwrap_or(here);
        if !start.is_dir() && !start.is_file() {
            let failure =
                Failure::new(format!("{} is neither a file nor a folder", start.display()));
            return Err(failure.help("name a folder with a qg.toml in or above it, or a .qg file"));
        }
        if start.is_file() && !is_source(&start) && !is_manifest(&start) {
            return Err(Failure::new(format!("{} is not a .qg file", start.display())));
        }
        Project::of(&start, &here, chosen)
    }

    /// Finds the fleet that a path of an editor means. The file need not exist yet; failures name
    /// files from the root of the file system.
    ///
    /// # Errors
    /// Where there is none, or its `qg.toml` is wrong.
    pub fn around(path: &Path, chosen: &Chosen) -> Result<Project, Failure> {
        let folder = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
        let real = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path.to_owned(),
        };
        Project::of(&fs::canonicalize(path).unwrap_or(real), Path::new("/"), chosen)
    }

    fn of(start: &Path, here: &Path, chosen: &Chosen) -> Result<Project, Failure> {
        let single = !start.is_dir();
        match start.ancestors().find(|folder| folder.join(MANIFEST).symlink_metadata().is_ok()) {
            Some(root) => {
                let project = Project::open(root, here, chosen)?;
                if single && !is_manifest(start) && project.name_of(start).is_none() {
                    return Project::alone(start, here, chosen);
                }
                Ok(project)
            }
            None if single => Project::alone(start, here, chosen),
            None => Err(Failure::new(format!(
                "there is no {MANIFEST} in {} or any folder above it",
                start.display()
            ))
            .help("`qgc init DIR` begins a fleet")),
        }
    }

    /// The folder that `compile` writes.
    #[must_use]
    pub fn out(&self) -> PathBuf {
        self.root.join(&self.config.out)
    }

    fn open(root: &Path, here: &Path, chosen: &Chosen) -> Result<Project, Failure> {
        let prefix = prefix(root, here);
        let manifest = root.join(MANIFEST);
        let text = read_text(&manifest, MANIFEST_LIMIT)
            .map_err(|error| Failure::io("read", &manifest, &error))?;
        // No editor shows a mark at the start (BOM), or counts columns with it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let shown = format!("{prefix}{MANIFEST}");
        let mut config = config::parse(text, &shown)?;
        let settings = environment::choose(&mut config, text, chosen.environment.as_deref())?;
        for (folder, place) in &config.sources {
            let path = root.join(folder);
            let (message, label) = match dangling(&path) {
                _ if path.exists() => continue,
                Some(_) => (format!("\"{folder}\" is a link that leads nowhere"), "leads nowhere"),
                None => (format!("there is no folder \"{folder}\""), "does not exist"),
            };
            return Err(Failure::new(message)
                .at(&shown, text, place.clone(), label)
                .help("make it, or take it out of `sources`"));
        }
        if let Some(clash) = clash(root, &config) {
            let place = clash.place.unwrap_or_default();
            return Err(Failure::new(clash.message)
                .at(&shown, text, place, clash.label)
                .help("say a folder of its own: `out = \"build\"`"));
        }
        let said = &chosen.libraries;
        let libraries = libraries::find(root, &config, said, (&shown, text), &prefix)?;
        Ok(Project { settings, ..Project::new(root, config, prefix, libraries, None) })
    }

    /// One file that is a fleet of its own.
    fn alone(file: &Path, here: &Path, chosen: &Chosen) -> Result<Project, Failure> {
        let unusable = || Failure::new(format!("cannot read a file called {}", file.display()));
        let root = file.parent().ok_or_else(unusable)?;
        let name = file.file_name().and_then(|name| name.to_str()).ok_or_else(unusable)?;
        let sources = vec![(name.to_owned(), 0..0)];
        let mut config = Config { sources, ..Config::default() };
        environment::choose(&mut config, "", chosen.environment.as_deref())?;
        let (prefix, said) = (prefix(root, here), &chosen.libraries);
        let libraries = libraries::find(root, &config, said, ("", ""), &prefix)?;
        Ok(Project::new(root, config, prefix, libraries, Some(file.to_owned())))
    }

    fn new(
        root: &Path,
        config: Config,
        prefix: String,
        libraries: Vec<Library>,
        only: Option<PathBuf>,
    ) -> Project {
        let folders = libraries.iter().map(|it| (it.name.clone(), it.prefix.clone())).collect();
        let names = Names { prefix, libraries: folders };
        Project { root: root.to_owned(), config, names, libraries, settings: None, only }
    }

    /// What a file of a library is called in the fleet; none where it is of none.
    #[must_use]
    pub fn name_in_library(&self, file: &Path) -> Option<String> {
        self.libraries.iter().filter(|_| is_source(file)).find_map(|library| {
            let below = file.strip_prefix(&library.folder).ok()?;
            let parts: Option<Vec<&str>> =
                below.iter().map(|part| part.to_str().filter(|it| !it.starts_with('.'))).collect();
            Some(format!("<{}>/{}", library.name, parts?.join("/")))
        })
    }

    /// Where a file of the fleet or of a library lies.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        let library =
            library_of(name).and_then(|it| self.libraries.iter().find(|of| of.name == it));
        match library {
            Some(library) => {
                let rest = name.strip_prefix(&format!("<{}>/", library.name)).unwrap_or(name);
                library.folder.join(rest)
            }
            None => self.root.join(name),
        }
    }

    /// What a file is called in the fleet; none where it is not one of its sources.
    #[must_use]
    pub fn name_of(&self, file: &Path) -> Option<String> {
        self.name_in_library(file).or_else(|| self.name_of_own(file))
    }

    fn name_of_own(&self, file: &Path) -> Option<String> {
        self.config.sources.iter().find_map(|(folder, _)| {
            let name = clean(folder);
            let base = self.root.join(folder);
            let real = fs::canonicalize(&base).unwrap_or_else(|_| base.clone());
            let below = file.strip_prefix(&base).or_else(|_| file.strip_prefix(&real)).ok()?;
            let mut parts: Vec<&str> = if name.is_empty() { Vec::new() } else { vec![&name] };
            for part in below {
                parts.push(part.to_str().filter(|part| !part.starts_with('.'))?);
            }
            // A folder itself is none; a file that is named in the manifest may be called anything.
            let named = below.as_os_str().is_empty() && base.is_file();
            let alone = self.only.as_deref() == Some(file);
            (named || alone || (!below.as_os_str().is_empty() && is_source(file)))
                .then(|| parts.join("/"))
        })
    }
}

fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "qg")
}

fn is_manifest(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name == MANIFEST)
}

/// How to get from `here` to `root`, ending in `/` unless they are the same.
fn prefix(root: &Path, here: &Path) -> String {
    if let Ok(below) = root.strip_prefix(here) {
        return match below.as_os_str().is_empty() {
            true => String::new(),
            false => format!("{}/", below.display()),
        };
    }
    match here.strip_prefix(root) {
        Ok(up) => up
            .components()
            .filter(|part| matches!(part, Component::Normal(_)))
            .map(|_| "../")
            .collect(),
        Err(_) => format!("{}/", root.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::prefix;
    use std::path::Path;

    #[test]
    fn paths_are_right_from_the_current_folder() {
        let of = |root: &str, here: &str| prefix(Path::new(root), Path::new(here));
        assert_eq!(of("/a/b", "/a/b"), "");
        assert_eq!(of("/a/b/c", "/a"), "b/c/");
        assert_eq!(of("/a", "/a/b/c"), "../../");
        assert_eq!(of("/x", "/a"), "/x/");
    }
}
