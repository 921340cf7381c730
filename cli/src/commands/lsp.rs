//! `qgc lsp`: the language server, for editors.

use qg_lsp::{Ended, Settings};

use crate::Outcome;
use crate::editor::Disk;
use crate::failure::Failure;
use crate::folders::cache;

pub(super) fn run() -> Result<Outcome, Failure> {
    let settings = Settings {
        projects: Box::new(Disk),
        cache: cache(|name| std::env::var_os(name)),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let ended = qg_lsp::serve(settings)
        .map_err(|error| Failure::new(format!("the language server cannot start: {error}")))?;
    match ended {
        Ended::Asked => Ok(Outcome::Clean),
        // The protocol wants 1 from a server that was left without `shutdown`.
        Ended::Left => Ok(Outcome::Findings),
    }
}
