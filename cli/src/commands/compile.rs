//! `qgc compile`: make the files of every host, or of some.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use qg_interpreter::fleet::Fleet;
use qg_interpreter::manifest::{self, Manifest};
use qg_interpreter::targets::OutputFile;
use qg_lang::diagnostic::closest;
use serde_json::json;

use super::run::{Run, ignore_gone_reader};
use crate::Outcome;
use crate::args::{CompileArgs, Format};
use crate::failure::Failure;
use crate::output::Output;
use crate::output::earlier::Earlier;
use crate::output::plan::WritePlan;
use crate::output::tree::FolderTree;
use crate::report;
use crate::terminal::Terminal;

pub(super) fn run(args: &CompileArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let run = Run::new(args.fleet.path.as_deref(), &args.fleet.chosen)?;
    let outcome = run.report(&args.fleet, terminal)?;
    let fleet = match (&run.build.fleet, outcome) {
        (Some(fleet), Outcome::Clean) => fleet,
        (Some(_) | None, _) => {
            run.summary("; nothing was written", terminal)?;
            return Ok(Outcome::Findings);
        }
    };

    if fleet.model.host.is_empty() {
        let failure =
            Failure::new("there is no host in this fleet, so that there is nothing to write");
        return Err(failure.help(
            "describe a machine: `host NAME { system = x86_64_linux, state_version = \"25.05\" }`",
        ));
    }
    let folder = args.out.clone().unwrap_or_else(|| run.project.out());
    let output = Output::open(&folder)?;
    let rendered = Rendered::new(fleet, &run.build.output, args)?;
    let shown = shown(&folder);
    if args.dry_run {
        let (tree, kept) = rendered.tree(fleet, &run, &output, &folder)?;
        let plan = output.plan(&tree)?;
        say(&plan, args.fleet.format, terminal)?;
        run.summary(&format!("; {shown}: {} (dry run)", plan.summary()), terminal)?;
        kept.say(&shown, terminal)?;
        return Ok(outcome);
    }
    let lock = output.lock()?;
    // Under the lock, for with --host the earlier output goes into the new one.
    let (tree, kept) = rendered.tree(fleet, &run, &output, &folder)?;
    let plan = output.plan(&tree)?;
    if !plan.is_empty() {
        output.write(&tree, &lock)?;
    }
    drop(lock);
    run.summary(&format!("; {shown}: {}", plan.summary()), terminal)?;
    kept.say(&shown, terminal)?;
    run.leave();
    Ok(outcome)
}

/// The files of this run.
struct Rendered<'a> {
    files: &'a [OutputFile],
    /// With `--host`: whose files are made.
    hosts: Option<BTreeSet<String>>,
}

