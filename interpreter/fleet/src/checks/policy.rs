//! Rules of the user's own.

use qg_lang::diagnostic::{Code, Diagnostic, Severity, codes};
use qg_lang::is_library;

use super::FleetCheck;
use super::place::{first_place, own_place};
use crate::Facts;
use crate::leaf::{At, OriginId, Priority};
use crate::model::model::Denial;
use crate::origin::OriginKind;

const CODES: &[Code] = &[codes::fleet::POLICY, codes::fleet::POLICY_WARNS];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (title, policy) in &fleet.model.policy {
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
