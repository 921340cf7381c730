//! Ways in, who may pass, and logins of programs.

use super::backends::BackendProtocol;
use super::leaf::{EntityPath, RefOr};
pub use super::model::route::*;

impl Scheme {
    /// The one that a URL begins with.
    #[must_use]
    pub fn of(word: &str) -> Option<Scheme> {
        [Scheme::Http, Scheme::Https, Scheme::H2c].into_iter().find(|it| it.word() == word)
    }
}

impl Route {
    /// What it goes over.
    #[must_use]
    pub fn protocol(&self) -> BackendProtocol {
        match (&self.tcp, &self.udp) {
            (Some(_), _) => BackendProtocol::Tcp,
            (None, Some(_)) => BackendProtocol::Udp,
            (None, None) => BackendProtocol::Http,
        }
    }

    #[must_use]
    pub fn is_http(&self) -> bool {
        self.protocol() == BackendProtocol::Http
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
