//! The language server: protocol only. It begins at [`qg_lang`]'s analysis and at the evaluation
//! that the compiler uses, and holds no second parser, checker or evaluator.
//!
//! The flow: `server` takes what the client says; notifications change `state` at once; the thread
//! of `builder` builds the newest texts and tells the findings; requests wait for that build and are
//! answered by one of the `features`, off the async thread, from a `snapshot` that never changes.

mod builder;
mod convert;
mod cursor;
mod desk;
mod documents;
mod exit;
mod features;
mod library;
mod meaning;
mod outbox;
mod project;
mod server;
mod snapshot;
mod state;

use std::io;
use std::path::PathBuf;

pub use desk::{About, Desk, Offer};
pub use project::{Project, Projects, SharedWorld, Trouble};

/// What the server needs from whoever starts it.
pub struct Settings {
    pub projects: Box<dyn Projects>,
    /// A folder for files that can be made again: the standard library, for an editor to open.
    pub cache: Option<PathBuf>,
    /// The program's version.
    pub version: String,
}

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client asked for it, or is gone after it did.
    Asked,
    /// The client went away, or said `exit` without `shutdown`.
    Left,
}

/// Serves one client over stdin and stdout, until it says `exit`, closes the pipe or is gone.
///
/// # Errors
/// Where threads cannot be had.
pub fn serve(settings: Settings) -> io::Result<Ended> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let ended = runtime.block_on(server::run(settings));
    // A thread still sits in a read of stdin, which only the client could end.
    runtime.shutdown_background();
    ended
}
