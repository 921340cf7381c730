//! Secrets that something on a host uses, as sops-nix opens them; environments and scripts that hold some.

use std::collections::{BTreeMap, BTreeSet};

use super::{On, files, scripts, state};
use crate::fleet::Fleet;
use crate::fleet::backup::{Engine, Secret};
use crate::fleet::container::MountSource;
use crate::fleet::host::Account;
use crate::fleet::leaf::{At, Data, EntityPath, OriginId, RefOr, Sealed, SealedPart};
use crate::formats::nix::{Nix, Part, Set};

/// Who uses a secret on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    pub by: Vec<OriginId>,
    /// As the hash of an account's password, before there are accounts.
    pub password: bool,
    /// By a unit, or in a file.
    pub running: bool,
}

impl Fleet {
    /// The secrets that a host opens, by key of the entity.
    #[must_use]
    pub fn secrets_on(&self, host: &str) -> BTreeMap<String, Uses> {
        let mut all: BTreeMap<String, Uses> = BTreeMap::new();
        let mut add = |secret: &EntityPath, by: OriginId, password: bool| {
            let uses = all.entry(secret.entity().to_owned()).or_default();
            uses.by.push(by);
            uses.password |= password;
            uses.running |= !password;
        };
        let model = &self.model;
        for (key, secret) in &model.secret {
            if secret.on.iter().any(|on| on.entity() == host) {
                let path = EntityPath(vec!["secret".to_owned(), key.clone()]);
                add(&path, secret.on.origin, false);
            }
        }
        for user in model.user.values().filter(|it| it.on.iter().any(|on| on.entity() == host)) {
            if let Account::Login(login) = &user.kind.value
                && let Some(password) = &login.password
            {
                add(password, password.origin, true);
            }
        }
        for service in model.service.values() {
            if service.on.as_ref().is_none_or(|on| on.entity() != host) {
                continue;
            }
            for secret in service.reads.iter() {
                add(secret, secret.origin, false);
            }
            let Some(container) = &service.container else { continue };
            for value in container.env.values().chain(container.sysctl.values()) {
                value.secrets().for_each(|secret| add(secret, value.origin, false));
            }
            for file in container.env_files.iter() {
                if let RefOr::Ref(secret) = &file.value {
                    add(secret, file.origin, false);
                }
            }
            for mount in container.mounts.values() {
                if let MountSource::Secret(secret) = &mount.source.value {
                    add(secret, mount.source.origin, false);
                }
            }
        }
        for (secret, by) in model.podman_secrets(host) {
            add(secret, by, false);
        }
        for (_, proxy) in model.proxies_on(host) {
            let variables = self.proxy_secrets(host).into_iter().map(|(_, secret)| secret);
            let files = self.proxy_env_files(host).into_iter().chain(self.proxy_files(host));
            for secret in variables.chain(files) {
                add(&secret, proxy.origin, false);
            }
        }
        for (key, portal) in &model.portal {
            if model.host_of(&portal.service) == Some(host) {
                let variables =
                    self.portal_secrets(key, portal).into_iter().map(|(_, secret)| secret);
                for secret in variables.chain(self.portal_files(key, portal)) {
                    add(&secret, portal.origin, false);
                }
            }
        }
        for vault in model.vault.values().filter(|vault| vault.on.entity() == host) {
            match &vault.engine.value {
                Engine::Restic(restic) => add(&restic.password, restic.password.origin, false),
                Engine::Borg(borg) => {
                    add(&borg.password, borg.password.origin, false);
                    if let Some(key) = &borg.key {
                        add(key, key.origin, false);
                    }
                }
            }
        }
        for file in self.host_files().filter(|file| file.host == host) {
            for (_, secret) in self.file_secrets(file.file) {
                add(&secret, file.file.origin, false);
            }
        }
        for (_, script) in scripts::used(self, host) {
            if let Some(text) = &script.text {
                text.secrets().for_each(|secret| add(secret, text.origin, false));
            }
        }
        for (key, by) in mentions(self, host) {
            // Of several secrets at one path the one is meant that is there anyway.
            let path = |key: &str| model.secret.get(key).map(|secret| &secret.path.value);
            let other = all.keys().any(|known| *known != key && path(known) == path(&key));
            if !other {
                let uses = all.entry(key).or_default();
                uses.by.push(by);
                uses.running = true;
            }
        }
        // What there is no such secret for is refused before.
        all.retain(|key, _| model.secret.contains_key(key));
        all
    }
}

