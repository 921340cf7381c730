//! Units that hosts and services say themselves, and timers: `systemd.services`, `systemd.timers`, and those below
//! `systemd.user`.

use std::collections::BTreeMap;

use qg_fleet::leaf::{At, Data, OriginId, RefOr};
use qg_fleet::service::UnitScope;
use qg_fleet::unit::OwnUnitOf;
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::{On, data, files, scripts, secrets};
use crate::own_units::{self, LinePart, LineValue, UnitLine};

/// Where NixOS has the programs of the system.
const PROGRAMS: &str = "/run/current-system/sw/bin";

/// Keys of [Unit] and [Install] that have options of their own.
const OPTIONS: [(&str, &str); 6] = [
    ("After", "after"),
    ("Description", "description"),
    ("PartOf", "partOf"),
    ("Requires", "requires"),
    ("WantedBy", "wantedBy"),
    ("Wants", "wants"),
];

pub(super) fn put(on: On<'_>, set: &mut Set) {
    for of in on.fleet.own_units_on(on.name) {
        let by = of.unit.origin;
        let mut all = enabled(&of.unit.enabled);
        lines(on, own_units::unit(on.fleet, on.name, &of), &mut all);
        further(&mut all, "unitConfig", &of.unit.unit);
        further(&mut all, "serviceConfig", &of.unit.service);
        if !of.unit.packages.is_empty() {
            let packages = of.unit.packages.iter();
            let packages = packages.map(|it| Nix::select(&scripts::package(it), it.origin));
            all.put("path", Nix::list(packages.collect(), of.unit.packages.origin));
        }
        let triggers = triggers(on, &of);
        if of.unit.restart_on_change.value && !triggers.is_empty() {
            all.put("restartTriggers", Nix::list(triggers, by));
        }
        if !of.unit.restart_on_change.value {
            all.put("restartIfChanged", Nix::bool(false, of.unit.restart_on_change.origin));
        }
        put_at(of.unit.scope.value, "services", of.stem, all.nix(by), set);
    }
    for of in on.fleet.timers_on(on.name) {
        let (scope, said) = own_units::timer(on.fleet, on.name, &of);
        let mut all = enabled(&of.timer.enabled);
        lines(on, said, &mut all);
        further(&mut all, "timerConfig", &of.timer.timer);
        put_at(scope, "timers", of.stem, all.nix(of.timer.origin), set);
    }
}

fn put_at(scope: UnitScope, kind: &str, stem: &str, unit: Nix, set: &mut Set) {
    match scope {
        UnitScope::System => set.put_at(&["systemd", kind, stem], unit),
        UnitScope::Session => set.put_at(&["systemd", "user", kind, stem], unit),
    }
}

/// Files of the fleet that it reads its environment from; those with secrets restart it where they are put together.
fn triggers(on: On<'_>, of: &OwnUnitOf<'_>) -> Vec<Nix> {
    let all = on.fleet.files_on(on.name).iter();
    let plain = all.filter(|it| on.fleet.file_secrets(it.file).is_empty());
    let read = plain.filter(|file| {
        of.unit.env_files.iter().any(|it| it.value == RefOr::Value(file.path.to_owned()))
    });
    read.map(|it| Nix::source(files::own(it.path), it.file.origin)).collect()
}

/// That it is there: a module that switches it off is told so.
fn enabled(said: &At<bool>) -> Set {
    let mut all = Set::new();
    all.put("enable", Nix::bool(said.value, said.origin));
    all
}

fn lines(on: On<'_>, all: Vec<UnitLine>, set: &mut Set) {
    for UnitLine { key, value, by } in all {
        let value = match value {
            LineValue::Switch(it) => Nix::new(NixExpr::Bool(it), &by),
            LineValue::Text(parts) => text(on, parts, &by),
        };
        let name = key.info.name;
        let value =
            if key.info.repeatable { Nix::new(NixExpr::List(vec![value]), &by) } else { value };
        match OPTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, option)) => set.put(*option, value),
            None => {
                let section = key.section.to_lowercase();
                set.put_at(&[&format!("{section}Config"), name], value);
            }
        }
    }
}

fn text(on: On<'_>, parts: Vec<LinePart>, by: &[OriginId]) -> Nix {
    let mut all: Vec<NixPart> = Vec::new();
    let mut put = |part: NixPart| match (all.last_mut(), part) {
        (Some(NixPart::Text(known)), NixPart::Text(more)) => known.push_str(&more),
        (_, part) => all.push(part),
    };
    for part in parts {
        match part {
            LinePart::Text(text) => put(NixPart::Text(text)),
            LinePart::Script(script) => {
                scripts::command(on, &script).into_iter().for_each(&mut put);
            }
            LinePart::Program(name, Some(package)) => {
                put(NixPart::Hole(Nix::select(&scripts::package(&package), package.origin)));
                put(NixPart::Text(format!("/bin/{name}")));
            }
            LinePart::Program(name, None) => put(NixPart::Text(format!("{PROGRAMS}/{name}"))),
            LinePart::Secret(secret) => {
                put(NixPart::Hole(secrets::path(on, &secret, secret.origin)));
            }
        }
    }
    match all.as_slice() {
        [NixPart::Text(text)] => Nix::new(NixExpr::Text(text.clone()), by),
        [] | [_] | [_, ..] => Nix::new(NixExpr::Filled(all), by),
    }
}

/// Keys by systemd's own names.
fn further(all: &mut Set, option: &str, keys: &BTreeMap<String, At<Data>>) {
    for (key, value) in keys {
        all.put_at(&[option, key], data::plain(value));
    }
}
