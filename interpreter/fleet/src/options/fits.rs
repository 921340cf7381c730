//! Whether a value is of an option's type.

use qg_formats::nix::{Nix, NixExpr, NixPart};

use super::types::{OptionChoice, OptionType};

/// Functions of `lib` that only say how strongly, when or in which order a value holds: their last argument.
const AROUND: &[&str] =
    &["mkAfter", "mkBefore", "mkDefault", "mkForce", "mkIf", "mkOrder", "mkOverride"];

/// The value that an option gets, without what only says how strongly it holds.
#[must_use]
pub fn bare(mut value: &Nix) -> &Nix {
    while let NixExpr::Apply(function, arguments) = &value.expr
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
pub fn fits(ty: &OptionType, value: &NixExpr) -> bool {
    if matches!(value, NixExpr::Raw(_) | NixExpr::Select(_) | NixExpr::Apply(..)) {
        return true;
    }
    match ty {
        OptionType::Any => true,
        OptionType::Bool => matches!(value, NixExpr::Bool(_)),
        OptionType::Int { least, most } => {
            matches!(value, NixExpr::Int(number) if least <= number && number <= most)
        }
        OptionType::Float => matches!(value, NixExpr::Float(_)),
        OptionType::Text => matches!(value, NixExpr::Text(_) | NixExpr::Filled(_)),
        OptionType::Path => matches!(value, NixExpr::Path(_)) || begins(value, "/"),
        OptionType::Package => matches!(value, NixExpr::Path(_)) || begins(value, "/nix/store/"),
        OptionType::One(choices) => choices.iter().any(|choice| is(choice, value)),
        // A module may be a file.
        OptionType::Submodule => matches!(value, NixExpr::Path(_)),
        OptionType::Union(all) => all.iter().any(|ty| fits(ty, value)),
        OptionType::Null | OptionType::Function | OptionType::List(_) | OptionType::Attrs(_) => {
            false
        }
    }
}

/// Whether a string begins so, as far as that is known.
fn begins(value: &NixExpr, with: &str) -> bool {
    match value {
        NixExpr::Text(text) => text.starts_with(with),
        NixExpr::Filled(parts) => match parts.first() {
            Some(NixPart::Text(text)) => text.starts_with(with) || with.starts_with(text.as_str()),
            Some(NixPart::Hole(_)) | None => true,
        },
        NixExpr::Bool(_)
        | NixExpr::Int(_)
        | NixExpr::Float(_)
        | NixExpr::Path(_)
        | NixExpr::Select(_)
        | NixExpr::Raw(_)
        | NixExpr::Apply(..)
        | NixExpr::List(_)
        | NixExpr::Set(_)
        | NixExpr::Twice(_) => false,
    }
}

fn is(choice: &OptionChoice, value: &NixExpr) -> bool {
    match (choice, value) {
        (OptionChoice::Text(_), NixExpr::Filled(_)) => true,
        (OptionChoice::Text(choice), NixExpr::Text(text)) => choice == text,
        (OptionChoice::Int(choice), NixExpr::Int(number)) => choice == number,
        (OptionChoice::Bool(choice), NixExpr::Bool(it)) => choice == it,
        (
            OptionChoice::Text(_)
            | OptionChoice::Int(_)
            | OptionChoice::Bool(_)
            | OptionChoice::Null,
            _,
        ) => false,
    }
}

/// What a value is, for findings.
#[must_use]
pub fn kind(value: &NixExpr) -> String {
    let text = match value {
        NixExpr::Bool(true) => "`true`",
        NixExpr::Bool(false) => "`false`",
        NixExpr::Int(number) => return format!("{number}"),
        NixExpr::Float(number) => return format!("{number:?}"),
        NixExpr::Text(text) if text.chars().count() <= 40 => return format!("{text:?}"),
        NixExpr::Text(_) | NixExpr::Filled(_) => "a string",
        NixExpr::Path(_) => "a file",
        NixExpr::List(_) => "a list",
        NixExpr::Set(_) => "a record",
        NixExpr::Select(_) | NixExpr::Raw(_) | NixExpr::Apply(..) | NixExpr::Twice(_) => {
            "an expression"
        }
    };
    text.to_owned()
}
