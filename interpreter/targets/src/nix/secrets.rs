//! Secrets that something on a host uses, as sops-nix opens them.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::secret::Secret;
use qg_fleet::secret_uses::SecretUses;
use qg_fleet::units::PodmanUnit;
use qg_formats::nix::{Nix, Set};
use qg_formats::sops::SopsFormat;

use super::{On, files, restarts, scripts, sealed, state};
use crate::Prepared;
use crate::engines::Needs;

/// Who uses a secret on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    pub by: Vec<OriginId>,
    /// As the hash of an account's password, before there are accounts.
    pub password: bool,
    /// By a unit, or in a file.
    pub running: bool,
    /// By a container itself.
    pub container: bool,
}

/// The secrets of a host, by key of the entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    uses: BTreeMap<String, Uses>,
    /// What sops-nix calls each: its key in the file, unless another has that name.
    names: BTreeMap<String, String>,
}

impl Prepared<'_> {
    /// The secrets that a host opens, by key of the entity.
    #[must_use]
    pub fn secrets_on(&self, host: &str) -> &BTreeMap<String, Uses> {
        &self.secrets_and_names_on(host).uses
    }

    fn secrets_and_names_on(&self, host: &str) -> &Secrets {
        static NONE: Secrets = Secrets { uses: BTreeMap::new(), names: BTreeMap::new() };
        let all = self.secrets.get_or_init(|| {
            let said = &self.secret_uses;
            let one = |host: &String| {
                let uses = self.find_secrets(said, host);
                (host.clone(), Secrets { names: names_of(self, uses.keys()), uses })
            };
            self.model.host.keys().map(one).collect()
        });
        all.get(host).unwrap_or(&NONE)
    }

    fn find_secrets(&self, said: &SecretUses<'_>, host: &str) -> BTreeMap<String, Uses> {
        let mut all: BTreeMap<String, Uses> = BTreeMap::new();
        let mut add = |secret: &EntityPath, by: OriginId, password: bool| {
            let uses = all.entry(secret.entity().to_owned()).or_default();
            uses.by.push(by);
            uses.password |= password;
            uses.running |= !password;
        };
        let (model, mut containers) = (&self.model, BTreeSet::new());
        for (key, secret) in model.secrets_said_on(host) {
            let path = EntityPath(vec!["secret".to_owned(), key.to_owned()]);
            add(&path, secret.on.origin, false);
        }
        for it in said.on(host) {
            add(it.secret, it.origin, it.is_early());
            if it.is_of_container() {
                containers.insert(it.secret.entity());
            }
        }
        for (key, proxy) in model.proxies_on(host) {
            for secret in self.needs_of(key).into_iter().flat_map(Needs::all) {
                add(secret, proxy.origin, false);
            }
        }
        for (key, portal) in model.portals_on(host) {
            let variables = self.portal_secrets(key).iter().map(|(_, secret)| secret);
            for secret in variables.chain(self.portal_files(key)) {
                add(secret, portal.origin, false);
            }
        }
        for key in scripts::used(self, host).into_keys() {
            said.of("script", key).for_each(|it| add(it.secret, it.origin, false));
        }
        // Free data holds no secrets mostly, but where secrets lie.
        let portal = |key: &str| model.portals_on(host).any(|(it, _)| it == key);
        let named = said
            .free_on(host, portal)
            .flat_map(|(text, by)| model.secrets_named_in(text).map(move |key| (key.clone(), by)));
        for (key, by) in named.collect::<Vec<_>>() {
            // Of several secrets at one path the one is meant that is there anyway.
            let path = |key: &str| model.secret.get(key).map(|secret| &secret.path.value);
            let other = all.keys().any(|known| *known != key && path(known) == path(&key));
            if !other {
                let uses = all.entry(key).or_default();
                uses.by.push(by);
                uses.running = true;
            }
        }
        for secret in containers {
            all.entry(secret.to_owned()).or_default().container = true;
        }
        // What there is no such secret for is refused before.
        all.retain(|key, _| model.secret.contains_key(key));
        all
    }
}

/// What sops-nix calls each secret of a host.
fn names(on: On<'_>) -> &BTreeMap<String, String> {
    &on.fleet.secrets_and_names_on(on.name).names
}

fn names_of<'k>(
    fleet: &Prepared<'_>,
    entities: impl Iterator<Item = &'k String>,
) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut all = BTreeMap::new();
    for entity in entities {
        let Some(secret) = fleet.model.secret.get(entity) else { continue };
        let mut name = secret.key.value.clone();
        let mut count = 1;
        while !taken.insert(name.clone()) {
            count += 1;
            name = format!("{entity}-{count}");
        }
        all.insert(entity.clone(), name);
    }
    all
}

