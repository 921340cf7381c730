//! Free data as Nix.

use qg_fleet::leaf::{At, Bytes, Data, Millis, Rung, SealedPart};
use qg_formats::nix::{Expr, Nix, Part, Set};

/// Data as an option's value, `lib.mkDefault` or `lib.mkForce` around what is said so.
#[must_use]
pub fn option(data: &At<Data>) -> Nix {
    if let Data::Record(_) = data.value {
        // The marks of what is inside a record stand there.
        return set(data).nix(data.origin);
    }
    let value = plain(data);
    match data.rung {
        Rung::Default => Nix::apply(&["lib", "mkDefault"], vec![value]),
        Rung::Override => Nix::apply(&["lib", "mkForce"], vec![value]),
        Rung::SchemaDefault | Rung::KindDefault | Rung::Plain => value,
    }
}

/// The attributes of a record.
pub(super) fn set(data: &At<Data>) -> Set {
    let mut all = Set::new();
    if let Data::Record(fields) = &data.value {
        for (key, value) in fields {
            all.put(key, option(value));
        }
    }
    all
}

pub(super) fn plain(data: &At<Data>) -> Nix {
    let expr = match &data.value {
        Data::Bool(it) => Expr::Bool(*it),
        Data::Int(it) => Expr::Int(*it),
        Data::Float(it) => Expr::Float(*it),
        Data::Text(it) => Expr::Text(it.clone()),
        // Typed options of other programs alone hold these.
        Data::Duration(Millis(it)) | Data::Size(Bytes(it)) => {
            Expr::Int(i64::try_from(*it).unwrap_or(i64::MAX))
        }
        Data::Ref(path) => Expr::Text(path.to_string()),
        Data::Nix(it) => Expr::Raw(it.clone()),
        Data::File(it) => Nix::source(super::files::asset(it), data.origin).expr,
        // The language refuses secrets in modules; nothing of one is written in any case.
        Data::Sealed(it) => Expr::Filled(
            it.0.iter()
                .map(|part| match part {
                    SealedPart::Text(text) => Part::Text(text.clone()),
                    SealedPart::Secret(_) => Part::Text(String::new()),
                })
                .collect(),
        ),
        Data::List(items) => Expr::List(items.iter().map(plain).collect()),
        Data::Record(fields) => {
            Expr::Set(Set(fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect()))
        }
    };
    Nix::new(expr, &[data.origin])
}
