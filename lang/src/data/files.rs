//! The files of data that the sources name: read once each, as further sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Format, MAX_BYTES};
use crate::ast::{DataFile, ImportDecl, ItemKind};
use crate::check::beside;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{lexical, names};
use crate::parser::Parsed;
use crate::source::{SourceMap, library_of};
use crate::span::{FileId, Span};
use crate::world::{Unread, World};

/// What was read besides the sources.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The file that each path means, by the place of the path.
    pub(crate) files: BTreeMap<Span, (FileId, Format)>,
    /// The file with the chosen environment, and its name.
    pub(crate) settings: Option<(FileId, Arc<str>)>,
    pub(crate) found: Vec<Diagnostic>,
}

/// Reads the files of data, and adds them to the sources, for findings and origins have places in them.
pub(crate) fn open(
    world: &dyn World,
    sources: &mut SourceMap,
    files: &BTreeMap<FileId, Arc<Parsed>>,
) -> Opened {
    let mut opened = Opened::default();
    let limit = world.limits().sources;
    let own = sources.iter().filter(|source| !source.is_std());
    let mut whole: u64 = own.map(|source| source.text.len() as u64).sum();
    let mut known: BTreeMap<String, FileId> = BTreeMap::new();
    for (id, parsed) in files {
        for item in &parsed.file.body.items {
            let ItemKind::Import(ImportDecl { data: Some(data), .. }) = &item.kind else {
                continue;
            };
            let Some(source) = sources.get(*id) else { continue };
            let home = Arc::clone(&source.path);
            let (path, format) = match path(&home, data) {
                Ok(found) => found,
                Err(diagnostic) => {
                    opened.found.push(*diagnostic);
                    continue;
                }
            };
            if let Some(file) = known.get(&path) {
                opened.files.insert(data.span, (*file, format));
                continue;
            }
            let text = match text(world, &path, data) {
                Ok(text) => text,
                Err(diagnostic) => {
                    opened.found.push(*diagnostic);
                    continue;
                }
            };
            whole = whole.saturating_add(text.len() as u64);
            if whole > limit {
                let message = format!(
                    "with this file the sources of the fleet come to more than {limit} bytes"
                );
                let help = "where the fleet is as large as that: `sources` below `[limits]` in qg.toml, with `memory`";
                let finding = Diagnostic::error(lexical::SOURCES_TOO_LARGE, data.span, message);
                opened.found.push(finding.help(help));
                continue;
            }
            let file = sources.add(path.clone(), text).id;
            known.insert(path, file);
            opened.files.insert(data.span, (file, format));
        }
    }
    if let Some(settings) = world.settings() {
        let id = sources.add(settings.path, settings.text).id;
        opened.settings = Some((id, settings.environment));
    }
    opened
}

/// The path from the fleet's root, and the format.
fn path(home: &str, data: &DataFile) -> Result<(String, Format), Box<Diagnostic>> {
    let refused = |message: String| Diagnostic::error(names::DATA_FILE, data.span, message);
    let Some(format) = Format::of(&data.path) else {
        let message = format!("`{}` is no data that is read here", data.path);
        return Err(Box::new(refused(message).help(
            "by its ending a file is `.json`, `.yaml`, `.yml`, `.toml`, or `.csv` with a header",
        )));
    };
    beside(home, &data.path).map(|path| (path, format)).ok_or_else(|| {
        Box::new(refused(match library_of(home) {
            Some(library) => {
                format!("`{}` leaves the folder of the library `{library}`", data.path)
            }
            None => format!("`{}` leaves the fleet's folder", data.path),
        }))
    })
}

fn text(world: &dyn World, path: &str, data: &DataFile) -> Result<Arc<str>, Box<Diagnostic>> {
    let refused = |message: String| Diagnostic::error(names::DATA_FILE, data.span, message);
    let bytes = world.read(path).map_err(|why| {
        Box::new(match why {
            Unread::Missing => refused(format!("there is no file `{path}`"))
                .help("`./path` names a file beside this source file"),
            Unread::Outside | Unread::Failed(_) => {
                refused(format!("`{path}` cannot be read: {why}"))
            }
        })
    })?;
    if bytes.len() > MAX_BYTES {
        let message = format!("`{path}` has more than {} MiB", MAX_BYTES >> 20);
        return Err(Box::new(refused(message)));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Arc::from(text)),
        Err(error) => {
            let line =
                bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            let message = format!("`{path}` is not text in UTF-8: line {}", line + 1);
            Err(Box::new(refused(message)))
        }
    }
}
