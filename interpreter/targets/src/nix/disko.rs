//! `disko.devices`: the disks and pools that may be divided and formatted.

use qg_fleet::disk::{Btrfs, Content, Dataset, Disk, Luks, Partition, PartitionKind, Pool, Vdev};
use qg_fleet::leaf::{At, Bytes, EntityPath, OriginId};
use qg_formats::nix::{Nix, Set};

use super::On;
use super::disks::{by_label, settings, texts as texts_of};
use super::mounts::options;

pub(super) fn put(on: On<'_>, set: &mut Set) {
    for (name, it) in on.host.disk.iter().filter(|(_, disk)| disk.managed.is_yes()) {
        set.put_at(&["disko", "devices", "disk", name], disk(on, name, it).nix(it.origin));
    }
    for (name, it) in on.host.pool.iter().filter(|(_, pool)| pool.managed.is_yes()) {
        set.put_at(&["disko", "devices", "zpool", name], pool(on, name, it).nix(it.origin));
    }
}

/// A size as sgdisk and mkfs read it, in powers of 1024.
pub(super) fn size(Bytes(bytes): Bytes) -> String {
    let mut count = bytes.div_ceil(1024);
    let mut units = ["K", "M", "G", "T"].iter();
    let mut unit = units.next();
    for next in units {
        if count == 0 || !count.is_multiple_of(1024) {
            break;
        }
        count /= 1024;
        unit = Some(next);
    }
    format!("{count}{}", unit.unwrap_or(&""))
}

fn disk(on: On<'_>, name: &str, disk: &At<Disk>) -> Set {
    let mut all = Set::new();
    all.put("type", Nix::text("disk", disk.origin));
    all.put("device", Nix::text(disk.device.value.clone(), disk.device.origin));
    all.put_at(&["content", "type"], Nix::text("gpt", disk.origin));
    let mut parts: Vec<(&String, &At<Partition>)> = disk.partition.iter().collect();
    // What takes all that is left comes last.
    parts.sort_by_key(|(name, it)| (it.size.is_none(), it.order.value, name.as_str()));
    for (index, (part, it)) in parts.iter().enumerate() {
        let path = ["host", on.name, "disk", name, "partition", part].map(str::to_owned);
        let content = partition(on, it, &EntityPath(path.to_vec()), index);
        all.put_at(&["content", "partitions", part], content.nix(it.origin));
    }
    all
}

fn partition(on: On<'_>, it: &At<Partition>, path: &EntityPath, index: usize) -> Set {
    let mut all = Set::new();
    let place = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
    all.put("priority", Nix::int(place, it.order.origin));
    let size = match &it.size {
        Some(bytes) => Nix::text(size(bytes.value), bytes.origin),
        None => Nix::text("100%", it.origin),
    };
    all.put("size", size);
    let kind = match it.kind.value {
        PartitionKind::Linux => None,
        PartitionKind::Bios => Some("EF02"),
        PartitionKind::Efi => Some("EF00"),
        PartitionKind::Swap => Some("8200"),
    };
    if let Some(label) = &it.label {
        all.put("label", Nix::text(label.value.clone(), label.origin));
    }
    if let Some(kind) = kind {
        all.put("type", Nix::text(kind, it.kind.origin));
    }
    if let Some(content) = &it.holds {
        all.put("content", self::content(content).nix(content.origin));
    } else if let Some((pool, by)) = pool_of(on, path) {
        let mut zfs = Set::new();
        zfs.put("type", Nix::text("zfs", by));
        zfs.put("pool", Nix::text(pool, by));
        all.put("content", zfs.nix(by));
    }
    all
}

/// The pool that a partition is part of, and who says so.
fn pool_of<'f>(on: On<'f>, path: &EntityPath) -> Option<(&'f str, OriginId)> {
    on.host.pool.iter().find_map(|(name, pool)| {
        let member = pool.members().find(|member| member.value == *path)?;
        Some((name.as_str(), member.origin))
    })
}

