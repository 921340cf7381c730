//! The turn of a vault: one unit with one timer, which starts the unit of each copy when the one before it has ended.
//!
//! Timers of their own would start the copies side by side, and `After=` orders what is started together, not what
//! one chance or another starts a minute later (systemd.unit(5)).

use qg_fleet::leaf::{At, Millis, OriginId};
use qg_fleet::service::Vault;
use qg_formats::Document;
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::services::time_span;
use super::{On, OutputFile, put_program};
use crate::sealed::word;

const SCRIPT: &str = include_str!("chain.sh");
/// Its place in the host's folder, and on the host.
const FILE: &str = "chain.sh";
const PROGRAM: &str = "/etc/qg/chain";

/// What a vault has done in turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Copies,
    Upkeep,
}

impl Turn {
    /// The unit, without its ending.
    #[must_use]
    pub fn unit(self, vault: &str) -> String {
        match self {
            Turn::Copies => format!("qg-backups-{vault}"),
            Turn::Upkeep => format!("qg-upkeep-{vault}"),
        }
    }
}

/// Who wants the script on a host.
fn by(on: On<'_>) -> Option<OriginId> {
    on.fleet.model.vaults_on(on.name).next().map(|(_, vault)| vault.origin)
}

/// The script, where it is needed.
pub(super) fn file(on: On<'_>) -> Option<OutputFile> {
    let document = Document::whole(SCRIPT.to_owned(), &[by(on)?]);
    Some(document.file(format!("hosts/{}/{FILE}", on.name)))
}

/// The script on the host.
pub(super) fn put(on: On<'_>, set: &mut Set) {
    if let Some(by) = by(on) {
        put_program(set, PROGRAM, FILE, by);
    }
}

/// The unit that starts these, and its timer.
pub(super) fn turn(
    turn: Turn,
    (key, vault): (&str, &At<Vault>),
    schedule: &At<String>,
    jobs: &[(String, Vec<OriginId>)],
    set: &mut Set,
) {
    if jobs.is_empty() {
        return;
    }
    let name = turn.unit(key);
    let what = match turn {
        Turn::Copies => "Copies into",
        Turn::Upkeep => "Looks after",
    };
    let words: Vec<String> = jobs.iter().map(|(job, _)| word(&format!("{job}.service"))).collect();
    let script = vec![NixPart::Text(format!("exec {PROGRAM} {}\n", words.join(" \\\n  ")))];
    let all: Vec<OriginId> = jobs.iter().flat_map(|(_, by)| by.iter().copied()).collect();
    let by = vault.origin;
    let mut unit = Set::new();
    unit.put("description", Nix::text(format!("{what} vault.{key}, one after the other"), by));
    // A switch in the night does not break it off.
    unit.put("restartIfChanged", Nix::bool(false, by));
    unit.put_at(&["serviceConfig", "Type"], Nix::text("oneshot", by));
    unit.put("script", Nix::new(NixExpr::Filled(script), &all));
    set.put_at(&["systemd", "services", &name], unit.nix(by));

    let mut timer = Set::new();
    timer.put("OnCalendar", Nix::text(schedule.value.clone(), schedule.origin));
    if turn == Turn::Copies && vault.spread.value > Millis(0) {
        let spread = Nix::text(time_span(vault.spread.value), vault.spread.origin);
        timer.put("RandomizedDelaySec", spread);
    }
    timer.put("Persistent", Nix::bool(true, schedule.origin));
    let wanted = Nix::list(vec![Nix::text("timers.target", schedule.origin)], schedule.origin);
    set.put_at(&["systemd", "timers", &name, "wantedBy"], wanted);
    set.put_at(&["systemd", "timers", &name, "timerConfig"], timer.nix(schedule.origin));
}
