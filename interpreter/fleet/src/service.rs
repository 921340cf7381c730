//! What runs, with its ports, state, backups, files and unit.

use super::leaf::{At, EntityPath, OriginId, Priority};
pub use super::model::service::*;

impl Unit {
    /// The scripts that run before it starts, its own before root's.
    pub fn scripts(&self) -> impl Iterator<Item = &At<EntityPath>> {
        self.before_start.iter().chain(self.before_start_as_root.iter())
    }
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

/// The name of an account or group, and who said it.
pub type Account = Option<(String, OriginId)>;

impl State {
    /// The names of its owner and group. The group that a module has goes with its own account alone.
    #[must_use]
    pub fn accounts(&self) -> (Account, Account) {
        let name = |entity: &Option<At<EntityPath>>, name: &Option<At<String>>| {
            let entity = entity.as_ref().map(|it| (it.last().to_owned(), it.origin));
            entity.or_else(|| name.as_ref().map(|it| (it.value.clone(), it.origin)))
        };
        let of_module = |it: &At<String>| it.priority == Priority::SchemaDefault;
        let own = self.owner.is_some() || self.owner_name.as_ref().is_some_and(|it| !of_module(it));
        let group_name = self.group_name.clone().filter(|it| !(own && of_module(it)));
        (name(&self.owner, &self.owner_name), name(&self.group, &group_name))
    }
}
