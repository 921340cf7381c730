//! A small editor: it starts the real `qgc lsp` and speaks with it over its pipes.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Nothing the server does may take longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server and what it said.
#[derive(Debug)]
pub struct Editor {
    pub child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    next: i64,
    /// Answers that nobody asked for yet.
    /// In the order in which they came: a client may ask twice with one number.
    answers: BTreeMap<i64, VecDeque<Value>>,
    root: PathBuf,
    versions: BTreeMap<String, i64>,
    /// The newest findings of each file, with the version they are about.
    findings: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    /// How often findings came for each file.
    pub published: BTreeMap<String, usize>,
    /// Everything else the server said: answers to nobody, lines for the log.
    pub heard: Vec<Value>,
}

impl Editor {
    /// Starts `program lsp` for a folder; `encoding` is `utf-8` or `utf-16`.
    ///
    /// # Panics
    /// Where that cannot be started, or says nothing.
    #[must_use]
    pub fn start(program: &Path, root: &Path, encoding: &str) -> Editor {
        Editor::start_for(program, root, encoding, std::process::id())
    }

    /// The same for an editor with this process number.
    ///
    /// # Panics
    /// Where it cannot be started, or says nothing.
    #[must_use]
    pub fn start_for(program: &Path, root: &Path, encoding: &str, process: u32) -> Editor {
        let mut editor = Editor::attach(&mut Command::new(program), root);
        let answer = editor.request(
            "initialize",
            json!({
                "processId": process,
                "rootUri": editor.uri(""),
                "capabilities": { "general": { "positionEncodings": [encoding] } },
            }),
        );
        assert_eq!(answer["result"]["capabilities"]["positionEncoding"], encoding);
        editor.notify("initialized", json!({}));
        editor
    }

    /// Starts a server of this program for a folder, and says nothing to it.
    ///
    /// # Panics
    /// Where it cannot be started.
    #[must_use]
    pub fn attach(program: &mut Command, root: &Path) -> Editor {
        let root = root.canonicalize().expect("the folder is there");
        let mut child = program
            .arg("lsp")
            .env("XDG_CACHE_HOME", root.join(".cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Editor {
            child,
            stdin,
            messages,
            next: 0,
            answers: BTreeMap::new(),
            root,
            versions: BTreeMap::new(),
            findings: BTreeMap::new(),
            published: BTreeMap::new(),
            heard: Vec::new(),
        }
    }

    /// The address of a file of the fleet.
    #[must_use]
    pub fn uri(&self, file: &str) -> String {
        format!("file://{}", self.root.join(file).display()).trim_end_matches('/').to_owned()
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Panics
    /// Where none comes in time.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Sends a request, and gives its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Waits for the answer to a request.
    ///
    /// # Panics
    /// Where none comes in time.
    pub fn answer(&mut self, id: i64) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = self.answers.get_mut(&id).and_then(VecDeque::pop_front) {
                return answer;
            }
            assert!(self.message(end).is_some(), "no answer to request {id}");
        }
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Opens a file with a text, which need not be the one on disk.
    pub fn open(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        self.versions.insert(file.to_owned(), 1);
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": "qg", "version": 1, "text": text } }),
        );
    }

    /// Changes an open file: whole (`None`), or from line and column to line and column.
    pub fn change(&mut self, file: &str, range: Option<[u32; 4]>, text: &str) {
        let range = range.map(|[line, column, to_line, to_column]| {
            json!({
                "start": { "line": line, "character": column },
                "end": { "line": to_line, "character": to_column },
            })
        });
        let change = match range {
            Some(range) => json!({ "range": range, "text": text }),
            None => json!({ "text": text }),
        };
        let version = self.versions.entry(file.to_owned()).or_default();
        *version += 1;
        let version = *version;
        let uri = self.uri(file);
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [change] }),
        );
    }

    pub fn close(&mut self, file: &str) {
        let uri = self.uri(file);
        self.versions.remove(file);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    pub fn save(&mut self, file: &str) {
        let uri = self.uri(file);
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    /// A request about a place in a file.
    pub fn at(&mut self, method: &str, file: &str, line: u32, column: u32) -> Value {
        let uri = self.uri(file);
        let answer = self.request(
            method,
            json!({
                "textDocument": { "uri": uri },
                "position": { "line": line, "character": column },
            }),
        );
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits until the findings of an open file are about its newest version, and gives them.
    ///
    /// # Panics
    /// Where they do not come in time.
    pub fn findings(&mut self, file: &str) -> Vec<Value> {
        let uri = self.uri(file);
        let version = self.versions.get(file).copied();
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some((known, findings)) = self.findings.get(&uri)
                && *known == version
                && version.is_some()
            {
                return findings.clone();
            }
            assert!(self.message(end).is_some(), "no findings for {file} at version {version:?}");
        }
    }

    /// Waits until the newest findings of a file (which need not be open) fulfil a condition.
    ///
    /// # Panics
    /// Where they do not in time.
    pub fn findings_when(&mut self, file: &str, holds: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(file);
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some((_, findings)) = self.findings.get(&uri)
                && holds(findings)
            {
                return findings.clone();
            }
            assert!(
                self.message(end).is_some(),
                "the findings of {file} never came to what was expected: {:?}",
                self.findings.get(&uri)
            );
        }
    }

    /// All findings as they stand: those of files that have some, by file.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Vec<Value>> {
        let some = self.findings.iter().filter(|(_, (_, findings))| !findings.is_empty());
        some.map(|(uri, (_, findings))| (uri.clone(), findings.clone())).collect()
    }

    /// Closes the pipe to the server.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end of the server.
    ///
    /// # Panics
    /// Where it goes on.
    pub fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(Instant::now() < end, "the server goes on");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&mut self, message: &Value) {
        self.send_bytes(&framed(&message.to_string()));
    }

    /// Sends any bytes.
    ///
    /// # Panics
    /// Where the server does not read.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("the pipe is open");
        stdin.write_all(bytes).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    /// The next message, noted down where it tells findings.
    fn message(&mut self, end: Instant) -> Option<Value> {
        let left = end.saturating_duration_since(Instant::now());
        let message = match self.messages.recv_timeout(left) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        };
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().unwrap_or_default().to_owned();
            let findings = params["diagnostics"].as_array().cloned().unwrap_or_default();
            *self.published.entry(uri.clone()).or_default() += 1;
            self.findings.insert(uri, (params["version"].as_i64(), findings));
        }
        match (message["id"].as_i64(), message["method"].as_str()) {
            (Some(id), None) => self.answers.entry(id).or_default().push_back(message.clone()),
            (_, Some("textDocument/publishDiagnostics")) => {}
            _ => self.heard.push(message.clone()),
        }
        Some(message)
    }
}

/// A body with its header.
#[must_use]
pub fn framed(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// What a process takes, in KiB: `VmRSS` now, `VmHWM` at most (proc(5), `status`).
#[must_use]
pub fn memory(process: u32, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next message of a server; none where its pipe ends, or holds something else.
pub(crate) fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    from.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
