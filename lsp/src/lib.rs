//! The language server: protocol only. It begins at [`qg_lang`]'s analysis and at the evaluation
//! that the compiler uses, and holds no second parser, checker or evaluator.
//!
//! The flow: `wire` cuts what the client says into messages; `notices` change `state` at once; the
//! thread of `builder` builds the newest texts and tells the findings; requests go to `server`, wait
//! for that build and are answered by one of the `features`, off the async thread, from a `snapshot`
//! that never changes; the `outbox` writes what is said.

mod builder;
mod convert;
mod cursor;
mod desk;
mod documents;
mod exit;
mod features;
mod fleets;
mod library;
mod meaning;
mod notices;
mod outbox;
mod project;
mod server;
mod snapshot;
mod state;
mod wire;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub use desk::{About, Desk, Offer};
pub use project::{EditorProject, Projects, SharedWorld, Trouble};

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

/// The stack of each thread: that of a program's first one, which `qgc check` runs on. Only what is
/// used of it takes memory.
const STACK: usize = 8 << 20;

/// How many requests are worked on at once. Each looks at a fleet anew, in as much memory as that
/// takes; more of them than the machine has processors are no faster.
const WORKERS: usize = 2;

/// How long a thread without work is kept. With its end goes the memory that it keeps for itself.
const IDLE: Duration = Duration::from_secs(2);

/// Serves one client over stdin and stdout, until it says `exit`, closes the pipe or is gone.
///
/// # Errors
/// Where threads cannot be had.
pub fn serve(settings: Settings) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(WORKERS)
        .thread_keep_alive(IDLE)
        .thread_stack_size(STACK)
        .enable_time()
        .build()?;
    let ended = runtime.block_on(server::run(settings));
    // A thread still sits in a read of stdin, which only the client could end.
    runtime.shutdown_background();
    ended
}
