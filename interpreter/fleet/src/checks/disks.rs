//! Disks and pools: names that the programs that make them take, and layouts that can be.

use std::collections::BTreeMap;

use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::disk::{Content, Disk, Pool};
use crate::host::{Host, Root, Wipe};
use crate::leaf::{At, EntityPath, OriginId};

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::DISK_NAME, codes::DISK_LAYOUT], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        let mut of = Of { fleet, out: &mut *out, mounts: BTreeMap::new() };
        for (key, disk) in &host.disk {
            of.disk(key, disk);
        }
        let mut members = BTreeMap::new();
        for (key, pool) in &host.pool {
            of.pool(name, key, pool, host, &mut members);
        }
        for (at, filesystem) in &host.filesystem {
            of.path(at, filesystem.origin);
            of.mount(at, filesystem.origin, filesystem.needed_for_boot.value);
        }
        of.root(host);
    }
}

/// The checks of one host.
struct Of<'f, 'o> {
    fleet: &'f Facts<'f>,
    out: &'o mut Vec<Diagnostic>,
    /// What is mounted where: who says so, and whether at once.
    mounts: BTreeMap<String, (OriginId, bool)>,
}

impl Of<'_, '_> {
    fn say(&mut self, code: Code, at: OriginId, message: String, help: &str) {
        self.out.push(Diagnostic::error(code, place(self.fleet, at), message).help(help));
    }

    /// A layout that cannot be, because of another place too.
    fn clash(&mut self, at: OriginId, message: String, help: &str, other: (OriginId, &str)) {
        let finding =
            Diagnostic::error(codes::DISK_LAYOUT, place(self.fleet, at), message).help(help);
        self.out.push(finding.also(place(self.fleet, other.0), other.1));
    }

