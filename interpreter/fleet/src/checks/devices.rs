//! What disks and filesystems are found by: names that stay theirs, that are no placeholders, and that no other machine has.

use std::collections::BTreeMap;

use qg_lang::diagnostic::codes::machines as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::boot::{Loader, Source};
use crate::disk::{Content, Partition};
use crate::host::Host;
use crate::leaf::{At, Data, OriginId};
use crate::leaves::{LeafValue, ModelStep, each};

const CODES: &[Code] = &[codes::UNSTEADY_DEVICE, codes::PLACEHOLDER, codes::OTHERS_DISK];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// What copied descriptions have in the place of something.
const STAND_INS: [&str; 14] = [
    "changeme",
    "change-me",
    "change_me",
    "replaceme",
    "replace-me",
    "replace_me",
    "fixme",
    "xxxx",
    "your-",
    "your_",
    "yourdisk",
    "placeholder",
    "<",
    "00000000-0000-0000-0000-000000000000",
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // Whose a lasting name is: the host, and who says it.
    let mut known: BTreeMap<String, (&str, OriginId)> = BTreeMap::new();
    for (name, host) in &fleet.model.host {
        let mut names: Vec<(String, OriginId)> = Vec::new();
        of_model(host, &mut names);
        of_nix(&host.nix, &mut names);
        let mut told: Vec<qg_lang::span::Span> = Vec::new();
        for (device, by) in names {
            let span = own_place(fleet, &[by]);
            if told.contains(&span) {
                continue;
            }
            let finding = judged(&device, span).or_else(|| {
                let lasting = is_lasting(&device);
                let (other, first) = *known.get(&device).filter(|(of, _)| lasting && of != name)?;
                let message = format!("{device} is a disk of host.{other}");
                let finding = Diagnostic::error(codes::OTHERS_DISK, span, message)
                    .also(place(fleet, first), "the same there")
                    .help("`ls -l /dev/disk/by-id` on this machine says what its own are called");
                Some(finding)
            });
            if let Some(finding) = finding {
                told.push(span);
                out.push(finding);
            }
            known.entry(device).or_insert((name, by));
        }
    }
}

fn judged(device: &str, span: qg_lang::span::Span) -> Option<Diagnostic> {
    let small = device.to_ascii_lowercase();
    let bare = small.trim_start_matches("/dev/disk/by-id/");
    let is_example = bare.len() < small.len() && bare.contains("example");
    if is_example || STAND_INS.iter().any(|it| small.contains(it)) {
        let message = format!("{device} stands for something else");
        return Some(
            Diagnostic::error(codes::PLACEHOLDER, span, message)
                .help("`ls -l /dev/disk/by-id /dev/disk/by-uuid` on the machine says what it is"),
        );
    }
    is_unsteady(device).then(|| {
        let message = format!("{device} may be another disk when the machine starts again");
        Diagnostic::warning(codes::UNSTEADY_DEVICE, span, message)
            .help("say the name that it keeps: /dev/disk/by-id/…")
    })
}

/// Names that the kernel gives in the order in which it finds disks. Those of virtual machines and of what is soldered
/// in do not change.
fn is_unsteady(device: &str) -> bool {
    let Some(name) = device.strip_prefix("/dev/") else { return false };
    let counted = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase());
    ["sd", "hd"].iter().any(|it| name.strip_prefix(it).is_some_and(counted))
        || name.strip_prefix("nvme").is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
}

/// Names that one disk or filesystem of the world has.
fn is_lasting(device: &str) -> bool {
    ["/dev/disk/by-id/", "/dev/disk/by-uuid/", "/dev/disk/by-partuuid/", "UUID="]
        .iter()
        .any(|it| device.starts_with(it))
        && !device.contains("/by-id/dm-")
}

/// What the model names, the disks before what is on them.
fn of_model(host: &Host, all: &mut Vec<(String, OriginId)>) {
    let mut add = |it: &At<String>| all.push((it.value.clone(), it.origin));
    for disk in host.disk.values() {
        add(&disk.device);
        // A part of a disk whose name may change was told of with the disk.
        let is_told = is_unsteady(&disk.device.value);
        for partition in disk.partition.values() {
            let partition: &Partition = partition;
            partition
                .device
                .iter()
                .filter(|it| !(is_told && is_unsteady(&it.value)))
                .for_each(&mut add);
        }
    }
    for filesystem in host.filesystem.values() {
        match &filesystem.from.value {
            Source::Device(it) => all.push((it.path.value.clone(), it.path.origin)),
            Source::Uuid(it) => {
                all.push((format!("UUID={}", it.uuid.value), it.uuid.origin));
            }
            Source::Label(_)
            | Source::Zfs(_)
            | Source::Bind(_)
            | Source::Nfs(_)
            | Source::Cifs(_)
            | Source::Memory(_) => {}
        }
    }
    let disks: Vec<String> = host.disk.values().map(|it| it.device.value.clone()).collect();
    if let Some(Loader::Grub(grub)) = host.boot.loader.as_ref().map(|it| &it.value) {
        let others = grub.devices.iter().filter(|it| !disks.contains(&it.value));
        all.extend(others.map(|it| (it.value.clone(), it.origin)));
    }
}

/// Options of NixOS and of disko that name devices.
fn of_nix(nix: &At<Data>, all: &mut Vec<(String, OriginId)>) {
    each(nix, &mut |way, value, said| {
        let LeafValue::Text(text) = value else { return };
        let keys: Vec<&str> = way.iter().filter_map(ModelStep::key).collect();
        let Some(first) = keys.first() else { return };
        let is_device = keys.last().is_some_and(|it| matches!(*it, "device" | "devices"));
        let of_disks = ["fileSystems", "swapDevices", "disko"].contains(first)
            || *first == "boot" && keys.iter().any(|it| matches!(*it, "loader" | "luks"));
        if is_device && of_disks && text.starts_with("/dev/") {
            all.push((text.to_owned(), said.origin));
        }
    });
}

/// Whether a partition, or what is in it, is mounted at one of these.
pub(super) fn is_mounted(content: &Content, at: &[&str]) -> bool {
    match content {
        Content::Filesystem(it) => it.at.as_ref().is_some_and(|it| at.contains(&it.value.as_str())),
        Content::Btrfs(it) => it
            .subvolume
            .values()
            .any(|it| it.at.as_ref().is_some_and(|it| at.contains(&it.value.as_str()))),
        Content::Luks(it) => it.holds.as_ref().is_some_and(|it| is_mounted(it, at)),
        Content::Swap(_) => false,
    }
}
