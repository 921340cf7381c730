//! Mirrors `std/portal.qg`: the login server.

use serde::Deserialize;

use super::leaf::{At, Data, EntityPath};

/// A login server: single sign-on for routes that say `login = sso`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Portal {
    pub about: At<String>,
    pub service: At<EntityPath>,
    pub route: At<EntityPath>,
    pub engine: At<PortalEngine>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalEngine {
    Authelia(Box<Authelia>),
}

impl Default for PortalEngine {
    fn default() -> PortalEngine {
        PortalEngine::Authelia(Box::default())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Authelia {
    pub instance: At<String>,
    pub directory: At<Directory>,
    pub jwt_secret: At<EntityPath>,
    pub session_secret: At<EntityPath>,
    pub storage_key: At<EntityPath>,
    pub data: At<String>,
    pub theme: At<String>,
    pub session: At<Session>,
    pub mail: Option<At<Mail>>,
    pub regulation: At<Regulation>,
    pub oidc: Option<At<OidcProvider>>,
    pub passkeys: At<bool>,
    pub home: Option<At<String>>,
    pub settings: Option<At<Data>>,
}

/// Where the login server finds people: an LDAP directory.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Directory {
    pub ldap: At<EntityPath>,
    pub base_dn: At<String>,
    pub bind_user: At<String>,
    pub bind_password: At<EntityPath>,
}

/// Durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Session {
    pub expiration: At<i64>,
    pub inactivity: At<i64>,
    pub remember_me: At<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Mail {
    pub address: At<String>,
    pub username: At<String>,
    pub password: At<EntityPath>,
    pub sender: At<String>,
}

/// Durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Regulation {
    pub max_retries: At<i64>,
    pub find_time: At<i64>,
    pub ban_time: At<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OidcProvider {
    pub hmac_secret: At<EntityPath>,
    pub private_key: At<EntityPath>,
}
