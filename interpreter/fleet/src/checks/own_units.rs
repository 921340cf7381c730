//! Units that say themselves what they run, and timers: what systemd would not take as it is said, or never start.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::leaf::{At, EntityPath, OriginId, Priority, RefOr};
use crate::service::{Restart, UnitScope};
use crate::unit::{OwnUnit, OwnUnitOf, ServiceType, Started, TimerOf};

const CODES: &[Code] = &[
    codes::fleet::SAME_NAME,
    codes::fleet::SESSION_UNIT,
    codes::target::UNIT_NAME,
    codes::target::IDLE_TIMER,
    codes::target::OWN_UNIT,
];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let mut found = Found { fleet, host, out };
        let units = fleet.own_units_on(host);
        let timers = fleet.timers_on(host);
        found.names(&units, &timers);
        for it in &units {
            found.name(it.stem, &it.path, it.unit.origin);
            found.unit(it);
            let (scope, by) = (it.unit.scope.value, it.unit.scope.origin);
            for (_, all) in it.unit.related() {
                all.iter().for_each(|other| found.related(&it.path, (scope, by), other));
            }
        }
        for it in &timers {
            found.name(it.stem, &it.path, it.timer.origin);
            found.timer(it, &units);
        }
    }
}

struct Found<'f, 'o> {
    fleet: &'f Facts<'f>,
    host: &'f str,
    out: &'o mut Vec<Diagnostic>,
}

impl Found<'_, '_> {
    fn say(&mut self, code: Code, at: OriginId, message: String, help: &str) {
        let span = own_place(self.fleet, &[at]);
        self.out.push(Diagnostic::error(code, span, message).help(help));
    }

    /// The name of a unit is that of a file, and a word of systemd's (systemd.unit(5)).
    fn name(&mut self, stem: &str, path: &EntityPath, by: OriginId) {
        let plain = |c: char| c.is_ascii_alphanumeric() || ":_.-".contains(c);
        if stem.is_empty() || stem.len() > 200 || !stem.chars().all(plain) {
            let message = format!("no unit can be called {stem:?}, as {path} would be");
            let help = "a name has letters, digits, `:`, `_`, `.` and `-`, without the ending";
            self.say(codes::target::UNIT_NAME, by, message, help);
        }
    }

    /// One unit is said once.
    fn names(&mut self, units: &[OwnUnitOf<'_>], timers: &[TimerOf<'_>]) {
        type Known = BTreeMap<(String, bool), (String, OriginId)>;
        let (fleet, host) = (self.fleet, self.host);
        let mut known = Known::new();
        for (service, of) in fleet.model.services_on(host) {
            let is_of_session = of.unit.scope.value == UnitScope::Session;
            let also = of.unit.also.iter().map(|it| it.value.clone());
            for name in also.chain([of.unit.name.value.clone()]) {
                let is = (format!("service.{service}"), of.origin);
                known.insert((name, is_of_session), is);
            }
        }
        for it in fleet.units_on(host) {
            let is = (format!("the {} {}", it.kind, it.name), it.by);
            known.entry((it.unit.name.value.clone(), false)).or_insert(is);
        }
        for (proxy, of) in fleet.model.proxies_on(host) {
            let is = (format!("proxy.{proxy}"), of.origin);
            known.entry((fleet.model.proxy_unit(of), false)).or_insert(is);
        }
        let units =
            units.iter().map(|it| (it.name(), !it.is_of_system(), &it.path, it.unit.origin));
        let timers = timers.iter().map(|it| {
            let is_of_session = match fleet.started(host, it) {
                Started::Unit(of) => of.scope == UnitScope::Session,
                Started::Elsewhere | Started::Nothing => false,
            };
            (it.name(), is_of_session, &it.path, it.timer.origin)
        });
        for (name, is_of_session, path, by) in units.chain(timers) {
            if name.starts_with("qg-") {
                let message = format!("`{name}` of {path} is a name of the compiler's own units");
                let help = "give it another name: those that begin with `qg-` are not free";
                self.say(codes::fleet::SAME_NAME, by, message, help);
                continue;
            }
            let here = (path.to_string(), by);
            let Some(first) = known.get(&(name.clone(), is_of_session)).cloned() else {
                known.insert((name, is_of_session), here);
                continue;
            };
            let message =
                format!("`{}` and `{path}` share a unit of host.{host}: `{name}`", first.0);
            let help = match first.0.strip_prefix("service.") {
                Some(_) if !first.0.contains(".unit") => {
                    "give it another name; what that service's own unit is told besides, its `unit` says"
                }
                Some(_) | None => "give one of them another name, or say all of it in one place",
            };
            self.out.push(
                Diagnostic::error(codes::fleet::SAME_NAME, place(self.fleet, by), message)
                    .also(place(self.fleet, first.1), "the other one")
                    .help(help),
            );
        }
    }

