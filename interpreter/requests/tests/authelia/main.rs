//! Authelia's answers, simulated: against those of the real program, against its known surprises, and by laws that hold
//! for any configuration.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "it shows how much agrees")]

mod http;
mod laws;
mod loading;
mod oracle;
mod policy;
mod server;
mod surprises;
