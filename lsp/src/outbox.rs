//! What the server says unasked, in the order in which it was said.

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tower_lsp::Client;
use tower_lsp::lsp_types::{Diagnostic, MessageType, Url};

/// One message to the client.
pub(crate) enum Message {
    Findings(Url, Vec<Diagnostic>, Option<i32>),
    Log(MessageType, String),
}

/// How many messages may wait for a client that does not listen.
const WAITING: usize = 256;

/// Takes messages from any thread.
#[derive(Clone)]
pub(crate) struct Outbox(Sender<Message>);

impl Outbox {
    pub(crate) fn new() -> (Outbox, Receiver<Message>) {
        let (sender, receiver) = channel(WAITING);
        (Outbox(sender), receiver)
    }

    /// Sends a message; waits while too many are on their way. Only for threads of their own.
    pub(crate) fn send(&self, message: Message) {
        // Nobody listens any more only when the server ends.
        let _ = self.0.blocking_send(message);
    }

    /// Tells the client's log, if there is room.
    pub(crate) fn log(&self, what: impl Into<String>) {
        let _ = self.0.try_send(Message::Log(MessageType::ERROR, what.into()));
    }
}

/// Hands the messages on, one after the other.
pub(crate) async fn deliver(mut messages: Receiver<Message>, client: Client) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Findings(url, findings, version) => {
                client.publish_diagnostics(url, findings, version).await;
            }
            Message::Log(how, text) => client.log_message(how, text).await,
        }
    }
}