    fn unit(&mut self, of: &OwnUnitOf<'_>) {
        let (unit, path): (&OwnUnit, _) = (of.unit, &of.path);
        let start = &unit.exec_start;
        let kind = unit.r#type.as_ref().map(|it| it.value);
        if start.is_empty() {
            let help = "say a program: `ExecStart = [{ program = \"rsync\", arguments = [\"-a\", \"/a\", \"/b\"] }]`, or `ExecStart = [script.x]`";
            self.say(codes::target::OWN_UNIT, start.origin, format!("{path} runs nothing"), help);
        }
        if start.len() > 1 && kind != Some(ServiceType::Oneshot) {
            let message = format!("{path} runs {} programs, and is no `oneshot`", start.len());
            let help = "say `Type = oneshot`, if each of them ends by itself; what is to be done before is `ExecStartPre`";
            self.say(codes::target::OWN_UNIT, start.origin, message, help);
        }
        if kind == Some(ServiceType::Oneshot)
            && let Some(restart) = &unit.restart
            && matches!(restart.value, Restart::Always | Restart::OnSuccess)
        {
            let message =
                format!("{path} is over when it has done its work, and starts anew at once");
            let help =
                "systemd refuses that of a `oneshot`: say `on_failure`, or let a timer start it";
            self.say(codes::target::OWN_UNIT, restart.origin, message, help);
        }
        if let Some(dbus) = unit.r#type.as_ref().filter(|it| it.value == ServiceType::Dbus)
            && !unit.service.contains_key("BusName")
        {
            let message = format!("nothing says which name on D-Bus {path} takes");
            let help = "say it: `service.BusName = \"org.example.App\"`";
            self.say(codes::target::OWN_UNIT, dbus.origin, message, help);
        }
        for command in unit.commands().flat_map(|(_, all)| all.iter()) {
            let Some(package) = &command.package else { continue };
            let what = match &command.program.value {
                RefOr::Ref(script) => format!("{script} is a script of the fleet"),
                RefOr::Value(path) if path.starts_with('/') => format!("{path} is a path"),
                RefOr::Value(_) => continue,
            };
            let message = format!("{what}, and in no package");
            let help = "name the program alone, `{ program = \"rsync\", package = \"rsync\" }`, or leave the package out";
            self.say(codes::target::OWN_UNIT, package.origin, message, help);
        }
        for (name, value) in &unit.env {
            let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            if !first || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                let message = format!("{name:?} cannot be the name of a variable");
                let help = "a name has letters, digits and `_`, and begins with none of the digits";
                self.say(codes::target::OWN_UNIT, value.origin, message, help);
            }
        }
        for (name, secret) in &unit.credentials {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
                let message = format!("{name:?} cannot be the name of a credential");
                let help = "it is the name of a file: letters, digits, `_`, `.` and `-`";
                self.say(codes::target::OWN_UNIT, secret.origin, message, help);
            }
        }
        if unit.scope.value == UnitScope::Session {
            for account in unit.user.iter().chain(&unit.group) {
                let message = format!("{path} is of a session, and runs as who has it");
                let span = place(self.fleet, account.origin);
                self.out.push(
                    Diagnostic::error(codes::target::OWN_UNIT, span, message)
                        .also(place(self.fleet, unit.scope.origin), "of a session")
                        .help("leave the account out, or make it a unit of the machine"),
                );
            }
        }
    }

    /// systemd of the machine and that of a session know nothing of one another's units.
    fn related(
        &mut self,
        path: &EntityPath,
        (scope, by): (UnitScope, OriginId),
        other: &At<RefOr<String>>,
    ) {
        let RefOr::Ref(of) = &other.value else { return };
        // What is on another host is told as such.
        let Some(unit) = self.fleet.unit_at(self.host, of) else { return };
        if let Some(account) = unit.account {
            let message = format!("{path} cannot wait for {of}: it is a unit of {account}'s");
            let help = "systemd of the machine does not know the units of an account: leave it out";
            self.say(codes::target::OWN_UNIT, other.origin, message, help);
        } else if unit.scope != scope {
            let message = format!("{path} cannot wait for {of}");
            let whose = if scope == UnitScope::Session { "it starts" } else { "it does not start" };
            let finding = Diagnostic::error(
                codes::fleet::SESSION_UNIT,
                place(self.fleet, other.origin),
                message,
            );
            let help = "systemd runs both apart: say it of another unit, or leave it out";
            let whose = format!("{whose} with a session");
            self.out.push(finding.also(own_place(self.fleet, &[by]), whose).help(help));
        }
    }

    fn timer(&mut self, of: &TimerOf<'_>, units: &[OwnUnitOf<'_>]) {
        let (timer, path) = (of.timer, &of.path);
        let code = codes::target::IDLE_TIMER;
        let spans = [
            &timer.on_boot_sec,
            &timer.on_startup_sec,
            &timer.on_active_sec,
            &timer.on_unit_active_sec,
            &timer.on_unit_inactive_sec,
        ];
        let raw = timer.timer.keys().any(|key| key.starts_with("On"));
        if timer.on_calendar.is_empty() && spans.iter().all(|it| it.is_none()) && !raw {
            let help = "say a point in time, `OnCalendar = [\"03:00\"]`, or a time since something, `OnBootSec = 5m`";
            self.say(
                code,
                timer.origin,
                format!("nothing says when {path} starts something"),
                help,
            );
        }
        // These count from a start that something else has to bring about (systemd.timer(5)).
        let first = spans.iter().take(3).all(|it| it.is_none());
        if timer.on_calendar.is_empty()
            && first
            && !raw
            && let Some(span) =
                timer.on_unit_active_sec.as_ref().or(timer.on_unit_inactive_sec.as_ref())
        {
            let message = format!("{path} counts from a start that never comes");
            let help =
                "say when it starts for the first time, too: `OnBootSec = 5m`, or `OnCalendar`";
            self.say(code, span.origin, message, help);
        }
        if let (Some(starts), Some(own)) = (&timer.starts, &timer.unit) {
            let message = format!("{path} starts one thing, and is told two");
            self.out.push(
                Diagnostic::error(code, place(self.fleet, starts.origin), message)
                    .also(place(self.fleet, own.origin), "this is the other one")
                    .help("leave one of them out"),
            );
        }
        let unit = match self.fleet.started(self.host, of) {
            Started::Unit(it) => it,
            Started::Elsewhere => {
                if let Some(RefOr::Ref(other)) = timer.starts.as_ref().map(|it| &it.value)
                    && self.fleet.unit_at(self.host, other).is_none()
                {
                    // It is on another host, which is told as such.
                    return;
                }
                let at = timer.starts.as_ref().map_or(timer.origin, |it| it.origin);
                let message = format!("{path} starts a unit of an account's");
                let help =
                    "the machine's systemd does not know it: say `starts` of a unit of the machine";
                return self.say(code, at, message, help);
            }
            Started::Nothing => {
                let message = format!(
                    "{path} starts nothing: no unit of host.{} is called `{}.service`",
                    self.host, of.stem
                );
                let help = "say `unit { ExecStart = [ … ] }` in it, or what it starts: `starts = service.x`, `starts = \"fstrim.service\"`";
                return self.say(code, timer.origin, message, help);
            }
        };
        let own =
            units.iter().find(|it| it.name() == unit.name && it.unit.scope.value == unit.scope);
        if let Some(own) = own
            && let Some(stays) = own.unit.remain_after_exit.filter(|it| it.value)
        {
            let message = format!("{path} starts {} once, and never again", own.path);
            self.out.push(
                Diagnostic::error(code, place(self.fleet, stays.origin), message)
                    .also(
                        place(self.fleet, timer.origin),
                        "the timer finds it running, and lets it be",
                    )
                    .help("leave `RemainAfterExit` out"),
            );
        }
        let by = own.map_or(timer.origin, |it| it.unit.scope.origin);
        for other in timer.after.iter().chain(timer.wants.iter()) {
            self.related(path, (unit.scope, by), other);
        }
        // A name alone does not say whose unit it is.
        if timer.persistent.is_some_and(|it| it.value && it.priority != Priority::SchemaDefault)
            && timer.on_calendar.is_empty()
            && !raw
        {
            let at = timer.persistent.map_or(timer.origin, |it| it.origin);
            let message = format!("{path} has no point in time that it could make up for");
            let help = "`Persistent` is about `OnCalendar` alone: leave it out";
            self.say(code, at, message, help);
        }
    }
}