    fn name(&mut self, what: &str, name: &str, by: OriginId, more: &str) {
        let fine = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c) || more.contains(c);
        if name.is_empty() || name.starts_with('-') || !name.chars().all(fine) {
            let message = format!("{what} cannot be called {name:?}");
            let help = "letters, digits, `_`, `.` and `-` are what the programs that make it take";
            self.say(codes::DISK_NAME, by, message, help);
        }
    }

    fn path(&mut self, path: &str, by: OriginId) {
        let fine = |c: char| c.is_ascii_alphanumeric() || "/_.:@+-".contains(c);
        if !path.starts_with('/') || !path.chars().all(fine) {
            let message = format!("{path:?} is no path that a disk or filesystem can have here");
            let help = "it begins with `/`, and holds letters, digits and `._:@+-`";
            self.say(codes::DISK_NAME, by, message, help);
        }
    }

    fn mount(&mut self, at: &str, by: OriginId, needed: bool) {
        let Some((first, _)) = self.mounts.insert(at.to_owned(), (by, needed)) else { return };
        let help = "mount one of them elsewhere, or not at all";
        let message = format!("two filesystems are mounted at {at}");
        self.clash(by, message, help, (first, "the other one"));
    }

    fn disk(&mut self, name: &str, disk: &At<Disk>) {
        self.name("a disk", name, disk.origin, "");
        self.path(&disk.device, disk.device.origin);
        let mut rest: Option<OriginId> = None;
        for (part, partition) in &disk.partition {
            self.name("a partition", part, partition.origin, "");
            let label = format!("disk-{name}-{part}");
            if label.len() > 36 && partition.device.is_none() && partition.label.is_none() {
                let message = format!("the label `{label}` is longer than the 36 letters of GPT");
                self.say(
                    codes::DISK_NAME,
                    partition.origin,
                    message,
                    "say `label`, or give it a shorter name",
                );
            }
            if let Some(device) = &partition.device {
                self.path(device, device.origin);
            }
            if partition.size.is_none()
                && let Some(first) = rest.replace(partition.origin)
            {
                let message = format!("two partitions of disk.{name} take all that is left");
                let help = "say `size` for all but one";
                self.clash(partition.origin, message, help, (first, "the other one"));
            }
            if let Some(content) = &partition.holds {
                self.content(content);
            }
        }
    }

    fn content(&mut self, content: &At<Content>) {
        match &content.value {
            Content::Filesystem(it) => {
                if let Some(at) = &it.at {
                    self.path(at, at.origin);
                    self.mount(at, at.origin, it.needed_for_boot.value);
                }
            }
            Content::Btrfs(it) => {
                for (name, subvolume) in &it.subvolume {
                    self.name("a subvolume", name, subvolume.origin, "/@");
                    if let Some(at) = &subvolume.at {
                        self.path(at, at.origin);
                        self.mount(at, at.origin, subvolume.needed_for_boot.value);
                    } else if let Some(swap) = &subvolume.swap {
                        let message = format!("subvolume.{name} has a swap file and no place");
                        let help = "say `at`, where it is mounted";
                        self.say(codes::DISK_LAYOUT, swap.origin, message, help);
                    }
                }
            }
            Content::Luks(it) => {
                if let Some(file) = &it.key_file {
                    self.path(file, file.origin);
                }
                if let Some(inside) = &it.holds {
                    self.content(inside);
                }
            }
            Content::Swap(it) => {
                if it.resume.value && it.random_encryption.value {
                    let message = "the machine would sleep where it cannot wake up".to_owned();
                    let help =
                        "a key that is new at each boot opens nothing that was written before";
                    self.clash(
                        it.resume.origin,
                        message,
                        help,
                        (it.random_encryption.origin, "its key"),
                    );
                }
            }
        }
    }

    fn member(&mut self, pool: &str, member: &At<EntityPath>, why: &str) {
        let message = format!("pool.{pool} cannot have {}: {why}", member.value);
        let help = "name a partition of this machine that nothing else is in";
        self.say(codes::DISK_LAYOUT, member.origin, message, help);
    }

    fn pool<'f>(
        &mut self,
        host: &str,
        name: &'f str,
        pool: &'f At<Pool>,
        on: &Host,
        members: &mut BTreeMap<&'f [String], &'f str>,
    ) {
        self.name("a pool", name, pool.origin, "");
        for key in pool.options.keys().chain(pool.properties.keys()) {
            self.name("a property of ZFS", key, pool.origin, ":@");
        }
        if pool.managed.is_yes() && pool.vdevs.iter().all(|vdev| vdev.members.is_empty()) {
            let message = format!("pool.{name} consists of nothing");
            let help = "say its `vdevs`, or `managed = no { because = … }` if it is only described";
            self.say(codes::DISK_LAYOUT, pool.origin, message, help);
        }
        for member in pool.members() {
            if member.0.get(1).is_none_or(|it| it != host) {
                self.member(name, member, "it is on another machine");
                continue;
            }
            let disk = member.0.get(3).and_then(|key| on.disk.get(key));
            let partition = disk.and_then(|disk| disk.partition.get(member.last()));
            let (Some(disk), Some(partition)) = (disk, partition) else { continue };
            let why = if partition.holds.is_some() {
                "it holds something else".to_owned()
            } else if let Some(other) = members.insert(&member.0, name) {
                format!("pool.{other} has it")
            } else if pool.managed.is_yes() && !disk.managed.is_yes() {
                "its disk is only described, and the pool would be made anew".to_owned()
            } else {
                continue;
            };
            self.member(name, member, &why);
        }
        for (key, dataset) in &pool.dataset {
            self.name("a dataset", key, dataset.origin, "/:");
            for property in dataset.properties.keys() {
                self.name("a property of ZFS", property, dataset.origin, ":@");
            }
            if let Some(at) = &dataset.at {
                self.path(at, at.origin);
                self.mount(at, at.origin, dataset.needed_for_boot.value);
            }
        }
    }

    /// What an ephemeral root needs before it is there.
    fn root(&mut self, host: &Host) {
        let Root::Ephemeral(root) = &host.root.value else { return };
        if let Some((by, false)) = self.mounts.get(&root.keep.value).copied() {
            let keep = &root.keep.value;
            let message = format!("{keep} is mounted too late: the root needs what is in it");
            let help = "say `needed_for_boot = true` where it is mounted";
            self.clash(by, message, help, (root.keep.origin, "state is kept there"));
        }
        if let Some(initrd) = &host.boot.systemd_initrd
            && !initrd.value
            && root.wipe.value != Wipe::Elsewhere
        {
            let message = "nothing would wipe the root: that is a unit of systemd".to_owned();
            let help = "drop it, or wipe the root `elsewhere`";
            self.clash(initrd.origin, message, help, (root.wipe.origin, "it is to be wiped here"));
        }
    }
}
