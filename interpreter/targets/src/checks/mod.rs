//! Checks of what several targets make together. A new one is a new file and a row in [`ALL`]; one of a single
//! format is a row in the `checks` of its target.

mod access;
mod below;
mod binary;
mod clashes;
mod closed;
mod databases;
mod directives;
mod files;
mod guards;
mod joined;
mod left;
mod lines;
mod made;
mod names;
mod near;
mod nix_timers;
mod output;
pub(crate) mod patterns;
mod places;
mod proxies;
mod recipients;
pub(crate) mod routes;
mod said;
mod sandbox;
mod sessions;
mod shown;
mod sops;
mod unit_names;
mod unused_secrets;

use qg_lang::diagnostic::{Code, Diagnostic};

use crate::{OutputFile, Prepared};

/// One check: which findings it raises, and how it looks.
pub struct Check {
    pub codes: &'static [Code],
    pub run: fn(&Prepared<'_>, &mut Vec<Diagnostic>),
}

/// A check of what the targets make of a fleet.
pub struct OutputCheck {
    pub codes: &'static [Code],
    pub run: fn(&Prepared<'_>, &[OutputFile], &mut Vec<Diagnostic>),
}

/// Every check of several targets, in the order of their codes.
pub const ALL: &[Check] = &[
    places::CHECK,
    names::CHECK,
    joined::CHECK,
    sops::CHECK,
    binary::CHECK,
    sessions::CHECK,
    shown::CHECK,
    closed::CHECK,
    left::CHECK,
    routes::CHECK,
    access::CHECK,
    guards::CHECK,
    proxies::CHECK,
    near::CHECK,
    files::CHECK,
    below::CHECK,
    said::CHECK,
    directives::CHECK,
    recipients::CHECK,
    unused_secrets::CHECK,
    unit_names::CHECK,
    databases::CHECK,
    sandbox::CHECK,
    nix_timers::CHECK,
];

/// Every check of the output; what the others have said is not said again.
pub const OUTPUT: &[OutputCheck] = &[lines::CHECK, clashes::CHECK, output::CHECK];
