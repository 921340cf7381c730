//! What `check` and `compile` have in common: reading a fleet, building it, saying what was found.

use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use qg_interpreter::Build;
use qg_lang::diagnostic::{Diagnostic, Severity};

use crate::Outcome;
use crate::args::{Chosen, FleetArgs};
use crate::failure::{Failure, stream};
use crate::project::Project;
use crate::report::{self, Context};
use crate::terminal::Terminal;
use crate::world::DiskWorld;

/// A fleet that was read and built.
pub(super) struct Run {
    pub(super) project: Project,
    pub(super) build: Build,
    files: usize,
    /// Links out of the fleet's folder, which were not followed.
    left: Vec<String>,
    /// The program's only clock; what it measures is shown and goes nowhere else.
    start: Instant,
}

impl Run {
    /// Reads and builds the fleet that a path means.
    pub(super) fn new(path: Option<&Path>, chosen: &Chosen) -> Result<Run, Failure> {
        let start = Instant::now();
        let project = Project::find(path, chosen)?;
        let world = DiskWorld::read(&project)?;
        if world.is_empty() {
            return Err(no_sources(&project));
        }
        let (files, left) = (world.len(), world.left().to_vec());
        let build = qg_interpreter::build(&world);
        Ok(Run { project, build, files, left, start })
    }

    /// How long it has taken until now.
    pub(super) fn millis(&self) -> u128 {
        self.start.elapsed().as_millis()
    }

    /// Lets the system take all memory back at once: the program ends here.
    pub(super) fn leave(self) {
        std::mem::forget(self);
    }

    /// Prints the findings, and says whether they stand in the way.
    pub(super) fn report(
        &self,
        args: &FleetArgs,
        terminal: &mut Terminal,
    ) -> Result<Outcome, Failure> {
        let context = Context {
            sources: &self.build.analysis.sources,
            names: &self.project.names,
            colors: terminal.out_colors,
        };
        let (findings, most) = (&self.build.diagnostics, args.max_findings);
        match report::write_some(args.format, findings, most, context, &mut terminal.out) {
            Ok(more) if !more.is_empty() => {
                ignore_gone_reader(terminal.flush())?;
                for (path, count) in more {
                    let path = report::harmless(&path);
                    ignore_gone_reader(writeln!(terminal.err, "… and {count} more in {path}"))?;
                }
                let line = "--max-findings 0 shows all of them";
                ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
            }
            printed => ignore_gone_reader(printed.map(|_| ()))?,
        }
        Ok(outcome(&self.build.diagnostics, args.deny_warnings))
    }

    /// Tells whoever asks a question that the fleet has errors, on stderr.
    pub(super) fn mention_errors(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        if !self.build.has_errors() {
            return Ok(());
        }
        let found = counted(&self.build.diagnostics).join(", ");
        ignore_gone_reader(writeln!(terminal.err, "{found} in the fleet: `qgc check` shows them"))
    }

    /// The last line, on stderr: `7 hosts, 40 services, 120 files in 18 ms`, then what else is to say.
    pub(super) fn summary(&self, more: &str, terminal: &mut Terminal) -> Result<(), Failure> {
        ignore_gone_reader(terminal.flush())?;
        let mut parts = counted(&self.build.diagnostics);
        if let Some(fleet) = &self.build.fleet {
            parts.push(plural(fleet.model.host.len(), "host"));
            parts.push(plural(fleet.model.service.len(), "service"));
        }
        parts.push(plural(self.files, "file"));
        let millis = self.start.elapsed().as_millis();
        let line = format!("{} in {millis} ms{more}", parts.join(", "));
        ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
        for link in &self.left {
            let line = format!(
                "not followed: {} leads out of the fleet's folder",
                self.project.names.of(link)
            );
            ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
        }
        Ok(())
    }
}

/// A fleet of no source is a mistake in its manifest rather than a fleet.
fn no_sources(project: &Project) -> Failure {
    let folders: Vec<&str> =
        project.config.sources.iter().map(|(folder, _)| folder.as_str()).collect();
    let failure = Failure::new(format!("there is no .qg file below {}", project.root.display()));
    match folders.as_slice() {
        ["."] => failure,
        [] => failure.help("`sources` of qg.toml names no folder"),
        _ => failure.help(format!("`sources` of qg.toml names {}", folders.join(", "))),
    }
}

/// An answer for programs, on lines of its own.
pub(super) fn pretty(answer: &serde_json::Value) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(answer);
    Ok(text.map_err(|error| stream(&error.into()))? + "\n")
}

/// `2 errors`, `1 warning`; nothing where there are none.
pub(crate) fn counted(findings: &[Diagnostic]) -> Vec<String> {
    let mut parts = Vec::new();
    for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 {
            parts.push(plural(count, word));
        }
    }
    parts
}

/// Errors always stand in the way, warnings only where they are denied.
fn outcome(findings: &[Diagnostic], deny_warnings: bool) -> Outcome {
    match findings.iter().any(|finding| deny_warnings || finding.is_error()) {
        true => Outcome::Findings,
        false => Outcome::Clean,
    }
}

pub(super) fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

/// A reader that went away (`qgc check | head`) is no failure.
pub(super) fn ignore_gone_reader(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(stream(&error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, outcome, plural};
    use crate::report::tests::CODE;
    use qg_lang::diagnostic::Diagnostic;
    use qg_lang::span::{FileId, Span};

    #[test]
    fn warnings_stand_in_the_way_only_where_they_are_denied() {
        let place = Span::new(FileId(0), 0, 1);
        let (error, warning) =
            (Diagnostic::error(CODE, place, "x"), Diagnostic::warning(CODE, place, "x"));
        let is = |findings: &[&Diagnostic], deny| {
            outcome(&findings.iter().copied().cloned().collect::<Vec<_>>(), deny)
        };
        assert_eq!(is(&[], true), Outcome::Clean);
        assert_eq!(is(&[&warning], false), Outcome::Clean);
        assert_eq!(is(&[&warning], true), Outcome::Findings);
        assert_eq!(is(&[&warning, &error], false), Outcome::Findings);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!((plural(1, "host"), plural(0, "file")), ("1 host".into(), "0 files".into()));
    }
}
