//! Accounts, folders, modules of the kernel, and the unit that opens secrets, in systemd's own formats.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{On, Put};
use crate::fleet::host::{self, GroupKind};
use crate::fleet::leaf::OriginId;
use crate::fleet::service::{Account, State, StateKind};
use crate::formats::Document;
use crate::targets::sealed::{SCRIPT, Sealed};

const COMMENT: &str = "# Made by qgc from the sources of the fleet; changes made here are lost.";

/// `sysusers.d`, `tmpfiles.d` and `modules-load.d`.
pub(super) fn files(on: On<'_>, made: &mut BTreeMap<String, Document>) -> Vec<Put> {
    let mut all = Vec::new();
    for (folder, document) in
        [("sysusers.d", accounts(on)), ("tmpfiles.d", folders(on)), ("modules-load.d", modules(on))]
    {
        let from = format!("{folder}.conf");
        made.insert(from.clone(), document);
        all.push(Put::new(from, format!("/etc/{folder}/qg.conf"), on.host.origin));
    }
    all
}

fn begun() -> Document {
    let mut document = Document::default();
    document.line(COMMENT, &[]);
    document
}

/// Accounts that nobody logs in to; a person's own are the machine's owner's affair.
fn accounts(on: On<'_>) -> Document {
    let mut document = begun();
    for (name, group) in on.fleet.model.groups_on(on.name) {
        if group.kind.value == GroupKind::Declared {
            let gid = group.gid.map_or_else(|| "-".to_owned(), |gid| gid.value.to_string());
            document.line(&format!("g {name} {gid}"), &[group.origin]);
        }
    }
    for (name, user) in on.fleet.model.users_on(on.name) {
        if user.kind.value != host::Account::System {
            continue;
        }
        let uid = user.uid.map_or_else(|| "-".to_owned(), |uid| uid.value.to_string());
        let group = user.group.as_ref().map(|group| format!(":{}", group.last()));
        // A group by its name wants a number before it.
        let id = match (uid.as_str(), group) {
            ("-", _) | (_, None) => uid,
            (_, Some(group)) => format!("{uid}{group}"),
        };
        document.line(&format!("u {name} {id} -"), &[user.origin]);
        let more = user.groups.iter().map(|group| (group.last(), group.origin));
        let more = more.chain(user.extra_groups.iter().map(|it| (it.value.as_str(), it.origin)));
        for (group, by) in more {
            document.line(&format!("m {name} {group}"), &[by]);
        }
    }
    document
}

fn folders(on: On<'_>) -> Document {
    let mut document = begun();
    for (path, state) in on.fleet.states_on(on.name) {
        let letter = match state.kind.value {
            StateKind::Directory => "d",
            StateKind::File => "f",
        };
        let (path, mode) = (quoted(path), state.mode.value);
        let (user, group) = owners(state);
        let line =
            |letter: &str, mode: String| format!("{letter} {path} {mode} {user} {group} - -");
        document.line(&line(letter, format!("{mode:04o}")), &[state.origin]);
        if state.repair.value {
            document.line(&line("Z", format!("~{mode:04o}")), &[state.repair.origin]);
        }
        if !state.acl.is_empty() {
            let all: Vec<&str> = state.acl.iter().map(|it| it.as_str()).collect();
            document.line(&format!("A+ {path} - - - - {}", all.join(",")), &[state.acl.origin]);
        }
    }
    for (path, folder) in on.fleet.mounted_folders(on.name) {
        let name = |it: Account| it.map_or_else(|| "-".to_owned(), |(name, _)| quoted(&name));
        let (user, group) = (name(folder.owner), name(folder.group));
        let line = format!("d {} {:04o} {user} {group} - -", quoted(&path), folder.mode.value);
        document.line(&line, &[folder.by]);
    }
    document
}

fn owners(state: &State) -> (String, String) {
    let name = |it: Account| it.map_or_else(|| "-".to_owned(), |(name, _)| quoted(&name));
    let (owner, group) = state.accounts();
    (name(owner), name(group))
}

/// A field as systemd reads it: C's escapes between quotes, and no specifiers.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._@:+-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut all = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'%' => all.push_str("%%"),
            byte if plain(char::from(byte)) || byte == b' ' => all.push(char::from(byte)),
            byte => {
                let _ = write!(all, "\\x{byte:02x}");
            }
        }
    }
    all.push('"');
    all
}

fn modules(on: On<'_>) -> Document {
    let mut document = begun();
    let mut all: BTreeMap<&str, OriginId> = BTreeMap::new();
    all.extend(on.host.boot.modules.iter().map(|it| (it.value.as_str(), it.origin)));
    for (_, _, container) in on.fleet.containers_on(on.name) {
        let modules = container.kernel_modules.iter();
        all.extend(modules.map(|it| (it.value.as_str(), it.origin)));
    }
    for (module, by) in all {
        document.line(module, &[by]);
    }
    document
}

/// The unit that opens secrets and puts together what holds some, before anything reads it.
pub(super) fn unit(on: On<'_>, sealed: &[Sealed]) -> Document {
    let by = on.host.origin;
    let mut units: BTreeMap<String, OriginId> = BTreeMap::new();
    for it in sealed {
        units.extend(it.units.iter().map(|unit| (unit.clone(), it.by)));
    }
    let rootless = on.fleet.rootless(on.name);
    for (_, service, _) in on.fleet.containers_on(on.name) {
        if rootless.is_none() {
            units.insert(service.unit.name.value.clone(), service.origin);
        }
    }
    let mut unit = begun();
    unit.line("[Unit]", &[]);
    unit.line("Description=Open secrets and put together what holds some", &[by]);
    for (name, by) in &units {
        unit.line(&format!("Before={name}"), &[*by]);
    }
    if let Some(rootless) = rootless {
        unit.line(&format!("Before={}", rootless.manager()), &[rootless.user.origin]);
    }
    unit.line("", &[]);
    unit.line("[Service]", &[]);
    unit.line("Type=oneshot", &[by]);
    unit.line("RemainAfterExit=yes", &[by]);
    unit.line("ExecStart=/bin/sh /etc/qg/secrets.sh", &[by]);
    if !sealed.is_empty() {
        unit.line(&format!("ExecStart=/bin/sh {SCRIPT}"), &[by]);
    }
    unit.line("", &[]);
    unit.line("[Install]", &[]);
    unit.line("WantedBy=multi-user.target", &[by]);
    for (name, by) in &units {
        unit.line(&format!("RequiredBy={name}"), &[*by]);
    }
    unit
}
