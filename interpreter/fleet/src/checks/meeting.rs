//! Ports that another host reaches, where nobody can say by which address it comes.

use qg_lang::diagnostic::{Diagnostic, codes};

use super::FleetCheck;
use super::place::{first_place, place};
use crate::Facts;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::fleet::NO_MEETING], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        for met in fleet.met_on(name) {
            // Who says an address says who may come to it, too.
            if fleet.met_at(name, &met.service, &met.port).is_none() {
                continue;
            }
            for (from, by) in &met.unknown {
                let Some(comes) = fleet.model.host.get(from) else { continue };
                let message = format!(
                    "service.{}.ports.{} is for host.{from} alone, which has no address that host.{name} would see",
                    met.service, met.port
                );
                out.push(
                    Diagnostic::error(
                        codes::fleet::NO_MEETING,
                        first_place(fleet, &[*by, comes.origin]),
                        message,
                    )
                    .also(place(fleet, comes.origin), "who comes")
                    .also(place(fleet, host.origin), "where it would be let in")
                    .help(format!(
                        "say `address` in `host {from}`, or one of its `addresses` in a network that both are in; `open = true` of the port is for everybody"
                    )),
                );
            }
        }
    }
}