/// Options of NixOS, keys of units and data of files hold no secrets, but where secrets lie.
fn mentions(fleet: &Fleet, host: &str) -> Vec<(String, OriginId)> {
    let mut data: Vec<&At<Data>> = Vec::new();
    data.extend(fleet.model.host.get(host).and_then(|host| host.nix.as_ref()));
    for (_, service) in fleet.services_on(host) {
        data.extend(service.native.values());
        data.extend(service.unit.service.values());
    }
    for file in fleet.host_files().filter(|file| file.host == host) {
        let file = file.file;
        data.extend(
            [&file.yaml, &file.json, &file.toml, &file.ini, &file.values].into_iter().flatten(),
        );
    }
    let mut found = Vec::new();
    while let Some(at) = data.pop() {
        match &at.value {
            Data::Text(text) | Data::Nix(text) => {
                for (key, secret) in &fleet.model.secret {
                    if names_path(text, &secret.path) {
                        found.push((key.clone(), at.origin));
                    }
                }
            }
            Data::List(items) => data.extend(items),
            Data::Record(fields) => data.extend(fields.values()),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Sealed(_) | Data::File(_) => {}
        }
    }
    found
}

/// Whether a path stands in a text, and not only as the beginning of another one.
fn names_path(text: &str, path: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    !path.is_empty()
        && text.match_indices(path).any(|(at, _)| {
            !text.get(at + path.len()..).is_some_and(|rest| rest.starts_with(goes_on))
        })
}

/// What sops-nix calls each secret of a host: its key in the file, unless another has that name.
fn names<'f>(on: On<'f>) -> &'f BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    let all = on.fleet.secret_names.get_or_init(|| {
        let hosts = on.fleet.model.host.keys();
        hosts.map(|host| (host.clone(), names_on(on.fleet, host))).collect()
    });
    all.get(on.name).unwrap_or(&NONE)
}

fn names_on(fleet: &Fleet, host: &str) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut all = BTreeMap::new();
    for entity in fleet.secrets_on(host).into_keys() {
        let Some(secret) = fleet.model.secret.get(&entity) else { continue };
        let mut name = secret.key.value.clone();
        let mut count = 1;
        while !taken.insert(name.clone()) {
            count += 1;
            name = format!("{entity}-{count}");
        }
        all.insert(entity, name);
    }
    all
}

/// The attribute of a secret which is wanted before there are accounts.
fn early_name(name: &str, uses: &Uses) -> String {
    if uses.running { format!("{name}-for-users") } else { name.to_owned() }
}

/// `config.sops.secrets.NAME.path`, for the hash of a password.
pub(super) fn password_path(on: On<'_>, secret: &At<EntityPath>) -> Option<Nix> {
    let name = names(on).get(secret.entity())?;
    let uses = on.fleet.secrets_on(on.name).remove(secret.entity())?;
    let name = early_name(name, &uses);
    Some(Nix::select(&["config", "sops", "secrets", &name, "path"], secret.origin))
}

/// `config.sops.secrets.NAME.path`.
pub(super) fn path(on: On<'_>, secret: &EntityPath, by: OriginId) -> Nix {
    match names(on).get(secret.entity()) {
        Some(name) => Nix::select(&["config", "sops", "secrets", name, "path"], by),
        None => Nix::text("", by),
    }
}

/// A hole that sops-nix fills with the secret.
pub(super) fn placeholder(on: On<'_>, secret: &EntityPath, by: OriginId) -> Nix {
    match names(on).get(secret.entity()) {
        Some(name) => Nix::select(&["config", "sops", "placeholder", name], by),
        None => Nix::text("", by),
    }
}

