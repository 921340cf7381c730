//! Checks of the fleet as such, whatever is made of it. A new one is a new file and a row in [`ALL`].

mod account_names;
mod accounts;
mod answers;
mod backups;
mod bind;
mod calendars;
mod debug;
mod deploy;
mod devices;
mod disk_names;
mod disks;
mod everybody;
mod exposed;
mod firewall;
mod hardware;
mod image_names;
mod jail_filters;
mod jails;
mod kept;
mod log_files;
mod meeting;
mod open;
mod open_modules;
mod own_units;
mod owners;
pub mod place;
mod plain_secrets;
mod policy;
mod ports;
mod resolves;
mod retyped;
mod rootless;
mod secret_kinds;
mod sessions;
mod shadowed;
mod sources;
mod stale_open;
mod state;
mod sudo;
mod sudo_nix;
mod units;
mod unread;
mod unused;
mod urls;

use qg_lang::diagnostic::{Code, Diagnostic};

use crate::Facts;
pub use policy::denied;

/// One check: which findings it raises, and how it looks.
pub struct FleetCheck {
    pub codes: &'static [Code],
    pub run: fn(&Facts<'_>, &mut Vec<Diagnostic>),
}

/// Every check, in the order of their codes.
pub const ALL: &[FleetCheck] = &[
    ports::CHECK,
    exposed::CHECK,
    accounts::CHECK,
    units::CHECK,
    backups::CHECK,
    sessions::CHECK,
    deploy::CHECK,
    log_files::CHECK,
    disks::CHECK,
    rootless::CHECK,
    policy::CHECK,
    meeting::CHECK,
    kept::CHECK,
    unread::CHECK,
    unused::CHECK,
    answers::CHECK,
    retyped::CHECK,
    sudo::CHECK,
    own_units::CHECK,
    jails::CHECK,
    jail_filters::CHECK,
    open::CHECK,
    disk_names::CHECK,
    firewall::CHECK,
    debug::CHECK,
    bind::CHECK,
    everybody::CHECK,
    resolves::CHECK,
    stale_open::CHECK,
    shadowed::CHECK,
    urls::CHECK,
    sudo_nix::CHECK,
    state::MODULES,
    state::MOUNTS,
    state::NESTED,
    state::USED,
    state::COPIES,
    state::COPIED,
    state::HOMES,
    plain_secrets::CHECK,
    secret_kinds::CHECK,
    calendars::CHECK,
    devices::CHECK,
    hardware::CHECK,
    image_names::CHECK,
    sources::CHECK,
    owners::CHECK,
    account_names::CHECK,
    open_modules::CHECK,
];

/// Runs every check.
#[must_use]
pub fn run(fleet: &Facts<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    ALL.iter().for_each(|check| (check.run)(fleet, &mut findings));
    findings
}
