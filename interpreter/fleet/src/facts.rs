//! What follows from a fleet, host by host, each found once: checks judge it and targets write it.

use std::collections::BTreeMap;
use std::ops::Deref;

use super::Fleet;
use super::files::HostFile;
use super::firewall::Firewall;
use super::folders::{Folder, StateOf};
use super::host::Manager;
use super::leaf::{At, Data, EntityPath};
use super::listeners::{Listener, Listeners};
use super::meeting::Met;
use super::modules::SwitchedOn;
use super::mounted::Mounted;
use super::mounts::{Fate, Mounts};
use super::path::folders_above;
use super::secret_uses::SecretUses;
use super::service::State;
use super::standstill::{Managers, Still};
use super::units::PodmanUnit;

/// A fleet and its facts. What only looks something up in the model is asked of the [`Fleet`], which it derefs to.
#[derive(Clone, Debug)]
pub struct Facts<'f> {
    fleet: &'f Fleet,
    /// Who uses which secret.
    pub secret_uses: SecretUses<'f>,
    hosts: BTreeMap<&'f str, HostFacts<'f>>,
    /// What stops with what, by host and account.
    managers: Managers,
}

/// What is known of one host.
#[derive(Clone, Debug, Default)]
struct HostFacts<'f> {
    listeners: Listeners<'f>,
    firewall: Firewall,
    /// The ports that programs of other hosts use.
    met: Vec<Met>,
    /// The units that Podman's generator makes, each of its Quadlet file.
    units: Vec<PodmanUnit<'f>>,
    mounts: Mounts<'f>,
    /// The modules that are no service's own.
    switched_on: Vec<SwitchedOn>,
    /// What its containers mount.
    mounted: Vec<Mounted<'f>>,
    files: Vec<HostFile<'f>>,
    states: Vec<StateOf<'f>>,
    /// What modules keep by themselves, and nothing has to be made for: it lies where it stays, or in what is kept.
    lying: Vec<StateOf<'f>>,
    /// The first of them at each path.
    kept: BTreeMap<&'f str, &'f At<State>>,
    /// The folders that mounts need.
    folders: BTreeMap<String, Folder>,
}

impl<'f> Facts<'f> {
    /// Finds all of it.
    #[must_use]
    pub fn of(fleet: &'f Fleet) -> Facts<'f> {
        let mut met = fleet.find_met();
        let mut of_host = |name: &'f str| {
            let files: Vec<HostFile<'f>> = fleet.find_files(name).collect();
            let mounts = fleet.find_mounts(name);
            let (states, lying) = fleet.find_states(name, &mounts);
            let kept = by_path(&states);
            HostFacts {
                listeners: fleet.find_listeners(name),
                firewall: fleet.find_firewall(name),
                met: met.remove(name).unwrap_or_default(),
                units: fleet.find_podman_units(name),
                folders: fleet.find_folders(name, &files, &kept),
                mounts,
                switched_on: fleet.find_switched_on(name),
                mounted: fleet.find_mounted(name),
                files,
                states,
                lying,
                kept,
            }
        };
        let hosts = fleet.model.host.keys().map(String::as_str);
        Facts {
            fleet,
            secret_uses: SecretUses::in_model(&fleet.model),
            hosts: hosts.map(|name| (name, of_host(name))).collect(),
            managers: fleet.find_managers(),
        }
    }

