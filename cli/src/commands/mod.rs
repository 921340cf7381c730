//! The commands, one file each.

mod check;
mod compile;
mod completions;
mod explain;
mod fix;
mod init;
mod lsp;
mod options;
mod query;
mod repl;
mod request;
mod run;
mod test;
mod why;

pub(crate) use run::counted;

use crate::Outcome;
use crate::args::{Args, Command};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Carries out a command.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    match &args.command {
        Command::Check(args) => check::run(args, terminal),
        Command::Fix(args) => fix::run(args, terminal),
        Command::Compile(args) => compile::run(args, terminal),
        Command::Query(args) => query::run(args, terminal),
        Command::Why(args) => why::run(args, terminal),
        Command::Request(args) => request::run(args, terminal),
        Command::Test(args) => test::run(args, terminal),
        Command::Repl(args) => repl::run(args, terminal),
        Command::Lsp(args) => lsp::run(args),
        Command::Options(args) => options::run(args, terminal),
        Command::Init(args) => init::run(args, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::Completions(args) => completions::run(args, terminal),
    }
}
