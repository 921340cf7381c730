//! What a host's `nix { … }` sets and the compiler sets too, and files that its folder cannot hold.

use qg_lang::diagnostic::{Diagnostic, codes::fleet as codes};

use super::Check;
use super::place::{first_place, place};
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, Data, Rung};
use crate::formats::nix::{Expr, Nix, Set, name};
use crate::targets::nix::{missing_files, written};

pub(super) const CHECK: Check = Check { codes: &[codes::OPTION_CLASH, codes::FILE_NOT_TEXT], run };

fn run(fleet: &Fleet, found: &mut Vec<Diagnostic>) {
    for (key, host) in &fleet.model.host {
        let Some(set) = written(fleet, key) else { continue };
        if let Some(data) = &host.nix {
            let mut path = Vec::new();
            compare(fleet, data, &set, &mut path, found);
        }
        for (path, by) in missing_files(fleet, key) {
            let message = format!("`{path}` cannot be copied: it is not text in UTF-8");
            found.push(Diagnostic::error(codes::FILE_NOT_TEXT, place(fleet, by), message));
        }
    }
}

/// Walks the user's data beside what the compiler sets.
fn compare(
    fleet: &Fleet,
    data: &At<Data>,
    set: &Set,
    path: &mut Vec<String>,
    found: &mut Vec<Diagnostic>,
) {
    let Data::Record(fields) = &data.value else { return };
    for (key, value) in fields {
        let Some(ours) = set.get(key) else { continue };
        path.push(name(key));
        match (&ours.expr, &value.value) {
            (Expr::Set(inner), Data::Record(_)) => compare(fleet, value, inner, path, found),
            _ if clashes(ours, value) => found.push(finding(fleet, path, ours, value)),
            _ => {}
        }
        path.pop();
    }
}

/// Whether Nix could not unite two values: sets and lists it can.
fn clashes(ours: &Nix, theirs: &At<Data>) -> bool {
    // With another priority Nix decides.
    if matches!(theirs.rung, Rung::Default | Rung::Override) {
        return false;
    }
    let is_list = |data: &Data| matches!(data, Data::List(_) | Data::Nix(_));
    match &ours.expr {
        Expr::List(_) => !is_list(&theirs.value),
        Expr::Set(_) => !matches!(&theirs.value, Data::Nix(_) | Data::Record(_)),
        // `lib.mkForce x` and the like, and whatever an expression may give.
        Expr::Apply(function, _) => function.first().is_some_and(|name| name == "builtins"),
        Expr::Raw(_) => false,
        Expr::Bool(_)
        | Expr::Int(_)
        | Expr::Float(_)
        | Expr::Text(_)
        | Expr::Filled(_)
        | Expr::Path(_)
        | Expr::Select(_) => true,
    }
}

fn finding(fleet: &Fleet, path: &[String], ours: &Nix, theirs: &At<Data>) -> Diagnostic {
    let option = path.join(".");
    let message = format!("the compiler sets `{option}` too");
    let mut finding = Diagnostic::error(codes::OPTION_CLASH, place(fleet, theirs.origin), message);
    let by = ours.all_origins();
    if by.iter().any(|it| fleet.origins.span(*it).is_some()) {
        finding = finding.also(first_place(fleet, &by), "because of this");
    }
    finding.help(format!(
        "drop it, or say `override {option}` where yours is to win, `default {option}` where the other is"
    ))
}
