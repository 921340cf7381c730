//! `qgc options update`: the options and packages of the nixpkgs that the hosts are built from, kept beside `qg.toml`.

mod ask;
mod compare;
mod flake;

use std::io::Write;

use qg_interpreter::fleet::options::{KEPT, write::Draft};

use super::run::ignore_gone_reader;
use crate::Outcome;
use crate::args::{OptionsArgs, OptionsCommand, UpdateArgs};
use crate::failure::Failure;
use crate::files::{FILE_LIMIT, read_text, replace};
use crate::project::{MANIFEST, Project};
use crate::terminal::Terminal;

use ask::Answer;
use compare::Changes;

pub(super) fn run(args: &OptionsArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    match &args.command {
        OptionsCommand::Update(args) => update(args, terminal),
    }
}

fn update(args: &UpdateArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let project = Project::find(args.path.as_deref(), &args.chosen)?;
    if project.only.is_some() {
        return Err(Failure::new(format!("there is no {MANIFEST} to keep the answer beside"))
            .help("name the folder of the fleet"));
    }
    let (source, answers) = match &args.file {
        Some(file) => (file.display().to_string(), vec![ask::file(file)?]),
        None => {
            let flake = flake::find(args.flake.as_deref(), &project)?;
            let hosts = flake::hosts(&flake, &args.hosts)?;
            let mut answers = Vec::new();
            for host in &hosts {
                // It takes its time.
                let line = format!("asking {} for the options of {host}", flake.shown);
                ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
                answers.push(ask::host(&flake, host)?);
            }
            (format!("{} ({})", flake.shown, hosts.join(", ")), answers)
        }
    };
    let version = answers.iter().map(|it| it.version.clone()).find(|it| !it.is_empty());
    let draft = draft(&source, answers);
    if draft.options.is_empty() {
        return Err(Failure::new(format!("{source} has no options")).help(
            "what is asked has to give `options`, as `nixosSystem` and `lib.evalModules` do",
        ));
    }
    let kept = project.root.join(KEPT);
    let changes = Changes::new(read_text(&kept, FILE_LIMIT).ok(), &draft);
    if args.dry_run {
        ignore_gone_reader(terminal.out.write_all(changes.listed().as_bytes()))?;
    } else {
        replace(&kept, &draft.text())?;
    }
    ignore_gone_reader(terminal.flush())?;
    let nixpkgs = version.map_or_else(String::new, |it| format!(", of nixpkgs {it}"));
    let line = format!("{}{KEPT}: {}{nixpkgs}", project.names.prefix, changes.counted());
    ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
    Ok(Outcome::Clean)
}

/// One table of all answers: what one host has, the fleet has.
fn draft(source: &str, answers: Vec<Answer>) -> Draft {
    let mut draft = Draft::default();
    let head = |key: &str, value: String| (!value.is_empty()).then(|| (key.to_owned(), value));
    let first = |of: fn(&Answer) -> &String| {
        answers.iter().map(of).find(|it| !it.is_empty()).cloned().unwrap_or_default()
    };
    let (revision, version) = (first(|it| &it.revision), first(|it| &it.version));
    let date = date(&version);
    draft.head = [
        head("source", source.to_owned()),
        head("revision", revision),
        head("version", version),
        head("date", date),
        head("made-by", "qgc options update".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    for answer in answers {
        for (way, phrase) in answer.options {
            let known = draft.options.entry(way).or_insert_with(|| phrase.clone());
            if *known != phrase {
                *known = format!("({known}) or ({phrase})");
            }
        }
        draft.packages.extend(answer.packages);
    }
    draft
}

/// The day in a version of NixOS: `25.11.20251203.50ab793` is of 2025-12-03.
fn date(version: &str) -> String {
    let is_day = |part: &&str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    let day = version.split('.').find(is_day);
    let parts = day.and_then(|it| Some((it.get(..4)?, it.get(4..6)?, it.get(6..)?)));
    parts.map_or_else(String::new, |(year, month, day)| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_host_has_the_fleet_has() {
        let answer = |name: &str, phrase: &str| Answer {
            options: vec![
                (vec!["a".to_owned()], phrase.to_owned()),
                (vec![name.to_owned()], "string".to_owned()),
            ],
            packages: vec![name.to_owned()],
            revision: String::new(),
            version: "25.11.20251203.50ab793".to_owned(),
        };
        let draft = draft("x", vec![answer("b", "boolean"), answer("c", "string")]);
        let options: Vec<(String, &str)> =
            draft.options.iter().map(|(way, phrase)| (way.join("."), phrase.as_str())).collect();
        let wanted = [("a", "(boolean) or (string)"), ("b", "string"), ("c", "string")];
        assert_eq!(options, wanted.map(|(way, phrase)| (way.to_owned(), phrase)));
        assert_eq!(draft.packages, ["b", "c"]);
        assert!(draft.head.contains(&("date".to_owned(), "2025-12-03".to_owned())));
    }
}
