//! What happens around a copy: units are stopped and scripts run, and all that ran starts again.
//!
//! systemd runs both as root and outside of whatever the job may see, whoever the job's account is; the
//! second also where the copy failed or was broken off (`ExecStopPost=`, systemd.service(5)).

use qg_fleet::leaf::{At, OriginId};
use qg_fleet::service::Backup;
use qg_fleet::standstill::Still;
use qg_formats::Document;
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::{On, OutputFile, put_program, scripts};
use crate::sealed::word;

const SCRIPT: &str = include_str!("standstill.sh");
/// Its place in the host's folder, and on the host.
const FILE: &str = "standstill.sh";
const PROGRAM: &str = "/etc/qg/standstill";

/// What is stopped for a backup.
fn still(on: On<'_>, backup: &Backup) -> Vec<Still> {
    on.fleet.stands_still(on.name, &backup.stop)
}

/// Whether a backup of this host stops anything, and who says so.
fn stops(on: On<'_>) -> Option<OriginId> {
    let vaults = on.fleet.model.vaults_on(on.name);
    let mut all = vaults.flat_map(|(key, _)| on.fleet.model.backups_to(key));
    all.find_map(|(_, _, backup)| (!still(on, backup).is_empty()).then_some(backup.stop.origin))
}

/// The script, where it is needed.
pub(super) fn file(on: On<'_>) -> Option<OutputFile> {
    let by = stops(on)?;
    let document = Document::whole(SCRIPT.to_owned(), &[by]);
    Some(document.file(format!("hosts/{}/{FILE}", on.name)))
}

/// The script on the host.
pub(super) fn put(on: On<'_>, set: &mut Set) {
    let Some(by) = stops(on) else { return };
    put_program(set, PROGRAM, FILE, by);
}

/// What the unit of a job does around the copies of these backups.
pub(super) fn around(on: On<'_>, job: &str, backups: &[&At<Backup>]) -> Set {
    let mut all = Set::new();
    let by = backups.first().map(|it| it.origin).unwrap_or_default();
    if let Some(before) = before(on, job, backups) {
        let list = Nix::list(vec![as_root("before-backup", before)], by);
        all.put("ExecStartPre", Nix::apply(&["lib", "mkBefore"], vec![list]));
    }
    if let Some(after) = after(on, job, backups) {
        all.put("ExecStopPost", Nix::list(vec![as_root("after-backup", after)], by));
    }
    all
}

/// Stops units and runs scripts.
fn before(on: On<'_>, job: &str, backups: &[&At<Backup>]) -> Option<Nix> {
    let (mut parts, mut by) = (Vec::new(), Vec::new());
    for backup in backups {
        let all = still(on, backup);
        let mut accounts: Vec<Option<&String>> = all.iter().map(|it| it.account.as_ref()).collect();
        accounts.dedup();
        for account in accounts {
            let of = |named: bool| {
                let whose = all.iter().filter(move |it| it.account.as_ref() == account);
                whose.filter(move |it| it.named == named).map(|it| word(&it.unit))
            };
            let mut words: Vec<String> = of(true).collect();
            if of(false).next().is_some() {
                words.push("--".to_owned());
                words.extend(of(false));
            }
            let whose = account.map_or_else(|| "-".to_owned(), |it| word(it));
            let line =
                format!("{PROGRAM} hold {} {whose} {} || exit\n", word(job), words.join(" "));
            parts.push(NixPart::Text(line));
        }
        by.extend(all.iter().flat_map(|it| it.origins.iter().copied()));
        for script in backup.before.iter() {
            parts.extend(scripts::command(on, script));
            // Without what it prepares there is nothing to copy.
            parts.push(NixPart::Text(" || exit\n".to_owned()));
            by.push(script.origin);
        }
    }
    (!parts.is_empty()).then(|| Nix::new(NixExpr::Filled(parts), &by))
}

/// Starts again what was stopped, and runs scripts. The worst result is the job's.
fn after(on: On<'_>, job: &str, backups: &[&At<Backup>]) -> Option<Nix> {
    let (mut parts, mut by) = (Vec::new(), Vec::new());
    let stopped = backups.iter().filter(|backup| !still(on, backup).is_empty());
    by.extend(stopped.flat_map(|backup| backup.stop.iter().map(|it| it.origin)));
    if !by.is_empty() {
        let line = format!("{PROGRAM} release {} || failed=1\n", word(job));
        parts.push(NixPart::Text(line));
    }
    for script in backups.iter().flat_map(|backup| backup.after.iter()) {
        parts.extend(scripts::command(on, script));
        parts.push(NixPart::Text(" || failed=1\n".to_owned()));
        by.push(script.origin);
    }
    if !parts.is_empty() {
        parts.insert(0, NixPart::Text("failed=0\n".to_owned()));
        parts.push(NixPart::Text("exit \"$failed\"\n".to_owned()));
    }
    (!parts.is_empty()).then(|| Nix::new(NixExpr::Filled(parts), &by))
}

/// A command that systemd runs as root, whoever the unit's account is.
fn as_root(name: &str, text: Nix) -> Nix {
    let by = text.origins.clone();
    let name = Nix::new(NixExpr::Text(name.to_owned()), &by);
    let script = Nix::apply(&["pkgs", "writeShellScript"], vec![name, text]);
    Nix::new(NixExpr::Filled(vec![NixPart::Text("+".to_owned()), NixPart::Hole(script)]), &by)
}
