//! `qgc lsp`: the language server, for editors.

use std::os::unix::process::CommandExt;
use std::process::Command;

use qg_lsp::{Ended, Settings};

use crate::Outcome;
use crate::args::LspArgs;
use crate::editor::Disk;
use crate::failure::Failure;
use crate::folders::cache;

pub(super) fn run(args: &LspArgs) -> Result<Outcome, Failure> {
    keep_memory();
    let settings = Settings {
        projects: Box::new(Disk { chosen: args.chosen.clone() }),
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

/// How long the allocator keeps memory that is free, in milliseconds; it reads this when a program starts.
const KEEP: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "30000");

/// Each change builds the fleet anew, in as much memory as the one before. To give it back each second, as
/// the allocator does by itself, and ask for it again is what one waits for while typing: one change in a
/// hundred took half as long again. So this program starts itself once more, with the same process and
/// streams, and keeps it for longer than one thinks between two keys; what a large fleet or a thousand
/// questions needed goes back when they are gone.
fn keep_memory() {
    if std::env::var_os(KEEP.0).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let mut again = Command::new(program);
        again.args(std::env::args_os().skip(1)).env(KEEP.0, KEEP.1);
        // It comes back only where that cannot be; the server works as it is.
        let _refused = again.exec();
    }
}
