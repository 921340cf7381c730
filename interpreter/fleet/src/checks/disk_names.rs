//! What disks, partitions and filesystems are found by: no two of a host are found by one thing, and a filesystem
//! can have the label that it is given.

use std::collections::BTreeMap;

use qg_lang::diagnostic::codes::target as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::boot::Source;
use crate::disk::{Content, Disk, Partition};
use crate::leaf::{At, OriginId};

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::DISK_TWICE, codes::DISK_LABEL], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.values() {
        let mut of = Of { fleet, out: &mut *out, found: BTreeMap::new() };
        for (name, disk) in &host.disk {
            of.disk(name, disk);
        }
        for filesystem in host.filesystem.values() {
            if let Source::Label(it) = &filesystem.from.value {
                of.length(&it.r#type, &it.label.value, it.label.origin);
            }
        }
    }
}

/// How many bytes a filesystem's label has at most, as the program that makes it has it: mkfs.fat(8), mke2fs(8),
/// mkfs.xfs(8), mkfs.btrfs(8), mkfs.f2fs(8), mkfs.exfat(8); of NTFS it is the size of `$VOLUME_NAME`.
fn longest(kind: &str) -> Option<usize> {
    match kind {
        "vfat" | "fat" | "msdos" | "exfat" => Some(11),
        "xfs" => Some(12),
        "ext2" | "ext3" | "ext4" => Some(16),
        "ntfs" | "ntfs3" => Some(128),
        "btrfs" => Some(255),
        "f2fs" => Some(512),
        _ => None,
    }
}

/// What something is found by.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum By {
    Device,
    /// What it is called once it is open.
    Mapper,
    /// Of a partition.
    PartLabel,
    /// Of a filesystem.
    Label,
}

/// Somebody who says what it is found by.
#[derive(Clone, Copy)]
struct Named<'f> {
    /// Where that is said, and what it is said of.
    at: OriginId,
    of: OriginId,
    /// Whose it is: its disk and partition.
    who: (&'f str, Option<&'f str>),
    /// Whether it is the compiler's, or the user's, to be found by it.
    counts: bool,
    /// Whether it was said: two that nobody said are QG0571.
    said: bool,
}

/// The checks of one host.
struct Of<'f, 'o> {
    fleet: &'f Facts<'f>,
    out: &'o mut Vec<Diagnostic>,
    found: BTreeMap<(By, String), Named<'f>>,
}

impl<'f> Of<'f, '_> {
    fn disk(&mut self, name: &'f str, disk: &'f At<Disk>) {
        let device = Named {
            at: disk.device.origin,
            of: disk.origin,
            who: (name, None),
            counts: true,
            said: true,
        };
        self.add(By::Device, &disk.device.value, device);
        for (part, partition) in &disk.partition {
            self.partition(name, disk.managed.is_yes(), part, partition);
        }
    }

    fn partition(&mut self, disk: &'f str, managed: bool, part: &'f str, it: &'f At<Partition>) {
        let named = |at: OriginId, counts: bool, said: bool| Named {
            at,
            of: it.origin,
            who: (disk, Some(part)),
            counts,
            said,
        };
        if let Some(device) = &it.device {
            self.add(By::Device, &device.value, named(device.origin, true, true));
        }
        // disko finds what it makes by the label, and so does what is mounted without a `device`.
        let counts = managed || (it.device.is_none() && it.holds.is_some());
        match &it.label {
            Some(label) => {
                self.add(By::PartLabel, &label.value, named(label.origin, counts, true));
            }
            None if counts => {
                let label = format!("disk-{disk}-{part}");
                self.add(By::PartLabel, &label, named(it.origin, counts, false));
            }
            None => {}
        }
        if let Some(content) = &it.holds {
            self.content(content, managed, &|at, counts| named(at, counts, true));
        }
    }

    fn content(
        &mut self,
        content: &'f At<Content>,
        managed: bool,
        named: &dyn Fn(OriginId, bool) -> Named<'f>,
    ) {
        match &content.value {
            Content::Filesystem(it) => {
                if let Some(label) = &it.label {
                    self.length(&it.r#type, &label.value, label.origin);
                    let counts = managed || it.r#type.value != "btrfs";
                    self.add(By::Label, &label.value, named(label.origin, counts));
                }
            }
            Content::Btrfs(it) => {
                if let Some(label) = &it.label {
                    self.length("btrfs", &label.value, label.origin);
                    // One that others made may lie on several partitions, and has one label on all.
                    self.add(By::Label, &label.value, named(label.origin, managed));
                }
            }
            Content::Luks(it) => {
                self.add(By::Mapper, &it.name.value, named(it.name.origin, true));
                if let Some(inside) = &it.holds {
                    self.content(inside, managed, named);
                }
            }
            Content::Swap(_) => {}
        }
    }

    fn length(&mut self, kind: &str, label: &str, at: OriginId) {
        let Some(most) = longest(kind).filter(|most| label.len() > *most) else { return };
        let message = format!("no filesystem of the type {kind} can be called {label:?}");
        let help = format!(
            "it has {} letters, and such a filesystem takes {most}: say a shorter `label`",
            label.len()
        );
        let at = place(self.fleet, at);
        self.out.push(Diagnostic::error(codes::DISK_LABEL, at, message).help(help));
    }

    fn add(&mut self, by: By, name: &str, named: Named<'f>) {
        let Some(first) = self.found.insert((by, name.to_owned()), named) else { return };
        if !(first.counts || named.counts) || !(first.said || named.said) {
            return;
        }
        let (one, other) = (whose(first.who), whose(named.who));
        let (code, message, help): (Code, String, &str) = match by {
            By::Device => (
                codes::DISK_TWICE,
                format!("{one} and {other} are one device: {name}"),
                "what is made on one of them would be formatted away for the other: name each device once",
            ),
            By::Mapper => (
                codes::DISK_TWICE,
                format!("what is in {one} and in {other} is both opened as /dev/mapper/{name}"),
                "give each its own `name`: the second one would not open",
            ),
            By::PartLabel => (
                codes::DISK_LABEL,
                format!("{one} and {other} both have the label `{name}`"),
                "give each its own `label`: partitions are found by theirs, also to be formatted",
            ),
            By::Label => (
                codes::DISK_LABEL,
                format!("the filesystems of {one} and {other} are both called {name:?}"),
                "give each its own `label`: which of the two is found by it is chance",
            ),
        };
        // What several share by a `let` is shown where it is used.
        let shared = place(self.fleet, named.at) == place(self.fleet, first.at);
        let at = |it: Named<'_>| place(self.fleet, if shared { it.of } else { it.at });
        let finding = Diagnostic::error(code, at(named), message).help(help);
        let alone = at(named) == at(first);
        self.out.push(if alone { finding } else { finding.also(at(first), "the other one") });
    }
}

fn whose((disk, part): (&str, Option<&str>)) -> String {
    match part {
        Some(part) => format!("disk.{disk}.partition.{part}"),
        None => format!("disk.{disk}"),
    }
}
