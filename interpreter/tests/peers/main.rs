//! What the targets write, read by the programs that it is for.
//!
//! `tests/peers/install.sh` installs them. Where one is missing its tests are skipped and counted, unless CI is set.
#![allow(clippy::unwrap_used)]

mod command_line;
mod dice;
mod fleets;
mod quadlet;
mod quadlet_fleet;
mod quadlet_keys;
mod quadlet_values;
#[path = "../../../tests/src/peers.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod readers;
#[path = "../../../tests/src/sops.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod sops;
