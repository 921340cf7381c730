//! Mirrors the vaults of `std/service.qg`, and `std/secret.qg`.

use serde::Deserialize;

use super::leaf::{At, EntityPath};
use super::service::Answer;

/// Where backups go.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Vault {
    #[serde(default)]
    pub about: At<String>,
    pub on: At<EntityPath>,
    pub engine: At<Engine>,
    #[serde(default)]
    pub takes: At<Vec<At<EntityPath>>>,
    /// A calendar event (systemd.time(7)).
    pub schedule: At<String>,
    /// Milliseconds.
    #[serde(default)]
    pub spread: At<u64>,
    #[serde(default)]
    pub keep: At<Retention>,
    #[serde(default)]
    pub maintenance: Option<At<Maintenance>>,
}

/// Work on repositories that nothing has to stand still for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Maintenance {
    pub schedule: At<String>,
    pub check: At<bool>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Restic(Restic),
    Borg(Borg),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Restic {
    pub path: At<String>,
    pub password: At<EntityPath>,
    pub user: Option<At<EntityPath>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Borg {
    pub repository: At<String>,
    pub password: At<EntityPath>,
    pub key: Option<At<EntityPath>>,
    pub compression: At<String>,
}

/// How many copies stay.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Retention {
    pub last: Option<At<i64>>,
    pub daily: Option<At<i64>>,
    pub weekly: Option<At<i64>>,
    pub monthly: Option<At<i64>>,
}

/// Something not everybody may read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Secret {
    pub about: At<String>,
    pub key: At<String>,
    /// Relative to the fleet's root.
    pub file: Option<At<String>>,
    pub kind: At<SecretKind>,
    pub owner: Option<At<EntityPath>>,
    pub group: Option<At<EntityPath>>,
    pub mode: At<u16>,
    pub private: At<Answer>,
    pub restart: At<Vec<At<EntityPath>>>,
    pub on: At<Vec<At<EntityPath>>>,
    pub path: At<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    #[default]
    Value,
    Env,
    File,
    Pem,
}
