//! The program itself, as a person or a script meets it.

mod commands;
mod compile;
mod findings;
mod kill;
mod options;
mod query;
mod sandbox;
