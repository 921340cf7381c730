//! Checks over the whole fleet. A new one is a new file and a row in [`ALL`].

mod access;
mod files;
mod options;
mod patterns;
mod place;
mod proxies;
mod routes;
#[cfg(test)]
mod tests;

use qg_lang::diagnostic::{Code, Diagnostic};
use qg_lang::world::World;

use crate::fleet::Fleet;

/// One check: which findings it raises, and how it looks.
pub struct Check {
    pub codes: &'static [Code],
    pub run: fn(&Fleet, &mut Vec<Diagnostic>),
}

/// Every check, in the order of their codes.
pub const ALL: &[Check] =
    &[routes::CHECK, access::CHECK, proxies::CHECK, files::CHECK, options::CHECK];

/// Runs every check.
#[must_use]
pub fn run(fleet: &Fleet, _world: &dyn World) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for check in ALL {
        (check.run)(fleet, &mut findings);
    }
    findings
}
