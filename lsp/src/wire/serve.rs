//! Hands what the client says to whoever does it, in the order in which it came, and its answers on.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::Receiver;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_service::Service;

use super::{Incoming, lenient};
use crate::notices;
use crate::outbox::{Message, Outbox};
use crate::server::panicked;
use crate::state::Shared;

/// Requests that may be on their way at once; behind them nothing is read.
const CONCURRENT: usize = 256;

/// How long requests may take that were not answered when the pipe ended.
const REST: Duration = Duration::from_secs(30);

/// Asked before `initialize` (LSP 3.17, `ErrorCodes.ServerNotInitialized`).
const NOT_INITIALIZED: i64 = -32002;

/// How far the client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Fresh,
    Ready,
    /// It said `shutdown`.
    Leaving,
}

/// Serves until the client says `exit` or its pipe ends; notes down when it says `shutdown`.
pub(crate) async fn serve<S>(
    mut service: S,
    mut incoming: Receiver<Incoming>,
    shared: &Shared,
    asked: &AtomicBool,
) where
    S: Service<Request, Response = Option<Response>>,
    S::Error: Send + 'static,
    S::Future: Future<Output = Result<Option<Response>, S::Error>> + Send + Unpin + 'static,
{
    let outbox = &shared.outbox;
    let room = Arc::new(Semaphore::new(CONCURRENT));
    let mut phase = Phase::Fresh;
    while let Some(message) = incoming.recv().await {
        match message {
            Incoming::Notification { method, .. } if method == "exit" => return,
            Incoming::Notification { method, params } => match (phase, &*method) {
                (_, "$/cancelRequest") => cancel(&mut service, params, outbox).await,
                (Phase::Ready, _) => notices::take(shared, &method, params).await,
                // The protocol has them dropped.
                (Phase::Fresh | Phase::Leaving, _) => {}
            },
            Incoming::Request { id, method, params } => {
                if let Err(error) = may_ask(phase, &method) {
                    outbox.answer(Response::from_error(id, error)).await;
                    continue;
                }
                // Some clients send parameters with what has none, which tower-lsp refuses.
                let params = params.filter(|_| method != "shutdown");
                let params = lenient::needed(&method, params);
                let begins = method == "initialize";
                if method == "shutdown" {
                    phase = Phase::Leaving;
                    asked.store(true, Ordering::SeqCst);
                }
                let request = request(method, Some(id.clone()), params);
                let Ok(place) = Arc::clone(&room).acquire_owned().await else { continue };
                if poll_fn(|context| service.poll_ready(context)).await.is_err() {
                    continue;
                }
                // Each handler takes what it needs of the state before it waits for anything, so
                // it has to begin here, in the order in which the requests came.
                let mut answering = service.call(request);
                let first = poll_fn(|context| {
                    let polled =
                        AssertUnwindSafe(|| std::pin::Pin::new(&mut answering).poll(context));
                    Poll::Ready(catch_unwind(polled))
                });
                match first.await {
                    Ok(Poll::Ready(answer)) => {
                        let answer = answer.ok().flatten();
                        if begins && answer.as_ref().is_some_and(Response::is_ok) {
                            phase = Phase::Ready;
                        }
                        give(outbox, answer).await;
                    }
                    Ok(Poll::Pending) => {
                        let outbox = outbox.clone();
                        tokio::spawn(async move {
                            let answer = match tokio::spawn(answering).await {
                                Ok(answer) => answer.ok().flatten(),
                                Err(_) => Some(Response::from_error(id, panicked())),
                            };
                            give(&outbox, answer).await;
                            drop(place);
                        });
                    }
                    Err(_) => give(outbox, Some(Response::from_error(id, panicked()))).await,
                }
            }
            Incoming::Unread(unread) => {
                notices::unread(shared, &unread).await;
                match unread.id {
                    Some(id) => outbox.answer(Response::from_error(id, unread.error)).await,
                    None => outbox.tell(Message::log(unread.error.message)).await,
                }
            }
            Incoming::Answer => {}
        }
    }
    let all = u32::try_from(CONCURRENT).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(REST, room.acquire_many(all)).await;
}

async fn give(outbox: &Outbox, answer: Option<Response>) {
    if let Some(answer) = answer {
        outbox.answer(answer).await;
    }
}

/// Whether a request may be asked now.
fn may_ask(phase: Phase, method: &str) -> Result<(), Error> {
    match phase {
        Phase::Fresh if method != "initialize" => {
            Err(error(ErrorCode::ServerError(NOT_INITIALIZED), "nobody said `initialize` yet"))
        }
        Phase::Ready if method == "initialize" => {
            Err(error(ErrorCode::InvalidRequest, "`initialize` was said before"))
        }
        // tower-lsp would say nothing.
        Phase::Ready if method.starts_with("$/") => {
            Err(error(ErrorCode::MethodNotFound, format!("there is no `{method:.100}`")))
        }
        Phase::Leaving => {
            Err(error(ErrorCode::InvalidRequest, "after `shutdown` only `exit` can follow"))
        }
        Phase::Fresh | Phase::Ready => Ok(()),
    }
}

fn error(code: ErrorCode, reason: impl Into<String>) -> Error {
    Error { code, message: reason.into().into(), data: None }
}

fn request(method: String, id: Option<Id>, params: Option<Value>) -> Request {
    let request = Request::build(method);
    let request = match params {
        Some(params) => request.params(params),
        None => request,
    };
    match id {
        Some(id) => request.id(id).finish(),
        None => request.finish(),
    }
}

async fn cancel<S>(service: &mut S, params: Option<Value>, outbox: &Outbox)
where
    S: Service<Request, Response = Option<Response>>,
{
    let id = params.as_ref().and_then(|params| params.get("id"));
    if !id.is_some_and(|id| id.is_i64() || id.is_string()) {
        return outbox.tell(Message::log("`$/cancelRequest` names no request")).await;
    }
    if poll_fn(|context| service.poll_ready(context)).await.is_ok() {
        let _nothing = service.call(request("$/cancelRequest".to_owned(), None, params)).await;
    }
}
