//! What is said to systemd in its own words, as `unit.service` does: the text goes there as it stands, and what systemd
//! cannot read it leaves out with a word in the journal of the host, where nobody looks.

use std::collections::BTreeMap;

use qg_fleet::checks::place::own_place;
use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::service::Unit;
use qg_formats::systemd::words;
use qg_lang::diagnostic::codes::target;
use qg_lang::diagnostic::{Diagnostic, closest};

use crate::Prepared;
use crate::checks::Check;
use crate::quadlet::common::texts;
use crate::quadlet::sections::{is_unit_key, timer_keys, unit_keys};

pub(super) const CHECK: Check = Check { codes: &[target::RAW_VALUE, target::OWN_UNIT], run };

/// Keys besides `Exec…` whose values systemd splits into words that may have quotes, as `systemd-analyze verify` of
/// v252 has it.
const WORDS: &[&str] = &[
    "BindPaths",
    "BindReadOnlyPaths",
    "CacheDirectory",
    "ConfigurationDirectory",
    "Delegate",
    "DeviceAllow",
    "DisableControllers",
    "Documentation",
    "Environment",
    "ExtensionDirectories",
    "InaccessiblePaths",
    "LogExtraFields",
    "LogsDirectory",
    "MountImages",
    "NoExecPaths",
    "PassEnvironment",
    "ReadOnlyPaths",
    "ReadWritePaths",
    "RequiresMountsFor",
    "RestrictAddressFamilies",
    "RestrictFileSystems",
    "RestrictNetworkInterfaces",
    "RootImageOptions",
    "RuntimeDirectory",
    "StateDirectory",
    "SystemCallArchitectures",
    "SystemCallFilter",
    "SystemCallLog",
    "TemporaryFileSystem",
    "UnsetEnvironment",
    "WantsMountsFor",
];

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let units = model.service.values().map(|it| &it.unit);
    let units = units
        .chain(model.pod.values().map(|it| &it.unit))
        .chain(model.network.values().map(|it| &it.unit))
        .chain(model.volume.values().map(|it| &it.unit))
        .chain(model.pulled.values().map(|it| &it.unit))
        .chain(model.build.values().map(|it| &it.unit))
        .chain(model.artifact.values().map(|it| &it.unit))
        .chain(model.kube.values().map(|it| &it.unit));
    for host in model.host.keys() {
        for own in fleet.own_units_on(host) {
            for keys in [&own.unit.service, &own.unit.unit] {
                section(fleet, keys, out);
            }
            let (keys, known) = (&own.unit.unit, unit_keys().collect::<Vec<_>>());
            for (key, value) in keys.iter().filter(|(key, _)| !is_unit_key(key)) {
                unknown(fleet, "Unit", (key, value.origin), &known, out);
            }
        }
        for own in fleet.timers_on(host) {
            let (keys, known) = (&own.timer.timer, timer_keys().collect::<Vec<_>>());
            section(fleet, keys, out);
            for (key, value) in keys.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
                if key.starts_with("X-") {
                    continue;
                }
                unknown(fleet, "Timer", (key, value.origin), &known, out);
            }
        }
    }
    for unit in units {
        let unit: &Unit = unit;
        for keys in [&unit.service, &unit.unit, &unit.install] {
            section(fleet, keys, out);
        }
    }
}

/// A key that a section does not have.
fn unknown(
    fleet: &Prepared<'_>,
    section: &str,
    (key, by): (&str, OriginId),
    known: &[&'static str],
    out: &mut Vec<Diagnostic>,
) {
    let message = format!("systemd has no key `{key}` in [{section}] that is to be said here");
    let mut finding = Diagnostic::error(target::OWN_UNIT, own_place(fleet, &[by]), message);
    if let Some(near) = closest(key, known.iter().copied()) {
        finding = finding.help(format!("did you mean `{near}`?"));
    }
    out.push(finding);
}

fn section(fleet: &Prepared<'_>, keys: &BTreeMap<String, At<Data>>, out: &mut Vec<Diagnostic>) {
    for (key, value) in keys {
        for (text, by) in texts(value) {
            if let Some((why, help)) = trouble(key, &text) {
                say(fleet, key, &why, help, by, out);
            }
        }
    }
}

fn say(
    fleet: &Prepared<'_>,
    key: &str,
    why: &str,
    help: &str,
    by: OriginId,
    out: &mut Vec<Diagnostic>,
) {
    let message = format!("systemd would not read this `{key}`: {why}");
    let span = own_place(fleet, &[by]);
    out.push(Diagnostic::error(target::RAW_VALUE, span, message).help(help));
}

/// What is wrong with a value, and what to do.
fn trouble(key: &str, text: &str) -> Option<(String, &'static str)> {
    // What ends a line is told with its line.
    let odd = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\0');
    if let Some(c) = text.chars().find(odd) {
        let why = format!("it has the character of control {c:?} in it");
        return Some((why, "a command takes it as `\\x1b`, and other texts not at all"));
    }
    if !key.starts_with("Exec") && !WORDS.contains(&key) {
        return None;
    }
    let Some(words) = words(text) else {
        let why = "a quote in it is not closed".to_owned();
        return Some((why, "close it, or write `\\\"` or `\\'` for the sign itself"));
    };
    let odd = words.iter().find(|word| key == "Environment" && !assigns(word))?;
    let why = format!("{odd:?} sets no variable");
    Some((why, "`NAME=value`: a name has letters, digits and `_`, and quotes stand around both"))
}

/// Whether a word is `NAME=value` (`env_assignment_is_valid`).
fn assigns(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '%')
}
