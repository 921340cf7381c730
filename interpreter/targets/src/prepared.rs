//! What targets and checks ask of one another, each found once.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::OnceLock;

use qg_fleet::Facts;
use qg_formats::nix::Set;
use qg_formats::sops::SopsFile;

use crate::merge::Merged;
use crate::{engines, nix, sealed, traefik};

/// A fleet with its facts, and what several targets need of what one of them makes.
#[derive(Clone, Debug)]
pub struct Prepared<'f> {
    facts: Facts<'f>,
    /// The secrets of each host and what sops-nix calls them.
    pub(crate) secrets: OnceLock<BTreeMap<String, nix::Secrets>>,
    /// What the compiler sets on each host that NixOS manages.
    pub(crate) written: OnceLock<BTreeMap<String, Set>>,
    /// What each host puts together from secrets.
    pub(crate) sealed: OnceLock<BTreeMap<String, Vec<sealed::SealedFile>>>,
    /// What each unit of each host cannot start without.
    pub(crate) needed: OnceLock<BTreeMap<String, BTreeMap<String, sealed::Needed>>>,
    /// The secrets that each proxy reads.
    pub(crate) proxy_needs: OnceLock<BTreeMap<String, engines::Needs>>,
    /// The secrets that each portal reads.
    pub(crate) portal_needs: OnceLock<BTreeMap<String, engines::LoginNeeds>>,
    /// The secrets that the proxies of each host read together.
    pub(crate) host_needs: OnceLock<BTreeMap<String, engines::HostNeeds>>,
    /// The options of each proxy whose engine is Traefik.
    pub(crate) traefik: OnceLock<BTreeMap<String, traefik::Options>>,
    /// The configuration of each login server, and where the user's own settings would overwrite ours.
    pub(crate) authelia: OnceLock<BTreeMap<String, Merged>>,
    /// The variable of each secret.
    pub(crate) variables: OnceLock<BTreeMap<String, String>>,
    /// The files of secrets, by path.
    pub(crate) sops: OnceLock<BTreeMap<String, Result<SopsFile, String>>>,
}

impl<'f> Prepared<'f> {
    #[must_use]
    pub fn of(facts: Facts<'f>) -> Prepared<'f> {
        Prepared {
            facts,
            secrets: OnceLock::new(),
            written: OnceLock::new(),
            sealed: OnceLock::new(),
            needed: OnceLock::new(),
            proxy_needs: OnceLock::new(),
            portal_needs: OnceLock::new(),
            host_needs: OnceLock::new(),
            traefik: OnceLock::new(),
            authelia: OnceLock::new(),
            variables: OnceLock::new(),
            sops: OnceLock::new(),
        }
    }
}

impl<'f> Deref for Prepared<'f> {
    type Target = Facts<'f>;

    fn deref(&self) -> &Facts<'f> {
        &self.facts
    }
}
