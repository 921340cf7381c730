//! The options that NixOS has, with their types: a table that comes with the compiler, or the fleet's own.
//!
//! [`table`] reads the compact text that both have, [`mod@write`] makes it, [`types`] understands the types as
//! the manual words them, [`place`] goes down the tables beside a value.

pub mod elsewhere;
pub mod fits;
pub mod place;
pub mod table;
#[cfg(test)]
mod tests;
pub mod types;
pub mod write;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

pub use qg_evaluation::builtins::way::{read_way, way};
use qg_lang::world::{Unread, World};

use place::{OptionPlace, OptionStep};
use table::{Malformed, Table};

/// Where `qgc options update` keeps what the fleet's own nixpkgs answered: beside `qg.toml`.
pub const KEPT: &str = "qg.options";

/// Every option of the NixOS manual of one day, and Home Manager's: `cargo run -p qg-interpreter --example
/// builtin_options` makes it; its head says from what.
const BUILT_IN: &str = include_str!("nixos.options");

/// Read once for all builds of a program.
static TABLE: LazyLock<Arc<Table>> =
    LazyLock::new(|| Arc::new(Table::read(Cow::Borrowed(BUILT_IN)).unwrap_or_default()));
static ELSEWHERE: LazyLock<Arc<Table>> = LazyLock::new(|| Arc::new(elsewhere::table(false)));

/// The tables that hold for a fleet.
#[derive(Debug)]
pub struct NixosOptions {
    /// What NixOS has: asked of the fleet's own nixpkgs, or the one that comes with the compiler.
    pub main: Arc<Table>,
    /// Whether the fleet's own nixpkgs was asked: then it decides.
    pub own: bool,
    /// What it lacks although it exists.
    pub elsewhere: Arc<Table>,
}

impl Default for NixosOptions {
    fn default() -> NixosOptions {
        NixosOptions { main: Arc::clone(&TABLE), own: false, elsewhere: Arc::clone(&ELSEWHERE) }
    }
}

impl NixosOptions {
    /// The tables for a fleet, and why its own one cannot be read, where there is one.
    #[must_use]
    pub fn of(world: &dyn World) -> (NixosOptions, Option<Malformed>) {
        let bytes = match world.read(KEPT) {
            Ok(bytes) => bytes,
            Err(Unread::Missing) => return (NixosOptions::default(), None),
            Err(why) => {
                let malformed = Malformed { line: 0, why: why.to_string() };
                return (NixosOptions::default(), Some(malformed));
            }
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match Table::read(Cow::Owned(text)) {
            Ok(main) => {
                let elsewhere = Arc::new(elsewhere::table(true));
                (NixosOptions { main: Arc::new(main), own: true, elsewhere }, None)
            }
            Err(malformed) => (NixosOptions::default(), Some(malformed)),
        }
    }

    /// Above all options that are known.
    #[must_use]
    pub fn top(&self) -> OptionPlace<'_> {
        OptionPlace::top([(&*self.main, !self.own), (&*self.elsewhere, false)])
    }

    /// Whether a module has options and lacks this one: nothing is said of a module that is not known.
    #[must_use]
    pub fn lacks(&self, module: &[&str], option: &str) -> bool {
        let mut here = self.top();
        for key in module {
            match here.key(key) {
                OptionStep::Known(below) => here = below,
                OptionStep::Open | OptionStep::Unknown | OptionStep::Wrong => return false,
            }
        }
        matches!(here.key(option), OptionStep::Unknown)
    }

    /// Which state of nixpkgs the table shows, to be put behind a sentence: `, as of 2024-12-19`,
    /// ` (50ab793786d9, 2025-12-03)`.
    #[must_use]
    pub fn as_of(&self) -> String {
        let revision: String = self.main.revision().chars().take(12).collect();
        match (revision.as_str(), self.main.date()) {
            ("", "") => String::new(),
            ("", date) => format!(", as of {date}"),
            (revision, "") => format!(" ({revision})"),
            (revision, date) => format!(" ({revision}, {date})"),
        }
    }
}
