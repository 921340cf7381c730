//! `qgc fix`: apply the mechanical mends of what `check` finds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use qg_interpreter::{Build, build};
use qg_lang::diagnostic::{Diagnostic, codes, mend::mend};
use qg_lang::source::{SourceFile, library_of};

use super::run::{counted, ignore_gone_reader, plural};
use crate::Outcome;
use crate::args::FixArgs;
use crate::failure::Failure;
use crate::files::replace;
use crate::project::Project;
use crate::report::harmless;
use crate::terminal::Terminal;
use crate::world::DiskWorld;

/// A mend may bring up what another one mends; more rounds than this mend nothing that people meant.
const ROUNDS: usize = 8;

pub(super) fn run(args: &FixArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    for id in &args.codes {
        if codes::by_id(id).is_none() {
            let failure = Failure::new(format!("there is no code `{id}`"));
            return Err(failure.help("`qgc explain` lists all codes"));
        }
    }
    let project = Project::find(args.path.as_deref(), &args.chosen)?;
    let mut world = DiskWorld::read(&project)?;
    let wanted = |it: &Diagnostic| {
        args.codes.is_empty() || args.codes.iter().any(|id| id.eq_ignore_ascii_case(it.code.id))
    };
    let (mut changed, mut listed, mut count) =
        (BTreeMap::<Arc<str>, String>::new(), String::new(), 0);
    let mut now = build(&world);
    for _ in 0..ROUNDS {
        let sources = &now.analysis.sources;
        let own = |file: &SourceFile| library_of(&file.path).is_none() && !file.is_data();
        let may = |id| sources.get(id).is_some_and(|file| own(file));
        let (texts, done) = mend(sources, now.diagnostics.iter().filter(|it| wanted(it)), may);
        if texts.is_empty() {
            break;
        }
        let mut next = world.clone();
        for (id, text) in &texts {
            if let Some(file) = sources.get(*id) {
                next.put(&file.path, text);
            }
        }
        let after = build(&next);
        // A mend that makes it worse is none.
        if errors(&after) > errors(&now) {
            break;
        }
        for it in &done {
            let place = sources.place(it.finding.primary.span);
            let place = project.names.of(&place);
            let _ = writeln!(listed, "{place}: {} {}", it.finding.code.id, harmless(&it.fix.title));
        }
        count += done.len();
        let path_of = |id| sources.get(id).map(|file| Arc::clone(&file.path));
        changed.extend(texts.into_iter().filter_map(|(id, text)| Some((path_of(id)?, text))));
        (world, now) = (next, after);
    }
    ignore_gone_reader(terminal.out.write_all(listed.as_bytes()))?;
    ignore_gone_reader(terminal.flush())?;
    if !args.dry_run {
        for (path, text) in &changed {
            replace(&world.place(path), text)?;
        }
    }
    let files = plural(changed.len(), "file");
    let mut line = match (count, args.dry_run) {
        (0, _) => "nothing to mend by itself".to_owned(),
        (_, true) => format!("{count} to mend in {files}; nothing is written"),
        (_, false) => format!("{count} mended in {files}"),
    };
    let left = counted(&now.diagnostics);
    if !left.is_empty() {
        let _ = write!(line, "; {} left: `qgc check` shows them", left.join(", "));
    }
    ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
    Ok(if now.has_errors() { Outcome::Findings } else { Outcome::Clean })
}

fn errors(build: &Build) -> usize {
    build.diagnostics.iter().filter(|it| it.is_error()).count()
}
