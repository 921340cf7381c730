//! What all units have in common: `[Unit]`, `[Service]`, and keys the user adds by Quadlet's own names.

use qg_fleet::leaf::{At, Data, EntityPath, Millis, OriginId};
use qg_fleet::service::Unit;
use qg_formats::systemd::specifier_free;

use super::keys::key;
use super::spelling::quoted;
use super::unit::UnitFile;
use crate::Prepared;
use crate::go::units;

pub(crate) fn description(unit: &mut UnitFile, name: &str, about: &At<String>, created: OriginId) {
    let (text, by) = described(name, about, created);
    unit.say(key!("Unit", "Description"), &text, &[by]);
}

/// What a unit is described as, and who says so.
pub(crate) fn described(name: &str, about: &At<String>, created: OriginId) -> (String, OriginId) {
    // A description of several lines is one of several words to systemd, and what a terminal would obey is none.
    let between = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = about.split(between).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        (specifier_free(name), created)
    } else {
        (specifier_free(&words.join(" ")), about.origin)
    }
}

/// What it starts after, and what it needs.
pub(crate) fn relations(
    unit: &mut UnitFile,
    fleet: &Prepared<'_>,
    needs: &At<Vec<At<EntityPath>>>,
    of: &At<Unit>,
) {
    for need in needs.iter() {
        if let Some(other) = fleet.unit_name(need) {
            unit.say(key!("Unit", "Requires"), other, &[need.origin]);
            unit.say(key!("Unit", "After"), other, &[need.origin]);
        }
    }
    for other in of.after.iter() {
        if let Some(name) = fleet.unit_name(other) {
            unit.say(key!("Unit", "After"), name, &[other.origin]);
        }
    }
    for other in of.requires.iter() {
        unit.word(key!("Unit", "Requires"), other);
        unit.word(key!("Unit", "After"), other);
    }
}

/// What a unit says in [Service] where its fleet says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defaults {
    /// It runs until it is stopped. One that was pulled for the first time may take long to start.
    Runs,
    /// It fetches an image, which may take long.
    Pull,
    /// It does something short, once.
    Once,
}

/// Keys of `[Service]`; `own` is where the scripts are that run as the unit's own user.
pub(crate) fn service(
    unit: &mut UnitFile,
    of: &At<Unit>,
    created: OriginId,
    defaults: Defaults,
    own: &dyn Fn(&str) -> String,
) {
    const SECTION: &str = "Service";
    match &of.restart {
        Some(restart) => {
            unit.plain(key!(SECTION, "Restart"), restart.value.name(), &[restart.origin]);
        }
        None if defaults == Defaults::Runs => {
            unit.plain(key!(SECTION, "Restart"), "always", &[created]);
        }
        None => {}
    }
    if let Some(time) = &of.restart_sec {
        unit.plain(key!(SECTION, "RestartSec"), &seconds(time.value), &[time.origin]);
    }
    match &of.timeout_start_sec {
        Some(time) => {
            unit.plain(key!(SECTION, "TimeoutStartSec"), &seconds(time.value), &[time.origin]);
        }
        None if defaults != Defaults::Once => {
            unit.plain(key!(SECTION, "TimeoutStartSec"), "900", &[created]);
        }
        None => {}
    }
    for (key, values) in [
        (key!(SECTION, "SupplementaryGroups"), &of.supplementary_groups),
        (key!(SECTION, "ReadWritePaths"), &of.read_write_paths),
    ] {
        for value in values.iter() {
            unit.word(key, value);
        }
    }
    if let Some(folder) = &of.state_directory {
        // An empty one takes back what the unit of a package says.
        unit.say(key!(SECTION, "StateDirectory"), &specifier_free(folder), &[folder.origin]);
    }
    for script in of.before_start.iter() {
        let path = quoted(&own(script.entity()));
        unit.say(key!(SECTION, "ExecStartPre"), &path, &[script.origin]);
    }
    for script in of.before_start_as_root.iter() {
        let path = format!("+{}", quoted(&script_path(script.entity())));
        unit.say(key!(SECTION, "ExecStartPre"), &path, &[script.origin]);
    }
    unit.data(SECTION, &of.service);
}

/// The files that it cannot start without. Where a secret is bad, or not there yet, it alone does not start.
pub(crate) fn needed(unit: &mut UnitFile, fleet: &Prepared<'_>, host: &str, of: &Unit) {
    for (path, by) in fleet.needed_on(host).get(&of.name.value).into_iter().flatten() {
        unit.plain(key!("Unit", "AssertPathExists"), path, &[*by]);
    }
}

/// What stands in every unit behind the section of its kind.
pub(super) fn end(
    unit: &mut UnitFile,
    fleet: &Prepared<'_>,
    host: &str,
    of: &At<Unit>,
    created: OriginId,
    defaults: Defaults,
) {
    needed(unit, fleet, host, of);
    let own = super::run_as::scripts_of(fleet, host, of);
    service(unit, of, created, defaults, &own);
    // What starts it: the fleet's own word, or the start of its host or of the account that it belongs to.
    if defaults == Defaults::Runs && of.install.is_empty() {
        let target = if fleet.rootless(host).is_some() { "default" } else { "multi-user" };
        unit.say(key!("Install", "WantedBy"), &format!("{target}.target"), &[created]);
    }
    unit.data("Unit", &of.unit);
    unit.data("Install", &of.install);
    unit.more("Quadlet", &of.quadlet);
}

/// Where a host has a script of the fleet.
#[must_use]
pub fn script_path(name: &str) -> String {
    format!("/etc/qg/scripts/{name}")
}

/// A time span as systemd reads it.
#[must_use]
pub fn seconds(Millis(millis): Millis) -> String {
    if millis.is_multiple_of(1000) { (millis / 1000).to_string() } else { format!("{millis}ms") }
}

/// A time span as systemd.time(7) writes it.
#[must_use]
pub fn time_span(time: Millis) -> String {
    units(time, &[("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)], " ")
}

/// The values of one key of `[Service]`: as the user wrote them, specifiers included.
#[must_use]
pub fn texts(value: &At<Data>) -> Vec<(String, OriginId)> {
    match &value.value {
        Data::Text(text) => vec![(text.clone(), value.origin)],
        Data::Bool(it) => vec![(if *it { "yes" } else { "no" }.to_owned(), value.origin)],
        Data::Int(it) => vec![(it.to_string(), value.origin)],
        Data::List(items) => items.iter().flat_map(texts).collect(),
        Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::Record(_) => Vec::new(),
    }
}
