//! `qgc init`: a small fleet that compiles.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::run::ignore_gone_reader;
use crate::Outcome;
use crate::args::InitArgs;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// The files of the small fleet. `@NAME@` becomes the fleet's name.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("qg.toml", include_str!("../../templates/init/qg.toml")),
    (".gitignore", include_str!("../../templates/init/gitignore")),
    ("hosts/server.qg", include_str!("../../templates/init/hosts/server.qg")),
    ("services/whoami.qg", include_str!("../../templates/init/services/whoami.qg")),
];

pub(super) fn run(args: &InitArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let dir = &args.dir;
    let there: Vec<&str> = FILES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| fs::symlink_metadata(dir.join(path)).is_ok())
        .collect();
    if !there.is_empty() {
        let list = there.join(", ");
        return Err(Failure::new(format!("{} already holds {list}", dir.display()))
            .help("nothing was written; choose another folder"));
    }
    let name = name(dir);
    for (path, text) in FILES {
        write_new(&dir.join(path), &text.replace("@NAME@", &name))?;
    }
    let next = match dir.as_path() == Path::new(".") {
        true => "qgc compile".to_owned(),
        false => format!("qgc compile {}", dir.display()),
    };
    let line = format!("A fleet of one host and one service. Next: {next}");
    ignore_gone_reader(writeln!(terminal.out, "{line}"))?;
    Ok(Outcome::Clean)
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, &error))?;
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::io("write", path, &error))
}

/// The fleet's name: that of its folder, in characters that need no escape in TOML.
fn name(dir: &Path) -> String {
    let full = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String = name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '-' })
        .collect();
    match plain.is_empty() {
        true => "fleet".to_owned(),
        false => plain,
    }
}
