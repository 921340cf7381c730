//! Whether a value is of an option's type.

use qg_formats::nix::{Expr, Nix, Part};

use super::types::{Choice, Type};

/// Functions of `lib` that only say how strongly, when or in which order a value holds: their last argument.
const AROUND: &[&str] =
    &["mkAfter", "mkBefore", "mkDefault", "mkForce", "mkIf", "mkOrder", "mkOverride"];

/// The value that an option gets, without what only says how strongly it holds.
#[must_use]
pub fn bare(mut value: &Nix) -> &Nix {
    while let Expr::Apply(function, arguments) = &value.expr
        && let [lib, name] = function.as_slice()
        && lib == "lib"
        && AROUND.contains(&name.as_str())
        && let Some(last) = arguments.last()
    {
        value = last;
    }
    value
}

/// Whether a value that is neither a list nor a set can be of a type. What only Nix knows can.
#[must_use]
pub fn fits(ty: &Type, value: &Expr) -> bool {
    if matches!(value, Expr::Raw(_) | Expr::Select(_) | Expr::Apply(..)) {
        return true;
    }
    match ty {
        Type::Any => true,
        Type::Bool => matches!(value, Expr::Bool(_)),
        Type::Int { least, most } => {
            matches!(value, Expr::Int(number) if least <= number && number <= most)
        }
        Type::Float => matches!(value, Expr::Float(_)),
        Type::Text => matches!(value, Expr::Text(_) | Expr::Filled(_)),
        Type::Path => matches!(value, Expr::Path(_)) || begins(value, "/"),
        Type::Package => matches!(value, Expr::Path(_)) || begins(value, "/nix/store/"),
        Type::One(choices) => choices.iter().any(|choice| is(choice, value)),
        // A module may be a file.
        Type::Submodule => matches!(value, Expr::Path(_)),
        Type::Union(all) => all.iter().any(|ty| fits(ty, value)),
        Type::Null | Type::Function | Type::List(_) | Type::Attrs(_) => false,
    }
}

/// Whether a string begins so, as far as that is known.
fn begins(value: &Expr, with: &str) -> bool {
    match value {
        Expr::Text(text) => text.starts_with(with),
        Expr::Filled(parts) => match parts.first() {
            Some(Part::Text(text)) => text.starts_with(with) || with.starts_with(text.as_str()),
            Some(Part::Hole(_)) | None => true,
        },
        Expr::Bool(_)
        | Expr::Int(_)
        | Expr::Float(_)
        | Expr::Path(_)
        | Expr::Select(_)
        | Expr::Raw(_)
        | Expr::Apply(..)
        | Expr::List(_)
        | Expr::Set(_)
        | Expr::Twice(_) => false,
    }
}

fn is(choice: &Choice, value: &Expr) -> bool {
    match (choice, value) {
        (Choice::Text(_), Expr::Filled(_)) => true,
        (Choice::Text(choice), Expr::Text(text)) => choice == text,
        (Choice::Int(choice), Expr::Int(number)) => choice == number,
        (Choice::Bool(choice), Expr::Bool(it)) => choice == it,
        (Choice::Text(_) | Choice::Int(_) | Choice::Bool(_) | Choice::Null, _) => false,
    }
}

/// What a value is, for findings.
#[must_use]
pub fn kind(value: &Expr) -> String {
    let text = match value {
        Expr::Bool(true) => "`true`",
        Expr::Bool(false) => "`false`",
        Expr::Int(number) => return format!("{number}"),
        Expr::Float(number) => return format!("{number:?}"),
        Expr::Text(text) if text.chars().count() <= 40 => return format!("{text:?}"),
        Expr::Text(_) | Expr::Filled(_) => "a string",
        Expr::Path(_) => "a file",
        Expr::List(_) => "a list",
        Expr::Set(_) => "a record",
        Expr::Select(_) | Expr::Raw(_) | Expr::Apply(..) | Expr::Twice(_) => "an expression",
    };
    text.to_owned()
}
