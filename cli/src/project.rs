//! Which fleet a command means: the folder with `qg.toml`, and how to call its files.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::config::{self, Config, DEFAULT_OUT};
use crate::failure::Failure;

/// The name of the fleet's manifest.
pub const MANIFEST: &str = "qg.toml";

/// A fleet on disk.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    pub config: Config,
    /// What stands before a path of the fleet, so that it is right from the current folder:
    /// nothing, `fleet/`, `../`.
    pub prefix: String,
}

impl Project {
    /// Finds the fleet that a path (or the current folder) means.
    ///
    /// # Errors
    /// Where there is none, or its `qg.toml` is wrong.
    pub fn find(path: Option<&Path>) -> Result<Project, Failure> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
        let start = here.join(path.unwrap_or(Path::new(".")));
        let start = fs::canonicalize(&start)
            .map_err(|error| Failure::io("find", path.unwrap_or(&start), &error))?;
        let here = fs::canonicalize(&here).unwrap_or(here);
        let found = start.ancestors().find(|folder| folder.join(MANIFEST).is_file());
        let single = start.is_file();
        if single && start.extension().is_none_or(|extension| extension != "qg") {
            let manifest = start.file_name().is_some_and(|name| name == MANIFEST);
            if !manifest {
                return Err(Failure::new(format!("{} is not a .qg file", start.display())));
            }
        }
        match found {
            Some(root) => {
                let project = Project::open(root, &here)?;
                if single && !project.holds(&start) {
                    return Project::alone(&start, &here);
                }
                Ok(project)
            }
            None if single => Project::alone(&start, &here),
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

    fn open(root: &Path, here: &Path) -> Result<Project, Failure> {
        let prefix = prefix(root, here);
        let manifest = root.join(MANIFEST);
        let text = fs::read_to_string(&manifest)
            .map_err(|error| Failure::io("read", &manifest, &error))?;
        let config = config::parse(&text, &format!("{prefix}{MANIFEST}"))?;
        for (folder, place) in &config.sources {
            if !root.join(folder).exists() {
                return Err(Failure::new(format!("there is no folder \"{folder}\""))
                    .at(&format!("{prefix}{MANIFEST}"), &text, place.clone(), "does not exist")
                    .help("make it, or take it out of `sources`"));
            }
        }
        Ok(Project { root: root.to_owned(), config, prefix })
    }

    /// One file that is a fleet of its own.
    fn alone(file: &Path, here: &Path) -> Result<Project, Failure> {
        let unusable = || Failure::new(format!("cannot read a file called {}", file.display()));
        let root = file.parent().ok_or_else(unusable)?;
        let name = file.file_name().and_then(|name| name.to_str()).ok_or_else(unusable)?;
        let config = Config {
            name: "fleet".to_owned(),
            sources: vec![(name.to_owned(), 0..0)],
            out: DEFAULT_OUT.to_owned(),
        };
        Ok(Project { root: root.to_owned(), config, prefix: prefix(root, here) })
    }

    /// Whether a file lies below one of the source folders.
    fn holds(&self, file: &Path) -> bool {
        self.config.sources.iter().any(|(folder, _)| {
            fs::canonicalize(self.root.join(folder)).is_ok_and(|folder| file.starts_with(folder))
        }) || file.file_name().is_some_and(|name| name == MANIFEST)
    }
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
