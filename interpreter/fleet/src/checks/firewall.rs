//! A firewall that is off, and ports that are open for nothing.

use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::FleetCheck;
use super::answers::may_listen;
use super::place::place;
use crate::Facts;
use crate::firewall::Opened;
use crate::listeners::Listener;

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::FIREWALL_OFF, codes::OPEN_FOR_NOTHING], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // A default says it once, for many hosts.
    let mut told = BTreeSet::new();
    for host in fleet.model.host.keys() {
        let firewall = fleet.firewall_of(host);
        let listeners = &fleet.listeners_on(host).all;
        if let Some(off) = firewall.off {
            if !told.insert(place(fleet, off)) {
                continue;
            }
            let message = format!("host.{host} has no firewall: every port of it is open");
            let mut finding =
                Diagnostic::warning(codes::FIREWALL_OFF, place(fleet, off), message).help(
                    "leave it on, and open what others are to reach: `open = true` of a port, `firewall.tcp` of the host",
                );
            let bare = listeners.iter().find(|it| !it.is_local() && !it.open && !it.forwarded);
            if let Some(bare) = bare {
                let span = place(fleet, bare.address_origin);
                finding = finding.also(span, format!("{} is open by that", bare.what));
            }
            out.push(finding);
            continue;
        }
        for opened in firewall.opened.iter().filter(|it| it.from == it.to) {
            let (port, protocol) = (opened.from, opened.protocol);
            let here: Vec<&Listener<'_>> =
                listeners.iter().filter(|it| it.port == port && it.protocol == protocol).collect();
            if here.is_empty() && !fleet.partial {
                out.extend(nobody(fleet, host, port, opened));
            }
            let Some(first) = here.first().filter(|_| here.iter().all(|it| it.is_local())) else {
                continue;
            };
            let message =
                format!("port {port} of host.{host} is open, and nobody listens for others");
            out.push(
                Diagnostic::warning(
                    codes::OPEN_FOR_NOTHING,
                    place(fleet, opened.origin),
                    message,
                )
                .also(
                    place(fleet, first.origin),
                    format!("{} listens on {} alone", first.what, first.address),
                )
                .help("close the port, or say `open = true` of the service's port, which opens both"),
            );
        }
    }
}

/// A port that is open and that nothing of the fleet speaks of: neither a program of the model, nor the host's Nix,
/// nor what its modules are known to listen on. One below 1024 is a program's of the system itself, more often than
/// not, and is left alone.
fn nobody(fleet: &Facts<'_>, host: &str, port: u16, opened: &Opened) -> Option<Diagnostic> {
    let of = fleet.model.host.get(host)?;
    // The option that opens it names the number itself.
    let in_own_words =
        of.firewall.tcp.iter().chain(of.firewall.udp.iter()).any(|it| it.origin == opened.origin);
    let mut services = fleet.model.services_on(host);
    if port < 1024
        || !in_own_words
        || may_listen(fleet, host, port)
        || services.any(|(_, it)| !it.native.is_empty() && it.ports.is_empty())
    {
        return None;
    }
    let message =
        format!("port {port} of host.{host} is open, and nothing in the fleet listens there");
    let finding =
        Diagnostic::warning(codes::OPEN_FOR_NOTHING, place(fleet, opened.origin), message);
    Some(finding.help("close it; what listens there says so with `ports` of its service, and opens it with `open = true`"))
}
