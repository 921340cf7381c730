//! What stands still while something is copied: systemd stops with a unit all that requires it, and
//! starts none of that again by itself (systemd.unit(5): `Requires=`, `Requisite=`, `BindsTo=`, `PartOf=`).

use std::collections::{BTreeMap, BTreeSet};

use super::Fleet;
use super::leaf::{At, Data, EntityPath, OriginId};
use super::service::{Unit, UnitScope};
use crate::options::way;

/// A unit that is stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    pub unit: String,
    /// The account whose own it is; the system's where there is none.
    pub account: Option<String>,
    /// Whether it is the unit that was named, not one that goes with it.
    pub named: bool,
    /// Who said that it is stopped, and how it hangs together with what was named.
    pub origins: Vec<OriginId>,
}

/// What stops with each unit of a manager, and who says so.
type Dependents = BTreeMap<String, Vec<(String, OriginId)>>;

/// Those of each manager: a host's, and where there is one that of the account whose containers run there.
pub(super) type Managers = BTreeMap<(String, Option<String>), Dependents>;

/// Words of systemd by which a unit stops with those that it names, as Quadlet and as NixOS spell them.
const STOPS_WITH: [(&str, &str); 5] = [
    ("Requires", "requires"),
    ("Requisite", "requisite"),
    ("BindsTo", "bindsTo"),
    ("PartOf", "partOf"),
    ("StopPropagatedFrom", "stopPropagatedFrom"),
];

impl Fleet {
    /// Everything on a host that stops when these services and pods are stopped, they first.
    pub(super) fn stopped_with(
        &self,
        managers: &Managers,
        host: &str,
        stop: &[At<EntityPath>],
    ) -> Vec<Still> {
        let mut all: Vec<Still> = Vec::new();
        for path in stop {
            let Some((unit, account)) = self.unit_on(host, path) else { continue };
            add(&mut all, &unit.name.value, account.as_ref(), true, &[path.origin]);
            for also in unit.also.iter() {
                add(&mut all, &also.value, account.as_ref(), false, &[path.origin]);
            }
        }
        let mut at = 0;
        while let Some(still) = all.get(at).cloned() {
            at += 1;
            let here = managers.get(&(host.to_owned(), still.account.clone()));
            let found = here.and_then(|all| all.get(&still.unit));
            for (unit, by) in found.into_iter().flatten() {
                let mut origins = still.origins.clone();
                origins.push(*by);
                add(&mut all, unit, still.account.as_ref(), false, &origins);
            }
        }
        all
    }

    /// The unit of a service or pod on a host, and the account that has it, if root's systemd does not.
    pub(super) fn unit_on(
        &self,
        host: &str,
        path: &EntityPath,
    ) -> Option<(&At<Unit>, Option<String>)> {
        let account = || self.rootless(host).map(|it| it.name().to_owned());
        match path.kind() {
            "pod" => {
                let pod = self.model.pod.get(path.entity())?;
                (pod.on.entity() == host).then(|| (&pod.unit, account()))
            }
            "service" => {
                let service = self.model.service.get(path.entity())?;
                let here = service.on.as_ref().is_some_and(|on| on.entity() == host);
                let account = service.container.as_ref().and_then(|_| account());
                here.then_some((&service.unit, account))
            }
            _ => None,
        }
    }

    pub(super) fn find_managers(&self) -> Managers {
        let mut all = Managers::new();
        for host in self.model.host.keys() {
            let account = self.rootless(host).map(|it| it.name().to_owned());
            for account in [None, account] {
                let found = self.dependents(host, account.as_deref());
                all.insert((host.clone(), account), found);
            }
        }
        all
    }

