//! Libraries of one's own: folders of sources that are imported under a name. Nothing is downloaded: each is a folder
//! that is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::{Config, LibraryPath};
use crate::failure::Failure;
use crate::project::MANIFEST;

/// A library that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    pub name: String,
    /// Its folder, by its real path.
    pub folder: PathBuf,
    /// How its files are called from the current folder: `../house/`.
    pub prefix: String,
}

/// Finds the folders of all libraries; `said` on the command line takes the place of what the manifest says.
///
/// # Errors
/// Where a folder is not there, or its sources would be there twice.
pub(crate) fn find(
    root: &Path,
    config: &Config,
    said: &[LibraryPath],
    manifest: (&str, &str),
    prefix: &str,
) -> Result<Vec<Library>, Failure> {
    let named = |name: &str| said.iter().find(|it| it.name == name);
    let mut all: Vec<Library> = Vec::new();
    let added = said.iter().filter(|it| config.libraries.iter().all(|said| said.name != it.name));
    let wanted = config.libraries.iter().map(|it| named(&it.name).unwrap_or(it)).chain(added);
    for LibraryPath { name, path, place } in wanted {
        let shown = path.display();
        let failure = |message: String, label: &str| match place {
            Some(place) => Failure::new(message).at(manifest.0, manifest.1, place.clone(), label),
            None => Failure::new(message),
        };
        // What the command line says begins where it is said.
        let folder = if place.is_some() { root.join(path) } else { path.clone() };
        let Some(folder) = fs::canonicalize(&folder).ok().filter(|it| it.is_dir()) else {
            let message = format!("there is no folder \"{shown}\" for the library `{name}`");
            return Err(failure(message, "is no folder").help(format!(
                "put it there, or say where it is: `--library {name}=FOLDER`; nothing is downloaded"
            )));
        };
        if let Some(clash) = clash(root, config, name, &folder, &all) {
            return Err(failure(format!("the library `{name}` {}", clash.0), clash.1));
        }
        let before = if place.is_some() && path.is_relative() { prefix } else { "" };
        let prefix = short(&format!("{before}{shown}"));
        all.push(Library { name: name.clone(), folder, prefix });
    }
    Ok(all)
}

/// A folder as one would write it: `fleet/../house` is `house/`.
fn short(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    let end = if parts.is_empty() { "" } else { "/" };
    format!("{root}{}{end}", parts.join("/"))
}

/// What stands against a folder as a library.
fn clash(
    root: &Path,
    config: &Config,
    name: &str,
    folder: &Path,
    others: &[Library],
) -> Option<(String, &'static str)> {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let twice = "its sources would be there twice";
    for (source, _) in &config.sources {
        let real = real(&root.join(source));
        if folder.starts_with(&real) || real.starts_with(folder) {
            let source = if source == "." { MANIFEST } else { source };
            let what = if source == MANIFEST { "the folder of" } else { "the source folder" };
            return Some((format!("and {what} \"{source}\" lie in one another"), twice));
        }
    }
    if let Some(other) =
        others.iter().find(|it| folder.starts_with(&it.folder) || it.folder.starts_with(folder))
    {
        let message = format!("and the library `{}` lie in one another", other.name);
        return Some((message, twice));
    }
    // `import house.net` would mean either.
    let taken = config.sources.iter().find(|(source, _)| {
        let source = crate::world::clean(source);
        let below = root.join(&source);
        let first = source.split('/').next().unwrap_or_default();
        match source.as_str() {
            "" => below.join(name).is_dir() || below.join(format!("{name}.qg")).is_file(),
            _ => first == name || first.strip_suffix(".qg") == Some(name),
        }
    });
    taken.map(|_| {
        let message = format!("is called like \"{name}\" of the fleet's own sources");
        (message, "an import of that name would mean either")
    })
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn folders_are_called_as_one_would_write_them() {
        assert_eq!(short("fleet/../house"), "house/");
        assert_eq!(short("../../house/./lib//"), "../../house/lib/");
        assert_eq!(short("/nix/store/../x"), "/nix/x/");
        assert_eq!(short("a/.."), "");
    }
}
