//! `import folder.file.name`: reaching the public declarations of other files, and whole files.

use std::borrow::Borrow;
use std::sync::Arc;

use super::ways::Ways;
use super::{Binding, Collected, Global, Import};
use crate::ast::{ImportDecl, Name};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, MAX_GUESSES, closest, first_of};
use crate::source::{SourceMap, library_of};
use crate::span::{FileId, Span};

/// So many files of a root are named where none is near.
const SHOWN: usize = 12;

/// One name that an import is to bind.
struct Wanted<'a> {
    file: FileId,
    /// What it is called here.
    name: &'a Name,
    /// The place of what is named.
    named: Span,
    way: Span,
    found: Option<(FileId, Global)>,
}

/// Resolves the imports of all files. Only declarations can be imported, not other imports,
/// so that the order of files never matters.
pub(super) fn resolve(
    collected: &mut Collected<'_>,
    sources: &SourceMap,
    pending: &[(FileId, &ImportDecl)],
) {
    let mut finder = Finder { collected, ways: Ways::new(sources) };
    // Every name is looked up before any is bound: one cannot import an import.
    let mut wanted = Vec::new();
    for (file, decl) in pending {
        finder.import(*file, decl, &mut wanted);
    }
    for it in wanted {
        bind(collected, it);
    }
}

fn bind(collected: &mut Collected<'_>, it: Wanted<'_>) {
    let Some((declared_in, global)) = it.found else {
        collected.scopes.broken.insert((it.file, Arc::clone(&it.name.text)));
        return;
    };
    let own = collected.scopes.files.entry(it.file).or_default();
    match own.get(&it.name.text) {
        Some(first) => collected.diagnostics.push(super::collect::duplicate(it.name, first.span)),
        None => {
            let binding = Binding { global, span: it.name.span, imported: true };
            own.insert(Arc::clone(&it.name.text), binding);
            collected.imports.entry(it.file).or_default().push(Import {
                name: it.name.clone(),
                named: it.named,
                way: it.way,
                file: declared_in,
                global,
            });
        }
    }
}

struct Finder<'c, 'a, 's> {
    collected: &'c mut Collected<'a>,
    ways: Ways<'s>,
}

