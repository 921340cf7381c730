//! Mirrors `std/route.qg`: ways in, who may pass, and logins of programs.

use serde::Deserialize;

use super::backends::Protocol;
use super::choice::Options;
use super::leaf::{At, EntityPath, PortNumber, RefOr};

/// One way in: a name people type, and what answers it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Route {
    pub host: At<String>,
    pub aliases: At<Vec<At<String>>>,
    pub path: Option<At<String>>,
    pub to: At<RefOr<String>>,
    pub tcp: Option<At<PortNumber>>,
    pub udp: Option<At<PortNumber>>,
    pub sni: At<Sni>,
    pub expose: At<Exposure>,
    pub login: At<Login>,
    #[serde(rename = "use")]
    pub treatments: At<Vec<At<EntityPath>>>,
    pub pass_host: At<bool>,
    pub scheme: At<Scheme>,
    pub transport: Option<At<EntityPath>>,
    pub tls: Option<At<EntityPath>>,
    pub entry_points: At<Vec<At<String>>>,
    pub resolver: Option<At<String>>,
    pub certificate: At<Vec<At<Options>>>,
    pub priority: Option<At<i64>>,
    pub observability: Option<At<Options>>,
    pub via: Option<At<EntityPath>>,
    pub url: At<String>,
}

impl Route {
    /// What it goes over.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match (&self.tcp, &self.udp) {
            (Some(_), _) => Protocol::Tcp,
            (None, Some(_)) => Protocol::Udp,
            (None, None) => Protocol::Http,
        }
    }

    #[must_use]
    pub fn is_http(&self) -> bool {
        self.protocol() == Protocol::Http
    }

    /// The backend it leads to, where it leads to one.
    #[must_use]
    pub fn backend(&self) -> Option<&EntityPath> {
        match &self.to.value {
            RefOr::Ref(path) if path.kind() == "backend" => Some(path),
            RefOr::Ref(_) | RefOr::Value(_) => None,
        }
    }

    /// Whether it goes by the names that people type.
    #[must_use]
    pub fn has_names(&self) -> bool {
        self.is_http() || self.tcp.is_some() && self.sni.value != Sni::Off
    }
}

/// Whether a TCP route goes by the name in TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sni {
    #[default]
    Off,
    Ended,
    Passed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    #[default]
    Http,
    Https,
    H2c,
}

impl Scheme {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::H2c => "h2c",
        }
    }
}

/// Who can reach a route at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exposure {
    Public,
    #[default]
    Private,
    Lan,
    Internal,
}

impl Exposure {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Exposure::Public => "public",
            Exposure::Private => "private",
            Exposure::Lan => "lan",
            Exposure::Internal => "internal",
        }
    }
}

/// Who must log in, and how.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    None,
    #[default]
    Own,
    Sso(Sso),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Sso {
    pub allow: At<Vec<At<EntityPath>>>,
    pub factor: At<Factor>,
    pub bypass: At<Vec<At<String>>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    One,
    #[default]
    Two,
}

/// A group of the directory.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct People {
    pub about: At<String>,
    pub group: At<String>,
}

/// Somebody of the directory.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Person {
    pub about: At<String>,
    pub email: At<String>,
    pub display_name: At<String>,
    pub member_of: At<Vec<At<EntityPath>>>,
}

/// How a program logs people in through the login server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Oidc {
    pub client_id: At<String>,
    pub client_name: At<String>,
    pub secret: Option<At<EntityPath>>,
    pub allow: At<Vec<At<EntityPath>>>,
    pub factor: At<Factor>,
    pub redirects: At<Vec<At<String>>>,
    pub scopes: At<Vec<At<String>>>,
    pub pkce: At<bool>,
    pub auth_method: At<AuthMethod>,
    pub consent: At<Consent>,
    pub id_token_claims: At<Vec<At<String>>>,
    pub cors: At<bool>,
    /// Further options, with Authelia's own names.
    pub options: At<Options>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    #[default]
    ClientSecretBasic,
    ClientSecretPost,
    None,
}

impl AuthMethod {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AuthMethod::ClientSecretBasic => "client_secret_basic",
            AuthMethod::ClientSecretPost => "client_secret_post",
            AuthMethod::None => "none",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    #[default]
    Explicit,
    Implicit,
    Auto,
    Remembered(Remembered),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// In milliseconds.
    #[serde(rename = "for")]
    pub period: At<i64>,
}
