//! Which release of NixOS a host began with. NixOS takes the defaults of what is kept by it (`system.stateVersion`,
//! nixpkgs `nixos/modules/misc/version.nix`), and would take the newest where nobody says it.

use qg_fleet::checks::place::place;
use qg_fleet::host::{Host, Manager};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use crate::Prepared;
use crate::checks::Check;

pub(super) const CHECK: Check = Check { codes: &[target::NO_RELEASE], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        if host.manager.value != Manager::Nixos || host.state_version.is_some() {
            continue;
        }
        if !is_said_in_nix(fleet, host) {
            let message = format!("host.{name} does not say which release of NixOS it began with");
            found.push(
                Diagnostic::error(target::NO_RELEASE, place(fleet, host.origin), message)
                    .help("say `state_version`: the release that the machine was first installed with, as \"25.05\"; NixOS says never to change it")
                    .help("`nixos-option system.stateVersion` says it on a machine that runs already"),
            );
        }
    }
}

/// Whether a host's own Nix says it: as an option, or in a module that is written by hand.
fn is_said_in_nix(fleet: &Prepared<'_>, host: &Host) -> bool {
    let system = host.nix.record().and_then(|fields| fields.get("system"));
    let option = system.is_some_and(|system| fleet.speaks_of(system, "stateVersion"));
    let code = std::iter::once(&host.nix).chain(host.modules.iter());
    option || code.into_iter().any(|it| fleet.speaks_of(it, "system.stateVersion"))
}
