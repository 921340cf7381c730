//! Login servers: what Authelia is told, and what every engine is asked. No match here has a `_`.

use super::Model;
use super::leaf::{At, Data, EntityPath, OriginId};
pub use super::model::portal::*;

/// A portal whose engine is Authelia: what speaks of its options is about one of these.
#[derive(Clone, Copy, Debug)]
pub struct AutheliaPortal<'f> {
    pub key: &'f str,
    pub portal: &'f At<Portal>,
    /// What Authelia is told.
    pub options: &'f Authelia,
}

impl<'f> AutheliaPortal<'f> {
    /// A portal, where Authelia is its engine.
    #[must_use]
    pub fn of(key: &'f str, portal: &'f At<Portal>) -> Option<AutheliaPortal<'f>> {
        match &portal.engine.value {
            PortalEngine::Authelia(options) => Some(AutheliaPortal { key, portal, options }),
        }
    }

    /// The provider of `OpenID` Connect; Authelia refuses one without a client.
    #[must_use]
    pub fn provider(&self, model: &Model) -> Option<&'f At<OidcProvider>> {
        model.clients_of(self.key).next().and(self.options.oidc.as_ref())
    }
}

impl Model {
    /// The portals that Authelia runs.
    pub fn authelias(&self) -> impl Iterator<Item = AutheliaPortal<'_>> {
        self.portal.iter().filter_map(|(key, portal)| AutheliaPortal::of(key, portal))
    }
}

impl PortalEngine {
    /// The account that the module of NixOS makes for it.
    #[must_use]
    pub fn account(&self) -> String {
        match self {
            PortalEngine::Authelia(authelia) => format!("authelia-{}", authelia.instance.value),
        }
    }

    /// Where it keeps what it must remember.
    #[must_use]
    pub fn data(&self) -> &At<String> {
        match self {
            PortalEngine::Authelia(authelia) => &authelia.data,
        }
    }

    /// The files that it writes logs to, each with who says so.
    #[must_use]
    pub fn log_files(&self) -> Vec<(&str, OriginId)> {
        match self {
            PortalEngine::Authelia(authelia) => {
                let file = authelia.log.get("file_path");
                file.and_then(|it| Some((it.text()?, it.origin))).into_iter().collect()
            }
        }
    }

    /// The file that has its log, where nothing else has it.
    #[must_use]
    pub fn only_log_file(&self) -> Option<&str> {
        match self {
            PortalEngine::Authelia(authelia) => {
                let kept = authelia.log.get("keep_stdout").map(|it| &it.value);
                let file = authelia.log.get("file_path").and_then(|it| it.text());
                file.filter(|_| kept != Some(&Data::Bool(true)))
            }
        }
    }

    /// Whether programs log people in through it.
    #[must_use]
    pub fn is_provider(&self) -> bool {
        match self {
            PortalEngine::Authelia(authelia) => authelia.oidc.is_some(),
        }
    }

    /// The ports of other programs that it needs, each with who says so.
    #[must_use]
    pub fn leads_to(&self) -> Vec<(EntityPath, OriginId)> {
        match self {
            PortalEngine::Authelia(authelia) => authelia.leads_to(),
        }
    }
}

impl Authelia {
    fn leads_to(&self) -> Vec<(EntityPath, OriginId)> {
        let ldap = &self.directory.ldap;
        let redis = self.session.redis.as_ref().and_then(|redis| redis.get("server"));
        let servers = self.database.get("server").into_iter().chain(redis);
        let servers = servers.filter_map(|it| Some((it.reference()?.clone(), it.origin)));
        std::iter::once((ldap.value.clone(), ldap.origin)).chain(servers).collect()
    }
}