/// A text with secrets, as parts of a string of Nix.
pub(super) fn sealed(on: On<'_>, text: &At<Sealed>) -> Vec<Part> {
    text.0
        .iter()
        .map(|part| match part {
            SealedPart::Text(text) => Part::Text(text.clone()),
            SealedPart::Secret(secret) => Part::Hole(placeholder(on, secret, text.origin)),
        })
        .collect()
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let uses = on.fleet.secrets_on(on.name);
    if uses.is_empty() {
        return;
    }
    let age = &on.host.age;
    if let Some(file) = &age.key_file {
        let path = Nix::text(file.value.clone(), file.origin);
        set.put_at(&["sops", "age", "keyFile"], path);
    }
    if !age.ssh_keys.is_empty() {
        let keys = state::texts(&age.ssh_keys, age.ssh_keys.origin);
        set.put_at(&["sops", "age", "sshKeyPaths"], keys);
    }
    let files = files::secret_files(on);
    for (entity, name) in names(on) {
        let (Some(secret), Some(uses)) = (on.fleet.model.secret.get(entity), uses.get(entity))
        else {
            continue;
        };
        for (wanted, early) in [(uses.running, false), (uses.password, true)] {
            if wanted {
                let attribute = if early { early_name(name, uses) } else { name.clone() };
                let value = one(on, secret, uses, &files, early);
                set.put_at(&["sops", "secrets", &attribute], value);
            }
        }
    }
}

fn one(
    on: On<'_>,
    secret: &At<Secret>,
    uses: &Uses,
    files: &BTreeMap<String, String>,
    early: bool,
) -> Nix {
    let mut all = Set::new();
    if let Some(file) = &secret.file
        && let Some(path) = files.get(&file.value)
    {
        all.put("sopsFile", Nix::path(path.clone(), file.origin));
        let format = match file.rsplit_once('.').map(|(_, ending)| ending) {
            Some("yaml" | "yml") => None,
            Some("json") => Some("json"),
            Some("env") => Some("dotenv"),
            Some("ini") => Some("ini"),
            _ => Some("binary"),
        };
        if let Some(format) = format {
            all.put("format", Nix::text(format, file.origin));
        }
    }
    all.put("key", Nix::text(secret.key.value.clone(), secret.key.origin));
    if early {
        // Root's, and in a folder of its own: sops-nix allows nothing else then.
        all.put("neededForUsers", Nix::bool(true, secret.origin));
    } else {
        if let Some(owner) = &secret.owner {
            all.put("owner", Nix::text(owner.last(), owner.origin));
        }
        if let Some(group) = &secret.group {
            all.put("group", Nix::text(group.last(), group.origin));
        }
        all.put("mode", state::mode(&secret.mode));
        all.put("path", Nix::text(secret.path.value.clone(), secret.path.origin));
    }
    let units = restart_units(on, secret);
    if !units.is_empty() {
        all.put("restartUnits", Nix::list(units, secret.restart.origin));
    }
    let mut nix = all.nix(secret.origin);
    nix.origins.extend_from_slice(&uses.by);
    nix
}

/// The units on this host that start anew when a secret changes.
fn restart_units(on: On<'_>, secret: &Secret) -> Vec<Nix> {
    let units = secret.restart.iter().filter_map(|it| Some((it, unit(on, it)?)));
    units.map(|(it, unit)| Nix::text(unit, it.origin)).collect()
}

/// The name of the unit of a service or pod, where it is on this host.
pub(super) fn unit(on: On<'_>, of: &EntityPath) -> Option<String> {
    let model = &on.fleet.model;
    let (host, unit) = match of.kind() {
        "pod" => model.pod.get(of.entity()).map(|pod| (Some(&pod.on), &pod.unit))?,
        _ => model.service.get(of.entity()).map(|it| (it.on.as_ref(), &it.unit))?,
    };
    (host?.entity() == on.name).then(|| unit.name.value.clone())
}

/// `sops.templates.NAME`, with the units that read it.
pub(super) fn template(set: &mut Set, name: &str, content: Nix, units: &[String], more: Set) {
    let by = content.origins.first().copied().unwrap_or_default();
    let mut all = Set::new();
    all.put("content", content);
    more.0.into_iter().for_each(|(key, value)| all.put(key, value));
    if !units.is_empty() {
        let units = units.iter().map(|unit| Nix::text(unit.clone(), by)).collect();
        all.put("restartUnits", Nix::list(units, by));
    }
    set.put_at(&["sops", "templates", name], all.nix(by));
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_is_named_as_a_whole() {
        let names = |text| super::names_path(text, "/run/secrets/app");
        assert!(names("/run/secrets/app") && names("key:/run/secrets/app, x") && !names(""));
        assert!(!names("/run/secrets/app/env") && !names("/run/secrets/app2"));
        assert!(names("/run/secrets/app2 /run/secrets/app"));
    }
}
