//! Timers that are said in Nix and never start anything: that nothing starts, or that wait for nothing. NixOS makes
//! neither of it by itself (nixpkgs `nixos/lib/systemd-lib.nix`).

use qg_fleet::checks::place::{own_place, within};
use qg_formats::nix::{NixExpr, Set};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::units as codes;

use super::Check;
use crate::Prepared;
use crate::nix::{own_options, written};

pub(super) const CHECK: Check = Check { codes: &[codes::DEAD_TIMER], run };

/// Keys that say when.
const WHEN: [&str; 8] = [
    "OnActiveSec",
    "OnBootSec",
    "OnCalendar",
    "OnClockChange",
    "OnStartupSec",
    "OnTimezoneChange",
    "OnUnitActiveSec",
    "OnUnitInactiveSec",
];

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let own = own_options(fleet, host);
        let ours = fleet.timers_on(host);
        for set in own.iter().chain(written(fleet, host)) {
            for place in [&["systemd", "timers"][..], &["systemd", "user", "timers"]] {
                for (name, timer) in set.at(place).into_iter().flat_map(|it| &it.0) {
                    let NixExpr::Set(timer) = &timer.expr else { continue };
                    // `startAt` of the service makes its timer, which is only added to here.
                    let service: Vec<&str> = place[..place.len() - 1]
                        .iter()
                        .copied()
                        .chain(["services", name])
                        .collect();
                    let started = set.at(&service).is_some_and(|it| it.get("startAt").is_some());
                    if started || ours.iter().any(|it| it.stem == name) {
                        continue;
                    }
                    out.extend(judged(fleet, host, name, timer));
                }
            }
        }
    }
}

fn judged(fleet: &Prepared<'_>, host: &str, name: &str, timer: &Set) -> Option<Diagnostic> {
    let config = timer.at(&["timerConfig"])?;
    let by = config.0.iter().flat_map(|(_, it)| it.all_origins());
    let by = by.into_iter().find(|it| fleet.origins.span(*it).is_some())?;
    let when = WHEN.iter().any(|it| config.get(it).is_some());
    // One that a module makes is only added to.
    let is_modules = ["services", "programs"].iter().any(|it| !fleet.options.lacks(&[it], name));
    let is_known = is_modules || super::near::is_systems(name) || timer.get("enable").is_some();
    if is_known {
        return None;
    }
    let (message, help) = if !when {
        (
            format!("nothing says when {name}.timer of host.{host} starts something"),
            "say `OnCalendar`, or `OnBootSec`",
        )
    } else if timer.get("wantedBy").is_none() && timer.get("requiredBy").is_none() {
        (
            format!("nothing starts {name}.timer of host.{host}, so that it waits for nothing"),
            "say `wantedBy = [\"timers.target\"]` of it",
        )
    } else {
        return None;
    };
    let span = within(fleet, own_place(fleet, &[by]), name);
    Some(Diagnostic::warning(codes::DEAD_TIMER, span, message).help(help))
}