    /// What stops with what among the units of one manager of a host.
    fn dependents(&self, host: &str, account: Option<&str>) -> Dependents {
        let mut all = Dependents::new();
        let mut put = |of: &str, unit: &str, by: OriginId| {
            all.entry(of.to_owned()).or_default().push((unit.to_owned(), by));
        };
        let ours = |container: bool| {
            let whose = if container { self.rootless(host) } else { None };
            whose.map(|it| it.name().to_owned()).as_deref() == account
        };
        for (_, service) in self.model.services_on(host) {
            if !ours(service.container.is_some()) {
                continue;
            }
            for need in service.needs.iter() {
                if let Some(other) = self.unit_name(need) {
                    put(other, &service.unit.name, need.origin);
                }
            }
            let pod = service.container.as_ref().and_then(|container| container.pod.as_ref());
            if let Some(pod) = pod
                && let Some(other) = self.unit_name(pod)
            {
                put(other, &service.unit.name, pod.origin);
            }
            said(&service.unit, &mut put);
            for (option, value) in &service.native {
                native(&way(option), value, &mut put);
            }
        }
        let units = self.model.podman_units(host).filter(|_| ours(true));
        units.for_each(|unit| said(unit, &mut put));
        let own = self.own_units_on(host).into_iter();
        for own in own.filter(|it| account.is_none() && it.is_of_system()) {
            for other in own.unit.requires.iter().chain(own.unit.part_of.iter()) {
                if let Some(name) = self.related_unit(host, UnitScope::System, &other.value) {
                    put(&name, &own.name(), other.origin);
                }
            }
            keys(&own.name(), &own.unit.unit, &mut put);
        }
        all
    }
}

fn add(all: &mut Vec<Still>, unit: &str, account: Option<&String>, named: bool, by: &[OriginId]) {
    let known = all.iter_mut().find(|it| it.unit == unit && it.account.as_ref() == account);
    match known {
        Some(known) => known.named |= named,
        None => all.push(Still {
            unit: unit.to_owned(),
            account: account.cloned(),
            named,
            origins: by.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        }),
    }
}

/// What a unit says of others in systemd's own words.
fn said(unit: &Unit, put: &mut impl FnMut(&str, &str, OriginId)) {
    for other in unit.requires.iter() {
        put(&other.value, &unit.name, other.origin);
    }
    keys(&unit.name, &unit.unit, put);
}

/// The same in keys of its [Unit].
fn keys(unit: &str, said: &BTreeMap<String, At<Data>>, put: &mut impl FnMut(&str, &str, OriginId)) {
    for (key, value) in said {
        let stops = STOPS_WITH.iter().any(|(word, _)| word == key);
        for (other, by) in words(value) {
            if stops {
                put(&other, unit, by);
            } else if key == "PropagatesStopTo" {
                put(unit, &other, by);
            }
        }
    }
}

/// What a module of NixOS says of a unit: `native "systemd.services.x" { requires = [ … ] }`.
fn native(path: &[String], value: &At<Data>, put: &mut impl FnMut(&str, &str, OriginId)) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (path.as_slice(), &value.value) {
        (["systemd", kind, name, word], _) => {
            let Some(kind) = kind.strip_suffix('s') else { return };
            let stops = STOPS_WITH.iter().any(|(_, it)| it == word);
            for (other, by) in words(value) {
                if stops {
                    put(&other, &format!("{name}.{kind}"), by);
                } else if *word == "propagatesStopTo" {
                    put(&format!("{name}.{kind}"), &other, by);
                }
            }
        }
        (["systemd", ..] | [], Data::Record(fields)) if path.len() < 4 => {
            for (key, value) in fields {
                let mut path: Vec<String> = path.iter().map(|it| (*it).to_owned()).collect();
                path.push(key.clone());
                native(&path, value, put);
            }
        }
        _ => {}
    }
}

/// The names of units in a value: a list, or words on one line.
fn words(value: &At<Data>) -> Vec<(String, OriginId)> {
    match &value.value {
        Data::Text(text) => {
            text.split_whitespace().map(|it| (it.to_owned(), value.origin)).collect()
        }
        Data::List(items) => items.iter().flat_map(words).collect(),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::Record(_) => Vec::new(),
    }
}
