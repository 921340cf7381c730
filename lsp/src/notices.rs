//! What the client tells without waiting for an answer. Where that cannot be read it is said in the
//! client's log; an edit that is lost makes its text unknown, and that is said at the text.

use serde_json::Value;
use tower_lsp::lsp_types::{TextDocumentContentChangeEvent, Url};

use crate::outbox::Message;
use crate::state::Shared;
use crate::wire::{Unread, range};

/// Does what a notification tells.
pub(crate) async fn take(shared: &Shared, method: &str, params: Option<Value>) {
    let params = params.unwrap_or_default();
    let read = match method {
        "initialized" => {
            shared.start();
            Ok(())
        }
        "textDocument/didOpen" => open(shared, params),
        "textDocument/didChange" => change(shared, params),
        "textDocument/didClose" => address(&params).map(|url| shared.close(&url)),
        "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
            shared.refresh();
            Ok(())
        }
        // Whatever else there is does not concern this server.
        _ => Ok(()),
    };
    if let Err(reason) = read {
        shared.outbox.tell(Message::log(format!("`{method}`: {reason}"))).await;
    }
    shared.complain().await;
}

/// Says what may be lost with a message that could not be read: the text that it is about, or it is
/// not known what.
pub(crate) async fn unread(shared: &Shared, unread: &Unread) {
    let reason = &unread.error.message;
    let about = unread.ends.contains("textDocument/did").then(|| {
        let (_, rest) = unread.ends.split_once("\"uri\"")?;
        let (uri, _) = rest.trim_start_matches([':', ' ', '"']).split_once('"')?;
        Url::parse(uri).ok()
    });
    match about.flatten() {
        Some(url) => shared.lose(&url, reason),
        None if unread.anything => {
            let reason = format!("something that the editor said was not understood: {reason}");
            shared.outbox.tell(Message::show(reason)).await;
        }
        None => {}
    }
    shared.complain().await;
}

fn open(shared: &Shared, mut params: Value) -> Result<(), String> {
    let url = address(&params)?;
    let version = version(&params).unwrap_or(0);
    match params.pointer_mut("/textDocument/text").map(Value::take) {
        Some(Value::String(text)) => shared.open(url, text, version),
        _ => Err(format!("no text for {url}")),
    }
}

fn change(shared: &Shared, mut params: Value) -> Result<(), String> {
    let url = address(&params)?;
    if url.scheme() != "file" {
        // That was said when it was opened.
        return Ok(());
    }
    let version = version(&params);
    let changes = params.get_mut("contentChanges").map(Value::take);
    let changes = match changes {
        Some(Value::Array(changes)) => changes.into_iter().map(event).collect(),
        _ => Err("there are no `contentChanges`".to_owned()),
    };
    match changes {
        Ok(changes) => shared.change(&url, version, changes),
        Err(reason) => {
            shared.lose(&url, &reason);
            Err(reason)
        }
    }
}

fn event(mut event: Value) -> Result<TextDocumentContentChangeEvent, String> {
    event.get_mut("range").map(range);
    if let Value::Object(fields) = &mut event {
        fields.remove("rangeLength");
    }
    serde_json::from_value(event).map_err(|error| format!("an edit cannot be read: {error}"))
}

fn address(params: &Value) -> Result<Url, String> {
    let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
    let uri = uri.ok_or("there is no `textDocument.uri`")?;
    let shown = || uri.chars().take(200).collect::<String>();
    Url::parse(uri).map_err(|error| format!("the address `{}`: {error}", shown()))
}

fn version(params: &Value) -> Option<i32> {
    let version = params.pointer("/textDocument/version")?.as_i64()?;
    i32::try_from(version).ok()
}
