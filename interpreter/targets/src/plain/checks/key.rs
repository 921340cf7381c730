//! The key that opens the secrets of a host without NixOS.

use qg_fleet::checks::place::place;
use qg_fleet::host::Host;
use qg_fleet::leaf::At;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;

/// A unit of the system has no home, so that `sops` finds no key by itself there (`~/.config/sops/age/keys.txt`).
pub(super) fn run(fleet: &Prepared<'_>, name: &str, host: &At<Host>, out: &mut Vec<Diagnostic>) {
    if host.age.key_file.is_some() || host.age.ssh_keys.iter().next().is_some() {
        return;
    }
    let Some((secret, uses)) = fleet.secrets_on(name).iter().next() else { return };
    let message = format!("nothing says which key opens the secrets of host.{name}");
    let mut finding = Diagnostic::error(codes::NO_KEY, place(fleet, host.origin), message);
    if let Some(by) = uses.by.first() {
        finding = finding.also(place(fleet, *by), format!("secret.{secret} is opened there"));
    }
    let help = "say `age.key_file = /var/lib/age/key.txt`, or `age.ssh_keys = [/etc/ssh/ssh_host_ed25519_key]`: the paths on that host";
    out.push(finding.help(help));
}
