//! Sessions of an editor with the language server, broken at random: what the fuzzer of
//! `tests/lsp/fuzz.rs` sends.

mod break_one;
mod server;
mod session;

pub use break_one::broken;
pub use server::Server;
pub use session::Session;
