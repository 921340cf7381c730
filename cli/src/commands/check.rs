//! `qgc check`: look for mistakes, write nothing.

use super::run::Run;
use crate::Outcome;
use crate::args::CheckArgs;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &CheckArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let run = Run::new(args.fleet.path.as_deref(), &args.fleet.chosen)?;
    let outcome = run.report(&args.fleet, terminal)?;
    run.summary("", terminal)?;
    run.leave();
    Ok(outcome)
}
