//! Why a value of the model, or a line of the output, is as it is: what `qgc why` and the REPL answer.

mod odd;
mod print;

use std::path::Path;

use qg_interpreter::Build;
use qg_interpreter::describe::Unexplained;
use qg_interpreter::targets::OutputFile;
use serde_json::{Value, json};

use crate::args::Chosen;
use crate::failure::Failure;
use crate::files::{FILE_LIMIT, read};
use crate::project::Project;
use crate::report::{self, Context};

/// Why there is no line to explain.
pub const NOTHING_MADE: &str =
    "nothing is made of a fleet with errors, so there is no line to explain";

/// An answer, for people and for programs.
#[derive(Clone, Debug)]
pub struct Reasons {
    pub text: String,
    pub object: Value,
}

/// Answers for a place of the model.
///
/// # Errors
/// Where the model has no such place.
pub fn place(
    build: &Build,
    project: &Project,
    path: &str,
    context: Context<'_>,
) -> Result<Reasons, Failure> {
    if path.trim().is_empty() {
        let failure = Failure::new("nothing is asked about");
        return Err(
            failure.help("name a value, as `host.NAME`, or a line of the output: `FILE:LINE`")
        );
    }
    let described = build.why(path);
    let described = described
        .map_err(|it| odd::of_place(build, project, path).unwrap_or_else(|| failure(&it)))?;
    let object = json!({ "values": [print::object(&described, context)] });
    Ok(Reasons { text: print::human(&described, context), object })
}

/// Answers for a line (from 1) of the output, which is made anew for that; none for a fleet with
/// errors, of which nothing is made.
///
/// # Errors
/// Where there is no such file or line.
pub fn line(
    build: &Build,
    project: &Project,
    (path, number): (&str, usize),
    context: Context<'_>,
) -> Result<Option<Reasons>, Failure> {
    let with_column = || {
        let (path, line) = path.rsplit_once(':')?;
        Some((find(&build.output, path).ok()?, path, line.parse().ok()?))
    };
    let (file, path, number) = match find(&build.output, path) {
        Ok(file) => (file, path, number),
        // As editors write a place: `FILE:LINE:COLUMN`.
        Err(unknown) => match with_column() {
            Some(found) => found,
            None => match odd::of_path(build, project, path) {
                Some(other) => return Err(other),
                None if build.fleet.is_none() => return Ok(None),
                None if build.why(path).is_ok() => {
                    let failure = Failure::new(format!("{path} is a value, which has no lines"));
                    return Err(failure.help(format!("ask for it as it is: `qgc why {path}`")));
                }
                None => return Err(unknown),
            },
        },
    };
    let line = build.why_line(file, number).map_err(|it| failure(&it))?;
    let disk = Disk::of(project, path, file);
    let values: Vec<Value> = line.values.iter().map(|it| print::object(it, context)).collect();
    let object = json!({
        "file": file.path, "line": number, "text": line.text, "disk": disk.word(),
        "values": values,
    });
    let notice = disk.notice(file, number);
    let text = format!("{}:{number}\n{}{notice}", file.path, print::human_line(&line, context));
    Ok(Some(Reasons { text, object }))
}

fn failure(unexplained: &Unexplained) -> Failure {
    let failure = Failure::new(&unexplained.message);
    match &unexplained.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'a> {
    /// A place in the model.
    Place(&'a str),
    /// A file of the output, and a line of it.
    Line(&'a str, usize),
}

impl<'a> Question<'a> {
    /// Reads what somebody typed.
    #[must_use]
    pub fn of(text: &'a str) -> Question<'a> {
        let line = text.rsplit_once(':').and_then(|(path, number)| {
            Some((path, number.parse().ok()?)).filter(|(path, _)| !path.is_empty())
        });
        line.map_or(Question::Place(text), |(path, number)| Question::Line(path, number))
    }

    /// Where the fleet is, if the current folder has none: around the file.
    #[must_use]
    pub fn fleet(self, chosen: &Chosen) -> Option<&'a Path> {
        let Question::Line(path, _) = self else { return None };
        if Project::find(None, chosen).is_ok() {
            return None;
        }
        Path::new(path).ancestors().find(|folder| folder.is_dir() && *folder != Path::new(""))
    }
}

/// The file that is meant: called by its place in the output, by that from here, or by any path
/// that ends in it.
fn find<'f>(files: &'f [OutputFile], path: &str) -> Result<&'f OutputFile, Failure> {
    let parts = parts(path);
    let ends = (0..parts.len()).filter_map(|skip| Some(parts.get(skip..)?.join("/")));
    let found = ends.into_iter().find_map(|end| files.iter().find(|file| file.path == end));
    found.ok_or_else(|| {
        let failure = Failure::new(format!("no file {path} is made of this fleet"));
        match odd::misspelled(files, path) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`qgc compile --dry-run --out NEW-DIR` lists the files"),
        }
    })
}

/// The names that a path consists of.
fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect()
}

/// How the file on disk compares with what is made now.
#[derive(Debug, PartialEq, Eq)]
enum Disk {
    Same,
    Missing,
    Differs(String),
}

impl Disk {
    fn of(project: &Project, path: &str, file: &OutputFile) -> Disk {
        let here = Path::new(path);
        let there = project.out().join(&file.path);
        let found = if here.is_file() { here } else { &there };
        match read(found, FILE_LIMIT) {
            Ok(bytes) if bytes == file.text.as_bytes() => Disk::Same,
            Ok(bytes) => Disk::Differs(String::from_utf8_lossy(&bytes).into_owned()),
            Err(_) => Disk::Missing,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Disk::Same => "same",
            Disk::Missing => "missing",
            Disk::Differs(_) => "differs",
        }
    }

    fn notice(&self, file: &OutputFile, number: usize) -> String {
        let Disk::Differs(text) = self else { return String::new() };
        let line = |text: &str| text.lines().nth(number.saturating_sub(1)).map(str::to_owned);
        let theirs = line(text);
        let more = match theirs == line(&file.text) {
            true => ", though not in this line".to_owned(),
            false => match theirs {
                Some(theirs) => {
                    format!("; line {number} there is\n  {}", report::harmless(&theirs))
                }
                None => format!("; it has no line {number}"),
            },
        };
        format!("\nThe file on disk differs from what the sources make now{more}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::{Question, find};
    use qg_interpreter::targets::OutputFile;

    #[test]
    fn lines_and_places() {
        assert_eq!(Question::of("build/a.yml:42"), Question::Line("build/a.yml", 42));
        assert_eq!(Question::of("service.a.route"), Question::Place("service.a.route"));
        assert_eq!(Question::of("service.\"a:b\""), Question::Place("service.\"a:b\""));
        assert_eq!(Question::of(":3"), Question::Place(":3"));
    }

    #[test]
    fn files_by_any_way_to_them() {
        let file = |path: &str| OutputFile { path: path.to_owned(), ..OutputFile::default() };
        let files = [file("flake-module.nix"), file("hosts/a/traefik/dynamic.yml")];
        for path in ["hosts/a/traefik/dynamic.yml", "./build//hosts/a/traefik/dynamic.yml"] {
            assert_eq!(find(&files, path).expect("found").path, "hosts/a/traefik/dynamic.yml");
        }
        let wrong = find(&files, "build/hosts/a/traefik/dinamic.yml").expect_err("misspelled");
        assert!(wrong.words().contains("did you mean `hosts/a/traefik/dynamic.yml`?"));
    }
}