    fn on(&self, host: &str) -> Option<&HostFacts<'f>> {
        self.hosts.get(host)
    }

    /// Everything that listens on a host; nothing where there is no such host.
    #[must_use]
    pub fn listeners_on(&self, host: &str) -> &Listeners<'f> {
        const NONE: &Listeners<'_> = &Listeners { all: Vec::new(), unreadable: Vec::new() };
        self.on(host).map_or(NONE, |it| &it.listeners)
    }

    /// What the firewall of a host lets through by words for the whole machine.
    #[must_use]
    pub fn firewall_of(&self, host: &str) -> &Firewall {
        const NONE: &Firewall =
            &Firewall { off: None, opened: Vec::new(), trusted: Vec::new(), unread: false };
        self.on(host).map_or(NONE, |it| &it.firewall)
    }

    /// Whether other machines reach a port: it listens for them, and the firewall lets them through or is not asked.
    #[must_use]
    pub fn is_reachable(&self, host: &str, listener: &Listener<'_>) -> bool {
        let Some(of) = self.model.host.get(host) else { return false };
        !listener.is_local()
            && (listener.open
                || listener.forwarded
                || of.manager.value == Manager::Plain
                || self.firewall_of(host).lets_in(listener.port, listener.protocol))
    }

    /// The ports of a host that others reach and that are not open to everybody.
    #[must_use]
    pub fn met_on(&self, host: &str) -> &[Met] {
        self.on(host).map_or(&[], |it| &it.met)
    }

    /// The address by which others reach a port, where it is published for them besides.
    #[must_use]
    pub fn met_at(&self, host: &str, service: &str, port: &str) -> Option<&At<String>> {
        let met = self.met_on(host).iter().find(|it| it.service == service && it.port == port)?;
        let (of, port) = (self.model.service.get(service)?, port);
        self.model.follows(of, of.ports.get(port)?).then_some(&met.at)
    }

    /// Every unit of a host that Podman's generator makes, with its Quadlet file.
    #[must_use]
    pub fn units_on(&self, host: &str) -> &[PodmanUnit<'f>] {
        self.on(host).map_or(&[], |it| &it.units)
    }

    /// The files of a host and of its services.
    #[must_use]
    pub fn files_on(&self, host: &str) -> &[HostFile<'f>] {
        self.on(host).map_or(&[], |it| &it.files)
    }

    /// Every file of every host, those of its services too.
    pub fn host_files(&self) -> impl Iterator<Item = &HostFile<'f>> {
        self.hosts.values().flat_map(|it| &it.files)
    }

    /// What is mounted where on a host, and what becomes of it at boot.
    #[must_use]
    pub fn mounts_on(&self, host: &str) -> Option<&Mounts<'f>> {
        self.on(host).map(|it| &it.mounts)
    }

    /// The known modules of a host that are switched on, keep something, and are no service's own.
    #[must_use]
    pub fn switched_on(&self, host: &str) -> &[SwitchedOn] {
        self.on(host).map_or(&[], |it| &it.switched_on)
    }

    /// What the containers of a host mount.
    #[must_use]
    pub fn mounted_on(&self, host: &str) -> &[Mounted<'f>] {
        self.on(host).map_or(&[], |it| &it.mounted)
    }

    /// What becomes at boot of what lies at a path of a host, with all that keeps it: `state`, filesystems, and options
    /// of its own Nix. What somebody says may be lost counts as staying: it is answered.
    #[must_use]
    pub fn fate_of(&self, host: &str, path: &str) -> Fate {
        let Some(here) = self.on(host) else { return Fate::Unknown };
        let fate = here.mounts.fate(path);
        if fate == Fate::Stays || here.mounts.is_kept_in_nix(path) {
            return Fate::Stays;
        }
        let said = std::iter::once(path).chain(folders_above(path));
        if said.into_iter().any(|it| here.kept.contains_key(it)) { Fate::Stays } else { fate }
    }

    /// Whether options of a host's own Nix copy a path away: jobs of restic and borg, as NixOS has them.
    #[must_use]
    pub fn is_copied_in_nix(&self, host: &str, path: &str) -> bool {
        let Some(of) = self.model.host.get(host) else { return false };
        let jobs = [["services", "restic", "backups"], ["services", "borgbackup", "jobs"]];
        let in_host = |way: &[&str; 3]| {
            let mut at = &of.nix;
            for key in way {
                let Data::Record(fields) = &at.value else { return false };
                let Some(next) = fields.get(*key) else { return false };
                at = next;
            }
            let around = std::iter::once(path).chain(folders_above(path));
            around.filter(|it| !it.is_empty()).any(|it| self.speaks_of(at, it))
        };
        jobs.iter().any(in_host)
    }

    /// What modules of a host keep by themselves where nothing has to be made for it: it lies on a filesystem of its own,
    /// or in what somebody else keeps.
    #[must_use]
    pub fn lying_on(&self, host: &str) -> &[StateOf<'f>] {
        self.on(host).map_or(&[], |it| &it.lying)
    }

    /// Every `state` of a host and of its services.
    #[must_use]
    pub fn all_states_on(&self, host: &str) -> &[StateOf<'f>] {
        self.on(host).map_or(&[], |it| &it.states)
    }

    /// What a host and its services keep, by path without a slash at its end; the first who says one.
    #[must_use]
    pub fn states_on(&self, host: &str) -> &BTreeMap<&'f str, &'f At<State>> {
        const NONE: &BTreeMap<&str, &At<State>> = &BTreeMap::new();
        self.on(host).map_or(NONE, |it| &it.kept)
    }

    /// The folders that are made on a host because something mounts them, by path.
    #[must_use]
    pub fn mounted_folders(&self, host: &str) -> &BTreeMap<String, Folder> {
        const NONE: &BTreeMap<String, Folder> = &BTreeMap::new();
        self.on(host).map_or(NONE, |it| &it.folders)
    }

    /// Everything on a host that stops when these services and pods are stopped, they first.
    #[must_use]
    pub fn stands_still(&self, host: &str, stop: &[At<EntityPath>]) -> Vec<Still> {
        self.fleet.stopped_with(&self.managers, host, stop)
    }
}

fn by_path<'f>(states: &[StateOf<'f>]) -> BTreeMap<&'f str, &'f At<State>> {
    let mut all = BTreeMap::new();
    for it in states {
        all.entry(it.path).or_insert(it.state);
    }
    all
}

impl<'f> Deref for Facts<'f> {
    type Target = Fleet;

    fn deref(&self) -> &Fleet {
        self.fleet
    }
}
