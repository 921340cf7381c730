//! The typed fleet: what checks and targets read. Each leaf knows where it came from.
//!
//! [`Model`] is made from `schema Model` of the standard library, struct by schema and field by field, before this
//! crate is compiled (`build/`); what the structs can do stands in the files here.

pub mod address;
pub mod backends;
pub mod broken;
pub mod choice;
pub mod disk;
pub mod engine;
pub mod folders;
pub mod host;
#[cfg(test)]
mod json;
pub mod leaf;
pub mod leaves;
mod left;
pub mod listeners;
mod lookup;
pub mod meeting;
mod mentions;
pub mod model;
pub mod native;
pub mod origin;
pub mod path;
mod places;
pub mod podman;
pub mod proxy;
mod published;
pub mod read;
pub mod rootless;
pub mod route;
pub mod runners;
pub mod secret_uses;
pub mod service;
pub mod standstill;
pub mod unfolded;
pub mod url;
pub mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use qg_lang::source::SourceMap;
use qg_lang::span::Span;
use qg_lang::world::Unread;

use crate::options::Options;
use crate::options::table::Malformed;
use leaf::At;
pub use model::model::Model;
pub use model::{boot, container, middleware, portal, secret};
use origin::Origins;

/// What was found in a model, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Who is where.
    places: OnceLock<places::HostIndex>,
    /// What each backend speaks.
    protocols: OnceLock<BTreeMap<String, Option<backends::Protocol>>>,
}

/// A whole fleet, or what of it is known.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    pub model: Model,
    /// The services that are switched off.
    pub off: BTreeMap<String, At<service::Service>>,
    pub origins: Arc<Origins>,
    /// The texts that the origins' places are in.
    pub sources: SourceMap,
    /// The options that NixOS has.
    pub options: Arc<Options>,
    /// The packages that `nix"…"` names, each with its place.
    pub packages: BTreeSet<(Span, Arc<str>)>,
    /// Why the fleet's own table of them cannot be read, where there is one.
    pub malformed: Option<Malformed>,
    /// Something is missing because it has an error: nothing is concluded from what is not there.
    pub partial: bool,
    /// The secrets of each host and what sops-nix calls them, computed once.
    pub(crate) secrets: OnceLock<BTreeMap<String, crate::targets::nix::Secrets>>,
    /// What the compiler sets on each host that NixOS manages, computed once.
    pub(crate) written: OnceLock<BTreeMap<String, crate::formats::nix::Set>>,
    /// What each host puts together from secrets, computed once.
    pub(crate) sealed: OnceLock<BTreeMap<String, Vec<crate::targets::sealed::Sealed>>>,
    /// The ports of each host that others reach, found once.
    pub(crate) met: OnceLock<BTreeMap<String, Vec<meeting::Met>>>,
    /// The files of each host, with who said them, found once.
    pub(crate) paths: OnceLock<BTreeMap<String, Vec<(String, leaf::OriginId)>>>,
    /// What stops with what on each host, found once.
    pub(crate) managers: OnceLock<standstill::Managers>,
    /// What each unit of each host cannot start without, computed once.
    pub(crate) needed: OnceLock<BTreeMap<String, BTreeMap<String, crate::targets::sealed::Needed>>>,
    /// The secrets that each proxy reads, found once.
    pub(crate) proxy_needs: OnceLock<BTreeMap<String, crate::targets::engines::Needs>>,
    /// The variable of each secret, computed once.
    pub(crate) variables: OnceLock<BTreeMap<String, String>>,
    /// What is in the files beside the sources that the fleet uses, by their path from its root.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Those of them that cannot be read.
    pub unread: Unreadable,
}

/// Files beside the sources that cannot be read, by path: where they are named, and why.
pub type Unreadable = BTreeMap<String, (Span, Unread)>;

impl Fleet {
    /// The paths of a host's files, with who said them.
    #[must_use]
    pub fn paths_on(&self, host: &str) -> &[(String, leaf::OriginId)] {
        let of = |host: &str| {
            self.files_on(host).map(|it| (it.path.to_owned(), it.file.origin)).collect()
        };
        let hosts = self.model.host.keys();
        let all = self.paths.get_or_init(|| hosts.map(|it| (it.clone(), of(it))).collect());
        all.get(host).map_or(&[], Vec::as_slice)
    }

    /// The text of a file beside the sources, where it is one.
    #[must_use]
    pub fn text_of(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}
