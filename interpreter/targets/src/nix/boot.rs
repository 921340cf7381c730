//! What starts the kernel, what it is told, and how an ephemeral root becomes empty before anything uses it.

use qg_fleet::boot::{Loader, Tmp};
use qg_fleet::disk::PartitionKind;
use qg_fleet::host::{Rollback, Root, Wipe, WipeSubvolume};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::nix::{Nix, NixPart, Set};

use super::{On, data, state};
use crate::sealed::word;

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let boot = &on.host.boot;
    if let Some(kernel) = &boot.kernel {
        let path: Vec<&str> = std::iter::once("pkgs").chain(kernel.split('.')).collect();
        set.put_at(&["boot", "kernelPackages"], Nix::select(&path, kernel.origin));
    }
    for (option, list) in [
        (&["boot", "kernelModules"][..], &boot.modules),
        (&["boot", "initrd", "availableKernelModules"], &boot.initrd_modules),
        (&["boot", "kernelParams"], &boot.params),
        (&["boot", "supportedFilesystems"], &boot.filesystems),
    ] {
        if !list.is_empty() {
            set.put_at(option, state::texts(list, list.origin));
        }
    }
    for (key, value) in &boot.sysctl {
        set.put_at(&["boot", "kernel", "sysctl", key], data::plain(value));
    }
    if !boot.emulates.is_empty() {
        let all = boot.emulates.iter().map(|it| Nix::text(it.name(), it.origin)).collect();
        let option = ["boot", "binfmt", "emulatedSystems"];
        set.put_at(&option, Nix::list(all, boot.emulates.origin));
    }
    if let Some(it) = &boot.systemd_initrd {
        set.put_at(&["boot", "initrd", "systemd", "enable"], Nix::bool(it.value, it.origin));
    }
    if let Some(loader) = &boot.loader {
        set.put_at(&["boot", "loader"], self::loader(on, loader).nix(loader.origin));
    }
    match boot.tmp.as_ref().map(|it| (&it.value, it.origin)) {
        Some((Tmp::Disk(disk), _)) => {
            let clean = Nix::bool(disk.clean.value, disk.clean.origin);
            set.put_at(&["boot", "tmp", "cleanOnBoot"], clean);
        }
        Some((Tmp::Memory(memory), by)) => {
            set.put_at(&["boot", "tmp", "useTmpfs"], Nix::bool(true, by));
            if let Some(size) = &memory.size {
                let text = Nix::text(size.value.clone(), size.origin);
                set.put_at(&["boot", "tmp", "tmpfsSize"], text);
            }
        }
        None => {}
    }
    if let Root::Ephemeral(root) = &on.host.root.value {
        wipe(&root.wipe, set);
    }
}

fn loader(on: On<'_>, loader: &At<Loader>) -> Set {
    let by = loader.origin;
    let mut all = Set::new();
    match &loader.value {
        Loader::SystemdBoot(it) => {
            all.put_at(&["systemd-boot", "enable"], Nix::bool(true, by));
            if let Some(entries) = &it.entries {
                let count = Nix::int(entries.value, entries.origin);
                all.put_at(&["systemd-boot", "configurationLimit"], count);
            }
            let touch = Nix::bool(it.efi_variables.value, it.efi_variables.origin);
            all.put_at(&["efi", "canTouchEfiVariables"], touch);
        }
        Loader::Grub(it) => {
            let mut grub = Set::new();
            grub.put("enable", Nix::bool(true, by));
            if it.efi.value {
                grub.put("efiSupport", Nix::bool(true, it.efi.origin));
            }
            if it.removable.value {
                grub.put("efiInstallAsRemovable", Nix::bool(true, it.removable.origin));
            }
            if it.zfs.value {
                grub.put("zfsSupport", Nix::bool(true, it.zfs.origin));
            }
            // Where a disk has a partition for it, disko names that disk.
            let disks = on.host.disk.values().filter(|disk| disk.managed.is_yes());
            let bios = disks.flat_map(|disk| disk.partition.values());
            let is_bios = bios.into_iter().any(|it| it.kind.value == PartitionKind::Bios);
            if !it.devices.is_empty() {
                grub.put("devices", state::texts(&it.devices, it.devices.origin));
            } else if it.efi.value && !is_bios {
                grub.put("device", Nix::text("nodev", it.efi.origin));
            }
            all.put("grub", grub.nix(by));
        }
        Loader::Extlinux => {
            all.put_at(&["grub", "enable"], Nix::bool(false, by));
            all.put_at(&["generic-extlinux-compatible", "enable"], Nix::bool(true, by));
        }
        Loader::None => all.put_at(&["grub", "enable"], Nix::bool(false, by)),
    }
    all
}

