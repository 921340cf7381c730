//! The key that sops-nix opens the secrets of a host with. Where none is said it takes the SSH host keys, for which
//! nothing is encrypted in a fleet that says keys of age (sops-nix, `modules/sops/default.nix`, `sops.age`).

use qg_fleet::checks::place::place;
use qg_fleet::homes::{Home, HomeOf};
use qg_fleet::host::{Host, Manager};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use crate::Prepared;
use crate::checks::Check;

pub(super) const CHECK: Check = Check { codes: &[target::NO_AGE_KEY], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let says_one = |it: &Host| {
        it.manager.value == Manager::Nixos && (has_key(it) || it.age.recipient.is_some())
    };
    for (name, _) in fleet.model.host.iter().filter(|(_, it)| it.manager.value == Manager::Nixos) {
        of_homes(fleet, name, found);
    }
    let recipients = !fleet.model.fleet.recipients.is_empty();
    if !recipients && !fleet.model.host.values().any(|it| says_one(it)) {
        return;
    }
    for (name, host) in &fleet.model.host {
        let own = || std::iter::once(&host.nix).chain(host.modules.iter());
        if host.manager.value != Manager::Nixos
            || has_key(host)
            || own().any(|it| fleet.speaks_of(it, "sops"))
        {
            continue;
        }
        let Some((secret, uses)) = fleet.secrets_on(name).iter().next() else { continue };
        let message = format!("nothing says which key opens the secrets of host.{name}");
        let mut finding = Diagnostic::error(target::NO_AGE_KEY, place(fleet, host.origin), message);
        if let Some(by) = uses.by.first() {
            finding = finding.also(place(fleet, *by), format!("secret.{secret} is opened there"));
        }
        found.push(finding.help("say `age.key_file`, or `age.ssh_keys`: the paths on that host"));
    }
}

/// A session has the key that its home says, and no other: what opens the secrets of a host is root's.
fn of_homes(fleet: &Prepared<'_>, host: &str, found: &mut Vec<Diagnostic>) {
    for HomeOf { user, account, parts } in fleet.model.homes_on(host) {
        let mut opened = fleet.model.opened_in_sessions(host).filter(|it| it.user == user);
        let Some(first) = opened.next() else { continue };
        let has_key = |it: &Home| it.age.key_file.is_some() || !it.age.ssh_keys.is_empty();
        let in_nix = |it: &Home| {
            std::iter::once(&it.nix).chain(it.modules.iter()).any(|it| fleet.speaks_of(it, "age"))
        };
        if parts.iter().any(|(_, part)| has_key(part) || in_nix(part)) {
            continue;
        }
        let message =
            format!("nothing says which key opens the secrets of user.{user} on host.{host}");
        let at = place(fleet, first.said.origin);
        let finding = Diagnostic::error(target::NO_AGE_KEY, at, message)
            .also(place(fleet, account.origin), "for sessions of this account")
            .help("say `age.key_file` in the home, or `age.ssh_keys`: paths that the account can read on that host");
        if !found.iter().any(|it| it.code == target::NO_AGE_KEY && it.primary.span == at) {
            found.push(finding);
        }
    }
}

fn has_key(host: &Host) -> bool {
    host.age.key_file.is_some() || !host.age.ssh_keys.is_empty()
}
