//! Targets: from the typed fleet to files. A new one is a new folder and a row in [`ALL`].
//!
//! A target cannot fail: what it could not hold is refused by a check before (`QG06xx`).

pub mod around;
pub mod authelia;
#[cfg(test)]
#[path = "../../../tests/src/authelia.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod authelia_schema;
pub mod caddy;
pub mod checks;
pub(crate) mod engines;
pub mod fail2ban;
pub mod files;
pub mod go;
mod made;
pub mod merge;
pub mod names;
pub mod nix;
mod own_units;
pub mod plain;
mod prepared;
pub mod quadlet;
pub mod recipients;
pub mod sealed;
pub mod traefik;

use qg_fleet::{Facts, Fleet};
pub use qg_formats::document::{OutputFile, Refusal, Twice};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::stack::roomy;

use checks::Check;
pub use prepared::Prepared;

/// One target.
pub struct Target {
    pub name: &'static str,
    /// The files it makes of a fleet, each host's below `hosts/NAME/`.
    pub files: fn(&Prepared<'_>) -> Vec<OutputFile>,
    /// What judges whether its format holds what is said.
    pub checks: &'static [Check],
}

/// What is made of a fleet, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order of their paths.
    pub files: Vec<OutputFile>,
    pub findings: Vec<Diagnostic>,
}

/// Every target.
pub const ALL: &[Target] = &[
    traefik::TARGET,
    caddy::TARGET,
    authelia::TARGET,
    fail2ban::TARGET,
    quadlet::TARGET,
    nix::TARGET,
    files::TARGET,
    plain::TARGET,
    recipients::TARGET,
    sealed::TARGET,
];

impl Target {
    /// Its files, and what its own checks find. `found` was found before: it is a part of the plan, and not said again.
    #[must_use]
    pub fn plan(&self, fleet: &Prepared<'_>, found: Vec<Diagnostic>) -> Plan {
        let mut findings = found;
        self.checks.iter().for_each(|check| (check.run)(fleet, &mut findings));
        Plan { files: (self.files)(fleet), findings }
    }
}

/// The plans of all targets in one, and what is found of them together. `found` was found of the fleet itself.
///
/// The order counts: some checks say nothing of a place that was told already. What several targets share comes first,
/// then each target in its order, and what the finished files show last.
#[must_use]
pub fn plan(fleet: &Prepared<'_>, found: Vec<Diagnostic>) -> Plan {
    roomy(|| {
        let mut all = Plan { files: Vec::new(), findings: found };
        checks::ALL.iter().for_each(|check| (check.run)(fleet, &mut all.findings));
        for target in ALL {
            let Plan { files, findings } = target.plan(fleet, std::mem::take(&mut all.findings));
            all.files.extend(files);
            all.findings = findings;
        }
        all.files.sort_by(|a, b| a.path.cmp(&b.path));
        for check in checks::OUTPUT {
            (check.run)(fleet, &all.files, &mut all.findings);
        }
        all
    })
}

/// The files alone, of a fleet that was judged before; in the order of their paths.
#[must_use]
pub fn render(fleet: &Fleet) -> Vec<OutputFile> {
    roomy(|| {
        let fleet = Prepared::of(Facts::of(fleet));
        let mut files: Vec<OutputFile> =
            ALL.iter().flat_map(|target| (target.files)(&fleet)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    })
}
