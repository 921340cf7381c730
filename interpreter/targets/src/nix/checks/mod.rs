//! What NixOS refuses.

mod backups;
mod homes;
mod keys;
mod nixos;
mod options;
mod packages;
mod pasted;
mod release;
mod root;
mod unfree;

use crate::checks::Check;

pub(super) const ALL: &[Check] = &[
    backups::CHECK,
    options::CHECK,
    nixos::CHECK,
    packages::CHECK,
    pasted::CHECK,
    release::CHECK,
    homes::CHECK,
    keys::CHECK,
    unfree::CHECK,
    root::CHECK,
];
