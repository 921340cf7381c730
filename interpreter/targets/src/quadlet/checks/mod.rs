//! What Podman, Quadlet and systemd refuse.

mod containers;
mod quadlet;
mod raw_units;

use crate::checks::Check;

pub(super) const ALL: &[Check] = &[containers::CHECK, quadlet::CHECK, raw_units::CHECK];
