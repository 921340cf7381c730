//! The way between the pipes and the server: bytes to messages (`frames`, `message`), messages to
//! whoever answers them (`serve`), answers to bytes (`outbox`).
//!
//! tower-lsp has such a way too, but its reader gives up at the first header that it does not
//! understand and at the first body that is no JSON, and it ends the server with a late answer. Only
//! its router is used.

mod frames;
mod header;
mod lenient;
mod message;
mod serve;

use std::io::Read;

use tokio::sync::mpsc::Sender;

pub(crate) use lenient::range;
pub(crate) use message::{Incoming, Unread};
pub(crate) use serve::serve;

/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// Reads messages until the pipe ends or nobody takes them any more. Blocks: for a thread of its own.
pub(crate) fn read(mut from: impl Read, to: &Sender<Incoming>) {
    let mut frames = frames::Frames::default();
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = match from.read(&mut chunk) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        frames.push(chunk.get(..count).unwrap_or_default());
        while let Some(frame) = frames.pull() {
            let incoming = match frame {
                Ok(body) => message::read(&body),
                Err(fault) => message::broken(&fault),
            };
            if to.blocking_send(incoming).is_err() {
                return;
            }
        }
    }
}
