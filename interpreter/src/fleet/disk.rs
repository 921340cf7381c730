//! Mirrors `std/disk.qg`: disks, what is on them, and pools of them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::leaf::{At, EntityPath};
use super::service::Answer;

/// A disk, and how it is divided.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Disk {
    pub device: At<String>,
    pub managed: At<Answer>,
    pub partition: BTreeMap<String, At<Partition>>,
}

/// A part of a disk.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Partition {
    pub order: At<i64>,
    /// Bytes.
    pub size: Option<At<u64>>,
    pub kind: At<PartitionKind>,
    pub holds: Option<At<Content>>,
    pub device: Option<At<String>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionKind {
    #[default]
    Linux,
    Bios,
    Efi,
    Swap,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Filesystem(OnDisk),
    Btrfs(Btrfs),
    Luks(Luks),
    Swap(Swap),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OnDisk {
    #[serde(rename = "type")]
    pub kind: At<String>,
    pub at: Option<At<String>>,
    pub options: At<Vec<At<String>>>,
    pub needed_for_boot: At<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Btrfs {
    pub subvolume: BTreeMap<String, At<Subvolume>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Luks {
    pub name: At<String>,
    pub discard: At<bool>,
    pub workqueues: At<bool>,
    pub key_file: Option<At<String>>,
    pub holds: Option<Box<At<Content>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Swap {
    pub resume: At<bool>,
    pub random_encryption: At<bool>,
}

/// A part of a BTRFS filesystem.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Subvolume {
    pub at: Option<At<String>>,
    pub options: At<Vec<At<String>>>,
    pub needed_for_boot: At<bool>,
    /// Bytes of a swap file in it.
    pub swap: Option<At<u64>>,
}

/// A ZFS pool.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Pool {
    pub managed: At<Answer>,
    pub vdevs: At<Vec<At<Vdev>>>,
    pub special: At<Vec<At<Vdev>>>,
    pub log: At<Vec<At<Vdev>>>,
    pub cache: At<Vec<At<EntityPath>>>,
    pub spare: At<Vec<At<EntityPath>>>,
    pub options: BTreeMap<String, At<String>>,
    pub properties: BTreeMap<String, At<String>>,
    pub always: At<bool>,
    /// By what stands behind the pool's name.
    pub dataset: BTreeMap<String, At<Dataset>>,
}

/// Partitions that stand in for one another.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Vdev {
    pub layout: At<Layout>,
    pub members: At<Vec<At<EntityPath>>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[default]
    Stripe,
    Mirror,
    Raidz1,
    Raidz2,
    Raidz3,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Dataset {
    pub at: Option<At<String>>,
    pub options: At<Vec<At<String>>>,
    pub properties: BTreeMap<String, At<String>>,
    pub needed_for_boot: At<bool>,
    /// Bytes, where it is a block device.
    pub volume: Option<At<u64>>,
    pub snapshots: At<Vec<At<String>>>,
}

impl Answer {
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, Answer::Yes)
    }
}

impl Pool {
    /// Every partition that is part of it.
    pub fn members(&self) -> impl Iterator<Item = &At<EntityPath>> {
        let vdevs = self.vdevs.iter().chain(self.special.iter()).chain(self.log.iter());
        let of_vdevs = vdevs.flat_map(|vdev| vdev.members.iter());
        of_vdevs.chain(self.cache.iter()).chain(self.spare.iter())
    }
}

impl Layout {
    /// As zpool-create(8) says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Layout::Stripe => "",
            Layout::Mirror => "mirror",
            Layout::Raidz1 => "raidz1",
            Layout::Raidz2 => "raidz2",
            Layout::Raidz3 => "raidz3",
        }
    }
}
