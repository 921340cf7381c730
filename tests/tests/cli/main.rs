//! The program itself, as a person or a script meets it.

mod commands;
mod compile;
mod data;
mod disk;
mod environments;
mod findings;
mod fix;
mod fuzz;
mod kill;
mod libraries;
mod options;
mod query;
mod request;
mod sandbox;
mod tests;
