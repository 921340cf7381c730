//! Any messages at all: the server lives, answers soon, and knows afterwards what a fresh one knows.
//!
//! `QG_FUZZ=5000` tries so many rounds, `QG_FUZZ_SECONDS=3600` goes on so long, `QG_FUZZ_SEED=7` tries
//! others; `QG_FUZZ_SESSION=FILE` sends again what a failed run has kept.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use qg_tests::bounded::Ended;
use qg_tests::editor::framed;
use qg_tests::mutate::Random;
use qg_tests::protocol::{Server, Session, broken};
use qg_tests::switch::number;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fleet::{Fleet, HOST, LINKS, WIKI, program};

/// How many rounds, where nothing else is said; so many are one session with one server.
const ROUNDS: usize = 60;
const SESSION: usize = 6;

/// How many messages a round has, at most.
const MESSAGES: usize = 40;

/// How often a server that had no time is asked.
const ASKED: i64 = 3;

/// The files that are worked on, and their texts when it is asked what the server knows.
struct Ground {
    fleet: Fleet,
    alone: TempDir,
    /// The address of each file, and what it holds.
    files: Vec<(String, String)>,
}

/// What a server says of the files of the ground: their findings, and some answers.
type Knowledge = Vec<Value>;

impl Ground {
    fn new() -> Ground {
        let fleet = Fleet::new();
        let alone = tempfile::tempdir().unwrap();
        let address = |folder: &TempDir, file: &str| {
            format!("file://{}", folder.path().canonicalize().unwrap().join(file).display())
        };
        let wiki = WIKI.replace("8080", "oops");
        let files = vec![
            (address(&fleet.folder, "hosts/server.qg"), HOST.to_owned()),
            (address(&fleet.folder, "services/wiki.qg"), wiki),
            (address(&fleet.folder, "services/links.qg"), LINKS.to_owned()),
            (address(&alone, "alone.qg"), "let a: int = \"é\"\nlet b = a + c\n".to_owned()),
        ];
        Ground { fleet, alone, files }
    }

    fn start(&self) -> Server {
        Server::start(program(), &self.alone.path().join(".cache"))
    }

    /// A session of other folders, as one of these: their names are as long.
    fn here(&self, mut session: Vec<u8>) -> Vec<u8> {
        for (folder, file) in [(&self.fleet.folder, "/hosts/server.qg"), (&self.alone, "/alone.qg")]
        {
            let new = folder.path().canonicalize().unwrap().display().to_string().into_bytes();
            let text = String::from_utf8_lossy(&session);
            let Some(old) = text.split(file).next().and_then(|it| it.rsplit("file://").next())
            else {
                continue;
            };
            let old = old.as_bytes().to_vec();
            if old.len() == new.len() {
                for at in 0..=session.len() - old.len() {
                    if session[at..].starts_with(&old) {
                        session[at..at + old.len()].copy_from_slice(&new);
                    }
                }
            }
        }
        session
    }

    /// The first words of a client.
    fn greeting(&self) -> Value {
        let root = format!("file://{}", self.fleet.folder.path().canonicalize().unwrap().display());
        let watching = json!({ "didChangeWatchedFiles": { "dynamicRegistration": true } });
        let capabilities = json!({ "workspace": watching });
        let params = json!({ "processId": null, "rootUri": root, "capabilities": capabilities });
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
    }

    /// Opens every file anew and learns what the server knows. `others` are closed first; `known` is
    /// what is expected, without which the server is waited for until it is silent.
    fn learn(
        &self,
        server: &mut Server,
        round: i64,
        others: &BTreeSet<String>,
        known: Option<&Knowledge>,
    ) -> Result<Knowledge, Ended> {
        server.allow_time();
        // What was broken before may take this one along.
        server.send(framed("{}"));
        server.send(note("$/nothing", &json!({})));
        for uri in others.iter().chain(self.files.iter().map(|(uri, _)| uri)) {
            server.send(note("textDocument/didClose", &json!({ "textDocument": { "uri": uri } })));
        }
        for (uri, text) in &self.files {
            let document =
                json!({ "uri": uri, "languageId": "qg", "version": round, "text": text });
            server.send(note("textDocument/didOpen", &json!({ "textDocument": document })));
        }
        let mut ids = Vec::new();
        for (uri, _) in &self.files {
            let document = json!({ "uri": uri });
            let at = json!({ "textDocument": document, "position": { "line": 2, "character": 5 } });
            for method in ["hover", "completion", "definition", "documentSymbol"] {
                let id = round + ids.len() as i64;
                server.send(ask(id, &format!("textDocument/{method}"), &at));
                ids.push(id);
            }
        }
        server.until(|it| ids.iter().all(|id| it.answers.contains_key(id)))?;
        let answers: Vec<Value> = ids
            .iter()
            .map(|id| {
                let answer = &server.answers[id];
                json!([answer["result"], answer["error"]])
            })
            .collect();
        let all = |server: &Server| {
            let found = self.files.iter().map(|(uri, _)| {
                let (version, findings) = server.findings.get(uri)?;
                (*version == Some(round)).then(|| findings.clone())
            });
            let findings: Option<Vec<Value>> = found.collect();
            findings.map(|it| it.into_iter().chain(answers.clone()).collect::<Knowledge>())
        };
        let calm = Instant::now()
            + Duration::from_secs(match known {
                // Only a server that is wrong is waited for so long.
                Some(_) => 90,
                None => 3,
            });
        let settled = |it: &Server| match known {
            Some(known) => all(it).as_ref() == Some(known) || Instant::now() > calm,
            None => all(it).is_some() && Instant::now() > calm,
        };
        server.until(settled)?;
        Ok(all(server).unwrap_or_default())
    }
}

