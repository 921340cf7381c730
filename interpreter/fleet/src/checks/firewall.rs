//! A firewall that is off, and ports that are open for nothing.

use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
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
