//! What the server says, in the order in which it was said.

use std::io::{self, Write};

use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::Response;
use tower_lsp::lsp_types::{Diagnostic, MessageType, Url};

/// One message to the client.
pub(crate) enum Message {
    Answer(Response),
    Findings(Url, Vec<Diagnostic>, Option<i32>),
    /// A line for the client's log.
    Log(MessageType, String),
    /// Something that the client shows at once.
    Show(MessageType, String),
    /// A question: its id, method and parameters. Its answer is not looked at.
    Ask(&'static str, &'static str, Value),
    /// Nothing: to learn that everything before it was written.
    Written(oneshot::Sender<()>),
}

/// How many messages may wait for a client that does not listen.
const WAITING: usize = 64;

/// Takes messages from any thread.
#[derive(Clone)]
pub(crate) struct Outbox(Sender<Message>);

impl Message {
    pub(crate) fn log(what: impl Into<String>) -> Message {
        Message::Log(MessageType::ERROR, what.into())
    }

    pub(crate) fn show(what: impl Into<String>) -> Message {
        Message::Show(MessageType::ERROR, what.into())
    }
}

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

    /// The same where waiting must not block.
    pub(crate) async fn tell(&self, message: Message) {
        let _ = self.0.send(message).await;
    }

    pub(crate) async fn answer(&self, response: Response) {
        self.tell(Message::Answer(response)).await;
    }

    /// Tells the client's log, if there is room.
    pub(crate) fn log(&self, what: impl Into<String>) {
        let _ = self.0.try_send(Message::log(what));
    }

    /// Waits until everything is written that was sent.
    pub(crate) async fn written(&self) {
        let (done, written) = oneshot::channel();
        self.tell(Message::Written(done)).await;
        let _ = written.await;
    }
}

/// Writes the messages, one after the other; those after a failure are dropped, for nobody reads
/// them. Blocks: for a thread of its own.
pub(crate) fn deliver(mut messages: Receiver<Message>, mut to: impl Write) {
    let mut reads = true;
    while let Some(message) = messages.blocking_recv() {
        let Some(body) = body(message) else { continue };
        reads = reads && write(&mut to, &body).is_ok();
    }
}

fn body(message: Message) -> Option<Vec<u8>> {
    let note = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "method": method, "params": params });
    let body = match message {
        Message::Answer(response) => return serde_json::to_vec(&response).ok(),
        Message::Findings(uri, findings, version) => {
            let mut params = json!({ "uri": uri, "diagnostics": findings });
            if let Some(version) = version {
                params["version"] = version.into();
            }
            note("textDocument/publishDiagnostics", params)
        }
        Message::Log(how, text) => {
            note("window/logMessage", json!({ "type": how, "message": text }))
        }
        Message::Show(how, text) => {
            note("window/showMessage", json!({ "type": how, "message": text }))
        }
        Message::Ask(id, method, params) => {
            json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
        }
        Message::Written(done) => {
            let _ = done.send(());
            return None;
        }
    };
    serde_json::to_vec(&body).ok()
}

fn write(to: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(to, "Content-Length: {}\r\n\r\n", body.len())?;
    to.write_all(body)?;
    to.flush()
}