fn note(method: &str, params: &Value) -> Vec<u8> {
    framed(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string())
}

fn ask(id: i64, method: &str, params: &Value) -> Vec<u8> {
    framed(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string())
}

/// The addresses in some bytes, for what is open under another one counts in the fleet too.
fn addresses(bytes: &[u8], all: &mut BTreeSet<String>) {
    let text = String::from_utf8_lossy(bytes);
    for part in text.split("file:").skip(1) {
        let address: String = part.chars().take_while(|it| *it != '"').take(4000).collect();
        let quoted = format!("\"file:{address}\"");
        all.insert(serde_json::from_str(&quoted).unwrap_or(format!("file:{address}")));
    }
}

/// Whether a message would end the server, which is right but ends the session too.
fn leaves(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("\"exit\"") || text.contains("\"shutdown\"")
}

/// Sends some rounds to one server. Gives how it went wrong.
fn session(
    ground: &Ground,
    known: &Knowledge,
    seed: u64,
    server: &mut Server,
) -> Result<(), String> {
    let mut random = Random(seed);
    let greeting = ground.greeting();
    for _ in 0..random.below(3) {
        server.send(broken(&greeting, &mut random));
    }
    server.send(framed("{}"));
    server.send(framed(&greeting.to_string()));
    server.send(note("initialized", &json!({})));
    let mut session = Session::new(&ground.files, random);
    let mut others = BTreeSet::new();
    for round in 1..=SESSION as i64 {
        let mut clean = BTreeSet::new();
        let mut before_was_sound = false;
        for _ in 0..session.random.below(MESSAGES) {
            let message = session.message();
            let sound = session.random.below(3) == 0;
            let bytes = match sound {
                true => framed(&message.to_string()),
                false => broken(&message, &mut session.random),
            };
            if leaves(&bytes) {
                continue;
            }
            if sound && before_was_sound && message["method"] != "initialize" {
                clean.extend(message["id"].as_i64());
            }
            before_was_sound = sound;
            addresses(&bytes, &mut others);
            server.send(bytes);
        }
        let mut found = Knowledge::new();
        for time in 0..ASKED {
            found = ground
                .learn(server, round * 1_000_000 + time * 1_000, &others, Some(known))
                .map_err(|ended| format!("round {round}: {ended}"))?;
            if !found.iter().any(is_late) {
                break;
            }
        }
        if found != *known {
            let pairs = found.iter().zip(known).find(|(found, known)| found != known);
            return Err(format!("round {round}: another server than a fresh one: {pairs:?}"));
        }
        let silent = |it: &Server| -> Vec<i64> {
            clean.iter().copied().filter(|id| !it.answers.contains_key(id)).collect()
        };
        server.until(|it| silent(it).is_empty()).map_err(|ended| {
            format!("round {round}: no answer to {:?}: {ended}", silent(server))
        })?;
    }
    server.allow_time();
    server.leave().map_err(|ended| format!("at its end: {ended}"))
}

/// Whether the server had no time to build: it says so on a busy machine, and is asked once more.
fn is_late(answer: &Value) -> bool {
    answer.to_string().contains("the fleet was not built in time")
}

#[test]
fn no_message_ends_the_server() {
    let ground = Ground::new();
    let fresh = || {
        let mut fresh = ground.start();
        fresh.send(framed(&ground.greeting().to_string()));
        fresh.send(note("initialized", &json!({})));
        ground.learn(&mut fresh, 1_000_000, &BTreeSet::new(), None).unwrap()
    };
    // The first one lays out the library's files, and may answer before they are there.
    let _ = fresh();
    let known = fresh();
    assert!(known.len() == 20 && known.iter().any(|it| it.to_string().contains("QG0201")));

    if let Ok(file) = std::env::var("QG_FUZZ_SESSION") {
        let mut server = ground.start();
        server.send(ground.here(fs::read(file).unwrap()));
        let found = ground.learn(&mut server, 77_000_000, &BTreeSet::new(), None);
        assert_eq!(found.map_err(|ended| ended.to_string()), Ok(known));
        return;
    }
    let end = number("QG_FUZZ_SECONDS").map(|it| Instant::now() + Duration::from_secs(it));
    let rounds = number("QG_FUZZ").map_or(ROUNDS, |it| it as usize);
    let first = number("QG_FUZZ_SEED").unwrap_or(1);
    for index in 0.. {
        match end {
            Some(end) if Instant::now() > end => break,
            None if index * SESSION >= rounds => break,
            Some(_) | None => {}
        }
        let seed = first.wrapping_mul(1_000_003).wrapping_add(index as u64);
        let mut server = ground.start();
        if let Err(what) = session(&ground, &known, seed, &mut server) {
            let path = std::env::temp_dir().join(format!("qg-lsp-fuzz-{first}-{index}.session"));
            fs::write(&path, &server.sent).unwrap();
            panic!("session {index} of seed {first}, {what}; it is in {}", path.display());
        }
    }
}
