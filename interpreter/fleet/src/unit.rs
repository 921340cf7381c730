//! Units that say themselves what they run, and timers: those of hosts and those of services.

use super::Fleet;
use super::leaf::{At, EntityPath, OriginId, RefOr};
pub use super::model::unit::*;
use super::service::UnitScope;

/// A list of what a unit starts after, needs, or goes with.
pub type Related = At<Vec<At<RefOr<String>>>>;

/// A unit of a host's own, or of a service on it.
#[derive(Clone, Debug)]
pub struct OwnUnitOf<'f> {
    /// Its name, without the ending.
    pub stem: &'f str,
    pub unit: &'f At<OwnUnit>,
    /// `host.box.unit.scrub`, `service.wiki.units.index`; one that a timer says itself, `host.box.timer.scrub.unit`.
    pub path: EntityPath,
}

/// A timer of a host's own, or of a service on it.
#[derive(Clone, Debug)]
pub struct TimerOf<'f> {
    /// Its name, without the ending.
    pub stem: &'f str,
    pub timer: &'f At<Timer>,
    pub path: EntityPath,
}

/// A unit by its name, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitAt {
    pub name: String,
    pub scope: UnitScope,
    /// The account whose own it is; the system's where there is none.
    pub account: Option<String>,
}

impl OwnUnitOf<'_> {
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.service", self.stem)
    }

    #[must_use]
    pub fn is_of_system(&self) -> bool {
        self.unit.scope.value == UnitScope::System
    }
}

impl TimerOf<'_> {
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.timer", self.stem)
    }
}

impl OwnUnit {
    /// All that it runs, by systemd's keys.
    pub fn commands(&self) -> impl Iterator<Item = (&'static str, &At<Vec<At<CommandLine>>>)> {
        [
            ("ExecStartPre", &self.exec_start_pre),
            ("ExecStart", &self.exec_start),
            ("ExecReload", &self.exec_reload),
            ("ExecStop", &self.exec_stop),
        ]
        .into_iter()
    }

    /// The scripts of the fleet that it runs.
    pub fn scripts(&self) -> impl Iterator<Item = At<EntityPath>> {
        let all = self.commands().flat_map(|(_, all)| all.iter());
        all.filter_map(|it| match &it.program.value {
            RefOr::Ref(script) => Some(At::new(script.clone(), it.program.origin)),
            RefOr::Value(_) => None,
        })
    }

    /// The secrets that it reads by their path.
    pub fn secrets(&self) -> impl Iterator<Item = At<EntityPath>> {
        let files = self.env_files.iter().filter_map(|it| match &it.value {
            RefOr::Ref(secret) => Some(At::new(secret.clone(), it.origin)),
            RefOr::Value(_) => None,
        });
        files.chain(self.credentials.values().cloned())
    }

    /// What it starts after, needs, or goes with, by systemd's keys.
    pub fn related(&self) -> impl Iterator<Item = (&'static str, &Related)> {
        [
            ("After", &self.after),
            ("Requires", &self.requires),
            ("Wants", &self.wants),
            ("PartOf", &self.part_of),
        ]
        .into_iter()
    }
}

impl ServiceType {
    /// As systemd.service(5) names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ServiceType::Simple => "simple",
            ServiceType::Exec => "exec",
            ServiceType::Forking => "forking",
            ServiceType::Oneshot => "oneshot",
            ServiceType::Dbus => "dbus",
            ServiceType::Notify => "notify",
            ServiceType::NotifyReload => "notify-reload",
            ServiceType::Idle => "idle",
        }
    }
}

/// What a timer starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    Unit(UnitAt),
    /// Something that is on another host, or of an account.
    Elsewhere,
    Nothing,
}

fn path(parts: &[&str]) -> EntityPath {
    EntityPath(parts.iter().map(|it| (*it).to_owned()).collect())
}

