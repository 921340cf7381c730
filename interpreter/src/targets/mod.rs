//! Targets: from the typed fleet to files. A new one is a new folder and a row in [`ALL`].
//!
//! A target cannot fail: what it could not hold is refused by a check before (`QG06xx`).

pub mod around;
pub mod authelia;
pub mod caddy;
pub(crate) mod engines;
pub mod files;
pub mod go;
mod made;
pub mod merge;
pub mod names;
pub mod nix;
pub mod plain;
pub mod quadlet;
pub mod recipients;
pub mod sealed;
pub mod traefik;

use qg_lang::stack::roomy;

use crate::fleet::Fleet;
use crate::fleet::leaf::OriginId;
pub use crate::formats::document::{Refusal, Twice};

/// A file to be written, relative to the output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputFile {
    /// With `/` between parts; never absolute, never with `..`.
    pub path: String,
    pub text: String,
    /// For each line of the text: the origins of what it says, in order.
    pub lines: Vec<Vec<OriginId>>,
    /// What it could not hold, and so does not say.
    pub refused: Vec<Refusal>,
    /// What it was to say of one place in two ways.
    pub twice: Vec<Twice>,
}

/// One target.
pub struct Target {
    pub name: &'static str,
    /// The files it makes of a fleet, each host's below `hosts/NAME/`.
    pub render: fn(&Fleet) -> Vec<OutputFile>,
}

/// Every target.
pub const ALL: &[Target] = &[
    traefik::TARGET,
    caddy::TARGET,
    authelia::TARGET,
    quadlet::TARGET,
    nix::TARGET,
    files::TARGET,
    plain::TARGET,
    recipients::TARGET,
    sealed::TARGET,
];

/// Every file of every target, in the order of their paths.
#[must_use]
pub fn render(fleet: &Fleet) -> Vec<OutputFile> {
    roomy(|| {
        let mut files: Vec<OutputFile> =
            ALL.iter().flat_map(|target| (target.render)(fleet)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    })
}
