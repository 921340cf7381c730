//! Checks over the whole fleet. A new one is a new file and a row in [`ALL`].

mod access;
mod accounts;
mod backends;
mod backups;
mod containers;
mod deploy;
mod disks;
mod files;
mod left;
mod middlewares;
mod names;
mod options;
mod patterns;
mod place;
mod places;
mod policy;
mod ports;
mod proxies;
mod quadlet;
mod rootless;
mod routes;
mod sessions;
#[cfg(test)]
mod tests;
mod units;

use qg_lang::diagnostic::{Code, Diagnostic};
use qg_lang::world::World;

use crate::fleet::Fleet;

/// One check: which findings it raises, and how it looks.
pub struct Check {
    pub codes: &'static [Code],
    pub run: fn(&Fleet, &mut Vec<Diagnostic>),
}

/// Every check, in the order of their codes.
pub const ALL: &[Check] = &[
    ports::CHECK,
    places::CHECK,
    accounts::CHECK,
    units::CHECK,
    names::CHECK,
    backups::CHECK,
    containers::CHECK,
    options::CHECK,
    sessions::CHECK,
    left::CHECK,
    deploy::CHECK,
    disks::CHECK,
    rootless::CHECK,
    routes::CHECK,
    access::CHECK,
    proxies::CHECK,
    middlewares::CHECK,
    backends::CHECK,
    policy::CHECK,
    quadlet::CHECK,
    files::CHECK,
];

/// Runs every check.
#[must_use]
pub fn run(fleet: &Fleet, _world: &dyn World) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for check in ALL {
        (check.run)(fleet, &mut findings);
    }
    findings
}
