//! Where the output may lie: in a folder of its own. In a source folder's place it would be no source any more, and
//! what is missing then would be said of everything that names it.

use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use qg_interpreter::manifest::{self, Manifest};

use crate::config::Config;
use crate::files::{FILE_LIMIT, read_text};

/// How many folders deep it is looked for sources in an output folder.
const DEPTH: usize = 32;

/// Why a folder cannot be the output's.
pub(crate) struct Clash {
    pub(crate) message: String,
    pub(crate) label: &'static str,
    /// Its place in the text of `qg.toml`: of `out`, or of the source folder where that says nothing.
    pub(crate) place: Option<Range<usize>>,
}

/// What stands against the output folder that a manifest says, or that is meant where it says none.
pub(crate) fn clash(root: &Path, config: &Config) -> Option<Clash> {
    let said = &config.out;
    let (out, real_root) = (real(&root.join(said)), real(root));
    let clash = |message: String, label, place: &Range<usize>| Clash {
        message,
        label,
        place: config.out_place.clone().or_else(|| Some(place.clone())),
    };
    if real_root.starts_with(&out) {
        let what =
            if out == real_root { "is the fleet's own folder" } else { "is above the fleet" };
        let message = format!("the output folder \"{said}\" {what}");
        return Some(clash(message, "everything in it would be replaced", &(0..0)));
    }
    for (folder, place) in &config.sources {
        let source = real(&root.join(folder));
        if source.starts_with(&out) {
            let what = if out == source { "is" } else { "is above" };
            let message =
                format!("the output folder \"{said}\" {what} the source folder \"{folder}\"");
            return Some(clash(message, "nothing in it would be read as a source", place));
        }
    }
    let (_, place) = config.sources.iter().find(|(folder, _)| {
        let source = real(&root.join(folder));
        out.starts_with(source)
    })?;
    let lost = unwritten_source(&out)?;
    let message = format!("the output folder \"{said}\" holds sources: {said}/{lost}");
    Some(clash(message, "nothing in it is read as a source", place))
}

/// A `.qg` file in an output folder that no run has written.
fn unwritten_source(out: &Path) -> Option<String> {
    let mut found = Vec::new();
    sources(out, "", DEPTH, &mut found);
    if found.is_empty() {
        return None;
    }
    found.sort();
    let text = read_text(&out.join(manifest::NAME), FILE_LIMIT).ok();
    let written = text.and_then(|text| Manifest::parse(&text));
    let is_written = |path: &String| written.as_ref().is_some_and(|it| it.files.contains_key(path));
    found.into_iter().find(|path| !is_written(path))
}

/// The `.qg` files below a folder. What cannot be read is told where it is replaced.
fn sources(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => {
                sources(&entry.path(), &format!("{name}/"), depth - 1, found);
            }
            Ok(_) if entry.path().extension().is_some_and(|it| it == "qg") => found.push(name),
            Ok(_) | Err(_) => {}
        }
    }
}

/// A path without links and `..`, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                real.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                real.push(part);
                if let Ok(path) = fs::canonicalize(&real) {
                    real = path;
                }
            }
        }
    }
    real
}
