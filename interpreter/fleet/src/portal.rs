//! Login servers.

use super::Model;
use super::leaf::At;
pub use super::model::portal::*;

impl Model {
    /// A portal's provider of `OpenID` Connect; Authelia refuses one without a client.
    #[must_use]
    pub fn provider<'f>(&self, key: &str, portal: &'f Portal) -> Option<&'f At<OidcProvider>> {
        self.clients_of(key).next().and(portal.authelia().oidc.as_ref())
    }
}

impl Portal {
    /// What Authelia is told; other engines have none yet.
    #[must_use]
    pub fn authelia(&self) -> &Authelia {
        match &self.engine.value {
            PortalEngine::Authelia(authelia) => authelia,
        }
    }
}
