//! Types: what is declared, and whether each expression fits.
#![allow(clippy::wildcard_enum_match_arm)] // most rules look at a few of the many types and treat all others alike

pub mod env;
pub(crate) mod declare;
mod fits;
pub mod formats;
mod show;
pub mod types;
