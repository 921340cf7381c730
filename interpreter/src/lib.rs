//! Checked program to fleet.

pub mod fleet;
pub mod targets;
