//! One name on two proxies that ask one login server: its rules know no proxy.

use qg_lang::diagnostic::{Diagnostic, codes::fleet as codes};

use super::Check;
use super::place::place;
use crate::fleet::Fleet;
use crate::targets::authelia::guards::{Run, runs};

pub(super) const CHECK: Check = Check { codes: &[codes::SHARED_GUARD], run };

fn run(fleet: &Fleet, found: &mut Vec<Diagnostic>) {
    for portal in fleet.model.portal.keys() {
        let runs = runs(&fleet.model, portal);
        let shared = runs.iter().filter(|run| !run.others.is_empty());
        found.extend(shared.map(|run| shared_guard(fleet, run)));
    }
}

fn shared_guard(fleet: &Fleet, run: &Run<'_>) -> Diagnostic {
    let (way, _) = run.own;
    let names: Vec<String> =
        run.names.iter().map(|name| format!("{}{}", name.value, way.below())).collect();
    let names = names.join(" and ");
    let span = place(fleet, way.route.login.origin);
    let mut finding = if run.is_too_much() {
        let message = format!("{names} is guarded in too many ways to say who may pass by all");
        Diagnostic::error(codes::SHARED_GUARD, span, message)
    } else {
        let message =
            format!("{names} is guarded in two ways, and the stricter one holds on every proxy");
        Diagnostic::warning(codes::SHARED_GUARD, span, message)
    };
    finding = finding.here(format!("{} asks for this", way.title()));
    for (other, _) in &run.others {
        let at = place(fleet, other.route.login.origin);
        finding = finding.also(at, format!("and {}, on another proxy, for this", other.title()));
    }
    finding.help("say the same `login` on both, or give one of the routes another name")
}
