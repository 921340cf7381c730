//! Names of units in other programs' words: keys of [Unit], options of NixOS. Whether there is such a unit is known where
//! a name is one that the fleet's own units would have.

use std::collections::BTreeMap;

use qg_fleet::checks::place::{own_place, place, within};
use qg_fleet::leaf::OriginId;
use qg_fleet::service::Unit;
use qg_formats::nix::{Nix, NixExpr, Set};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::units as codes;

use super::{Check, near};
use crate::Prepared;
use crate::nix::{own_options, written};
use crate::quadlet::common::texts;

pub(super) const CHECK: Check = Check { codes: &[codes::NO_SUCH_UNIT], run };

/// Keys of [Unit] and [Install] whose values are names of units.
const KEYS: [&str; 16] = [
    "After",
    "Before",
    "BindsTo",
    "Conflicts",
    "JoinsNamespaceOf",
    "OnFailure",
    "OnSuccess",
    "PartOf",
    "PropagatesReloadTo",
    "ReloadPropagatedFrom",
    "RequiredBy",
    "Requires",
    "Requisite",
    "Upholds",
    "WantedBy",
    "Wants",
];

/// The same as NixOS calls them.
const OPTIONS: [&str; 13] = [
    "after",
    "before",
    "bindsTo",
    "conflicts",
    "onFailure",
    "onSuccess",
    "partOf",
    "requiredBy",
    "requires",
    "requisite",
    "upholds",
    "wantedBy",
    "wants",
];

/// Where Podman's generator puts the kind of a thing, and how the model calls it.
const ENDINGS: [(&str, &str); 6] = [
    ("-pod", "pod"),
    ("-network", "network"),
    ("-volume", "volume"),
    ("-image", "pulled"),
    ("-build", "build"),
    ("-artifact", "artifact"),
];

/// How others call the units of containers: `virtualisation.oci-containers` of NixOS, `podman generate systemd`, Compose.
const BEFORE: [&str; 3] = ["podman-", "docker-", "container-"];

/// A name of a unit where somebody says it.
struct Said {
    name: String,
    by: OriginId,
}

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    // What an error hides may be called just like that.
    if fleet.partial {
        return;
    }
    let elsewhere = elsewhere(fleet);
    for host in fleet.model.host.keys() {
        let said = said(fleet, host);
        if said.is_empty() {
            continue;
        }
        let own = near::own(fleet, host);
        let nix = near::in_nix(fleet, host);
        for it in said {
            let Some(stem) = it.name.strip_suffix(".service") else { continue };
            if own.contains_key(stem) || nix.iter().any(|known| known == stem) {
                continue;
            }
            let finding = judged(fleet, (host, stem), &own, &elsewhere, &it);
            // One text is told once, whatever hosts have it.
            out.extend(finding.filter(|new| {
                !out.iter().any(|old| old.primary.span == new.primary.span && old.code == new.code)
            }));
        }
    }
}

/// The units of all hosts, each with where it is.
fn elsewhere<'f>(fleet: &'f Prepared<'_>) -> BTreeMap<String, (&'f str, OriginId)> {
    let mut all = BTreeMap::new();
    for host in fleet.model.host.keys() {
        for (stem, by) in near::own(fleet, host) {
            all.entry(stem).or_insert((host.as_str(), by));
        }
    }
    all
}

