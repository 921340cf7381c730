//! `qgc completions`: a completion script for a shell.

use clap::CommandFactory;

use crate::Outcome;
use crate::args::{Args, CompletionsArgs};
use crate::failure::Failure;
use crate::terminal::Terminal;

use super::run::ignore_gone_reader;
use std::io::Write;

pub(super) fn run(args: &CompletionsArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "qgc", &mut script);
    ignore_gone_reader(terminal.out.write_all(&script))?;
    Ok(Outcome::Clean)
}
