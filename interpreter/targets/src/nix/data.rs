//! Free data as Nix.

use qg_fleet::leaf::{At, Bytes, Data, Millis, Priority, SealedPart};
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

/// Data as an option's value, `lib.mkDefault` or `lib.mkForce` around what is said so.
#[must_use]
pub fn option(data: &At<Data>) -> Nix {
    if let Data::Record(_) = data.value {
        // The marks of what is inside a record stand there.
        return set(data).nix(data.origin);
    }
    let value = plain(data);
    match data.priority {
        Priority::Default => Nix::apply(&["lib", "mkDefault"], vec![value]),
        Priority::Override => Nix::apply(&["lib", "mkForce"], vec![value]),
        Priority::SchemaDefault | Priority::KindDefault | Priority::Plain => value,
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

/// The attributes of a module. `imports` is no option: nothing can stand around it (lib/modules.nix).
pub(super) fn module(data: &At<Data>) -> Set {
    let mut all = set(data);
    let Some(top) = data.record() else { return all };
    if let Some(imports) = top.get("imports") {
        all.set_at(&["imports"], plain(imports));
    }
    let users = top.get("home-manager").and_then(|it| it.record()?.get("users"));
    for (user, home) in users.and_then(|it| it.record()).into_iter().flatten() {
        if let Some(imports) = home.record().and_then(|it| it.get("imports")) {
            all.set_at(&["home-manager", "users", user, "imports"], plain(imports));
        }
    }
    all
}

pub(super) fn plain(data: &At<Data>) -> Nix {
    let expr = match &data.value {
        Data::Bool(it) => NixExpr::Bool(*it),
        Data::Int(it) => NixExpr::Int(*it),
        Data::Float(it) => NixExpr::Float(*it),
        Data::Text(it) => NixExpr::Text(it.clone()),
        // Typed options of other programs alone hold these.
        Data::Duration(Millis(it)) | Data::Size(Bytes(it)) => {
            NixExpr::Int(i64::try_from(*it).unwrap_or(i64::MAX))
        }
        Data::Ref(path) => NixExpr::Text(path.to_string()),
        Data::Nix(it) => NixExpr::Raw(it.clone()),
        Data::File(it) => Nix::source(super::files::asset(it), data.origin).expr,
        // The language refuses secrets in modules; nothing of one is written in any case.
        Data::Sealed(it) => NixExpr::Filled(
            it.0.iter()
                .map(|part| match part {
                    SealedPart::Text(text) => NixPart::Text(text.clone()),
                    SealedPart::Secret(_) => NixPart::Text(String::new()),
                })
                .collect(),
        ),
        Data::List(items) => NixExpr::List(items.iter().map(plain).collect()),
        Data::Record(fields) => NixExpr::Set(Set(fields
            .iter()
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect())),
    };
    Nix::new(expr, &[data.origin])
}
