//! The `qgc` program as a library: it reads, writes and prints, and leaves all thinking to
//! [`qg_lang`] and [`qg_interpreter`].
//!
//! The flow of a command: [`args`] says what is wanted, [`project`] finds the fleet, [`world`] reads
//! it, the interpreter builds it, [`report`] shows the findings, `output` writes the files.
//! What goes wrong with the program itself is a [`failure::Failure`], never a finding.

pub mod args;
mod commands;
pub mod config;
pub mod editor;
mod environment;
mod exposure;
pub mod failure;
pub mod files;
pub mod folders;
mod libraries;
pub mod names;
mod out;
pub mod output;
pub mod project;
mod repl;
pub mod report;
mod request;
pub mod table;
pub mod terminal;
mod testing;
pub mod why;
pub mod world;

use std::process::ExitCode;

use clap::Parser;

use args::Args;
use terminal::Terminal;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended; the exit code of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to say against it: 0.
    Clean,
    /// There are findings: 1.
    Findings,
}

/// Reads the command line, runs the command, and gives the exit code:
/// 0 clean, 1 findings, 2 usage or I/O.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    let mut terminal = Terminal::new(args.color);
    let outcome = commands::run(&args, &mut terminal).and_then(|outcome| {
        terminal.flush().map(|()| outcome).map_err(|error| failure::stream(&error))
    });
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            terminal.fail(&failure);
            ExitCode::from(2)
        }
    }
}
