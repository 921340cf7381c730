//! `qgc check`: look for mistakes, write nothing.

use std::io::Write;

use qg_interpreter::exposure::Exposure;
use qg_lang::diagnostic::tidy;

use super::request::unsent;
use super::run::{Run, ignore_gone_reader};
use crate::Outcome;
use crate::args::{CheckArgs, Format};
use crate::exposure;
use crate::failure::Failure;
use crate::report::Context;
use crate::terminal::Terminal;

pub(super) fn run(args: &CheckArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let mut run = Run::new(args.fleet.path.as_deref(), &args.fleet.chosen)?;
    let exposure = if args.exposure { exposure_of(&mut run)? } else { None };
    let outcome = run.report(&args.fleet, terminal)?;
    if let Some(exposure) = exposure {
        show(&exposure, &run, args.fleet.format, terminal)?;
    }
    run.summary("", terminal)?;
    run.leave();
    Ok(outcome)
}

/// Who can reach what; ways round guards are findings like others. A fleet with errors is shown by them alone.
fn exposure_of(run: &mut Run) -> Result<Option<Exposure>, Failure> {
    if run.build.fleet.is_none() {
        return Ok(None);
    }
    let exposure = run.build.exposure().map_err(|why| unsent(&why))?;
    let found = run.build.exposed(&exposure).map_err(|why| unsent(&why))?;
    run.build.diagnostics.extend(found);
    tidy(&mut run.build.diagnostics);
    Ok(Some(exposure))
}

fn show(
    exposure: &Exposure,
    run: &Run,
    format: Format,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let context = Context {
        sources: &run.build.analysis.sources,
        names: &run.project.names,
        colors: terminal.out_colors,
    };
    let text = match format {
        Format::Human | Format::Short => exposure::human(exposure, context),
        Format::Json => format!("{}\n", exposure::object(exposure, context)),
        // These are for findings alone.
        Format::Github | Format::Sarif => return Ok(()),
    };
    ignore_gone_reader(terminal.out.write_all(text.as_bytes()))
}