fn judged(
    fleet: &Prepared<'_>,
    (host, stem): (&str, &str),
    own: &BTreeMap<String, OriginId>,
    elsewhere: &BTreeMap<String, (&str, OriginId)>,
    said: &Said,
) -> Option<Diagnostic> {
    let span = within(fleet, own_place(fleet, &[said.by]), &said.name);
    let message = format!("no unit of host.{host} is called `{}`", said.name);
    let finding = Diagnostic::warning(codes::NO_SUCH_UNIT, span, message);
    let mended = |finding: Diagnostic, name: &str, by: OriginId| {
        let finding = finding.also(place(fleet, by), format!("its unit is `{name}.service`"));
        match fleet.sources.slice(span) == said.name {
            true => finding.fix(format!("say `{name}.service`"), span, format!("{name}.service")),
            false => finding.help(format!("say `{name}.service`")),
        }
    };
    for before in BEFORE {
        if let Some((name, by)) = stem.strip_prefix(before).and_then(|it| own.get_key_value(it)) {
            let help =
                "that is how others call the unit of a container; Quadlet calls it after its file";
            return Some(mended(finding.help(help), name, *by));
        }
    }
    for (ending, kind) in ENDINGS {
        let Some(thing) = stem.strip_suffix(ending).filter(|it| !it.is_empty()) else { continue };
        if let Some((name, by)) = own.get_key_value(thing) {
            let help = format!("there is no `{kind}.{thing}` on that host");
            return Some(mended(finding.help(help), name, *by));
        }
        if fleet.containers_on(host).next().is_some() && fleet.options.lacks(&["services"], stem) {
            return Some(
                finding
                    .help(format!("Podman would make it of `{kind}.{thing}`, which there is not")),
            );
        }
    }
    if let Some((_, by)) = fleet.off.get_key_value(stem).map(|(key, it)| (key, it.origin)) {
        return Some(finding.also(place(fleet, by), "it is switched off"));
    }
    let pod = format!("{stem}-pod");
    if let Some((name, by)) = own.get_key_value(&pod) {
        return Some(mended(finding, name, *by));
    }
    let (other, by) = elsewhere.get(stem)?;
    if !fleet.options.lacks(&["services"], stem) || near::is_systems(stem) {
        return None;
    }
    Some(
        finding
            .also(place(fleet, *by), format!("it is a unit of host.{other}"))
            .help("systemd knows the units of its own machine alone"),
    )
}

/// All names that a host's raw keys and Nix say.
fn said(fleet: &Prepared<'_>, host: &str) -> Vec<Said> {
    let mut all = Vec::new();
    let mut raw = |unit: &Unit| {
        for (key, value) in unit.unit.iter().chain(&unit.install) {
            if KEYS.contains(&key.as_str()) {
                let names = texts(value).into_iter().flat_map(|(text, by)| {
                    let names = text.split_whitespace().map(|it| Said { name: it.to_owned(), by });
                    names.collect::<Vec<_>>()
                });
                all.extend(names);
            }
        }
        all.extend(unit.requires.iter().map(|it| Said { name: it.value.clone(), by: it.origin }));
    };
    fleet.model.services_on(host).for_each(|(_, it)| raw(&it.unit));
    fleet.model.pods_on(host).for_each(|(_, it)| raw(&it.unit));
    for of in fleet.own_units_on(host) {
        for (_, value) in of.unit.unit.iter().filter(|(key, _)| KEYS.contains(&key.as_str())) {
            all.extend(texts(value).into_iter().map(|(name, by)| Said { name, by }));
        }
    }
    let own = own_options(fleet, host);
    for set in own.iter().chain(written(fleet, host)) {
        for kind in ["services", "timers", "targets", "sockets", "mounts", "paths"] {
            let Some(units) = set.at(&["systemd", kind]) else { continue };
            for (_, unit) in &units.0 {
                if let NixExpr::Set(unit) = &unit.expr {
                    of_nix(fleet, unit, &mut all);
                }
            }
        }
    }
    all
}

fn of_nix(fleet: &Prepared<'_>, unit: &Set, all: &mut Vec<Said>) {
    let options = unit.0.iter().filter(|(key, _)| OPTIONS.contains(&key.as_str()));
    let config = unit.at(&["unitConfig"]).into_iter().flat_map(|it| &it.0);
    let config = config.filter(|(key, _)| KEYS.contains(&key.as_str()));
    for (_, value) in options.chain(config) {
        names(fleet, value, all);
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what Nix computes nobody knows here")]
fn names(fleet: &Prepared<'_>, value: &Nix, all: &mut Vec<Said>) {
    match &value.expr {
        NixExpr::Text(text) => {
            let by = value.origins.iter().find(|it| fleet.origins.span(**it).is_some());
            // References are names that are there.
            let by = by.copied().filter(|it| {
                let span = own_place(fleet, &[*it]);
                fleet.sources.slice(span).contains(text.as_str())
            });
            if let Some(by) = by {
                all.extend(text.split_whitespace().map(|it| Said { name: it.to_owned(), by }));
            }
        }
        NixExpr::List(items) | NixExpr::Apply(_, items) => {
            items.iter().for_each(|it| names(fleet, it, all));
        }
        _ => {}
    }
}
