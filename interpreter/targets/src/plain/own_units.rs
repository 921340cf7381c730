//! Units that hosts and services say themselves, and timers, as files of systemd.

use std::collections::BTreeMap;

use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::service::UnitScope;
use qg_formats::Document;

use super::{On, Put};
use crate::OutputFile;
use crate::made::Made;
use crate::own_units::{self, LinePart, LineValue, UnitLine};
use crate::quadlet::common::script_path;
use crate::quadlet::keys::key;
use crate::quadlet::spelling::quoted;
use crate::quadlet::unit::UnitFile;
use crate::sealed::word;

/// A unit that is written here.
struct Written<'f> {
    name: String,
    scope: UnitScope,
    lines: Vec<UnitLine>,
    /// Keys by systemd's own names, by section.
    further: Vec<(&'static str, &'f BTreeMap<String, At<Data>>)>,
    by: OriginId,
    /// Whether it starts anew when it changes.
    renewed: bool,
    /// Whether something starts it by itself.
    wanted: bool,
}

/// Those of a host, timers behind what they start.
fn all<'f>(on: On<'f>) -> Vec<Written<'f>> {
    let mut all = Vec::new();
    let wanted = |lines: &[UnitLine]| lines.iter().any(|it| it.key.section == "Install");
    for of in on.fleet.own_units_on(on.name) {
        let lines = own_units::unit(on.fleet, on.name, &of);
        all.push(Written {
            name: of.name(),
            scope: of.unit.scope.value,
            wanted: wanted(&lines),
            lines,
            further: vec![("Unit", &of.unit.value.unit), ("Service", &of.unit.value.service)],
            by: of.unit.origin,
            renewed: of.unit.restart_on_change.value,
        });
    }
    for of in on.fleet.timers_on(on.name) {
        let (scope, lines) = own_units::timer(on.fleet, on.name, &of);
        all.push(Written {
            name: of.name(),
            scope,
            wanted: wanted(&lines),
            lines,
            further: vec![("Timer", &of.timer.value.timer)],
            by: of.timer.origin,
            renewed: true,
        });
    }
    all
}

impl Written<'_> {
    /// Where its file is.
    fn path(&self) -> String {
        match self.scope {
            UnitScope::System => format!("/etc/systemd/system/{}", self.name),
            UnitScope::Session => format!("/etc/systemd/user/{}", self.name),
        }
    }
}

pub(super) fn files(on: On<'_>, made: &mut Made) -> Vec<Put> {
    let mut puts = Vec::new();
    for it in all(on) {
        let from = match it.scope {
            UnitScope::System => format!("units/{}", it.name),
            UnitScope::Session => format!("units/session/{}", it.name),
        };
        let put = Put::new(from.clone(), it.path(), it.by);
        made.put(from, file(on, &it));
        puts.push(match it.scope {
            UnitScope::System => put.unit(&it.name),
            // The machine's systemd has no such unit.
            UnitScope::Session => put,
        });
    }
    puts
}

fn file(on: On<'_>, of: &Written<'_>) -> Document {
    let mut unit = UnitFile::new((u16::MAX, u16::MAX));
    // Before the sections that follow.
    let (first, rest): (Vec<_>, Vec<_>) = of.lines.iter().partition(|it| it.key.section == "Unit");
    first.into_iter().for_each(|it| put(on, &mut unit, it));
    if of.scope == UnitScope::System {
        for (path, by) in on.fleet.needed_on(on.name).get(&of.name).into_iter().flatten() {
            unit.plain(key!("Unit", "AssertPathExists"), path, &[*by]);
        }
    }
    let (rest, last): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|it| it.key.section != "Install");
    rest.into_iter().for_each(|it| put(on, &mut unit, it));
    of.further.iter().for_each(|(section, keys)| unit.data(section, keys));
    last.into_iter().for_each(|it| put(on, &mut unit, it));
    let OutputFile { text, lines, refused, twice, .. } = unit.finish(String::new());
    Document { text, lines, refused, twice }
}

fn put(on: On<'_>, unit: &mut UnitFile, line: &UnitLine) {
    let text = match &line.value {
        LineValue::Switch(it) => if *it { "yes" } else { "no" }.to_owned(),
        LineValue::Text(parts) => {
            let part = |part: &LinePart| match part {
                LinePart::Text(text) => text.clone(),
                LinePart::Script(script) => quoted(&script_path(script.entity())),
                // systemd looks where the programs of the system are (systemd.service(5), "Command lines").
                LinePart::Program(name, _) => name.clone(),
                LinePart::Secret(secret) => {
                    qg_formats::systemd::specifier_free(&on.fleet.secret_path(secret))
                }
            };
            parts.iter().map(part).collect()
        }
    };
    unit.say(line.key, &text, &line.by);
}

/// Lets systemd know of them, and starts what is to run.
pub(super) fn start(on: On<'_>, script: &mut Document) {
    for it in all(on) {
        let (unit, by) = (word(&it.name), [it.by]);
        let manager = match it.scope {
            UnitScope::System => "about -",
            // Whoever is logged in gets it with the next session.
            UnitScope::Session => "live systemctl --global",
        };
        // What it was wanted by before goes with it.
        let line = if it.wanted {
            format!("{manager} reenable --quiet {unit} || problem {unit}' is not enabled'")
        } else {
            format!("{manager} disable --quiet {unit}")
        };
        script.text(&line, &by);
        if it.scope == UnitScope::Session {
            continue;
        }
        if !it.renewed {
            script.text(&format!("settled {unit}"), &by);
        }
        let verb = if it.wanted { "start" } else { "touched" };
        script.text(&format!("{verb} - {unit}"), &by);
    }
}