impl Fleet {
    /// The timers of a host and of the services on it.
    #[must_use]
    pub fn timers_on<'f>(&'f self, host: &str) -> Vec<TimerOf<'f>> {
        let mut all = Vec::new();
        if let Some((host, of)) = self.model.host.get_key_value(host) {
            all.extend(of.timer.iter().map(|(stem, timer)| {
                let path = path(&["host", host, "timer", stem]);
                TimerOf { stem, timer, path }
            }));
        }
        for (service, of) in self.model.services_on(host) {
            all.extend(of.timer.iter().map(|(stem, timer)| {
                let path = path(&["service", service, "timer", stem]);
                TimerOf { stem, timer, path }
            }));
        }
        all
    }

    /// The units that a host and the services on it say themselves, those of timers among them.
    #[must_use]
    pub fn own_units_on<'f>(&'f self, host: &str) -> Vec<OwnUnitOf<'f>> {
        let mut all = Vec::new();
        if let Some((host, of)) = self.model.host.get_key_value(host) {
            all.extend(of.unit.iter().map(|(stem, unit)| {
                let path = path(&["host", host, "unit", stem]);
                OwnUnitOf { stem, unit, path }
            }));
        }
        for (service, of) in self.model.services_on(host) {
            all.extend(of.units.iter().map(|(stem, unit)| {
                let path = path(&["service", service, "units", stem]);
                OwnUnitOf { stem, unit, path }
            }));
        }
        for TimerOf { stem, timer, path: mut way } in self.timers_on(host) {
            if let Some(unit) = timer.value.unit.as_ref().filter(|it| it.enabled.value) {
                way.0.push("unit".to_owned());
                all.push(OwnUnitOf { stem, unit, path: way });
            }
        }
        all
    }

    /// The unit that a reference means on a host: that of a service or pod, or one of its own.
    #[must_use]
    pub fn unit_at(&self, host: &str, of: &EntityPath) -> Option<UnitAt> {
        if of.0.len() > 2 {
            let all = self.own_units_on(host);
            let it = all.iter().find(|it| it.path == *of)?;
            return Some(UnitAt { name: it.name(), scope: it.unit.scope.value, account: None });
        }
        let (unit, account) = self.unit_on(host, of)?;
        Some(UnitAt { name: unit.name.value.clone(), scope: unit.scope.value, account })
    }

    /// What a word of a list of units means on a host, seen from a unit of this scope; `None` where that manager does
    /// not have it.
    #[must_use]
    pub fn related_unit(
        &self,
        host: &str,
        scope: UnitScope,
        said: &RefOr<String>,
    ) -> Option<String> {
        match said {
            RefOr::Value(name) => Some(name.clone()),
            RefOr::Ref(path) => {
                let it = self.unit_at(host, path)?;
                (it.scope == scope && it.account.is_none()).then_some(it.name)
            }
        }
    }

    /// What a timer of a host starts.
    #[must_use]
    pub fn started(&self, host: &str, of: &TimerOf<'_>) -> Started {
        let unit = |name: String, scope| Started::Unit(UnitAt { name, scope, account: None });
        let name = format!("{}.service", of.stem);
        if let Some(own) = of.timer.unit.as_ref().filter(|it| it.enabled.value) {
            return unit(name, own.scope.value);
        }
        match of.timer.starts.as_ref().map(|it| &it.value) {
            Some(RefOr::Value(name)) => unit(name.clone(), UnitScope::System),
            Some(RefOr::Ref(path)) => match self.unit_at(host, path) {
                Some(it) if it.account.is_none() => Started::Unit(it),
                Some(_) | None => Started::Elsewhere,
            },
            None => {
                let own = self.own_units_on(host).into_iter().find(|it| it.stem == of.stem);
                let own = own.map(|it| unit(it.name(), it.unit.scope.value));
                let mut services = self.model.services_on(host);
                let service = || {
                    let (key, it) = services.find(|(_, it)| it.unit.name.value == name)?;
                    let account = self.unit_on(host, &path(&["service", key]))?.1;
                    Some(match account {
                        None => unit(name.clone(), it.unit.scope.value),
                        Some(_) => Started::Elsewhere,
                    })
                };
                own.or_else(service).unwrap_or(Started::Nothing)
            }
        }
    }

    /// Whether a timer of its host starts a unit.
    #[must_use]
    pub fn has_timer(&self, host: &str, of: &OwnUnitOf<'_>) -> bool {
        let (name, scope) = (of.name(), of.unit.scope.value);
        self.timers_on(host).iter().any(|timer| match self.started(host, timer) {
            Started::Unit(it) => it.name == name && it.scope == scope,
            Started::Elsewhere | Started::Nothing => false,
        })
    }

    /// What starts a unit besides timers and what needs it, and who says so.
    #[must_use]
    pub fn wanted_by(&self, host: &str, of: &OwnUnitOf<'_>) -> Vec<(String, OriginId)> {
        if let Some(said) = &of.unit.wanted_by {
            return said.iter().map(|it| (it.value.clone(), it.origin)).collect();
        }
        if self.has_timer(host, of) {
            return Vec::new();
        }
        let target = match of.unit.scope.value {
            UnitScope::System => "multi-user.target",
            UnitScope::Session => "default.target",
        };
        vec![(target.to_owned(), of.unit.origin)]
    }
}
