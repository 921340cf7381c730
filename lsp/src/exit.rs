//! When to end: tower-lsp itself would go on reading until the client closes the pipe.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use tokio::sync::Notify;
use tower_lsp::jsonrpc::Request;
use tower_service::Service;

/// How often it is looked whether the client still lives.
const PULSE: Duration = Duration::from_secs(2);

/// Whether and how the client took leave.
#[derive(Clone, Default)]
pub(crate) struct Farewell {
    shutdown: Arc<AtomicBool>,
    exit: Arc<Notify>,
}

impl Farewell {
    /// Whether the client said `shutdown`.
    pub(crate) fn is_asked(&self) -> bool {
        self.shutdown.load(Ordering::SeqCst)
    }

    /// Waits for `exit`.
    pub(crate) async fn exit(&self) {
        self.exit.notified().await;
    }

    /// Ends the server when a process is gone. One that cannot be seen to begin with (the client may
    /// live in a namespace of its own) is not waited for.
    pub(crate) fn follow(&self, process: u32) {
        let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) else { return };
        if is_gone(pid) {
            return;
        }
        let exit = Arc::clone(&self.exit);
        tokio::spawn(async move {
            while !is_gone(pid) {
                tokio::time::sleep(PULSE).await;
            }
            exit.notify_one();
        });
    }
}

fn is_gone(pid: Pid) -> bool {
    matches!(test_kill_process(pid), Err(Errno::SRCH))
}

/// Watches what the client says on its way to the server.
pub(crate) struct Watched<S> {
    pub(crate) inner: S,
    pub(crate) farewell: Farewell,
}

impl<S: Service<Request>> Service<Request> for Watched<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> S::Future {
        match request.method() {
            "shutdown" => {
                self.farewell.shutdown.store(true, Ordering::SeqCst);
                self.inner.call(without_params(request))
            }
            "exit" => {
                self.farewell.exit.notify_one();
                self.inner.call(without_params(request))
            }
            _ => self.inner.call(request),
        }
    }
}

/// Some clients send `null` with what has no parameters, which tower-lsp refuses.
fn without_params(request: Request) -> Request {
    let (method, id, _) = request.into_parts();
    match id {
        Some(id) => Request::build(method).id(id).finish(),
        None => Request::build(method).finish(),
    }
}