fn wipe(wipe: &At<Wipe>, set: &mut Set) {
    let by = wipe.origin;
    let (after, path, script) = match &wipe.value {
        Wipe::Elsewhere => return,
        Wipe::Rollback(it) => {
            let pool = it.dataset.split('/').next().unwrap_or_default();
            let zfs = Nix::select(&["config", "boot", "zfs", "package"], by);
            (format!("zfs-import-{pool}.service"), vec![zfs], rollback(it))
        }
        Wipe::Subvolume(it) => {
            let after = match it.device.strip_prefix("/dev/mapper/") {
                Some(name) => format!("systemd-cryptsetup@{}.service", name.replace('-', "\\x2d")),
                None => "initrd-root-device.target".to_owned(),
            };
            let packages = ["btrfs-progs", "coreutils", "findutils", "util-linux"];
            let path = packages.iter().map(|it| Nix::select(&["pkgs", it], by)).collect();
            (after, path, put_aside(it))
        }
    };
    let text = |text: &str| Nix::text(text, by);
    let mut unit = Set::new();
    unit.put("description", text("Begin with an empty root"));
    unit.put("wantedBy", Nix::list(vec![text("initrd.target")], by));
    unit.put("after", Nix::list(vec![text(&after)], by));
    unit.put("before", Nix::list(vec![text("sysroot.mount")], by));
    unit.put("path", Nix::list(path, by));
    unit.put_at(&["unitConfig", "DefaultDependencies"], Nix::bool(false, by));
    unit.put_at(&["serviceConfig", "Type"], text("oneshot"));
    unit.put("script", Nix::filled(vec![NixPart::Text(script.0)], script.1));
    let systemd = ["boot", "initrd", "systemd"];
    let enable = [&systemd[..], &["enable"]].concat();
    // Where it is said to be off a check refuses the wipe.
    if set.at(&systemd).and_then(|it| it.get("enable")).is_none() {
        set.put_at(&enable, Nix::bool(true, by));
    }
    set.put_at(&[&systemd[..], &["services", "wipe-root"]].concat(), unit.nix(by));
}

fn rollback(it: &Rollback) -> (String, OriginId) {
    let snapshot = format!("{}@{}", it.dataset.value, it.snapshot.value);
    (format!("zfs rollback -r {}\n", word(&snapshot)), it.dataset.origin)
}

fn put_aside(it: &WipeSubvolume) -> (String, OriginId) {
    const DAY: u64 = 24 * 60 * 60 * 1000;
    let device = word(&it.device);
    let root = word(&format!("/btrfs/{}", it.name.value));
    let days = it.keep_for.value.0.div_ceil(DAY);
    let text = format!(
        "mkdir -p /btrfs
mount -o subvol=/ {device} /btrfs
mkdir -p /btrfs/old_roots
if [ -e {root} ]; then
  mv {root} \"/btrfs/old_roots/$(date --date=\"@$(stat -c %Y {root})\" +%Y-%m-%dT%H:%M:%S)\"
fi
find /btrfs/old_roots -mindepth 1 -maxdepth 1 -mtime +{days} | while read -r old; do
  btrfs subvolume delete --recursive \"$old\"
done
btrfs subvolume create {root}
umount /btrfs
"
    );
    (text, it.device.origin)
}
