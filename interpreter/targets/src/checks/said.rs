//! One thing that two places say in two ways, where what is written could hold only one of them: a
//! path that is kept, a file. What is found where a file is put together is told by `super::clashes`.

use std::collections::BTreeMap;

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::folders::StateOf;
use qg_fleet::host::Manager;
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::service::{Answer, File, State, StateKind};
use qg_lang::diagnostic::{Diagnostic, codes};

use super::Check;
use super::made::made;
use crate::Prepared;
use crate::around::parent;

pub(super) const CHECK: Check = Check { codes: &[codes::target::SAID_TWICE], run };

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        states(fleet, host, out);
        around(fleet, host, out);
        files(fleet, host, out);
    }
}

/// One path that a host and its services keep in two ways.
fn states(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, (&str, &At<State>)> = BTreeMap::new();
    for StateOf { whose, path, state } in fleet.all_states_on(host) {
        let Some((other, first)) = known.get(path) else {
            known.insert(path, (whose, state));
            continue;
        };
        let (ours, theirs) = (words(state), words(first));
        let odd = ours.into_iter().zip(theirs).find(|((_, a, _), (_, b, _))| a != b);
        if let Some(((word, ours, by), (_, theirs, other_by))) = odd {
            let message = format!(
                "{whose} and {other} keep {path} of host.{host} with two words on `{word}`: {ours} and {theirs}"
            );
            out.push(
                Diagnostic::error(
                    codes::target::SAID_TWICE,
                    first_place(fleet, &[by, state.origin]),
                    message,
                )
                .also(first_place(fleet, &[other_by, first.origin]), "the other one")
                .help("say it in one of them and leave the other out: a path is made once"),
            );
        }
    }
}

/// A folder whose mode is said from within (`parent_mode`) in another way than elsewhere.
fn around(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let states = fleet.states_on(host);
    let said = crate::around::around(fleet, host);
    for StateOf { whose, path, state } in fleet.all_states_on(host) {
        let (Some(mode), Some(above)) = (&state.parent_mode, parent(path)) else { continue };
        let own = states.get(above).map(|it| (it.mode, it.origin));
        let other = own.or_else(|| said.get(above).map(|it| (**it, it.origin)));
        let Some((other, by)) = other.filter(|(other, _)| other.value != mode.value) else {
            continue;
        };
        let message = format!(
            "{whose} says that {above} of host.{host} has the mode {:#o}, where {:#o} is said too",
            mode.value, other.value
        );
        out.push(
            Diagnostic::error(
                codes::target::SAID_TWICE,
                first_place(fleet, &[mode.origin, state.origin]),
                message,
            )
            .also(first_place(fleet, &[other.origin, by]), "the other one")
            .help("a folder is made once: say its mode in one place, best as a `state` of its own"),
        );
    }
}

/// What a state says, word by word, and who says it.
fn words(state: &At<State>) -> Vec<(&'static str, String, OriginId)> {
    let by = state.origin;
    let (owner, group) = state.accounts();
    let name = |it: Option<(String, OriginId)>| it.unwrap_or_else(|| ("root".to_owned(), by));
    let (owner, group) = (name(owner), name(group));
    let mode = |mode: &At<u16>| (format!("{:#o}", mode.value), mode.origin);
    let answer = |it: &At<Answer>| {
        let text = if matches!(it.value, Answer::Yes) { "yes" } else { "no" };
        (text.to_owned(), it.origin)
    };
    let parent = state.parent_mode.as_ref().map_or(("none".to_owned(), by), mode);
    let kind = match state.kind.value {
        StateKind::Directory => "directory",
        StateKind::File => "file",
    };
    let acl: Vec<&str> = state.acl.iter().map(|it| it.as_str()).collect();
    let all = [
        ("kind", (kind.to_owned(), state.kind.origin)),
        ("owner", owner),
        ("group", group),
        ("mode", mode(&state.mode)),
        ("parent_mode", parent),
        ("repair", (state.repair.value.to_string(), state.repair.origin)),
        ("acl", (format!("{acl:?}"), state.acl.origin)),
        ("persist", answer(&state.persist)),
        ("backup", answer(&state.backup)),
    ];
    all.into_iter().map(|(word, (text, by))| (word, text, by)).collect()
}

/// A file at a path that is kept too, or that is written from other words.
fn files(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let Some(of) = fleet.model.host.get(host) else { return };
    let states = fleet.states_on(host);
    let mut ours: BTreeMap<String, Vec<OriginId>> = BTreeMap::new();
    for (path, by) in made(fleet, host) {
        ours.entry(path).or_default().push(by);
    }
    let mut files: BTreeMap<&str, OriginId> = BTreeMap::new();
    let on_plain = of.manager.value == Manager::Plain;
    let is_sealed = |file: &At<File>| !fleet.file_secrets(file).is_empty();
    for file in fleet.files_on(host) {
        let span = place(fleet, file.file.origin);
        let error = |message| Diagnostic::error(codes::target::SAID_TWICE, span, message);
        if let Some(state) = states.get(file.path) {
            let message = format!(
                "{} of host.{host} is a file that is written and one that is kept",
                file.path
            );
            out.push(
                error(message)
                    .also(place(fleet, state.origin), "it is kept")
                    .help("drop the `state`: what is written is there after each start"),
            );
        }
        files.entry(file.path).or_insert(file.file.origin);
        let own = ours.get(file.path).into_iter().flatten().find(|by| **by != file.file.origin);
        // What is said of the place in other words is enough.
        let is_told = out.iter().any(|it| it.is_error() && it.primary.span == span);
        if let Some(by) = own.filter(|_| !is_told && (on_plain || is_sealed(file.file))) {
            let message = format!("{} of host.{host} is written by the compiler itself", file.path);
            out.push(
                error(message)
                    .also(place(fleet, *by), "because of this")
                    .help("say it where that file comes from, or choose another path"),
            );
        }
    }
    for key in fleet.secrets_on(host).keys() {
        let Some(secret) = fleet.model.secret.get(key) else { continue };
        let path = secret.path.value.as_str();
        let file = files.get(path).copied();
        let own = ours.get(path).and_then(|by| by.first()).copied();
        if let Some(by) = file.or(own) {
            let message =
                format!("secret.{key} lies at {path} of host.{host}, where a file is written");
            let span = first_place(fleet, &[secret.path.origin, secret.origin]);
            out.push(
                Diagnostic::error(codes::target::SAID_TWICE, span, message)
                    .also(place(fleet, by), "the file")
                    .help("give the secret another `path`"),
            );
        }
    }
}
