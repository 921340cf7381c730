//! What NixOS refuses.

mod nixos;
mod options;
mod packages;
mod pasted;
mod release;

use crate::checks::Check;

pub(super) const ALL: &[Check] =
    &[options::CHECK, nixos::CHECK, packages::CHECK, pasted::CHECK, release::CHECK];
