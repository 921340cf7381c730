//! `qgc test`: asks what the fleet's tests expect.

use std::io::Write;
use std::path::Path;

use qg_interpreter::testing::Tested;

use super::run::{Run, ignore_gone_reader, plural};
use crate::Outcome;
use crate::args::{Format, TestArgs, TestFormat};
use crate::failure::Failure;
use crate::report::{self, Context};
use crate::terminal::Terminal;
use crate::testing;

pub(super) fn run(args: &TestArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let (filter, path) = asked(args);
    let run = Run::new(path, &args.chosen)?;
    if run.build.has_errors() {
        let context = Context {
            sources: &run.build.analysis.sources,
            names: &run.project.names,
            colors: terminal.err_colors,
        };
        let found = run.build.diagnostics.iter().filter(|it| it.is_error()).cloned();
        let found: Vec<_> = found.collect();
        ignore_gone_reader(report::write(Format::Human, &found, context, &mut terminal.err))?;
        let line = "a fleet with errors is not tested";
        ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
        return Ok(Outcome::Findings);
    }
    let wanted = filter.to_lowercase();
    let tests = run.build.test(&|name| name.to_lowercase().contains(&wanted));
    let tests = tests.map_err(|why| Failure::new(why.to_string()))?;
    if tests.is_empty() {
        return Err(none(&run, &wanted));
    }
    let context = Context {
        sources: &run.build.analysis.sources,
        names: &run.project.names,
        colors: terminal.out_colors,
    };
    let written = match args.format {
        TestFormat::Human => testing::human(&tests, context, &mut terminal.out),
        TestFormat::Json => testing::json(&tests, context, &mut terminal.out),
        TestFormat::Junit => testing::junit(&tests, context, &mut terminal.out),
    };
    ignore_gone_reader(written)?;
    ignore_gone_reader(terminal.flush())?;
    let guarded = !wanted.is_empty() || guards_hold(&run, terminal)?;
    let line = summary(&tests, run.millis());
    ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
    let clean = guarded && tests.iter().all(Tested::holds);
    Ok(if clean { Outcome::Clean } else { Outcome::Findings })
}

/// Whether nobody gets round the guards of routes: the proof of `qgc check --exposure`, whose findings go to stderr.
fn guards_hold(run: &Run, terminal: &mut Terminal) -> Result<bool, Failure> {
    let Ok(exposure) = run.build.exposure() else { return Ok(true) };
    let found = run.build.exposed(&exposure).unwrap_or_default();
    let context = Context {
        sources: &run.build.analysis.sources,
        names: &run.project.names,
        colors: terminal.err_colors,
    };
    ignore_gone_reader(report::write(Format::Human, &found, context, &mut terminal.err))?;
    Ok(found.is_empty())
}

/// The filter and the path. Other commands have the path first: what looks like one and is there, alone, is one here.
fn asked(args: &TestArgs) -> (&str, Option<&Path>) {
    let filter = args.filter.as_deref().unwrap_or_default();
    let is_path = filter.contains(['/', '.']) && Path::new(filter).exists();
    match &args.path {
        None if is_path => ("", Some(Path::new(filter))),
        path => (filter, path.as_deref()),
    }
}

/// `3 tests hold, 1 does not, in 18 ms`
fn summary(tests: &[Tested], millis: u128) -> String {
    let broken = tests.iter().filter(|it| !it.holds()).count();
    let holding = tests.len() - broken;
    let hold = if holding == 1 { "holds" } else { "hold" };
    let not = match broken {
        0 => String::new(),
        1 => ", 1 does not".to_owned(),
        _ => format!(", {broken} do not"),
    };
    format!("{} {hold}{not}, in {millis} ms", plural(holding, "test"))
}

fn none(run: &Run, wanted: &str) -> Failure {
    let all = run.build.test(&|_| true).map_or(0, |it| it.len());
    match all {
        0 => Failure::new("the fleet has no tests")
            .help("write one: `test \"the wiki asks for a login\" { expect get(\"https://…\") is redirected }`"),
        _ => Failure::new(format!("no test has `{wanted}` in its name"))
            .help(format!("there are {}: `qgc test` asks them all", plural(all, "test"))),
    }
}
