//! Mirrors `std/service.qg`: what runs, with its ports, state, backups, files and unit.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::container::Container;
use super::leaf::{At, Data, EntityPath, OriginId, PortNumber, Sealed};
use super::route::{Oidc, Route};

/// Something that runs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Service {
    pub about: At<String>,
    pub on: Option<At<EntityPath>>,
    pub at: Option<At<String>>,
    pub needs: At<Vec<At<EntityPath>>>,
    pub ports: BTreeMap<String, At<Port>>,
    pub container: Option<At<Container>>,
    /// By the path of the NixOS option.
    pub native: BTreeMap<String, At<Data>>,
    pub route: BTreeMap<String, At<Route>>,
    /// By its path on the host.
    pub state: BTreeMap<String, At<State>>,
    pub backup: BTreeMap<String, At<Backup>>,
    /// By its path on the host.
    pub file: BTreeMap<String, At<File>>,
    pub unit: At<Unit>,
    pub oidc: Option<At<Oidc>>,
    pub reads: At<Vec<At<EntityPath>>>,
    pub test: At<Answer>,
}

/// The systemd unit of a service or pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Unit {
    pub name: At<String>,
    pub scope: At<UnitScope>,
    pub also: At<Vec<At<String>>>,
    pub after: At<Vec<At<EntityPath>>>,
    pub requires: At<Vec<At<String>>>,
    pub before_start: At<Vec<At<EntityPath>>>,
    pub before_start_as_root: At<Vec<At<EntityPath>>>,
    #[serde(rename = "Restart")]
    pub restart: Option<At<Restart>>,
    /// Milliseconds.
    #[serde(rename = "RestartSec")]
    pub restart_sec: Option<At<u64>>,
    /// Milliseconds.
    #[serde(rename = "TimeoutStartSec")]
    pub timeout_start_sec: Option<At<u64>>,
    #[serde(rename = "DynamicUser")]
    pub dynamic_user: Option<At<bool>>,
    #[serde(rename = "User")]
    pub user: Option<At<String>>,
    #[serde(rename = "Group")]
    pub group: Option<At<String>>,
    #[serde(rename = "SupplementaryGroups")]
    pub supplementary_groups: At<Vec<At<String>>>,
    #[serde(rename = "StateDirectory")]
    pub state_directory: Option<At<String>>,
    #[serde(rename = "ReadWritePaths")]
    pub read_write_paths: At<Vec<At<String>>>,
    /// Further keys of [Service].
    pub service: BTreeMap<String, At<Data>>,
    /// Further keys of [Unit].
    pub unit: BTreeMap<String, At<Data>>,
    /// Keys of `[Install]`.
    pub install: BTreeMap<String, At<Data>>,
    /// Keys of `[Quadlet]`.
    pub quadlet: BTreeMap<String, At<Vec<At<String>>>>,
}

impl Unit {
    /// The scripts that run before it starts, its own before root's.
    pub fn scripts(&self) -> impl Iterator<Item = &At<EntityPath>> {
        self.before_start.iter().chain(self.before_start_as_root.iter())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitScope {
    #[default]
    System,
    Session,
}

/// Values of `Restart=` (systemd.service(5), systemd 257).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restart {
    No,
    Always,
    OnSuccess,
    OnFailure,
    OnAbnormal,
    OnAbort,
    OnWatchdog,
}

impl Restart {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Restart::No => "no",
            Restart::Always => "always",
            Restart::OnSuccess => "on-success",
            Restart::OnFailure => "on-failure",
            Restart::OnAbnormal => "on-abnormal",
            Restart::OnAbort => "on-abort",
            Restart::OnWatchdog => "on-watchdog",
        }
    }
}

/// A port, seen from the container and from the host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Port {
    pub inside: At<PortNumber>,
    pub host: At<PortNumber>,
    pub open: At<bool>,
    pub address: At<String>,
    pub protocol: At<PortProtocol>,
    pub publish: At<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortProtocol {
    #[default]
    Tcp,
    Udp,
    Both,
}

impl Port {
    /// The protocols it speaks: what `8080/udp` says, else its `protocol`.
    #[must_use]
    pub fn protocols(&self) -> &'static [&'static str] {
        if self.inside.udp || self.host.udp {
            return &["udp"];
        }
        match self.protocol.value {
            PortProtocol::Tcp => &["tcp"],
            PortProtocol::Udp => &["udp"],
            PortProtocol::Both => &["tcp", "udp"],
        }
    }
}

/// What is kept on disk.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct State {
    pub about: At<String>,
    pub owner: Option<At<EntityPath>>,
    pub group: Option<At<EntityPath>>,
    pub owner_name: Option<At<String>>,
    pub group_name: Option<At<String>>,
    pub mode: At<u16>,
    pub parent_mode: Option<At<u16>>,
    pub repair: At<bool>,
    pub acl: At<Vec<At<String>>>,
    pub kind: At<StateKind>,
    pub persist: At<Answer>,
    pub backup: At<Answer>,
}

/// The name of an account or group, and who said it.
pub type Account = Option<(String, OriginId)>;

impl State {
    /// The names of its owner and group.
    #[must_use]
    pub fn accounts(&self) -> (Account, Account) {
        let name = |entity: &Option<At<EntityPath>>, name: &Option<At<String>>| {
            let entity = entity.as_ref().map(|it| (it.last().to_owned(), it.origin));
            entity.or_else(|| name.as_ref().map(|it| (it.value.clone(), it.origin)))
        };
        (name(&self.owner, &self.owner_name), name(&self.group, &self.group_name))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateKind {
    #[default]
    Directory,
    File,
}

/// Yes, or no for a reason that is written down.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    #[default]
    Yes,
    No(Reason),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Reason {
    pub because: At<String>,
}

/// A set of paths that is copied away together.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Backup {
    pub paths: At<Vec<At<String>>>,
    pub exclude: At<Vec<At<String>>>,
    pub to: Option<At<EntityPath>>,
    pub stop: At<Vec<At<EntityPath>>>,
    pub before: At<Vec<At<EntityPath>>>,
    pub after: At<Vec<At<EntityPath>>>,
    pub priority: At<i64>,
}

/// A file made for a service or a host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct File {
    pub text: Option<At<Sealed>>,
    pub yaml: Option<At<Data>>,
    pub json: Option<At<Data>>,
    pub toml: Option<At<Data>>,
    pub ini: Option<At<Data>>,
    pub template: Option<At<String>>,
    pub values: Option<At<Data>>,
    pub source: Option<At<String>>,
    pub owner: At<String>,
    pub group: At<String>,
    pub mode: At<u16>,
    pub private: At<Answer>,
}

/// A program that is run before or after something.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Script {
    pub file: Option<At<String>>,
    pub text: Option<At<Sealed>>,
    pub packages: At<Vec<At<String>>>,
}
