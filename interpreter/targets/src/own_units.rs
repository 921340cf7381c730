//! Units that say themselves what they run, and timers: their lines, before a target knows where programs are.

use qg_fleet::leaf::{At, EntityPath, Millis, OriginId, RefOr};
use qg_fleet::service::UnitScope;
use qg_fleet::unit::{CommandLine, OwnUnitOf, Related, Started, TimerOf};
use qg_formats::systemd::{item, specifier_free, word};

use crate::Prepared;
use crate::quadlet::common::{described, time_span};
use crate::quadlet::keys::{QuadletKey, key};
use crate::quadlet::spelling::quoted;

/// A line of a unit.
#[derive(Clone, Debug)]
pub(crate) struct UnitLine {
    pub(crate) key: QuadletKey,
    pub(crate) value: LineValue,
    pub(crate) by: Vec<OriginId>,
}

#[derive(Clone, Debug)]
pub(crate) enum LineValue {
    Switch(bool),
    /// Parts of one text, spelled as systemd reads it.
    Text(Vec<LinePart>),
}

#[derive(Clone, Debug)]
pub(crate) enum LinePart {
    Text(String),
    /// Where a script of the fleet is.
    Script(At<EntityPath>),
    /// Where a program is, by its name, and the package that has it.
    Program(String, Option<At<String>>),
    /// Where a secret is.
    Secret(At<EntityPath>),
}

#[derive(Default)]
struct Lines(Vec<UnitLine>);

impl Lines {
    fn put(&mut self, key: QuadletKey, value: Vec<LinePart>, by: &[OriginId]) {
        self.0.push(UnitLine { key, value: LineValue::Text(value), by: by.to_vec() });
    }

    /// A text that is spelled already.
    fn text(&mut self, key: QuadletKey, text: impl Into<String>, by: &[OriginId]) {
        self.put(key, vec![LinePart::Text(text.into())], by);
    }

    /// A text as it is meant: the value of a key in which specifiers mean something.
    fn plain(&mut self, key: QuadletKey, said: Option<&At<String>>) {
        if let Some(it) = said {
            self.text(key, specifier_free(it), &[it.origin]);
        }
    }

    fn name(&mut self, key: QuadletKey, said: Option<&At<EntityPath>>) {
        if let Some(it) = said {
            self.text(key, it.last(), &[it.origin]);
        }
    }

    fn span(&mut self, key: QuadletKey, said: Option<&At<Millis>>) {
        if let Some(it) = said {
            self.text(key, time_span(it.value), &[it.origin]);
        }
    }

    fn switch(&mut self, key: QuadletKey, said: Option<At<bool>>) {
        if let Some(it) = said {
            let value = LineValue::Switch(it.value);
            self.0.push(UnitLine { key, value, by: vec![it.origin] });
        }
    }

