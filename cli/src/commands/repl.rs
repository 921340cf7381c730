//! `qgc repl`: explore a fleet, question by question.

use std::io::IsTerminal;

use crate::Outcome;
use crate::args::ReplArgs;
use crate::failure::Failure;
use crate::repl;
use crate::terminal::Terminal;

pub(super) fn run(args: &ReplArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let path = args.path.as_deref();
    // Without somebody who types, lines are read as they come.
    match std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        true => repl::interactive(path, &args.chosen, terminal),
        false => repl::plain(path, &args.chosen, terminal),
    }
}
