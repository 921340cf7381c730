//! Hosts without NixOS: what is said of one and nobody there carries out.

mod key;
pub(crate) mod runs;
pub mod table;

use std::collections::BTreeSet;

use qg_fleet::checks::place::place;
use qg_fleet::host::Manager;
use qg_fleet::leaf::OriginId;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;
use crate::checks::Check;
use table::{Carried, TABLE};

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::NOT_ON_PLAIN,
        codes::NOBODY_RUNS,
        codes::OWN_NETWORK,
        codes::PLAIN_ACCOUNT,
        codes::NO_KEY,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let plain = fleet.model.host.iter().filter(|(_, it)| it.manager.value == Manager::Plain);
    for (name, host) in plain {
        // Of what a default says of many, one finding is enough.
        let mut known: BTreeSet<(OriginId, &str)> = BTreeSet::new();
        for row in TABLE {
            let Carried::Not(said, help) = row.how else { continue };
            for (of, origin) in said(fleet, name) {
                if known.insert((origin, row.field)) {
                    let on = format!("host.{name}");
                    let whose = if of == on { on } else { format!("{of} on {on}") };
                    let message = format!("nobody carries out `{}` of {whose}", row.spelled());
                    let finding =
                        Diagnostic::error(codes::NOT_ON_PLAIN, place(fleet, origin), message);
                    let why = "it is no host of NixOS";
                    out.push(finding.also(place(fleet, host.manager.origin), why).help(help));
                }
            }
        }
        runs::run(fleet, name, out);
        key::run(fleet, name, host, out);
    }
}