fn content(content: &At<Content>) -> Set {
    let by = content.origin;
    let mut all = Set::new();
    let kind = |name: &str| Nix::text(name, by);
    match &content.value {
        Content::Filesystem(it) => {
            all.put("type", kind("filesystem"));
            all.put("format", Nix::text(it.r#type.value.clone(), it.r#type.origin));
            name_it(&it.label, &it.r#type.value, &mut all);
            if let Some(at) = &it.at {
                all.put("mountpoint", Nix::text(at.value.clone(), at.origin));
                if let Some(options) = options(&it.options, None) {
                    all.put("mountOptions", options);
                }
            }
        }
        Content::Btrfs(it) => {
            all.put("type", kind("btrfs"));
            name_it(&it.label, "btrfs", &mut all);
            all.put("subvolumes", subvolumes(it).nix(by));
        }
        Content::Luks(it) => luks(it, by, &mut all),
        Content::Swap(it) => {
            all.put("type", kind("swap"));
            for (key, value) in
                [("resumeDevice", it.resume), ("randomEncryption", it.random_encryption)]
            {
                if value.value {
                    all.put(key, Nix::bool(true, value.origin));
                }
            }
        }
    }
    all
}

/// The label of a filesystem, as its own mkfs takes it.
fn name_it(label: &Option<At<String>>, kind: &str, all: &mut Set) {
    let Some(label) = label else { return };
    let flag = match kind {
        "vfat" | "fat" | "msdos" => "-n",
        "f2fs" => "-l",
        // ext2 to ext4, btrfs, xfs, exfat, ntfs, bcachefs.
        _ => "-L",
    };
    let arguments = [flag, &label.value].map(|it| Nix::text(it, label.origin));
    all.put("extraArgs", Nix::list(arguments.to_vec(), label.origin));
}

fn luks(it: &Luks, by: OriginId, all: &mut Set) {
    all.put("type", Nix::text("luks", by));
    all.put("name", Nix::text(it.name.value.clone(), it.name.origin));
    let settings = settings(it);
    if !settings.is_empty() {
        all.put("settings", settings.nix(by));
    }
    for (option, arguments) in
        [("extraFormatArgs", &it.format_args), ("extraOpenArgs", &it.open_args)]
    {
        if !arguments.is_empty() {
            all.put(option, texts_of(arguments));
        }
    }
    if let Some(inside) = &it.holds {
        all.put("content", content(inside).nix(inside.origin));
    }
}

fn subvolumes(it: &Btrfs) -> Set {
    let mut all = Set::new();
    for (name, subvolume) in &it.subvolume {
        let mut one = Set::new();
        if let Some(at) = &subvolume.at {
            one.put("mountpoint", Nix::text(at.value.clone(), at.origin));
            if let Some(options) = options(&subvolume.options, None) {
                one.put("mountOptions", options);
            }
        }
        if let Some(bytes) = &subvolume.swap {
            let size = Nix::text(size(bytes.value), bytes.origin);
            one.put_at(&["swap", "swapfile", "size"], size);
        }
        all.put(name, one.nix(subvolume.origin));
    }
    all
}

fn pool(on: On<'_>, name: &str, pool: &At<Pool>) -> Set {
    let mut all = Set::new();
    all.put("type", Nix::text("zpool", pool.origin));
    let mut topology = Set::new();
    topology.put("type", Nix::text("topology", pool.vdevs.origin));
    topology.put("vdev", vdevs(on, &pool.vdevs));
    if let [only] = pool.special.as_slice() {
        // Older versions of disko know one.
        topology.put("special", vdev(on, only));
    } else if !pool.special.is_empty() {
        topology.put("special", vdevs(on, &pool.special));
    }
    if !pool.log.is_empty() {
        topology.put("log", vdevs(on, &pool.log));
    }
    for (key, members) in [("cache", &pool.cache), ("spare", &pool.spare)] {
        if !members.is_empty() {
            topology.put(key, devices(on, members));
        }
    }
    all.put_at(&["mode", "topology"], topology.nix(pool.vdevs.origin));
    for (key, of) in [("options", &pool.options), ("rootFsOptions", &pool.properties)] {
        if !of.is_empty() {
            all.put(key, texts(of).nix(pool.origin));
        }
    }
    for (key, it) in &pool.dataset {
        all.put_at(&["datasets", key], dataset(&format!("{name}/{key}"), it).nix(it.origin));
    }
    all
}

fn texts(of: &std::collections::BTreeMap<String, At<String>>) -> Set {
    let text = |it: &At<String>| Nix::text(it.value.clone(), it.origin);
    Set(of.iter().map(|(key, value)| (key.clone(), text(value))).collect())
}

fn vdevs(on: On<'_>, all: &At<Vec<At<Vdev>>>) -> Nix {
    Nix::list(all.iter().map(|it| vdev(on, it)).collect(), all.origin)
}

fn vdev(on: On<'_>, it: &At<Vdev>) -> Nix {
    let mut all = Set::new();
    all.put("mode", Nix::text(it.layout.value.name(), it.layout.origin));
    all.put("members", devices(on, &it.members));
    all.nix(it.origin)
}

/// Where the partitions are.
fn devices(on: On<'_>, members: &At<Vec<At<EntityPath>>>) -> Nix {
    let device = |member: &At<EntityPath>| {
        let disk = member.0.get(3).map_or("", String::as_str);
        let known = on.host.disk.get(disk).and_then(|it| it.partition.get(member.last()));
        let path = known.map(|it| match &it.device {
            Some(device) => device.value.clone(),
            None => by_label(disk, member.last(), it).0,
        });
        Nix::text(path.unwrap_or_default(), member.origin)
    };
    Nix::list(members.iter().map(device).collect(), members.origin)
}

fn dataset(whole: &str, it: &At<Dataset>) -> Set {
    let mut all = Set::new();
    if let Some(bytes) = &it.volume {
        all.put("type", Nix::text("zfs_volume", bytes.origin));
        all.put("size", Nix::text(size(bytes.value), bytes.origin));
    } else {
        all.put("type", Nix::text("zfs_fs", it.origin));
        if let Some(at) = &it.at {
            all.put("mountpoint", Nix::text(at.value.clone(), at.origin));
            if let Some(options) = options(&it.options, None) {
                all.put("mountOptions", options);
            }
        }
    }
    if !it.properties.is_empty() {
        all.put("options", texts(&it.properties).nix(it.origin));
    }
    let commands: Vec<String> = it
        .snapshots
        .iter()
        .map(|snapshot| format!("{whole}@{}", snapshot.value))
        .map(|it| format!("zfs list -t snapshot {it} > /dev/null 2>&1 || zfs snapshot {it}\n"))
        .collect();
    if !commands.is_empty() {
        all.put("postCreateHook", Nix::text(commands.concat(), it.snapshots.origin));
    }
    all
}
