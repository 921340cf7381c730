//! Services that NixOS modules run, and what their units are told besides.

use qg_fleet::leaf::{At, Data, EntityPath, Millis, OriginId};
use qg_fleet::options::read_way;
use qg_fleet::service::{Service, Unit, UnitScope};
use qg_formats::nix::{Nix, NixExpr, Set};
use qg_formats::systemd;

use super::{On, data, scripts, secrets};
use crate::Prepared;
pub(super) use crate::quadlet::common::time_span;

pub(super) fn put(on: On<'_>, set: &mut Set) {
    for (_, service) in on.fleet.model.services_on(on.name) {
        native(on.fleet, service, set);
    }
    for (_, service) in on.fleet.model.services_on(on.name) {
        if service.container.is_none() {
            unit(on, service, set);
        }
    }
}

/// The options of the modules that run a service.
pub(super) fn native(fleet: &Prepared<'_>, service: &Service, set: &mut Set) {
    for (option, value) in &service.native {
        // What is no way is refused by a check.
        let Ok(path) = read_way(option) else { continue };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        set.put_at(&path, data::option(value));
        if let ["services", _] = *path
            && !matches!(&value.value, Data::Record(fields) if fields.contains_key("enable"))
            && !fleet.options.lacks(&path, "enable")
        {
            // A service is run by its module, unless that has several: `services.redis.servers`.
            let enable = [path[0], path[1], "enable"];
            set.put_at(&enable, Nix::bool(true, value.origin));
        }
    }
}

/// What systemd has for each kind of unit.
pub(super) fn place(name: &str) -> Option<(&'static str, &str)> {
    let (stem, kind) = name.rsplit_once('.')?;
    let place = match kind {
        "service" => "services",
        "socket" => "sockets",
        "timer" => "timers",
        "target" => "targets",
        _ => return None,
    };
    Some((place, stem))
}

fn unit(on: On<'_>, service: &Service, set: &mut Set) {
    let unit = &service.unit;
    let Some((place, stem)) = place(&unit.name) else { return };
    let manager: &[&str] = match unit.scope.value {
        UnitScope::System => &["systemd"],
        UnitScope::Session => &["systemd", "user"],
    };
    let named = |all: &At<Vec<At<EntityPath>>>| -> Vec<Nix> {
        let here = all.iter().filter_map(|it| Some((secrets::unit(on, it)?, it.origin)));
        here.map(|(name, by)| Nix::text(name, by)).collect()
    };
    let mut requires = named(&service.needs);
    requires.extend(unit.requires.iter().map(|it| Nix::text(it.value.clone(), it.origin)));
    let mut after = requires.clone();
    after.extend(named(&unit.after));
    let mut all = Set::new();
    // Each of their elements has its own origin.
    for (key, mut list) in [("after", after), ("requires", requires)] {
        let mut known = Vec::new();
        list.retain(|it| {
            let new = !known.contains(&it.expr);
            known.push(it.expr.clone());
            new
        });
        if !list.is_empty() {
            all.put(key, Nix::list(list, OriginId::default()));
        }
    }
    if place == "services" {
        let said = set.at(&["systemd", place, stem, "serviceConfig"]);
        let config = service_config(on, unit, said);
        if !config.is_empty() {
            all.put("serviceConfig", config.nix(unit.origin));
        }
        if is_whole(service) {
            whole(service, &mut all);
        }
        // What holds secrets is put together by a unit of ours, which restarts it.
        let own = service.file.iter().filter(|(_, it)| on.fleet.file_secrets(it).is_empty());
        let own = own.map(|(path, it)| Nix::source(super::files::own(path), it.origin));
        let own: Vec<Nix> = own.collect();
        if !own.is_empty() {
            all.put("restartTriggers", Nix::list(own, OriginId::default()));
        }
    }
    if !all.is_empty() {
        set.put_at(&[manager, &[place, stem]].concat(), all.nix(unit.origin));
    }
}

/// Whether all of its unit is said here: no module makes it, and its program is named.
fn is_whole(service: &Service) -> bool {
    service.native.is_empty() && service.unit.service.contains_key("ExecStart")
}

