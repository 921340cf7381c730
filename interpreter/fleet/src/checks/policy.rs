//! Rules of the user's own.

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::FleetCheck;
use super::place::first_place;
use crate::Facts;
use crate::leaf::{EntityPath, OriginId};

const CODES: &[Code] = &[codes::fleet::POLICY];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (title, policy) in &fleet.model.policy {
        for (name, denial) in &policy.deny {
            let of = place(fleet, &denial.at).unwrap_or(denial.at.origin);
            let here = first_place(fleet, &[of, denial.at.origin, policy.origin]);
            let finding = Diagnostic::error(
                codes::fleet::POLICY,
                here,
                format!("{name}: {}", denial.because.value),
            )
            .here(denial.at.to_string());
            let rule = first_place(fleet, &[policy.origin, of]);
            out.push(finding.also(rule, format!("the policy \"{title}\" refuses it")));
        }
    }
}

/// Who created the thing that a policy refuses.
fn place(fleet: &Facts<'_>, path: &EntityPath) -> Option<OriginId> {
    let model = &fleet.model;
    let name = path.entity();
    match (path.kind(), path.0.get(2).map(String::as_str)) {
        ("service", Some("route")) => {
            model.service.get(name)?.route.get(path.last()).map(|route| route.origin)
        }
        ("service", _) => model.service.get(name).map(|it| it.origin),
        ("host", _) => model.host.get(name).map(|it| it.origin),
        ("secret", _) => model.secret.get(name).map(|it| it.origin),
        ("user", _) => model.user.get(name).map(|it| it.origin),
        _ => None,
    }
}
