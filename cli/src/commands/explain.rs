//! `qgc explain`: the story behind a code.

use std::io::Write;

use qg_lang::diagnostic::{closest, codes};

use super::run::ignore_gone_reader;
use crate::Outcome;
use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let Some(wanted) = &args.code else {
        for code in codes::all() {
            ignore_gone_reader(writeln!(terminal.out, "{}  {}", code.id, code.title))?;
        }
        return Ok(Outcome::Clean);
    };
    let Some(code) = codes::by_id(wanted) else {
        let failure = Failure::new(format!("there is no code `{wanted}`"));
        let known = codes::all().map(|code| code.id);
        return Err(match closest(wanted, known) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`qgc explain` lists all codes"),
        });
    };
    let page = format!("{}: {}\n\n{}\n", code.id, code.title, code.explain.trim_end());
    ignore_gone_reader(terminal.out.write_all(page.as_bytes()))?;
    Ok(Outcome::Clean)
}
