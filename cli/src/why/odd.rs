//! What else somebody may have meant whose question has no answer.

use std::fs;
use std::path::Path;

use qg_interpreter::Build;
use qg_interpreter::manifest;
use qg_interpreter::targets::OutputFile;
use qg_lang::diagnostic::closest;

use super::{find, parts};
use crate::failure::Failure;
use crate::project::{MANIFEST, Project};

/// Words for a path that is no file of the output, where it is something else; none where nothing lies there.
pub(super) fn of_path(build: &Build, project: &Project, path: &str) -> Option<Failure> {
    let names = parts(path);
    let last = names.last().copied().unwrap_or_default();
    let here = Path::new(path);
    if is_source(build, project, path) {
        let failure = Failure::new(format!("{path} is a source, and says itself why it is so"));
        return Some(failure.help(
            "a line of what is made of it has reasons, and a value: `qgc why service.sonarr.route.web.expose`",
        ));
    }
    if last == MANIFEST {
        let failure = Failure::new(format!("{path} tells where the fleet lies, and is no output"));
        return Some(failure.help("name a file of the output, and a line of it"));
    }
    if last == manifest::NAME {
        let message = format!("{path} tells of the other files, and nobody has said its lines");
        return Some(Failure::new(message).help("name one of the files that it lists, and a line"));
    }
    let ends = (0..names.len()).filter_map(|skip| Some(names.get(skip..)?.join("/") + "/"));
    let inside = ends
        .into_iter()
        .find_map(|end| build.output.iter().find(|file| file.path.starts_with(&end)));
    if inside.is_some() || here.is_dir() {
        let failure = Failure::new(format!("{path} is a folder"));
        return Some(match inside.or(build.output.first()) {
            Some(file) => failure.help(format!("name a file, and a line of it: `{}:1`", file.path)),
            None => failure.help("name a file of the output, and a line of it"),
        });
    }
    let there = project.out().join(path);
    if build.fleet.is_some() && (here.exists() || there.exists()) {
        let failure = Failure::new(format!("{path} is there, but is not made of this fleet"));
        return Some(match misspelled(&build.output, path) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`qgc compile --dry-run --out NEW-DIR` lists the files"),
        });
    }
    None
}

/// Words for a place that the model does not have, where a file was meant.
pub(super) fn of_place(build: &Build, project: &Project, text: &str) -> Option<Failure> {
    if let Ok(file) = find(&build.output, text) {
        let failure = Failure::new(format!("no line of {text} is named"));
        return Some(failure.help(format!("say which one: `{}:1`", file.path)));
    }
    if let Some((path, number)) = text.rsplit_once(':')
        && !path.contains('"')
        && (path.contains('/') || Path::new(path).exists())
    {
        let failure = Failure::new(format!("`{number}` is no number of a line of {path}"));
        return Some(failure.help(format!("lines count from 1: `{path}:1`")));
    }
    // A word alone is rather a place that is misspelled, though a folder may be called so.
    text.contains(['/', '.']).then(|| of_path(build, project, text)).flatten()
}

/// The file of the output that is called nearly so.
pub(super) fn misspelled<'f>(files: &'f [OutputFile], path: &str) -> Option<&'f str> {
    let parts = parts(path);
    let inside = parts.iter().position(|part| *part == "hosts").and_then(|at| parts.get(at..));
    let name = inside.map_or_else(|| path.to_owned(), |parts| parts.join("/"));
    closest(&name, files.iter().map(|file| file.path.as_str()))
}

fn is_source(build: &Build, project: &Project, path: &str) -> bool {
    let plain = parts(path).join("/");
    let known = build.analysis.sources.iter().any(|it| *it.path == *plain);
    known || fs::canonicalize(path).is_ok_and(|path| project.name_of(&path).is_some())
}
