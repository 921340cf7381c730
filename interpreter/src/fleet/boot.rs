//! Mirrors `std/boot.qg`: how a machine starts, what it mounts, how it gets a new version.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::host::System;
use super::leaf::{At, Data, EntityPath, PortNumber};

/// How a machine starts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Boot {
    /// Below `pkgs`.
    pub kernel: Option<At<String>>,
    pub modules: At<Vec<At<String>>>,
    pub initrd_modules: At<Vec<At<String>>>,
    pub params: At<Vec<At<String>>>,
    pub sysctl: BTreeMap<String, At<Data>>,
    pub filesystems: At<Vec<At<String>>>,
    pub emulates: At<Vec<At<System>>>,
    pub loader: Option<At<Loader>>,
    pub systemd_initrd: Option<At<bool>>,
    pub tmp: Option<At<Tmp>>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loader {
    SystemdBoot(SystemdBoot),
    Grub(Grub),
    Extlinux,
    None,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct SystemdBoot {
    pub entries: Option<At<i64>>,
    pub efi_variables: At<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Grub {
    pub devices: At<Vec<At<String>>>,
    pub efi: At<bool>,
    pub removable: At<bool>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tmp {
    Disk(TmpOnDisk),
    Memory(InMemory),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct TmpOnDisk {
    pub clean: At<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct InMemory {
    pub size: Option<At<String>>,
}

/// A filesystem that a machine mounts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Filesystem {
    pub from: At<Source>,
    #[serde(default)]
    pub options: At<Vec<At<String>>>,
    #[serde(default)]
    pub needed_for_boot: At<bool>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Device(Device),
    Label(Label),
    Uuid(Uuid),
    Zfs(ZfsDataset),
    Bind(Bind),
    Nfs(Nfs),
    Cifs(Cifs),
    Memory(InMemory),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Device {
    pub path: At<String>,
    #[serde(rename = "type")]
    pub kind: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Label {
    pub label: At<String>,
    #[serde(rename = "type")]
    pub kind: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Uuid {
    pub uuid: At<String>,
    #[serde(rename = "type")]
    pub kind: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ZfsDataset {
    pub dataset: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Bind {
    pub path: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Nfs {
    pub server: At<String>,
    pub path: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Cifs {
    pub server: At<String>,
    pub share: At<String>,
    pub credentials: Option<At<EntityPath>>,
}

/// How a machine gets a new version.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Deploy {
    pub to: Option<At<String>>,
    pub user: At<String>,
    pub port: Option<At<PortNumber>>,
    pub tags: At<Vec<At<String>>>,
    pub build_on_target: At<bool>,
    pub local: At<bool>,
    pub rollback: At<bool>,
    pub ssh_options: At<Vec<At<String>>>,
    pub profile: BTreeMap<String, At<DeployProfile>>,
}

/// A profile of deploy-rs besides the system.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DeployProfile {
    pub user: At<String>,
    pub path: At<Data>,
}
