//! What the library gained gives way: a field or a kind of the library that says `## Since: …` is not there in a
//! fleet that has added one of that name before.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ast::FieldDecl;
use crate::check::types::SchemaId;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::is_library;

/// Fields as they are declared, each with the schema that gets it.
type Fields<'a> = Vec<(SchemaId, &'a FieldDecl)>;

/// Fields that are settled.
pub(super) struct Settled<'a> {
    /// Those that hold.
    pub(super) fields: Fields<'a>,
    /// The names in which the fleet's own took the place of the library's, and a warning for each.
    pub(super) replaced: Vec<(SchemaId, Arc<str>)>,
    pub(super) found: Vec<Diagnostic>,
}

/// Which fields hold.
pub(super) fn settle(fields: Fields<'_>) -> Settled<'_> {
    let of_library = |decl: &FieldDecl| is_library(decl.name.span.file);
    let newer: BTreeMap<(SchemaId, Arc<str>), &FieldDecl> = fields
        .iter()
        .filter(|(_, decl)| of_library(decl) && decl.doc.as_deref().is_some_and(is_newer))
        .map(|(id, decl)| ((*id, Arc::clone(&decl.name.text)), *decl))
        .collect();
    if newer.is_empty() {
        return Settled { fields, replaced: Vec::new(), found: Vec::new() };
    }
    let (mut replaced, mut found) = (Vec::new(), Vec::new());
    for (id, decl) in fields.iter().filter(|(_, decl)| !of_library(decl)) {
        let key = (*id, Arc::clone(&decl.name.text));
        if let Some(library) = newer.get(&key).filter(|_| !replaced.contains(&key)) {
            let message = format!("the library has a `{}` of its own by now", decl.name.text);
            found.push(
                Diagnostic::warning(names::OWN_BEFORE, decl.name.span, message)
                    .also(library.name.span, "which is not there in this fleet")
                    .help("yours holds, as before; give it another name to have the library's as well"),
            );
            replaced.push(key);
        }
    }
    let holds = |(id, decl): &(SchemaId, &FieldDecl)| {
        !of_library(decl) || !replaced.iter().any(|(of, name)| of == id && *name == decl.name.text)
    };
    let fields = fields.iter().copied().filter(holds).collect();
    Settled { fields, replaced, found }
}

/// Whether a doc comment says since when the library has something.
fn is_newer(doc: &str) -> bool {
    doc.lines().any(|line| line.trim().starts_with("Since:"))
}
