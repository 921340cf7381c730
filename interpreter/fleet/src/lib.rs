//! The typed fleet: what checks and targets read. Each leaf knows where it came from.
//!
//! [`Model`] is made from `schema Model` of the standard library, struct by schema and field by field, before this
//! crate is compiled (`build/`); what the structs can do stands in the files here.

pub mod backends;
pub mod broken;
pub mod checks;
pub mod choice;
pub mod disk;
pub mod engine;
pub mod facts;
pub mod files;
pub mod firewall;
pub mod folders;
pub mod guards;
pub mod homes;
pub mod host;
pub mod jails;
#[cfg(feature = "json")]
mod json;
pub mod leaves;
mod left;
pub mod listeners;
mod lookup;
pub mod meeting;
mod mentions;
pub mod model;
pub mod modules;
pub mod mounted;
pub mod mounts;
pub mod options;
pub mod path;
mod places;
pub mod podman;
pub mod portal;
pub mod proxy;
mod published;
pub mod read;
pub mod rootless;
pub mod route;
pub mod runners;
mod said;
mod secrecy;
pub mod secret;
pub mod secret_uses;
pub mod service;
pub mod standstill;
pub mod sudo;
pub mod unfolded;
pub mod unit;
pub mod units;
pub mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use leaf::At;
use origin::Origins;
use qg_lang::source::SourceMap;
use qg_lang::span::Span;
use qg_lang::world::Unread;
pub use qg_provenance::{leaf, origin, url};

use crate::options::NixosOptions;
use crate::options::table::Malformed;
pub use facts::Facts;
pub use model::model::Model;
pub use model::{boot, container, middleware};

/// What was found in a model, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Who is where.
    places: OnceLock<places::HostIndex>,
    /// What each backend speaks.
    protocols: OnceLock<BTreeMap<String, Option<backends::BackendProtocol>>>,
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
    pub options: Arc<NixosOptions>,
    /// The packages that `nix"…"` names, each with its place.
    pub packages: BTreeSet<(Span, Arc<str>)>,
    /// Why the fleet's own table of them cannot be read, where there is one.
    pub malformed: Option<Malformed>,
    /// Something is missing because it has an error: nothing is concluded from what is not there.
    pub partial: bool,
    /// What is in the files beside the sources that the fleet uses, by their path from its root.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Those of them that cannot be read.
    pub unread: Unreadable,
    /// The kinds and keys of the entities that expressions outside of them name.
    pub named: BTreeSet<(String, String)>,
    /// Those of which an error says already that something is missing or misspelled.
    pub unsure: BTreeSet<(String, String)>,
}

/// Files beside the sources that cannot be read, by path: where they are named, and why.
pub type Unreadable = BTreeMap<String, (Span, Unread)>;

impl Fleet {
    /// The text of a file beside the sources, where it is one.
    #[must_use]
    pub fn text_of(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}
