//! Checks over the whole fleet. A new one is a new file and a row in [`ALL`].

mod access;
mod accounts;
mod authelia;
mod backends;
mod backups;
mod below;
mod builds;
mod caddy;
mod clashes;
mod containers;
mod cycles;
mod deploy;
mod disks;
mod entries;
mod exposed;
mod files;
mod guards;
mod headers;
mod joined;
mod kept;
mod left;
mod lines;
mod made;
mod matcher;
mod media_type;
mod meeting;
mod middlewares;
mod names;
mod nixos;
mod options;
mod output;
mod packages;
mod pasted;
mod patterns;
mod place;
mod places;
mod plain;
mod policy;
mod ports;
mod predicate;
mod proxies;
mod quadlet;
mod raw_routers;
mod raw_units;
mod rewrites;
mod rootless;
mod routes;
mod said;
mod sessions;
mod shown;
mod sops;
#[cfg(test)]
mod tests;
mod tls;
mod unanswered;
mod units;
mod unread;
mod ways_round;

use qg_lang::diagnostic::{Code, Diagnostic};

use crate::fleet::Fleet;
use crate::targets::OutputFile;

/// One check: which findings it raises, and how it looks.
pub struct Check {
    pub codes: &'static [Code],
    pub run: fn(&Fleet, &mut Vec<Diagnostic>),
}

/// A check of what the targets make of a fleet.
pub struct OutputCheck {
    pub codes: &'static [Code],
    pub run: fn(&Fleet, &[OutputFile], &mut Vec<Diagnostic>),
}

/// Every check, in the order of their codes.
pub const ALL: &[Check] = &[
    ports::CHECK,
    exposed::CHECK,
    places::CHECK,
    accounts::CHECK,
    units::CHECK,
    names::CHECK,
    joined::CHECK,
    backups::CHECK,
    containers::CHECK,
    options::CHECK,
    sessions::CHECK,
    sops::CHECK,
    shown::CHECK,
    left::CHECK,
    deploy::CHECK,
    disks::CHECK,
    rootless::CHECK,
    routes::CHECK,
    raw_routers::CHECK,
    access::CHECK,
    guards::CHECK,
    proxies::CHECK,
    caddy::CHECK,
    middlewares::CHECK,
    backends::CHECK,
    rewrites::CHECK,
    entries::CHECK,
    ways_round::CHECK,
    unanswered::CHECK,
    tls::CHECK,
    plain::CHECK,
    policy::CHECK,
    authelia::CHECK,
    quadlet::CHECK,
    raw_units::CHECK,
    headers::CHECK,
    files::CHECK,
    below::CHECK,
    nixos::CHECK,
    packages::CHECK,
    said::CHECK,
    meeting::CHECK,
    kept::CHECK,
    pasted::CHECK,
    unread::CHECK,
];

/// Every check of the output; what the others have said is not said again.
pub const OUTPUT: &[OutputCheck] = &[lines::CHECK, clashes::CHECK, output::CHECK];

/// Runs every check, over a fleet and the files that are made of it.
#[must_use]
pub fn run(fleet: &Fleet, files: &[OutputFile]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for check in ALL {
        (check.run)(fleet, &mut findings);
    }
    for check in OUTPUT {
        (check.run)(fleet, files, &mut findings);
    }
    findings
}
