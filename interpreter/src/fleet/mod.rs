//! The typed fleet: what checks and targets read. Each leaf knows where it came from.

pub mod leaf;
