//! Rules of the user's own, and those of the library that the fleet switches on.

use qg_lang::diagnostic::{Code, Diagnostic, Severity, codes};
use qg_lang::is_library;

use super::FleetCheck;
use super::place::{first_place, own_place};
use crate::Facts;
use crate::Model;
use crate::leaf::{At, OriginId, Priority};
use crate::model::model::Denial;
use crate::model::policies::{Policies, PolicyLevel};
use crate::origin::OriginKind;

const CODES: &[Code] = &[
    codes::fleet::POLICY,
    codes::fleet::POLICY_WARNS,
    codes::tests::PUBLIC_NEEDS_LOGIN,
    codes::tests::BACKED_UP,
    codes::tests::IMAGES_PINNED,
    codes::tests::NO_ROOT,
    codes::tests::MEMORY_LIMITED,
    codes::tests::UPDATES_BACKED_UP,
    codes::tests::TWO_FACTORS,
];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (title, policy) in &fleet.model.policy {
        if let Some((code, level)) = of_library(fleet, title, policy.origin) {
            let found = policy.warn.iter();
            out.extend(found.map(|(name, it)| {
                switched_on(fleet, title, (code, level), name, it, policy.origin)
            }));
            continue;
        }
        for (name, denial) in &policy.deny {
            let finding = finding(fleet, name, denial, policy.origin);
            let rule = first_place(fleet, &[policy.origin]);
            out.push(finding.also(rule, format!("the policy \"{title}\" refuses it")));
        }
        for (name, denial) in &policy.warn {
            let finding = finding(fleet, name, denial, policy.origin);
            let finding = Diagnostic {
                code: codes::fleet::POLICY_WARNS,
                severity: Severity::Warning,
                ..finding
            };
            let rule = first_place(fleet, &[policy.origin]);
            out.push(finding.also(rule, format!("the policy \"{title}\" warns of it")));
        }
    }
}

/// The codes of the library's policies that the fleet wants to be errors: single findings of them can be allowed.
#[must_use]
pub fn denied(model: &Model) -> Vec<Code> {
    let all = codes::tests::POLICIES.iter();
    let denied = all.filter(|(name, _)| {
        level(&model.fleet.policies, name).is_some_and(|it| it.value == PolicyLevel::Deny)
    });
    denied.map(|(_, code)| *code).collect()
}

/// The level of a policy of the library.
fn level<'p>(policies: &'p Policies, name: &str) -> Option<&'p At<PolicyLevel>> {
    Some(match name {
        "public_needs_login" => &policies.public_needs_login,
        "backed_up" => &policies.backed_up,
        "images_pinned" => &policies.images_pinned,
        "no_root" => &policies.no_root,
        "memory_limited" => &policies.memory_limited,
        "updates_backed_up" => &policies.updates_backed_up,
        "two_factors" => &policies.two_factors,
        _ => return None,
    })
}

/// A policy of the library: its code, and who switched it on.
fn of_library(fleet: &Facts<'_>, title: &str, by: OriginId) -> Option<(Code, OriginId)> {
    let (_, code) = codes::tests::POLICIES.iter().find(|(name, _)| *name == title)?;
    let own = fleet.origins.span(by).is_none_or(|span| !is_library(span.file));
    let level = level(&fleet.model.fleet.policies, title)?;
    (!own).then_some((*code, level.origin))
}

/// What a policy of the library finds.
fn switched_on(
    fleet: &Facts<'_>,
    title: &str,
    (code, level): (Code, OriginId),
    name: &str,
    denial: &At<Denial>,
    policy: OriginId,
) -> Diagnostic {
    let finding = finding(fleet, name, denial, policy);
    let finding = Diagnostic { code, severity: Severity::Warning, ..finding };
    let place = own_place(fleet, &[level]);
    finding
        .also(place, format!("the policy {title} is switched on here"))
        .help(format!("`policies.{title} = off` of the fleet switches it off"))
        .help(format!("one place is allowed with a reason: `# qg: allow({}) why`", code.id))
}

/// What a policy finds, at the place that is named.
fn finding(fleet: &Facts<'_>, name: &str, denial: &At<Denial>, policy: OriginId) -> Diagnostic {
    let named = named(fleet, denial.at.origin);
    let said = named.first().and_then(|origin| fleet.origins.span(*origin));
    // What a schema says of all is no place of one of them.
    let own = named.iter().copied().filter(|origin| !is_default(fleet, *origin));
    let all: Vec<OriginId> = own.chain([denial.at.origin, policy]).collect();
    let place = own_place(fleet, &all);
    let message = format!("{name}: {}", denial.because.value);
    let finding = Diagnostic::error(codes::fleet::POLICY, place, message);
    let finding = finding.here(denial.at.value.clone());
    match said {
        Some(said) if said != place => finding.also(said, "said here for all of them"),
        Some(_) | None => finding,
    }
}

/// Whether this is the default of a field, as its schema or the library has it.
fn is_default(fleet: &Facts<'_>, origin: OriginId) -> bool {
    let row = fleet.origins.get(origin);
    row.is_none_or(|row| {
        row.how == OriginKind::Said(Priority::SchemaDefault) || is_library(row.span.file)
    })
}

/// Who said what `at` names, and then who made the things that it stands in, the innermost first.
fn named(fleet: &Facts<'_>, at: OriginId) -> Vec<OriginId> {
    let read = fleet.origins.get(at).and_then(|said| said.parents.first().copied());
    let read = read.and_then(|read| fleet.origins.get(read));
    read.map_or_else(Vec::new, |read| read.parents.to_vec())
}
