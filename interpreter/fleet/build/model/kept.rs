//! What stays data by name has to be data: nothing there holds a variant with a payload of its own.

use qg_lang::check::types::{Declarations, EnumId, SchemaId, Type};

use super::Wrong;
use super::plan::Plan;

/// # Errors
/// A field of a schema that is kept as data, and whose variants hold something.
pub(crate) fn check(
    declarations: &Declarations,
    plan: &Plan,
    reached: impl Iterator<Item = SchemaId>,
) -> Result<(), Wrong> {
    for schema in reached.filter(|id| plan.structure(*id).is_none()) {
        let schema = declarations.schema(schema);
        for field in &schema.fields {
            if let Some(id) = variants(&field.ty) {
                let it = declarations.enumeration(id);
                if it.variants.iter().any(|it| it.payload.is_some()) {
                    let field = format!("`{}.{}` is kept as data", schema.name, field.name);
                    let why = format!("variants of `{}` hold something", it.name);
                    return Err(Wrong(format!("{field}, and {why}")));
                }
            }
        }
    }
    Ok(())
}

/// The enum that a type leads to.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the many types these lead on")]
fn variants(ty: &Type) -> Option<EnumId> {
    match ty {
        Type::Enum(id) => Some(*id),
        Type::List(of) | Type::Set(of) | Type::Map(of) => variants(of),
        Type::Optional(of) | Type::Where(of, _) => variants(of),
        Type::Union(of) => of.iter().find_map(variants),
        _ => None,
    }
}
