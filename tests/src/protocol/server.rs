//! A server that is spoken to in bytes, within bounds of memory and time.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bounded::{self, Ended};
use crate::editor::read;

/// A server, what was said to it and what it said.
#[derive(Debug)]
pub struct Server {
    child: Child,
    to: Option<Sender<Vec<u8>>>,
    messages: Receiver<Value>,
    /// Every byte that was sent.
    pub sent: Vec<u8>,
    /// The newest findings of each file, with the version they are about.
    pub findings: BTreeMap<String, (Option<i64>, Value)>,
    /// Its answers to numbers.
    pub answers: BTreeMap<i64, Value>,
    before: Duration,
    began: Instant,
}

impl Server {
    /// Starts it with [`bounded::MEMORY`].
    ///
    /// # Panics
    /// Where that is not possible.
    #[must_use]
    pub fn start(program: &Path, cache: &Path) -> Server {
        let mut child = bounded::server(program)
            .arg("lsp")
            .env("XDG_CACHE_HOME", cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        let (to, bytes) = mpsc::channel::<Vec<u8>>();
        thread::spawn(move || {
            // A server that went down is found by who waits for its answers.
            while let Ok(bytes) = bytes.recv() {
                let _ = stdin.write_all(&bytes).and_then(|()| stdin.flush());
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Server {
            child,
            to: Some(to),
            messages,
            sent: Vec::new(),
            findings: BTreeMap::new(),
            answers: BTreeMap::new(),
            before: Duration::ZERO,
            began: Instant::now(),
        }
    }

    pub fn send(&mut self, bytes: Vec<u8>) {
        self.sent.extend(&bytes);
        if let Some(to) = &self.to {
            // Its other end lives as long as this one.
            let _ = to.send(bytes);
        }
    }

    /// From now on it has [`bounded::TIME`] again.
    pub fn allow_time(&mut self) {
        (self.before, self.began) = (bounded::processor_time(self.child.id()), Instant::now());
    }

    /// Reads what it says until something holds.
    ///
    /// # Errors
    /// Where it took too long or went down.
    ///
    /// # Panics
    /// Where the system does not let go of a child.
    pub fn until(&mut self, holds: impl Fn(&Server) -> bool) -> Result<(), Ended> {
        loop {
            if holds(self) {
                return Ok(());
            }
            match self.messages.recv_timeout(Duration::from_millis(100)) {
                Ok(message) => self.note(message),
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait().expect("it is a child of ours");
                    return Err(Ended::Died(status, String::new()));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if bounded::late(self.child.id(), self.before, self.began) {
                return Err(Ended::Late);
            }
        }
    }

    /// Closes the pipe to it and waits for its end.
    ///
    /// # Errors
    /// Where it took too long, or went down.
    pub fn leave(&mut self) -> Result<(), Ended> {
        self.to = None;
        match self.until(|_| false) {
            Err(Ended::Died(status, _)) if matches!(status.code(), Some(0 | 1)) => Ok(()),
            ended => ended,
        }
    }

    fn note(&mut self, message: Value) {
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().unwrap_or_default().to_owned();
            let found = (params["version"].as_i64(), params["diagnostics"].clone());
            self.findings.insert(uri, found);
        } else if let (Some(id), None) = (message["id"].as_i64(), message.get("method")) {
            self.answers.insert(id, message);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