/// What such a unit has besides its [Service]: it starts with the machine, unless it says otherwise.
fn whole(service: &Service, all: &mut Set) {
    let unit = &service.unit;
    let said = unit.unit.iter().map(|(key, value)| (key.as_str(), data::plain(value)));
    let said: Set = said.fold(Set::new(), |mut said, (key, value)| {
        said.put(key, value);
        said
    });
    if !said.is_empty() {
        all.put("unitConfig", said.nix(unit.origin));
    }
    if unit.install.is_empty() {
        let target = match unit.scope.value {
            UnitScope::System => "multi-user.target",
            UnitScope::Session => "default.target",
        };
        let target = Nix::list(vec![Nix::text(target, unit.origin)], unit.origin);
        // A module of the host's own may know better.
        all.put("wantedBy", Nix::apply(&["lib", "mkDefault"], vec![target]));
    }
    for (key, option) in
        [("WantedBy", "wantedBy"), ("RequiredBy", "requiredBy"), ("Alias", "aliases")]
    {
        if let Some(said) = unit.install.get(key) {
            let value = data::plain(said);
            let is_list = matches!(said.value, Data::List(_));
            all.put(option, if is_list { value } else { Nix::list(vec![value], said.origin) });
        }
    }
}

/// Lists are added to those of the NixOS module; anything else takes its place. What a service says
/// of the same key in the module's own words is held against it as an equal.
fn service_config(on: On<'_>, unit: &At<Unit>, said: Option<&Set>) -> Set {
    let mut all = Set::new();
    let mut force = |key: &str, value: Option<Nix>| {
        let known = said.and_then(|said| said.get(key));
        match (value, known) {
            (Some(value), Some(known)) if !known.is_default() => all.put(key, value),
            (Some(value), _) => all.put(key, Nix::apply(&["lib", "mkForce"], vec![value])),
            (None, _) => {}
        }
    };
    let text = |it: &Option<At<String>>| {
        it.as_ref().map(|it| Nix::text(systemd::specifier_free(it), it.origin))
    };
    let span =
        |it: &Option<At<Millis>>| it.as_ref().map(|it| Nix::text(time_span(it.value), it.origin));
    let restart = unit.restart.as_ref().map(|it| Nix::text(it.name(), it.origin));
    force("Restart", restart);
    force("RestartSec", span(&unit.restart_sec));
    force("TimeoutStartSec", span(&unit.timeout_start_sec));
    force("DynamicUser", unit.dynamic_user.as_ref().map(|it| Nix::bool(it.value, it.origin)));
    force("User", text(&unit.user));
    force("Group", text(&unit.group));
    force("StateDirectory", text(&unit.state_directory));
    for (key, value) in &unit.service {
        if !matches!(value.value, Data::List(_)) {
            force(key, Some(data::plain(value)));
        }
    }
    for (key, items) in [
        ("SupplementaryGroups", &unit.supplementary_groups),
        ("ReadWritePaths", &unit.read_write_paths),
    ] {
        if !items.is_empty() {
            // NixOS writes each into a line of its own, as it is.
            let words = items.iter().map(|it| Nix::text(systemd::word(it), it.origin)).collect();
            all.put(key, Nix::list(words, items.origin));
        }
    }
    for (key, value) in unit.service.iter().filter(|(_, it)| matches!(it.value, Data::List(_))) {
        all.put(key, data::plain(value));
    }
    let as_root = unit.before_start_as_root.iter().map(|it| (it, "+"));
    let commands: Vec<Nix> = as_root
        .chain(unit.before_start.iter().map(|it| (it, "")))
        .map(|(script, prefix)| {
            let mut parts = scripts::command(on, script);
            if !prefix.is_empty() {
                parts.insert(0, qg_formats::nix::NixPart::Text(prefix.to_owned()));
            }
            Nix::new(NixExpr::Filled(parts), &[script.origin])
        })
        .collect();
    if !commands.is_empty() {
        all.put("ExecStartPre", Nix::list(commands, unit.origin));
    }
    all
}
