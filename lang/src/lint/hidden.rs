//! Names at the top of a file that hide a field of the entities in it.

use super::Program;
use super::uses::Uses;
use crate::check::types::Type;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::resolve::Global;
use crate::span::FileId;

/// The names of a file that are read in an entity with a field of that name, and mean something else. Only where the
/// one could stand for the other: a value of another type is noticed by itself.
pub(super) fn find(program: Program<'_>, file: FileId, uses: &Uses<'_>, out: &mut Vec<Diagnostic>) {
    let Program { env, scopes, .. } = program;
    let Some(own) = scopes.own(file) else { return };
    for (name, hidden) in &uses.hidden {
        let Some(binding) = own.get(*name) else { continue };
        let found = match binding.global {
            Global::Let(id) => &env.declarations.global_let(id).ty,
            Global::Function(_) | Global::Schema(_) | Global::Enum(_) | Global::Module(_) => {
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
