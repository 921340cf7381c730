//! Homes of people that a boot would empty.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::{own_place, place};
use crate::host::Account;
use crate::mounts::Fate;

pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: &[state::HOME_UNKEPT], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // From what is not there nothing is concluded while something is unknown.
    if fleet.partial {
        return;
    }
    for (name, user) in &fleet.model.user {
        let Account::Login(login) = &user.kind.value else { continue };
        // Root's home holds what root leaves there, which is nobody's work.
        if name == "root" {
            continue;
        }
        let home =
            login.home.as_ref().map_or_else(|| format!("/home/{name}"), |it| it.value.clone());
        let home = home.trim_end_matches('/');
        let wiped = user.on.iter().filter_map(|on| match fleet.fate_of(on.entity(), home) {
            Fate::Wiped(root) => Some((on.entity(), root)),
            Fate::Stays | Fate::Unknown => None,
        });
        let wiped: Vec<_> = wiped.collect();
        let Some((first, root)) = wiped.first() else { continue };
        let hosts: Vec<String> = wiped.iter().map(|(host, _)| format!("host.{host}")).collect();
        let hosts = hosts.join(", ");
        let message =
            format!("{home}, where user.{name} lives, is emptied at each boot of {hosts}");
        let help = format!(
            "keep it: `state \"{home}\" {{ owner = user.{name}, mode = 0o700 }}` on host.{first}, or give it a filesystem"
        );
        let span = own_place(fleet, &[user.origin]);
        let finding = Diagnostic::warning(state::HOME_UNKEPT, span, message);
        out.push(finding.also(place(fleet, *root), "what is not kept is gone").help(help));
    }
}
