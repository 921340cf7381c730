//! What a host gets for a proxy or a portal, whichever engine it has: a row for each of them. What each engine is asked
//! besides is a fact of the fleet (`engine.rs` and `portal.rs` there).

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::{At, EntityPath};
use qg_fleet::portal::{Portal, PortalEngine};
use qg_fleet::proxy::{Proxy, ProxyEngine};
use qg_formats::nix::{Nix, Set};

use super::traefik::{self, Variable};
use super::{authelia, caddy};
use crate::Prepared;

/// An engine, as its target says it.
pub(crate) struct Engine {
    /// Of its folder in the output, and of its files on the host.
    pub(crate) name: &'static str,
    pub(crate) files: &'static [File],
    /// How a container of it is started, where its image would read another file.
    pub(crate) command: &'static [&'static str],
    /// What to say where nothing runs it on a host without NixOS.
    pub(crate) run: &'static str,
    /// The secrets that it reads, by the key of the proxy.
    pub(crate) needs: fn(&Prepared<'_>, &str, &At<Proxy>) -> Needs,
    /// The options of its module of NixOS; the list holds the files with its environment.
    pub(crate) nixos: fn(&Prepared<'_>, &At<Proxy>, Vec<Nix>, &mut Set),
}

/// A file that an engine reads.
pub(crate) struct File {
    /// In the folder of its host.
    pub(crate) from: &'static str,
    /// Where the host has it: for a container, and where there is no NixOS.
    pub(crate) to: &'static str,
    /// Whether it is there for the module of NixOS too.
    pub(crate) always: bool,
}

/// The row of an engine.
pub(crate) fn engine(of: &ProxyEngine) -> &'static Engine {
    match of {
        ProxyEngine::Traefik(_) => &traefik::ENGINE,
        ProxyEngine::Caddy(_) => &caddy::ENGINE,
    }
}

/// A login server, as its target says it.
pub(crate) struct LoginEngine {
    pub(crate) file: File,
    /// The variable that names the file to a program that would look elsewhere.
    pub(crate) file_variable: &'static str,
    /// What its unit gets besides.
    pub(crate) variables: &'static [(&'static str, &'static str)],
    /// The secrets that it reads, by the key of the portal.
    pub(crate) needs: fn(&Prepared<'_>, &str, &At<Portal>) -> LoginNeeds,
    /// The options of its module of NixOS, with all variables.
    pub(crate) nixos: fn(&At<Portal>, Set, &mut Set),
}

/// The row of a login server.
pub(crate) fn login_engine(of: &PortalEngine) -> &'static LoginEngine {
    match of {
        PortalEngine::Authelia(_) => &authelia::ENGINE,
    }
}

/// The secrets that a portal reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoginNeeds {
    /// By variables that hold their paths, in order.
    pub(crate) variables: Vec<(String, EntityPath)>,
    /// By paths in its configuration.
    pub(crate) files: Vec<EntityPath>,
}

/// The secrets that a proxy reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Inside texts, by the name of the variable.
    pub(crate) sealed: BTreeMap<String, Variable>,
    /// As files, by their paths.
    pub(crate) files: BTreeSet<EntityPath>,
    /// As files of variables.
    pub(crate) env_files: Vec<EntityPath>,
}

/// What all proxies of a host read together: their one unit gets it.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostNeeds {
    secrets: Vec<Variable>,
    env_files: Vec<EntityPath>,
    files: Vec<EntityPath>,
}

impl HostNeeds {
    fn of<'n>(all: impl Iterator<Item = &'n Needs>) -> HostNeeds {
        let mut secrets: BTreeMap<&String, &Variable> = BTreeMap::new();
        let mut files: BTreeSet<&EntityPath> = BTreeSet::new();
        let (mut env_files, mut known) = (Vec::new(), BTreeSet::new());
        for needs in all {
            secrets.extend(&needs.sealed);
            files.extend(&needs.files);
            env_files.extend(needs.env_files.iter().filter(|it| known.insert(*it)).cloned());
        }
        HostNeeds {
            secrets: secrets.into_values().cloned().collect(),
            env_files,
            files: files.into_iter().cloned().collect(),
        }
    }
}

impl Needs {
    /// Every secret, however it is read.
    pub(crate) fn all(&self) -> impl Iterator<Item = &EntityPath> {
        let variables = self.sealed.values().map(|it| &it.secret);
        variables.chain(&self.env_files).chain(&self.files)
    }
}

impl Prepared<'_> {
    /// The variables that a portal's unit gets, each with the secret whose path it holds, in order. Besides these it gets
    /// what its engine wants.
    #[must_use]
    pub fn portal_secrets(&self, key: &str) -> &[(String, EntityPath)] {
        self.needs_of_portal(key).map_or(&[], |it| &it.variables)
    }

    /// Secrets that a portal's configuration reads by their path: its account needs to be able to.
    #[must_use]
    pub fn portal_files(&self, key: &str) -> &[EntityPath] {
        self.needs_of_portal(key).map_or(&[], |it| &it.files)
    }

    fn needs_of_portal(&self, portal: &str) -> Option<&LoginNeeds> {
        let needs = |(key, portal): (&String, &At<Portal>)| {
            (key.clone(), (login_engine(&portal.engine).needs)(self, key, portal))
        };
        let all = self.portal_needs.get_or_init(|| self.model.portal.iter().map(needs).collect());
        all.get(portal)
    }

    /// The secrets that a proxy reads, by its key.
    pub(crate) fn needs_of(&self, proxy: &str) -> Option<&Needs> {
        let needs = |(key, proxy): (&String, &At<Proxy>)| {
            (key.clone(), (engine(&proxy.engine).needs)(self, key, proxy))
        };
        let all = self.proxy_needs.get_or_init(|| self.model.proxy.iter().map(needs).collect());
        all.get(proxy)
    }

    fn host_needs(&self, host: &str) -> Option<&HostNeeds> {
        let needs = |host: &String| {
            let proxies = self.model.proxies_on(host);
            (host.clone(), HostNeeds::of(proxies.filter_map(|(key, _)| self.needs_of(key))))
        };
        let all = self.host_needs.get_or_init(|| self.model.host.keys().map(needs).collect());
        all.get(host)
    }

    /// The environment variables that the proxies of a host read, in order. They belong into a file of the unit's
    /// `EnvironmentFile=`; the values go through no shell.
    #[must_use]
    pub fn proxy_secrets(&self, host: &str) -> &[Variable] {
        self.host_needs(host).map_or(&[], |it| &it.secrets)
    }

    /// Secrets of kind `env` whose lines the proxies of a host read as they are.
    #[must_use]
    pub fn proxy_env_files(&self, host: &str) -> &[EntityPath] {
        self.host_needs(host).map_or(&[], |it| &it.env_files)
    }

    /// Secrets that the proxies of a host read as files: the proxy's account needs to be able to.
    #[must_use]
    pub fn proxy_files(&self, host: &str) -> &[EntityPath] {
        self.host_needs(host).map_or(&[], |it| &it.files)
    }
}
