//! How the server begins and ends.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use qg_tests::editor::Editor;
use serde_json::{Value, json};

use crate::fleet::{Fleet, WIKI, program};

#[test]
fn it_ends_on_exit_though_the_pipe_stays_open() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    editor.findings("services/wiki.qg");
    let answer = editor.request("shutdown", Value::Null);
    assert!(answer["result"].is_null() && answer.get("error").is_none(), "{answer}");
    let start = Instant::now();
    editor.notify("exit", Value::Null);
    assert_eq!(editor.wait().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn exit_without_shutdown_and_a_closed_pipe_are_told_apart_by_the_code() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.notify("exit", Value::Null);
    assert_eq!(editor.wait().code(), Some(1));
    let mut editor = fleet.edit();
    editor.hang_up();
    assert_eq!(editor.wait().code(), Some(1));
}

#[test]
fn it_ends_when_the_editor_is_gone_though_the_pipe_stays_open() {
    let fleet = Fleet::new();
    let mut parent = Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap();
    let mut editor = Editor::start_for(program(), fleet.folder.path(), "utf-8", parent.id());
    editor.open("services/wiki.qg", WIKI);
    assert!(editor.findings("services/wiki.qg").is_empty());
    parent.kill().unwrap();
    parent.wait().unwrap();
    editor.wait();
}

#[test]
fn nonsense_is_refused_and_the_server_lives_on() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    let answer = editor.request("textDocument/hover", json!({ "position": "here" }));
    assert!(answer["error"]["code"].is_i64(), "{answer}");
    let answer = editor.request("no/such/method", json!({}));
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    editor.notify("textDocument/didChange", json!({ "textDocument": 7 }));
    editor.close("services/never-opened.qg");
    let uri = editor.uri("services/never-opened.qg");
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 9, "character": 9 } });
    let answer = editor.request("textDocument/hover", at);
    assert!(answer.get("error").is_none() && answer["result"].is_null(), "{answer}");
    assert!(editor.findings("services/wiki.qg").is_empty());
}
