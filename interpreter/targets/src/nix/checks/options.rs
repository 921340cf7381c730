//! Options of NixOS that are said in two ways: by what a host's file is made from, or by its
//! `nix { … }` against that file. And files that its folder cannot hold.

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::leaf::{At, Data};
use qg_formats::nix::{Nix, NixExpr, Set, name};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::diagnostic::codes::target::SAID_TWICE;

use crate::Prepared;
use crate::checks::Check;
use crate::nix::{home_options, missing_files, option, written};

pub(super) const CHECK: Check =
    Check { codes: &[codes::OPTION_CLASH, codes::FILE_NOT_TEXT, SAID_TWICE], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (key, host) in &fleet.model.host {
        let Some(set) = written(fleet, key) else { continue };
        for (path, all) in set.clashes() {
            found.push(said_twice(fleet, key, &path, all));
        }
        compare(fleet, &host.nix, set, &mut Vec::new(), found);
        for (user, set) in home_options(fleet, key) {
            for (path, all) in set.clashes() {
                let path =
                    [&["home-manager", "users", &user].map(str::to_owned)[..], &path].concat();
                let finding = said_twice(fleet, key, &path, all);
                // A home that is the same on several hosts clashes once.
                let known = |it: &Diagnostic| {
                    it.code == SAID_TWICE && it.primary.span == finding.primary.span
                };
                if !found.iter().any(known) {
                    found.push(finding);
                }
            }
        }
        for (path, by) in missing_files(fleet, key) {
            let message = format!("`{path}` cannot be copied: it is not text in UTF-8");
            found.push(Diagnostic::error(codes::FILE_NOT_TEXT, place(fleet, by), message));
        }
    }
}

/// Walks the user's data beside what the compiler sets.
fn compare(
    fleet: &Prepared<'_>,
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
            (NixExpr::Set(inner), Data::Record(_)) => compare(fleet, value, inner, path, found),
            _ if ours.clashes(&option(value), key) => {
                found.push(finding(fleet, path, ours, value));
            }
            _ => {}
        }
        path.pop();
    }
}

/// What one file would have to say in two ways.
fn said_twice(fleet: &Prepared<'_>, host: &str, path: &[String], all: &[Nix]) -> Diagnostic {
    let path: Vec<String> = path.iter().map(|part| name(part)).collect();
    let spelled = |it: &Nix| it.said().0;
    let values: Vec<String> = all.iter().map(|it| format!("`{}`", spelled(it))).collect();
    let option = path.join(".");
    let message = format!("host.{host} gets `{option}` as {}", values.join(" and as "));
    let last = all.last().map(Nix::all_origins).unwrap_or_default();
    let span = first_place(fleet, &last);
    let mut finding = Diagnostic::error(SAID_TWICE, span, message);
    for other in all.iter().rev().skip(1) {
        finding = finding.also(first_place(fleet, &other.all_origins()), spelled(other));
    }
    finding.help(
        "say it once; where both stay, `override` or `default` before one of them says which holds",
    )
}

fn finding(fleet: &Prepared<'_>, path: &[String], ours: &Nix, theirs: &At<Data>) -> Diagnostic {
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
