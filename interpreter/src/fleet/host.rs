//! Mirrors `std/host.qg`: machines, their accounts, and what holds for the whole fleet.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::boot::{Boot, Deploy, Filesystem};
use super::disk::{Disk, Pool};
use super::leaf::{At, Data, EntityPath, PortNumber};
use super::service::{File, State};

/// What holds for the whole fleet.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct FleetWide {
    pub domain: At<String>,
    pub state: At<String>,
    pub timezone: At<String>,
    pub secrets: Option<At<String>>,
    pub recipients: At<Vec<At<String>>>,
    pub options: BTreeMap<String, At<String>>,
}

/// A machine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Host {
    pub about: At<String>,
    pub class: At<Class>,
    pub system: At<System>,
    pub build_on: Option<At<System>>,
    pub address: Option<At<String>>,
    /// By the network's name.
    pub addresses: BTreeMap<String, At<String>>,
    pub root: At<Root>,
    pub storage: At<Storage>,
    pub boot: At<Boot>,
    pub disk: BTreeMap<String, At<Disk>>,
    pub pool: BTreeMap<String, At<Pool>>,
    /// By the path where it lies.
    pub filesystem: BTreeMap<String, At<Filesystem>>,
    pub deploy: At<Deploy>,
    /// Files relative to the fleet's root, or Nix expressions.
    pub modules: At<Vec<At<Data>>>,
    pub nix: Option<At<Data>>,
    pub state: BTreeMap<String, At<State>>,
    pub file: BTreeMap<String, At<File>>,
    pub firewall: At<Firewall>,
    pub age: At<Age>,
    pub podman: At<Podman>,
    pub manager: At<Manager>,
    pub state_version: At<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    #[default]
    Server,
    Desktop,
    Laptop,
    Gaming,
    Appliance,
    Installer,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum System {
    #[default]
    #[serde(rename = "x86_64_linux")]
    X86_64Linux,
    #[serde(rename = "aarch64_linux")]
    Aarch64Linux,
}

impl System {
    /// As Nix names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            System::X86_64Linux => "x86_64-linux",
            System::Aarch64Linux => "aarch64-linux",
        }
    }
}

/// What installs the generated files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manager {
    #[default]
    Nixos,
    Plain,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Root {
    #[default]
    Kept,
    Ephemeral(Ephemeral),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Ephemeral {
    pub keep: At<String>,
    pub wipe: At<Wipe>,
}

/// How an ephemeral root becomes empty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wipe {
    #[default]
    Elsewhere,
    Rollback(Rollback),
    Subvolume(PutAside),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Rollback {
    pub dataset: At<String>,
    pub snapshot: At<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PutAside {
    pub device: At<String>,
    pub name: At<String>,
    /// Milliseconds.
    pub keep_for: At<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    #[default]
    Plain,
    Zfs(Zfs),
    Btrfs,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Zfs {
    pub host_id: At<String>,
}

/// Ports that the machine itself opens.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Firewall {
    pub tcp: At<Vec<At<PortNumber>>>,
    pub udp: At<Vec<At<PortNumber>>>,
    /// `8000-8100`
    pub tcp_ranges: At<Vec<At<String>>>,
    pub udp_ranges: At<Vec<At<String>>>,
    pub trusted: At<Vec<At<String>>>,
    pub ping: Option<At<bool>>,
}

/// Where the age key for secrets is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Age {
    pub key_file: Option<At<String>>,
    pub ssh_keys: At<Vec<At<String>>>,
    pub recipient: Option<At<String>>,
}

/// How Podman runs on a machine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Podman {
    /// `major.minor`
    pub version: At<String>,
    pub through: At<QuadletWay>,
    /// Root's where there is none.
    pub user: Option<At<EntityPath>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuadletWay {
    #[default]
    EnvironmentEtc,
    QuadletNix,
}

/// An account of a host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct User {
    pub about: At<String>,
    pub on: At<Vec<At<EntityPath>>>,
    pub uid: Option<At<i64>>,
    pub group: Option<At<EntityPath>>,
    pub groups: At<Vec<At<EntityPath>>>,
    pub extra_groups: At<Vec<At<String>>>,
    pub kind: At<Account>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    #[default]
    System,
    Login(Login),
    FromModule,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Login {
    pub shell: At<String>,
    pub home: Option<At<String>>,
    pub password: Option<At<EntityPath>>,
    pub keys: At<Vec<At<String>>>,
    pub linger: At<bool>,
    pub sub_ids: Option<At<SubIds>>,
}

/// Numbers for the accounts of its containers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubIds {
    Auto,
    Range(IdRange),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct IdRange {
    pub start: At<i64>,
    pub count: At<i64>,
}

/// A group of a host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Group {
    pub about: At<String>,
    pub on: At<Vec<At<EntityPath>>>,
    pub gid: Option<At<i64>>,
    pub kind: At<GroupKind>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    #[default]
    Declared,
    FromModule,
}
