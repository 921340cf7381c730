//! Checked program to fleet.