impl Finder<'_, '_, '_> {
    fn import<'d>(&mut self, file: FileId, decl: &'d ImportDecl, wanted: &mut Vec<Wanted<'d>>) {
        let (Some(first), Some(last)) = (decl.path.first(), decl.path.last()) else { return };
        let whole = first.span.to(last.span);
        if let Some(all) = &decl.names {
            let from = self.ways.find(self.ways.home(file), &decl.path);
            if from.is_none() {
                self.no_file(file, &decl.path, None, whole);
            }
            for it in all {
                let found = from.and_then(|from| Some((from, self.public(from, &it.name)?)));
                let name = it.alias.as_ref().unwrap_or(&it.name);
                wanted.push(Wanted { file, name, named: it.name.span, way: whole, found });
            }
            return;
        }
        let name = decl.alias.as_ref().unwrap_or(last);
        let found = self.target(file, &decl.path, last, whole);
        let way = match decl.path.split_last() {
            Some((_, [start, .., end])) => start.span.to(end.span),
            Some((_, [only])) => only.span,
            Some((_, [])) | None => last.span.head(),
        };
        wanted.push(Wanted { file, name, named: last.span, way, found });
    }

    /// What a path means: a declaration, else the whole file of that name.
    fn target(
        &mut self,
        file: FileId,
        path: &[Name],
        last: &Name,
        whole: Span,
    ) -> Option<(FileId, Global)> {
        let folders = path.get(..path.len() - 1).unwrap_or_default();
        let home = self.ways.home(file);
        let from = self.ways.find(home, folders).filter(|_| !folders.is_empty());
        let module = self.ways.find(home, path);
        let scopes = &self.collected.scopes;
        let declared = from.and_then(|from| scopes.declared(from, &last.text));
        let is_public =
            declared.is_some_and(|it| it.global.is_public(&self.collected.declarations));
        match (from, module) {
            (Some(from), None) => Some((from, self.public(from, last)?)),
            (Some(from), Some(_)) if is_public => Some((from, declared?.global)),
            (_, Some(module)) => Some((module, Global::Module(module))),
            (None, None) => {
                self.no_file(file, folders, Some(last), whole);
                None
            }
        }
    }

    /// What a file declares in public under a name.
    fn public(&mut self, from: FileId, name: &Name) -> Option<Global> {
        let Collected { scopes, declarations, diagnostics, .. } = &mut *self.collected;
        let path = self.ways.path_of(from);
        match scopes.declared(from, &name.text) {
            Some(binding) if binding.global.is_public(declarations) => Some(binding.global),
            Some(binding) => {
                diagnostics.push(private(name, path, binding));
                // It is known what was meant, so nothing that uses it is reported too.
                Some(binding.global)
            }
            None => {
                let guess = diagnostics.len() < MAX_GUESSES;
                let known = scopes
                    .all_declared(from)
                    .filter(|(_, binding)| guess && binding.global.is_public(declarations))
                    .map(|(name, _)| &**name);
                let diagnostic = Diagnostic::error(
                    names::IMPORT_NAME,
                    name.span,
                    format!("`{path}` declares no `{}`", name.text),
                )
                .suggest(&name.text, name.span, known);
                diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// There is no such file: the place of the name, the nearest file of the same root, or the files there are.
    fn no_file(&mut self, file: FileId, folders: &[Name], name: Option<&Name>, whole: Span) {
        let path: Vec<&Name> = folders.iter().chain(name).collect();
        let home = self.ways.home(file);
        let path_of = |names: &[&Name]| self.ways.path(home, names);
        let (root, named) = self.ways.enter(home, &path);
        let library = root.filter(|_| named).map(|root| match root {
            "std" => "the standard library".to_owned(),
            root => format!("the library `{root}`"),
        });
        let (message, place) = match (path.as_slice(), library) {
            ([_], Some(library)) => (format!("{library} is many files"), whole),
            ([_, file], Some(library)) => {
                (format!("{library} has no file `{}`", file.text), whole.head().to(file.span))
            }
            // The standard library has no folders.
            ([_, file, ..], Some(library)) if root == Some("std") => {
                (format!("{library} has no file `{}`", file.text), whole.head().to(file.span))
            }
            ([.., last], _) if name.is_some() && !folders.is_empty() => (
                format!(
                    "there is no file `{}`, and none `{}` that declares `{}`",
                    path_of(&path),
                    path_of(&folders.iter().collect::<Vec<_>>()),
                    last.text
                ),
                whole,
            ),
            (_, _) => (format!("there is no file `{}`", path_of(&path)), whole),
        };
        let diagnostic = Diagnostic::error(names::IMPORT_FILE, place, message);
        let diagnostic = match self.collected.diagnostics.len() < MAX_GUESSES {
            true => self.remedy(diagnostic, file, folders, name, whole),
            false => diagnostic,
        };
        self.collected.diagnostics.push(diagnostic);
    }

    fn remedy(
        &self,
        diagnostic: Diagnostic,
        file: FileId,
        folders: &[Name],
        name: Option<&Name>,
        whole: Span,
    ) -> Diagnostic {
        let path: Vec<&Name> = folders.iter().chain(name).collect();
        let home = self.ways.home(file);
        let (root, _) = self.ways.enter(home, &path);
        let files: Vec<String> = self
            .ways
            .all()
            .filter(|(path, id)| library_of(path) == root && *id != file)
            .map(|(path, _)| self.ways.dotted(home, path))
            .collect();
        let elsewhere = name.and_then(|name| {
            let path = self.ways.path_of(self.declares(name)?);
            Some(format!("{}.{}", self.ways.dotted(home, path), name.text))
        });
        let near_folders = folders
            .last()
            .and_then(|last| Some((near(&dotted(folders), &files)?, whole.head().to(last.span))));
        let near_path = || Some((near(&dotted(&path), &files)?, whole));
        let found = elsewhere.map(|it| (it, whole)).or(near_folders).or_else(near_path);
        if let Some((found, place)) = found {
            return diagnostic.help(format!("did you mean `{found}`?")).fix(
                format!("replace by `{found}`"),
                place,
                found,
            );
        }
        let names: Vec<String> = files.iter().map(|it| format!("`{it}`")).collect();
        let diagnostic = diagnostic.help(
            "an import is a path: `import folder.file.name`, or `import folder.file` for all of it",
        );
        match names.is_empty() {
            true => diagnostic,
            false => diagnostic.help(format!("the files are: {}", first_of(&names, SHOWN, ", "))),
        }
    }

    /// The file that declares a name in public.
    fn declares(&self, name: &Name) -> Option<FileId> {
        let Collected { scopes, declarations, .. } = &*self.collected;
        let mut files = self.ways.all().map(|(_, id)| id);
        files.find(|id| scopes.public(declarations, *id, &name.text).is_some())
    }
}

/// The nearest path of those whose last part is near, too: a long way that both share makes none.
fn near(wrong: &str, files: &[String]) -> Option<String> {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let own = last(wrong);
    let known = files.iter().map(String::as_str).filter(|path| {
        let found = last(path);
        found == own || closest(&own, [&*found]).is_some()
    });
    closest(wrong, known).map(str::to_owned)
}

/// A declaration that another file may not see.
pub(crate) fn private(name: &Name, path: &str, binding: Binding) -> Diagnostic {
    Diagnostic::error(
        names::IMPORT_NAME,
        name.span,
        format!("`{}` belongs to `{path}` alone", name.text),
    )
    .also(binding.span, "declared here")
    .help("write `pub` before its declaration")
}

fn dotted(names: &[impl Borrow<Name>]) -> String {
    names.iter().map(|name| &*name.borrow().text).collect::<Vec<_>>().join(".")
}