/// The attribute of a secret which is wanted before there are accounts: one that no other secret has.
fn early_name(on: On<'_>, name: &str, uses: &Uses) -> String {
    if !uses.running {
        return name.to_owned();
    }
    let wanted = format!("{name}-for-users");
    let (mut early, mut count) = (wanted.clone(), 2);
    while names(on).values().any(|other| *other == early) {
        early = format!("{wanted}-{count}");
        count += 1;
    }
    early
}

/// `config.sops.secrets.NAME.path`, for the hash of a password.
pub(super) fn password_path(on: On<'_>, secret: &At<EntityPath>) -> Option<Nix> {
    let name = names(on).get(secret.entity())?;
    let uses = on.fleet.secrets_on(on.name).get(secret.entity())?;
    let name = early_name(on, name, uses);
    Some(Nix::select(&["config", "sops", "secrets", &name, "path"], secret.origin))
}

/// `config.sops.secrets.NAME.path`.
pub(super) fn path(on: On<'_>, secret: &EntityPath, by: OriginId) -> Nix {
    match names(on).get(secret.entity()) {
        Some(name) => Nix::select(&["config", "sops", "secrets", name, "path"], by),
        None => Nix::text("", by),
    }
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
    let sealed = sealed::secrets(on);
    for (entity, name) in names(on) {
        let (Some(secret), Some(uses)) = (on.fleet.model.secret.get(entity), uses.get(entity))
        else {
            continue;
        };
        for (wanted, early) in [(uses.running, false), (uses.password, true)] {
            if wanted {
                let attribute = if early { early_name(on, name, uses) } else { name.clone() };
                let value = one(on, sealed.contains(entity), secret, uses, &files, early);
                set.put_at(&["sops", "secrets", &attribute], value);
            }
        }
    }
}

/// Where sops-nix finds a secret: its file, the file's format, and the key in it.
pub(super) fn source(secret: &Secret, files: &BTreeMap<String, (String, OriginId)>, all: &mut Set) {
    if let Some(file) = &secret.file
        && let Some((path, _)) = files.get(&file.value)
    {
        all.put("sopsFile", Nix::source(path.clone(), file.origin));
        let format = SopsFormat::of(&file.value);
        if format != SopsFormat::Yaml {
            all.put("format", Nix::text(format.word(), file.origin));
        }
    }
    if !secret.is_bytes() {
        all.put("key", Nix::text(secret.key.value.clone(), secret.key.origin));
    }
}

fn one(
    on: On<'_>,
    is_sealed: bool,
    secret: &At<Secret>,
    uses: &Uses,
    files: &BTreeMap<String, (String, OriginId)>,
    early: bool,
) -> Nix {
    let mut all = Set::new();
    source(secret, files, &mut all);
    if early {
        // Root's, and in a folder of its own: sops-nix allows nothing else then.
        all.put("neededForUsers", Nix::bool(true, secret.origin));
    } else {
        if let Some(owner) = &secret.owner {
            all.put("owner", Nix::text(owner.last(), owner.origin));
        } else if let Some(reader) = on.fleet.rootless(on.name).filter(|_| uses.container) {
            // Its containers read it, and nobody says an owner.
            all.put("owner", Nix::text(reader.name(), reader.user.origin));
        }
        if let Some(group) = &secret.group {
            all.put("group", Nix::text(group.last(), group.origin));
        }
        all.put("mode", state::mode(&secret.mode));
        all.put("path", Nix::text(secret.path.value.clone(), secret.path.origin));
    }
    let mut units = restart_units(on, secret);
    if is_sealed {
        units.push(Nix::text(sealed::UNIT, secret.origin));
    }
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
    units.map(|(it, name)| Nix::text(restarted(on, it, name), it.origin)).collect()
}

/// What sops-nix restarts for a unit: it knows those of the system only.
fn restarted(on: On<'_>, of: &EntityPath, unit: String) -> String {
    let is_container = || {
        let service = on.fleet.model.service.get(of.entity());
        service.is_some_and(|it| it.container.is_some())
    };
    let of_account = on.fleet.rootless(on.name).is_some() && (of.kind() == "pod" || is_container());
    if of_account { restarts::of_system(&unit) } else { unit }
}

/// Whether a secret of this host restarts the unit of a Quadlet file.
pub(super) fn restarts_file(on: On<'_>, file: &PodmanUnit<'_>) -> bool {
    let used = on.fleet.secrets_on(on.name).keys();
    let secrets = used.filter_map(|key| on.fleet.model.secret.get(key));
    let kind = if file.kind == "container" { "service" } else { file.kind };
    secrets
        .flat_map(|secret| secret.restart.iter())
        .any(|it| it.kind() == kind && it.entity() == file.name)
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
