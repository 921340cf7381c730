//! What a machine has, against what is said of it: processors, and what a loader needs.

use qg_lang::diagnostic::codes::machines as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::devices::is_mounted;
use super::place::own_place;
use crate::Facts;
use crate::boot::Loader;
use crate::disk::PartitionKind;
use crate::host::{Host, Manager, System};
use crate::leaf::OriginId;
use crate::leaves::{LeafValue, ModelStep, each};

const CODES: &[Code] = &[codes::OTHER_HARDWARE, codes::NO_LOADER_PARTITION];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// Where firmware looks, and NixOS mounts it.
const BOOT: [&str; 4] = ["/boot", "/boot/efi", "/efi", "/boot/EFI"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Maker {
    Amd,
    Intel,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        processor(fleet, name, host, out);
        if host.manager.value == Manager::Nixos {
            loader(fleet, name, host, out);
        }
    }
}

fn processor(fleet: &Facts<'_>, name: &str, host: &Host, out: &mut Vec<Diagnostic>) {
    let mut said: Vec<(Maker, &str, OriginId)> = Vec::new();
    for module in host.boot.modules.iter().chain(host.boot.initrd_modules.iter()) {
        match module.value.as_str() {
            "kvm-amd" => said.push((Maker::Amd, "kvm-amd", module.origin)),
            "kvm-intel" => said.push((Maker::Intel, "kvm-intel", module.origin)),
            _ => {}
        }
    }
    each(&host.nix, &mut |way, value, by| {
        let keys: Vec<&str> = way.iter().filter_map(ModelStep::key).collect();
        match (keys.as_slice(), value) {
            (["hardware", "cpu", "amd", "updateMicrocode"], LeafValue::Bool(true)) => {
                said.push((Maker::Amd, "the microcode of AMD", by.origin));
            }
            (["hardware", "cpu", "intel", "updateMicrocode"], LeafValue::Bool(true)) => {
                said.push((Maker::Intel, "the microcode of Intel", by.origin));
            }
            (["boot", .., "kernelModules"], LeafValue::Text("kvm-amd")) => {
                said.push((Maker::Amd, "kvm-amd", by.origin));
            }
            (["boot", .., "kernelModules"], LeafValue::Text("kvm-intel")) => {
                said.push((Maker::Intel, "kvm-intel", by.origin));
            }
            _ => {}
        }
    });
    if host.system.value == System::Aarch64Linux {
        if let Some((_, what, by)) = said.first() {
            let message = format!("host.{name} has a processor of ARM, and {what} is not for it");
            let span = own_place(fleet, &[*by]);
            out.push(
                Diagnostic::error(codes::OTHER_HARDWARE, span, message)
                    .also(own_place(fleet, &[host.system.origin]), "its processor")
                    .help("leave it out"),
            );
        }
        return;
    }
    let Some((maker, first, by)) = said.first() else { return };
    let Some((_, what, other)) = said.iter().find(|(other, ..)| other != maker) else { return };
    // An image for any machine has both modules, and both kinds of microcode.
    let count = |of: Maker| said.iter().filter(|(it, ..)| *it == of).count();
    if count(Maker::Amd) == count(Maker::Intel) && count(Maker::Amd) > 1 {
        return;
    }
    let message = format!("host.{name} has {first} and {what}, which are for two processors");
    out.push(
        Diagnostic::warning(codes::OTHER_HARDWARE, own_place(fleet, &[*other]), message)
            .also(own_place(fleet, &[*by]), "the other one")
            .help("leave out what is not this machine's: `lscpu` says who made its processor"),
    );
}

fn loader(fleet: &Facts<'_>, name: &str, host: &Host, out: &mut Vec<Diagnostic>) {
    let Some(loader) = &host.boot.loader else { return };
    let parts = || host.disk.values().flat_map(|disk| disk.partition.values());
    // What is not described is not judged.
    let has_root = parts().any(|it| it.holds.as_ref().is_some_and(|it| is_mounted(it, &["/"])))
        || host.pool.values().any(|it| {
            it.dataset.values().any(|it| it.at.as_ref().is_some_and(|it| it.value == "/"))
        });
    if !has_root || host.filesystem.keys().any(|it| BOOT.contains(&it.as_str())) {
        return;
    }
    let own = || std::iter::once(&host.nix).chain(host.modules.iter());
    if own().any(|it| {
        ["fileSystems", "efiSysMountPoint", "disko"].iter().any(|word| fleet.speaks_of(it, word))
    }) {
        return;
    }
    // What is there already may be divided in another way.
    let made = host.disk.values().any(|it| it.managed.is_yes() && !it.partition.is_empty());
    let efi = match &loader.value {
        Loader::SystemdBoot(_) => true,
        Loader::Grub(grub) => grub.efi.value,
        Loader::Extlinux | Loader::None => return,
    };
    let of_kind = |kind: PartitionKind| parts().any(|it| it.kind.value == kind);
    let (message, help) = if efi && !of_kind(PartitionKind::Efi) {
        (
            format!("host.{name} starts by EFI, and none of its disks has a partition for that"),
            "say one: `partition esp { size = 512MiB, kind = efi, holds = filesystem { type = \"vfat\", at = /boot } }`",
        )
    } else if efi
        && !parts().any(|it| {
            it.kind.value == PartitionKind::Efi
                && it.holds.as_ref().is_some_and(|it| is_mounted(it, &BOOT))
        })
    {
        (
            format!("host.{name} starts by EFI, and its partition for that is mounted nowhere"),
            "say `holds = filesystem { type = \"vfat\", at = /boot }` of it",
        )
    } else if !efi && made && !of_kind(PartitionKind::Bios) {
        (
            format!(
                "host.{name} starts by GRUB without EFI, and none of its disks has a partition for that"
            ),
            "say one on the disk that it starts from: `partition bios { order = 1, size = 1MiB, kind = bios }`",
        )
    } else {
        return;
    };
    let span = own_place(fleet, &[loader.origin]);
    let finding = if made {
        Diagnostic::error(codes::NO_LOADER_PARTITION, span, message)
    } else {
        Diagnostic::warning(codes::NO_LOADER_PARTITION, span, message)
    };
    out.push(finding.help(help));
}
