//! `qgc why`: who said a value of the model, or what stands in a line of the output.

use std::io::Write;

use super::run::{Run, ignore_gone_reader, pretty};
use crate::Outcome;
use crate::args::{Format, WhyArgs, WhyFormat};
use crate::failure::Failure;
use crate::report::{self, Context};
use crate::terminal::Terminal;
use crate::why::{self, Question};

pub(super) fn run(args: &WhyArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let target = Question::of(&args.target);
    let run = Run::new(args.path.as_deref().or(target.fleet(&args.chosen)), &args.chosen)?;
    let context = Context {
        sources: &run.build.analysis.sources,
        names: &run.project.names,
        colors: terminal.err_colors,
    };
    let reasons = match target {
        Question::Place(path) => {
            run.mention_errors(terminal)?;
            Some(why::place(&run.build, &run.project, path, context)?)
        }
        Question::Line(path, number) => {
            why::line(&run.build, &run.project, (path, number), context)?
        }
    };
    let Some(reasons) = reasons else {
        let found = &run.build.diagnostics;
        ignore_gone_reader(report::write(Format::Human, found, context, &mut terminal.err))?;
        ignore_gone_reader(writeln!(terminal.err, "{}", why::NOTHING_MADE))?;
        return Ok(Outcome::Findings);
    };
    let text = match args.format {
        WhyFormat::Human => reasons.text,
        WhyFormat::Json => pretty(&reasons.object)?,
    };
    ignore_gone_reader(terminal.out.write_all(text.as_bytes()))?;
    Ok(Outcome::Clean)
}
