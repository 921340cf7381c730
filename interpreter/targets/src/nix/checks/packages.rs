//! Packages that are named, where the fleet's own nixpkgs was asked which it has.

use qg_fleet::checks::place::place;
use qg_fleet::leaf::OriginId;
use qg_formats::nix::{Nix, NixExpr, NixPart};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;
use qg_lang::span::Span;

use crate::Prepared;
use crate::checks::Check;
use crate::nix::written;

pub(super) const CHECK: Check = Check { codes: &[target::UNKNOWN_PACKAGE], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let table = &fleet.options.main;
    if !fleet.options.own || !table.has_packages() {
        return;
    }
    for (span, name) in &fleet.packages {
        if !table.has_package(name) {
            found.push(finding(fleet, name, *span));
        }
    }
    for (host, it) in &fleet.model.host {
        let Some(set) = written(fleet, host) else { continue };
        let mut named = Vec::new();
        for (_, value) in &set.0 {
            collect(value, it.origin, &mut named);
        }
        for (name, by) in named {
            if !table.has_package(&name) {
                found.push(finding(fleet, &name, place(fleet, by)));
            }
        }
    }
}

/// Each `pkgs.x` in a value that is written, and who made it so.
fn collect(value: &Nix, by: OriginId, named: &mut Vec<(String, OriginId)>) {
    let by = value.origins.iter().copied().find(|it| *it != OriginId::default()).unwrap_or(by);
    let mut way = |parts: &[String]| {
        if let [pkgs, name, ..] = parts
            && pkgs == "pkgs"
        {
            named.push((name.clone(), by));
        }
    };
    match &value.expr {
        NixExpr::Select(parts) => way(parts),
        NixExpr::Apply(function, arguments) => {
            way(function);
            arguments.iter().for_each(|argument| collect(argument, by, named));
        }
        NixExpr::List(items) | NixExpr::Twice(items) => {
            items.iter().for_each(|item| collect(item, by, named));
        }
        NixExpr::Set(set) => set.0.iter().for_each(|(_, value)| collect(value, by, named)),
        NixExpr::Filled(parts) => {
            for part in parts {
                if let NixPart::Hole(hole) = part {
                    collect(hole, by, named);
                }
            }
        }
        NixExpr::Bool(_)
        | NixExpr::Int(_)
        | NixExpr::Float(_)
        | NixExpr::Text(_)
        | NixExpr::Path(_)
        // What the user wrote in `nix"…"` was read where it stands.
        | NixExpr::Raw(_) => {}
    }
}

fn finding(fleet: &Prepared<'_>, name: &str, span: Span) -> Diagnostic {
    let options = &fleet.options;
    let message = format!("the fleet's nixpkgs has no package `{name}`{}", options.as_of());
    let finding = Diagnostic::error(target::UNKNOWN_PACKAGE, span, message);
    let written = fleet.sources.slice(span);
    let quoted = written.trim_matches('"') == name && written.len() == name.len() + 2;
    let inner = Span::new(span.file, span.start + 1, span.end.saturating_sub(1));
    let finding = match (written == name, quoted) {
        (true, _) => finding.suggest(name, span, options.main.packages()),
        (false, true) => finding.suggest(name, inner, options.main.packages()),
        (false, false) => match qg_lang::diagnostic::closest(name, options.main.packages()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding,
        },
    };
    finding.help("`qgc options update` asks again, once the flake has another nixpkgs")
}
