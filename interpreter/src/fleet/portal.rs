//! Mirrors `std/portal.qg`: the login server.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::choice::{Choice, Options};
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
    pub database: At<Choice>,
    pub duo: Option<At<Options>>,
    pub default_2fa_method: Option<At<String>>,
    // With Authelia's own names.
    pub server: At<Options>,
    pub log: At<Options>,
    pub totp: At<Options>,
    pub webauthn: At<Options>,
    pub password_policy: Option<At<Options>>,
    pub identity_validation: At<Options>,
    pub privacy_policy: Option<At<Options>>,
    pub ntp: Option<At<Options>>,
    pub telemetry: Option<At<Options>>,
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
    pub password_reset: At<bool>,
    pub password_change: At<bool>,
    /// Milliseconds.
    pub refresh_interval: Option<At<i64>>,
    /// Milliseconds.
    pub timeout: Option<At<i64>>,
    pub pooling: Option<At<Options>>,
}

/// Durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Session {
    pub expiration: At<i64>,
    pub inactivity: At<i64>,
    pub remember_me: At<i64>,
    pub cookie_name: Option<At<String>>,
    pub same_site: Option<At<String>>,
    pub redis: Option<At<Options>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Mail {
    pub address: At<String>,
    pub username: At<String>,
    pub password: At<EntityPath>,
    pub sender: At<String>,
    pub subject: Option<At<String>>,
    pub identifier: Option<At<String>>,
    pub startup_check_address: Option<At<String>>,
    /// Milliseconds.
    pub timeout: Option<At<i64>>,
    pub disable_require_tls: Option<At<bool>>,
    pub disable_starttls: Option<At<bool>>,
    pub disable_html_emails: Option<At<bool>>,
}

/// Durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Regulation {
    pub max_retries: At<i64>,
    pub find_time: At<i64>,
    pub ban_time: At<i64>,
    pub modes: At<Vec<At<String>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OidcProvider {
    pub hmac_secret: At<EntityPath>,
    pub private_key: At<EntityPath>,
    pub lifespans: Option<At<Options>>,
    pub claims_policies: BTreeMap<String, At<Options>>,
    pub scopes: BTreeMap<String, At<Options>>,
    pub enforce_pkce: Option<At<String>>,
    pub minimum_parameter_entropy: Option<At<i64>>,
    pub enable_pkce_plain_challenge: Option<At<bool>>,
    pub require_pushed_authorization_requests: Option<At<bool>>,
    pub enable_jwt_access_token_stateless_introspection: Option<At<bool>>,
    pub enable_client_debug_messages: Option<At<bool>>,
}
