//! The program itself, as a person or a script meets it.

mod commands;
mod compile;
mod disk;
mod findings;
mod fuzz;
mod kill;
mod libraries;
mod options;
mod query;
mod sandbox;
