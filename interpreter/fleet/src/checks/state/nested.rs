//! State that is kept with something else already.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::{own_place, place};
use crate::folders::StateOf;
use crate::leaf::{At, OriginId};
use crate::path::folders_above;
use crate::service::State;

pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: &[state::STATE_NESTED], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let Some(mounts) = fleet.mounts_on(host) else { continue };
        // On a root that stays, what lies in something else is only somebody else's.
        let Some((keep, keep_by)) = mounts.keep() else { continue };
        let states = fleet.states_on(host);
        for StateOf { whose, path, state: it } in fleet.all_states_on(host) {
            if !it.persist.is_yes() {
                continue;
            }
            let mut say = |message: String, other: (OriginId, &str), because: &str| {
                let span = own_place(fleet, &[it.origin]);
                let help = format!("say `persist = no {{ because = \"{because}\" }}` of it");
                let finding = Diagnostic::warning(state::STATE_NESTED, span, message);
                out.push(finding.also(place(fleet, other.0), other.1).help(help));
            };
            if *path == keep {
                let message =
                    format!("{whose} keeps {path} of host.{host}, which is where all is kept");
                say(message, (keep_by, "the root keeps it here"), "it is where all is kept");
            } else if crate::folders::is_below(path, keep) {
                let message = format!(
                    "{path} of {whose} lies in {keep} already, which no boot of host.{host} empties"
                );
                say(message, (keep_by, "the root keeps it here"), &format!("it lies in {keep}"));
            } else if let Some((at, by)) = mounts.mount_of(path).filter(|_| stays(mounts, path)) {
                let message = format!(
                    "{path} of {whose} lies on the filesystem at {at}, which no boot of host.{host} empties: something from {keep} would be mounted over it"
                );
                say(message, (by, "it is mounted here"), &format!("it lies on {at}"));
            } else if let Some((above, around)) = above(states, path) {
                let message = format!("{path} of {whose} is kept with {above} already");
                say(
                    message,
                    (around.origin, "what lies around it"),
                    &format!("it lies in {above}"),
                );
            }
        }
    }
}

fn stays(mounts: &crate::mounts::Mounts<'_>, path: &str) -> bool {
    mounts.fate(path) == crate::mounts::Fate::Stays
}

/// What is kept around a path.
fn above<'f>(
    states: &std::collections::BTreeMap<&'f str, &'f At<State>>,
    path: &str,
) -> Option<(&'f str, &'f At<State>)> {
    folders_above(path).find_map(|it| {
        let (above, around) = states.get_key_value(it)?;
        around.persist.is_yes().then_some((*above, *around))
    })
}
