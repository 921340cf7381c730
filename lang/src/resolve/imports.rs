//! `import folder.file.name`: reaching the public declarations of other files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Binding, Collected, Global};
use crate::ast::{ImportDecl, Name};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, MAX_GUESSES, closest};
use crate::source::{STD_PREFIX, SourceMap};
use crate::span::FileId;

/// Resolves the imports of all files. Only declarations can be imported, not other imports,
/// so that the order of files never matters.
pub(super) fn resolve(
    collected: &mut Collected<'_>,
    sources: &SourceMap,
    pending: &[(FileId, &ImportDecl)],
) {
    let paths: BTreeMap<&str, FileId> =
        sources.iter().map(|source| (&*source.path, source.id)).collect();
    // Every name is looked up before any is bound: one cannot import an import.
    let found: Vec<(FileId, &ImportDecl, Option<Global>)> = pending
        .iter()
        .map(|(file, decl)| (*file, *decl, target(collected, &paths, decl)))
        .collect();
    for (file, decl, global) in found {
        let Some(name) = decl.alias.as_ref().or(decl.path.last()) else { continue };
        match global {
            Some(global) => bind(collected, file, name, global),
            None => {
                collected.scopes.broken.insert((file, Arc::clone(&name.text)));
            }
        }
    }
}

fn bind(collected: &mut Collected<'_>, file: FileId, name: &Name, global: Global) {
    let own = collected.scopes.files.entry(file).or_default();
    match own.get(&name.text) {
        Some(first) => collected.diagnostics.push(super::collect::duplicate(name, first.span)),
        None => {
            own.insert(Arc::clone(&name.text), Binding { global, span: name.span });
        }
    }
}

/// The declaration an import means.
fn target(
    collected: &mut Collected<'_>,
    paths: &BTreeMap<&str, FileId>,
    decl: &ImportDecl,
) -> Option<Global> {
    let (name, folders) = decl.path.split_last()?;
    let Some(last) = folders.last() else {
        collected.diagnostics.push(
            Diagnostic::error(
                names::IMPORT_FILE,
                name.span,
                format!("`import {}` names no file", name.text),
            )
            .help("an import is a path and a name: `import folder.file.name`"),
        );
        return None;
    };
    let whole = decl.path.first()?.span.to(last.span);
    let path = path_of(folders);
    let Some(file) = paths.get(&*path) else {
        let mut diagnostic =
            Diagnostic::error(names::IMPORT_FILE, whole, format!("there is no file `{path}`"));
        let guess = collected.diagnostics.len() < MAX_GUESSES;
        let near = guess.then(|| closest(&path, paths.keys().copied())).flatten();
        if let Some(near) = near {
            let written = near.strip_suffix(".qg").unwrap_or(near);
            let written = match written.strip_prefix(STD_PREFIX) {
                Some(rest) => format!("std.{rest}"),
                None => written.to_owned(),
            }
            .replace('/', ".");
            diagnostic = diagnostic.help(format!("did you mean `{written}`?")).fix(
                format!("replace by `{written}`"),
                whole,
                written,
            );
        }
        collected.diagnostics.push(diagnostic);
        return None;
    };
    let declared =
        collected.scopes.files.get(file).and_then(|names| names.get(&name.text)).copied();
    match declared {
        Some(binding) if binding.global.is_public(&collected.declarations) => Some(binding.global),
        Some(binding) => {
            collected.diagnostics.push(
                Diagnostic::error(
                    names::IMPORT_NAME,
                    name.span,
                    format!("`{}` belongs to `{path}` alone", name.text),
                )
                .also(binding.span, "declared here")
                .help("write `pub` before its declaration"),
            );
            // It is known what was meant, so nothing that uses it is reported too.
            Some(binding.global)
        }
        None => {
            let guess = collected.diagnostics.len() < MAX_GUESSES;
            let known: Vec<Arc<str>> = collected
                .scopes
                .files
                .get(file)
                .into_iter()
                .flatten()
                .filter(|_| guess)
                .filter(|(_, binding)| binding.global.is_public(&collected.declarations))
                .map(|(name, _)| Arc::clone(name))
                .collect();
            collected.diagnostics.push(
                Diagnostic::error(
                    names::IMPORT_NAME,
                    name.span,
                    format!("`{path}` declares no `{}`", name.text),
                )
                .suggest(&name.text, name.span, known.iter().map(|name| &**name)),
            );
            None
        }
    }
}

/// `std.images` is `<std>/images.qg`, `services.arr` is `services/arr.qg`.
fn path_of(folders: &[Name]) -> String {
    let parts: Vec<&str> = folders.iter().map(|name| &*name.text).collect();
    match parts.as_slice() {
        ["std", rest @ ..] => format!("{STD_PREFIX}{}.qg", rest.join("/")),
        all => format!("{}.qg", all.join("/")),
    }
}