    /// Names of units that the manager of this scope has; what it does not have is refused by a check.
    fn units(
        &mut self,
        keys: &[QuadletKey],
        (fleet, host, scope): (&Prepared<'_>, &str, UnitScope),
        all: &[At<RefOr<String>>],
    ) {
        for it in all {
            if let Some(name) = fleet.related_unit(host, scope, &it.value) {
                keys.iter().for_each(|key| self.text(*key, word(&name), &[it.origin]));
            }
        }
    }

    /// Nothing starts `network-online.target` unless something wants it, so that waiting for it alone waits for nothing
    /// (systemd.special(7)); NixOS warns of it.
    fn online(&mut self, scope: UnitScope, after: &Related, started: &[&Related]) {
        const ONLINE: &str = "network-online.target";
        let is_it = |it: &&At<RefOr<String>>| matches!(&it.value, RefOr::Value(it) if it == ONLINE);
        let told = started.iter().any(|all| all.iter().any(|it| is_it(&it)));
        if let Some(it) = after.iter().find(is_it).filter(|_| !told && scope == UnitScope::System) {
            self.text(key!("Unit", "Wants"), ONLINE, &[it.origin]);
        }
    }

    fn command(&mut self, key: QuadletKey, command: &At<CommandLine>) {
        let mut value = Vec::new();
        let mut by = vec![command.program.origin];
        if command.may_fail.value {
            value.push(LinePart::Text("-".to_owned()));
            by.push(command.may_fail.origin);
        }
        value.push(match &command.program.value {
            RefOr::Ref(script) => LinePart::Script(At::new(script.clone(), command.program.origin)),
            RefOr::Value(path) if path.starts_with('/') => LinePart::Text(quoted(path)),
            RefOr::Value(name) => LinePart::Program(name.clone(), command.package.clone()),
        });
        by.extend(command.package.iter().map(|it| it.origin));
        for argument in command.arguments.iter() {
            value.push(LinePart::Text(format!(" {}", quoted(argument))));
            by.push(argument.origin);
        }
        by.push(command.origin);
        self.put(key, value, &by);
    }
}

/// What stands in a unit besides the keys that its `unit` and `service` name.
pub(crate) fn unit(fleet: &Prepared<'_>, host: &str, of: &OwnUnitOf<'_>) -> Vec<UnitLine> {
    let mut all = Lines::default();
    let unit = of.unit;
    let (about, by) = described(of.stem, &unit.about, unit.origin);
    all.text(key!("Unit", "Description"), about, &[by]);
    let seen = (fleet, host, unit.scope.value);
    let after = key!("Unit", "After");
    all.units(&[key!("Unit", "Requires"), after], seen, &unit.requires);
    all.units(&[after], seen, &unit.after);
    all.units(&[key!("Unit", "Wants")], seen, &unit.wants);
    all.online(unit.scope.value, &unit.after, &[&unit.wants, &unit.requires]);
    all.units(&[key!("Unit", "PartOf")], seen, &unit.part_of);
    service(&mut all, of);
    for (target, by) in fleet.wanted_by(host, of) {
        all.text(key!("Install", "WantedBy"), word(&target), &[by]);
    }
    all.0
}

fn service(all: &mut Lines, of: &OwnUnitOf<'_>) {
    const SECTION: &str = "Service";
    let unit = of.unit;
    if let Some(it) = &unit.r#type {
        all.text(key!(SECTION, "Type"), it.value.name(), &[it.origin]);
    }
    for (key, commands) in [
        (key!(SECTION, "ExecStartPre"), &unit.exec_start_pre),
        (key!(SECTION, "ExecStart"), &unit.exec_start),
        (key!(SECTION, "ExecReload"), &unit.exec_reload),
        (key!(SECTION, "ExecStop"), &unit.exec_stop),
    ] {
        commands.iter().for_each(|it| all.command(key, it));
    }
    all.switch(key!(SECTION, "RemainAfterExit"), unit.remain_after_exit);
    if let Some(it) = &unit.restart {
        all.text(key!(SECTION, "Restart"), it.value.name(), &[it.origin]);
    }
    all.span(key!(SECTION, "RestartSec"), unit.restart_sec.as_ref());
    all.span(key!(SECTION, "TimeoutStartSec"), unit.timeout_start_sec.as_ref());
    all.name(key!(SECTION, "User"), unit.user.as_ref());
    all.name(key!(SECTION, "Group"), unit.group.as_ref());
    all.plain(key!(SECTION, "WorkingDirectory"), unit.working_directory.as_ref());
    for (name, value) in &unit.env {
        // The schema admits what has a spelling, and nothing else.
        let text = format!("{name}={}", value.value.spelled().unwrap_or_default());
        all.text(key!(SECTION, "Environment"), item(&text), &[value.origin]);
    }
    for it in unit.env_files.iter() {
        let value = match &it.value {
            RefOr::Ref(secret) => LinePart::Secret(At::new(secret.clone(), it.origin)),
            RefOr::Value(path) => LinePart::Text(specifier_free(path)),
        };
        all.put(key!(SECTION, "EnvironmentFile"), vec![value], &[it.origin]);
    }
    for (name, secret) in &unit.credentials {
        let value = vec![LinePart::Text(format!("{name}:")), LinePart::Secret(secret.clone())];
        all.put(key!(SECTION, "LoadCredential"), value, &[secret.origin]);
    }
}

/// What stands in a timer besides the keys that its `timer` names, and whose it is: what it starts says so.
pub(crate) fn timer(
    fleet: &Prepared<'_>,
    host: &str,
    of: &TimerOf<'_>,
) -> (UnitScope, Vec<UnitLine>) {
    const SECTION: &str = "Timer";
    let mut all = Lines::default();
    let timer = of.timer;
    let started = match fleet.started(host, of) {
        Started::Unit(it) => Some(it),
        // A check refuses these.
        Started::Elsewhere | Started::Nothing => None,
    };
    let scope = started.as_ref().map_or(UnitScope::System, |it| it.scope);
    let (about, by) = described(of.stem, &timer.about, timer.origin);
    all.text(key!("Unit", "Description"), about, &[by]);
    let seen = (fleet, host, scope);
    all.units(&[key!("Unit", "After")], seen, &timer.after);
    all.units(&[key!("Unit", "Wants")], seen, &timer.wants);
    all.online(scope, &timer.after, &[&timer.wants]);
    for it in timer.on_calendar.iter() {
        all.text(key!(SECTION, "OnCalendar"), specifier_free(it), &[it.origin]);
    }
    for (key, span) in [
        (key!(SECTION, "OnBootSec"), &timer.on_boot_sec),
        (key!(SECTION, "OnStartupSec"), &timer.on_startup_sec),
        (key!(SECTION, "OnActiveSec"), &timer.on_active_sec),
        (key!(SECTION, "OnUnitActiveSec"), &timer.on_unit_active_sec),
        (key!(SECTION, "OnUnitInactiveSec"), &timer.on_unit_inactive_sec),
        (key!(SECTION, "RandomizedDelaySec"), &timer.randomized_delay_sec),
        (key!(SECTION, "AccuracySec"), &timer.accuracy_sec),
    ] {
        all.span(key, span.as_ref());
    }
    all.switch(key!(SECTION, "Persistent"), timer.persistent);
    if let Some(started) = started {
        let by = timer.starts.as_ref().map_or(timer.origin, |it| it.origin);
        all.text(key!(SECTION, "Unit"), word(&started.name), &[by]);
    }
    for it in timer.wanted_by.iter() {
        all.text(key!("Install", "WantedBy"), word(it), &[it.origin]);
    }
    (scope, all.0)
}