impl<'a> Rendered<'a> {
    fn new(
        fleet: &Fleet,
        files: &'a [OutputFile],
        args: &CompileArgs,
    ) -> Result<Rendered<'a>, Failure> {
        if args.hosts.is_empty() {
            return Ok(Rendered { files, hosts: None });
        }
        let hosts = &fleet.model.host;
        for name in &args.hosts {
            if !hosts.contains_key(name) {
                let failure = Failure::new(format!("no host named `{name}`"));
                return Err(match closest(name, hosts.keys().map(String::as_str)) {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => {
                        let known: Vec<&str> = hosts.keys().map(String::as_str).collect();
                        failure.help(format!("the hosts are: {}", known.join(", ")))
                    }
                });
            }
        }
        Ok(Rendered { files, hosts: Some(args.hosts.iter().cloned().collect()) })
    }

    /// Whether this run makes a file: one of a host that is wanted, or of the whole fleet.
    fn wants(&self, path: &str) -> bool {
        match (&self.hosts, host_of(path)) {
            (Some(hosts), Some(host)) => hosts.contains(host),
            (None, _) | (_, None) => true,
        }
    }

    /// What the output folder shall hold.
    fn tree(
        &self,
        fleet: &Fleet,
        run: &Run,
        output: &Output,
        folder: &Path,
    ) -> Result<(FolderTree, Kept), Failure> {
        let files = || self.files.iter().filter(|file| self.wants(&file.path));
        let sources = &run.build.analysis.sources;
        let mut manifest = manifest::build(files(), &fleet.origins, sources);
        let mut tree = FolderTree::default();
        for file in files() {
            tree.add(&file.path, file.text.clone().into_bytes())?;
        }
        let mut kept = Kept::default();
        if self.hosts.is_some()
            && let Some(earlier) = output.earlier()?
        {
            kept = self.keep(&earlier, folder, &mut tree, &mut manifest)?;
            kept.gone.retain(|host| !fleet.model.host.contains_key(host));
        }
        tree.add(manifest::NAME, manifest.to_text().into_bytes())?;
        Ok((tree, kept))
    }

    /// Takes over the other hosts' files as they lie there.
    fn keep(
        &self,
        earlier: &Earlier,
        folder: &Path,
        tree: &mut FolderTree,
        manifest: &mut Manifest,
    ) -> Result<Kept, Failure> {
        let (mut paths, mut kept) = (Vec::new(), Kept::default());
        for (path, entry) in &earlier.manifest.files {
            if self.wants(path) {
                continue;
            }
            // What was removed by hand stays away until its host is made again.
            if let Some(bytes) = earlier.read(folder, path)? {
                if manifest::sha256(&bytes) != entry.sha256 {
                    kept.changed.push(path.clone());
                }
                kept.gone.extend(host_of(path).map(str::to_owned));
                tree.add(path, bytes)?;
                paths.push(path.as_str());
            }
        }
        manifest.adopt(&earlier.manifest, paths);
        Ok(kept)
    }
}

/// What lay there of other hosts and is no longer as a whole run would make it.
#[derive(Default)]
struct Kept {
    /// Files that are not as they were written.
    changed: Vec<String>,
    /// Hosts that the fleet does not have any more.
    gone: BTreeSet<String>,
}

impl Kept {
    /// Tells of it on stderr, for only a run over all hosts would mend it.
    fn say(&self, folder: &str, terminal: &mut Terminal) -> Result<(), Failure> {
        let gone = self.gone.iter().map(|host| {
            format!("{folder}/hosts/{host}: there is no host.{host} any more; `qgc compile` for all hosts removes it")
        });
        let in_gone = |path: &&String| host_of(path).is_some_and(|it| self.gone.contains(it));
        let changed = self.changed.iter().filter(|path| !in_gone(path)).map(|path| {
            format!("{folder}/{path}: it was changed after it was written; `qgc compile` for all hosts writes it anew")
        });
        for line in gone.chain(changed) {
            let line = report::harmless(&line);
            ignore_gone_reader(writeln!(terminal.err, "left as it is: {line}"))?;
        }
        Ok(())
    }
}

/// The host that a file belongs to: `Server` of `hosts/Server/default.nix`.
fn host_of(path: &str) -> Option<&str> {
    path.strip_prefix("hosts/")?.split_once('/').map(|(host, _)| host)
}

/// Prints what would change, one file per line.
fn say(plan: &WritePlan, format: Format, terminal: &mut Terminal) -> Result<(), Failure> {
    for (path, change) in &plan.changes {
        let word = change.word();
        let written = match format {
            Format::Human | Format::Short => writeln!(terminal.out, "{word:<8} {path}"),
            Format::Json => writeln!(terminal.out, "{}", json!({ "change": word, "path": path })),
            // Their readers know findings only.
            Format::Sarif | Format::Github => writeln!(terminal.err, "{word:<8} {path}"),
        };
        ignore_gone_reader(written)?;
    }
    Ok(())
}

/// The folder as it is called from here.
fn shown(folder: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    folder.strip_prefix(&here).unwrap_or(folder).display().to_string()
}
