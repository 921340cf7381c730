//! Disks and pools: what disko makes of them, or, where they are only described, what is mounted.

use qg_fleet::disk::{
    Btrfs, Content, ContentFilesystem, Dataset, Luks, Partition, Pool, Subvolume, Swap,
};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::nix::{Nix, Set};

use super::mounts::{needed, options};
use super::{On, disko};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    disko::put(on, set);
    for (name, disk) in &on.host.disk {
        let managed = disk.managed.is_yes();
        for (part, partition) in &disk.partition {
            let Some(content) = &partition.holds else { continue };
            let (device, by) = match &partition.device {
                Some(device) => (device.value.clone(), device.origin),
                None => by_label(name, part, partition),
            };
            let forced = partition.device.is_some();
            let place = DiskPlace { device, by, managed, forced };
            content_on(&place, content, set);
        }
    }
    for (name, pool) in &on.host.pool {
        datasets(name, pool, set);
    }
}

/// Where a partition is by its label, and who said so: the label that disko gives it, if none is said.
#[must_use]
pub fn by_label(disk: &str, part: &str, partition: &At<Partition>) -> (String, OriginId) {
    let (label, by) = match &partition.label {
        Some(label) => (label.value.clone(), label.origin),
        None => (format!("disk-{disk}-{part}"), partition.origin),
    };
    (format!("/dev/disk/by-partlabel/{label}"), by)
}

/// What something lies on.
struct DiskPlace {
    device: String,
    by: OriginId,
    /// disko says the filesystems; here only what it does not say.
    managed: bool,
    /// The device is another one than disko's.
    forced: bool,
}

impl DiskPlace {
    fn device(&self) -> Nix {
        Nix::text(self.device.clone(), self.by)
    }

    /// The device, where disko says none or another one.
    fn put_device(&self, all: &mut Set) {
        if !self.managed {
            all.put("device", self.device());
        } else if self.forced {
            all.put("device", Nix::apply(&["lib", "mkForce"], vec![self.device()]));
        }
    }
}

fn content_on(place: &DiskPlace, content: &At<Content>, set: &mut Set) {
    match &content.value {
        Content::Filesystem(it) => filesystem(place, it, content.origin, set),
        Content::Btrfs(it) => btrfs(place, it, set),
        Content::Luks(it) => luks(place, it, content.origin, set),
        Content::Swap(it) => swap(place, it, content.origin, set),
    }
}

fn filesystem(place: &DiskPlace, it: &ContentFilesystem, by: OriginId, set: &mut Set) {
    let Some(at) = &it.at else { return };
    let mut all = Set::new();
    place.put_device(&mut all);
    if !place.managed {
        all.put("fsType", Nix::text(it.r#type.value.clone(), it.r#type.origin));
        if let Some(options) = options(&it.options, None) {
            all.put("options", options);
        }
    }
    needed(&it.needed_for_boot, &mut all);
    mount(at, all, by, set);
}

fn btrfs(place: &DiskPlace, it: &Btrfs, set: &mut Set) {
    for (name, subvolume) in &it.subvolume {
        let by = subvolume.origin;
        let Some(at) = &subvolume.at else { continue };
        let mut all = Set::new();
        place.put_device(&mut all);
        if !place.managed {
            all.put("fsType", Nix::text("btrfs", by));
            let of = Nix::text(format!("subvol={name}"), by);
            if let Some(options) = options(&subvolume.options, Some(of)) {
                all.put("options", options);
            }
            swap_file(at, subvolume, set);
        }
        needed(&subvolume.needed_for_boot, &mut all);
        mount(at, all, by, set);
    }
}

fn swap_file(at: &At<String>, subvolume: &Subvolume, set: &mut Set) {
    let Some(size) = &subvolume.swap else { return };
    let mut file = Set::new();
    let path = format!("{}/swapfile", at.trim_end_matches('/'));
    file.put("device", Nix::text(path, size.origin));
    set.put("swapDevices", Nix::list(vec![file.nix(size.origin)], size.origin));
}

fn luks(place: &DiskPlace, it: &Luks, by: OriginId, set: &mut Set) {
    let mut all = Set::new();
    place.put_device(&mut all);
    if !place.managed {
        settings(it).0.into_iter().for_each(|(key, value)| all.put(key, value));
    }
    if !all.is_empty() {
        let option = ["boot", "initrd", "luks", "devices", &it.name];
        set.put_at(&option, all.nix(by));
    }
    if let Some(inside) = &it.holds {
        let device = format!("/dev/mapper/{}", it.name.value);
        let place = DiskPlace { device, by: it.name.origin, managed: place.managed, forced: false };
        content_on(&place, inside, set);
    }
}

pub(super) fn texts(of: &At<Vec<At<String>>>) -> Nix {
    Nix::list(of.iter().map(|it| Nix::text(it.value.clone(), it.origin)).collect(), of.origin)
}

/// How it is opened.
pub(super) fn settings(it: &Luks) -> Set {
    let mut all = Set::new();
    if it.discard.value {
        all.put("allowDiscards", Nix::bool(true, it.discard.origin));
    }
    if !it.workqueues.value {
        all.put("bypassWorkqueues", Nix::bool(true, it.workqueues.origin));
    }
    if let Some(file) = &it.key_file {
        all.put("keyFile", Nix::text(file.value.clone(), file.origin));
    }
    if !it.crypttab.is_empty() {
        all.put("crypttabExtraOpts", texts(&it.crypttab));
    }
    all
}

fn swap(place: &DiskPlace, it: &Swap, by: OriginId, set: &mut Set) {
    if place.managed {
        return;
    }
    let mut all = Set::new();
    all.put("device", place.device());
    if it.random_encryption.value {
        let on = Nix::bool(true, it.random_encryption.origin);
        all.put_at(&["randomEncryption", "enable"], on);
    }
    set.put("swapDevices", Nix::list(vec![all.nix(by)], by));
    if it.resume.value {
        set.put_at(&["boot", "resumeDevice"], place.device());
    }
}

fn datasets(pool: &str, of: &At<Pool>, set: &mut Set) {
    if of.always.value {
        let list = Nix::list(vec![Nix::text(pool, of.origin)], of.always.origin);
        set.put_at(&["boot", "zfs", "extraPools"], list);
    }
    for (name, dataset) in &of.dataset {
        let Some(at) = &dataset.at else { continue };
        let mut all = Set::new();
        if !of.managed.is_yes() {
            dataset_mount(pool, name, dataset, &mut all);
        }
        needed(&dataset.needed_for_boot, &mut all);
        mount(at, all, dataset.origin, set);
    }
}

fn dataset_mount(pool: &str, name: &str, dataset: &At<Dataset>, all: &mut Set) {
    all.put("device", Nix::text(format!("{pool}/{name}"), dataset.origin));
    all.put("fsType", Nix::text("zfs", dataset.origin));
    if let Some(options) = options(&dataset.options, None) {
        all.put("options", options);
    }
}

fn mount(at: &At<String>, all: Set, by: OriginId, set: &mut Set) {
    if !all.is_empty() {
        set.put_at(&["fileSystems", at], all.nix(by));
    }
}
