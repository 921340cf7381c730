//! Accounts, folders, modules and settings of the kernel, in systemd's own formats.

use std::collections::BTreeMap;

use qg_fleet::host::{self, GroupKind};
use qg_fleet::leaf::{Data, OriginId};
use qg_fleet::service::{Account, State, StateKind};
use qg_formats::Document;
use qg_formats::systemd::{Lines, field as quoted};

use super::{On, Put};
use crate::around::{around, parent};
use crate::made::Made;

const COMMENT: &str = "# Made by qgc from the sources of the fleet; changes made here are lost.";

/// `sysusers.d`, `tmpfiles.d`, `modules-load.d` and `sysctl.d`.
pub(super) fn files(on: On<'_>, made: &mut Made) -> Vec<Put> {
    let mut all = Vec::new();
    for (folder, document) in [
        ("sysusers.d", accounts(on)),
        ("tmpfiles.d", folders(on)),
        ("modules-load.d", modules(on)),
        ("sysctl.d", settings(on)),
    ] {
        let from = format!("{folder}.conf");
        made.put(from.clone(), document);
        all.push(Put::new(from, format!("/etc/{folder}/qg.conf"), on.host.origin));
    }
    if let Some(rules) = sudo(on) {
        made.put("sudoers".to_owned(), rules);
        // What others may write, sudo does not read.
        all.push(Put::new("sudoers", "/etc/sudoers.d/qg", on.host.origin).with(0o440));
    }
    all
}

pub(super) fn begun() -> Lines {
    Lines::begun(COMMENT)
}

/// Accounts that nobody logs in to. Those of people are refused; what else makes one, it only gets more groups.
fn accounts(on: On<'_>) -> Document {
    let mut lines = begun();
    for (name, group) in on.fleet.model.groups_on(on.name) {
        if group.kind.value == GroupKind::Declared {
            let gid = group.gid.map_or_else(|| "-".to_owned(), |gid| gid.value.to_string());
            let what = format!("the group {name}");
            lines.rule(what, &format!("g {} {gid}", quoted(name)), &[group.origin]);
        }
    }
    for (name, user) in on.fleet.model.users_on(on.name) {
        if user.kind.value != host::Account::System {
            continue;
        }
        let uid = user.uid.map_or_else(|| "-".to_owned(), |uid| uid.value.to_string());
        let group = user.group.as_ref().map(|group| format!(":{}", quoted(group.last())));
        let id = format!("{uid}{}", group.unwrap_or_default());
        let what = format!("the account {name}");
        lines.rule(what, &format!("u {} {id} -", quoted(name)), &[user.origin]);
        let more = user.groups.iter().map(|group| (group.last(), group.origin));
        let more = more.chain(user.extra_groups.iter().map(|it| (it.value.as_str(), it.origin)));
        for (group, by) in more {
            let line = format!("m {} {}", quoted(name), quoted(group));
            lines.rule(line.clone(), &line, &[by]);
        }
    }
    lines.document()
}

/// What accounts may do as root, where somebody may something.
fn sudo(on: On<'_>) -> Option<Document> {
    let mut lines = begun();
    let mut any = false;
    for (name, user) in on.fleet.model.users_on(on.name) {
        for command in on.fleet.sudo_on(user, on.name, "/usr/bin") {
            any = true;
            let line = format!("{name} ALL=(root) NOPASSWD: {}", command.text);
            lines.line(&line, &command.by);
        }
    }
    any.then(|| lines.document())
}

fn folders(on: On<'_>) -> Document {
    let mut lines = begun();
    let states = on.fleet.states_on(on.name);
    let around = around(on.fleet, on.name);
    let mounted = on.fleet.mounted_folders(on.name);
    let mode_of = |path: &str, mode: u16| around.get(path).map_or(mode, |it| it.value);
    let made = |path: &String| format!("what is made at {path}");
    for (path, state) in states {
        let letter = match state.kind.value {
            StateKind::Directory => "d",
            StateKind::File => "f",
        };
        if let (Some(mode), Some(above)) = (&state.parent_mode, parent(path))
            && !states.contains_key(above)
            && !mounted.contains_key(above)
        {
            let line = format!("d {} {:04o} - - - -", quoted(above), mode.value);
            lines.rule(made(&above.to_owned()), &line, &[mode.origin]);
        }
        let (name, mode) = (quoted(path), state.mode.value);
        let (user, group) = owners(state);
        let line =
            |letter: &str, mode: String| format!("{letter} {name} {mode} {user} {group} - -");
        let what = made(&(*path).to_owned());
        lines.rule(what, &line(letter, format!("{mode:04o}")), &[state.origin]);
        if state.repair.value {
            lines.line(&line("Z", format!("~{mode:04o}")), &[state.repair.origin]);
        }
        if !state.acl.is_empty() {
            let all: Vec<&str> = state.acl.iter().map(|it| it.as_str()).collect();
            let acl = all.join(",");
            lines.line(&format!("A+ {name} - - - - {acl}"), &[state.acl.origin]);
        }
    }
    let name = |it: Account| it.map_or_else(|| "-".to_owned(), |(name, _)| quoted(&name));
    for (path, folder) in mounted {
        let (user, group) = (name(folder.owner.clone()), name(folder.group.clone()));
        let mode = mode_of(path, folder.mode.value);
        let line = format!("d {} {mode:04o} {user} {group} - -", quoted(path));
        let mut by = vec![folder.by];
        by.extend(around.get(path.as_str()).map(|it| it.origin));
        lines.rule(made(path), &line, &by);
    }
    lines.document()
}

fn owners(state: &State) -> (String, String) {
    let name = |it: Account| it.map_or_else(|| "-".to_owned(), |(name, _)| quoted(&name));
    let (owner, group) = state.accounts();
    (name(owner), name(group))
}

fn modules(on: On<'_>) -> Document {
    let mut lines = begun();
    let mut all: BTreeMap<&str, OriginId> = BTreeMap::new();
    all.extend(on.host.boot.modules.iter().map(|it| (it.value.as_str(), it.origin)));
    for (_, _, container) in on.fleet.containers_on(on.name) {
        let modules = container.kernel_modules.iter();
        all.extend(modules.map(|it| (it.value.as_str(), it.origin)));
    }
    for (module, by) in all {
        lines.word("", module, &[by]);
    }
    lines.document()
}

/// Settings of the running kernel (sysctl.d(5)).
fn settings(on: On<'_>) -> Document {
    let mut lines = begun();
    for (key, value) in &on.host.boot.sysctl {
        let text = match &value.value {
            Data::Bool(it) => u8::from(*it).to_string(),
            Data::Int(it) => it.to_string(),
            Data::Text(text) => text.clone(),
            Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_)
            | Data::Record(_) => continue,
        };
        if key.contains('=') || key.trim() != key || key.starts_with(['#', ';']) || key.is_empty() {
            lines.refuse(key, "is no name of a setting", &[value.origin]);
        } else {
            lines.pair(key, " = ", &text, &[value.origin]);
        }
    }
    lines.document()
}
