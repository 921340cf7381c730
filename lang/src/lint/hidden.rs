//! Names at the top of a file that hide a field of the entities in it.

use super::Program;
use super::uses::Uses;
use crate::check::types::{SchemaId, Type};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::resolve::Global;
use crate::span::{FileId, Span};

/// The names of a file that are read in an entity with a field of that name, and mean something else. Only where the
/// one could stand for the other: a value of another type is noticed by itself.
pub(super) fn find(program: Program<'_>, file: FileId, uses: &Uses<'_>, out: &mut Vec<Diagnostic>) {
    let Program { env, scopes, .. } = program;
    let own = scopes.own(file);
    for (name, hidden) in &uses.hidden {
        let Some(binding) = own.and_then(|own| own.get(*name)) else {
            out.extend(kind(program, name, hidden.entity, hidden.span));
            continue;
        };
        let found = match binding.global {
            Global::Let(id) => &env.declarations.global_let(id).ty,
            Global::Function(_)
            | Global::Schema(_)
            | Global::Enum(_)
            | Global::Type(_)
            | Global::Module(_) => {
                continue;
            }
        };
        let Some(field) = env.field_type(hidden.entity, name) else { continue };
        if *found == Type::Unknown || !env.comparable(found, &field) {
            continue;
        }
        let tables = env.tables;
        let kind = tables.kind_of.get(&hidden.entity).or(tables.singles.get(&hidden.entity));
        let shown = kind.map_or("", |kind| &**kind);
        out.push(
            Diagnostic::warning(
                names::HIDDEN_FIELD,
                binding.span,
                format!("`{name}` hides the field `{name}` of each `{shown}` in this file"),
            )
            .also(hidden.span, "so this is not the field of the entity around it")
            .help("give it another name, so that the bare name is the field again"),
        );
    }
}

/// A kind that is read in an entity to which the fleet has added a field of that name.
fn kind(program: Program<'_>, name: &str, entity: SchemaId, span: Span) -> Option<Diagnostic> {
    let field = program.env.schema(entity).field(name)?;
    Some(
        Diagnostic::warning(
            names::HIDDEN_FIELD,
            span,
            format!("`{name}` is the kind here, and not the field `{name}` around it"),
        )
        .also(field.span, "the field")
        .help(format!("the field is read by its path, as `self.{name}` where the entity is the innermost record")),
    )
}
