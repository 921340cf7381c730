//! What a client may say when: before it is known who it is, after it took leave, as it goes; and
//! what becomes of a text that the server lost.

use std::process::Command;
use std::time::{Duration, Instant};

use qg_tests::editor::{Editor, framed};
use serde_json::{Value, json};

use crate::broken::{PARAMS, REQUEST, note};
use crate::fleet::{Fleet, WIKI, places, program};

fn unspoken(fleet: &Fleet) -> Editor {
    Editor::attach(&mut Command::new(program()), fleet.folder.path())
}

#[test]
fn a_client_may_say_anything_about_itself() {
    let fleet = Fleet::new();
    let root = format!("file://{}", fleet.folder.path().canonicalize().unwrap().display());
    let later = json!({
        "processId": null, "rootUri": root, "rootPath": 7, "trace": "loud", "locale": null,
        "clientInfo": { "name": 7 }, "initializationOptions": [[]], "workspaceFolders": null,
        "capabilities": {
            "general": { "positionEncodings": ["utf-64", 7, "utf-16"], "regularExpressions": 1 },
            "workspace": {
                "textDocumentContent": {}, "foldingRange": [], "workspaceEdit": "yes",
                "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": 3 },
            },
            "textDocument": {
                "completion": { "completionItem": { "tagSupport": { "valueSet": [7, "x"] } } },
                "codeAction": { "codeActionLiteralSupport": null, "tagSupport": {} },
                "synchronization": 5,
            },
        },
        "workDoneToken": {},
    });
    let folders =
        json!({ "workspaceFolders": [{ "uri": root }, { "uri": "x" }, 5], "processId": -1 });
    for params in [later, folders] {
        let mut editor = unspoken(&fleet);
        let answer = editor.request("initialize", params);
        assert!(answer["result"]["capabilities"].is_object(), "{answer}");
        editor.notify("initialized", Value::Null);
        editor.open("services/wiki.qg", &WIKI.replace("8080", "oops"));
        assert!(!editor.findings("services/wiki.qg").is_empty());
        editor.request("shutdown", json!({}));
        editor.notify("exit", json!([]));
        assert_eq!(editor.wait().code(), Some(0));
    }
}

#[test]
fn what_comes_too_early_or_too_late_is_refused() {
    let fleet = Fleet::new();
    let mut editor = unspoken(&fleet);
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    editor.notify("initialized", json!({}));
    editor.open("services/wiki.qg", WIKI);
    for method in ["textDocument/hover", "shutdown", "no/such", "$/a"] {
        assert_eq!(code(&editor.request(method, json!({}))), Some(-32002), "{method}");
    }
    for params in [Value::Null, json!(7), json!("a")] {
        assert_eq!(code(&editor.request("initialize", params)), Some(PARAMS));
    }
    assert!(editor.request("initialize", json!({}))["result"].is_object());
    assert_eq!(code(&editor.request("initialize", json!({}))), Some(REQUEST));
    editor.notify("initialized", Value::Null);
    editor.open("services/wiki.qg", WIKI);
    assert!(editor.findings("services/wiki.qg").is_empty());
    assert!(editor.request("shutdown", Value::Null)["result"].is_null());
    for method in ["textDocument/hover", "shutdown", "initialize", "no/such"] {
        assert_eq!(code(&editor.request(method, json!({}))), Some(REQUEST), "{method}");
    }
    editor.change("services/wiki.qg", None, "");
    editor.send_bytes(b"rubbish\n");
    editor.notify("exit", Value::Null);
    assert_eq!(editor.wait().code(), Some(0));
}

#[test]
fn what_ends_within_a_message_ends_the_server() {
    let fleet = Fleet::new();
    for bytes in
        ["Content-Length: 500\r\n\r\n{", "Content-Le", "{}", "Content-Length: 99999999999\n\n1"]
    {
        let mut editor = fleet.edit();
        editor.send_bytes(bytes.as_bytes());
        editor.hang_up();
        assert_eq!(editor.wait().code(), Some(1), "{bytes}");
    }
}

#[test]
fn what_was_asked_is_answered_though_the_pipe_ends() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    let uri = editor.uri("services/wiki.qg");
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 1, "character": 3 } });
    let ids: Vec<i64> = (0..300).map(|_| editor.ask("textDocument/hover", at.clone())).collect();
    editor.hang_up();
    for id in ids {
        assert!(editor.answer(id)["result"].is_object());
    }
}

#[test]
fn a_text_that_is_not_known_any_more_is_said() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    assert!(editor.findings("services/wiki.qg").is_empty());
    let uri = editor.uri("services/wiki.qg");
    let lost = |found: &[Value]| {
        found.len() == 1 && found[0]["message"].as_str().unwrap().contains("not known any more")
    };
    let edit = |changes: Value| {
        let document = json!({ "uri": uri, "version": 2 });
        json!({ "textDocument": document, "contentChanges": changes })
    };
    let negative =
        json!({ "start": { "line": -1, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let large = edit(json!([{ "text": "x".repeat(40 << 20) }]));
    let whole = "x".repeat(17 << 20);
    for broken in [
        note("textDocument/didChange", &edit(json!([{ "range": negative, "text": "" }]))),
        note("textDocument/didChange", &edit(json!("all"))),
        note("textDocument/didChange", &edit(json!([{ "range": null }]))),
        note("textDocument/didChange", &edit(json!([{ "text": whole }]))),
        note("textDocument/didChange", &large),
        // Of clients that are broken altogether.
        framed(
            &json!([{ "method": "textDocument/didChange", "params": edit(json!([])) }]).to_string(),
        ),
        framed(
            &json!({ "method": "textDocument/didChange", "params": edit(json!([])) }).to_string(),
        ),
    ] {
        editor.heard.clear();
        editor.send_bytes(&broken);
        editor.findings_when("services/wiki.qg", lost);
        let shown = editor.heard.iter().filter(|it| it["method"] == "window/showMessage");
        assert_eq!(shown.count(), 1, "{:?}", editor.heard);
        let at = editor.at("textDocument/hover", "services/wiki.qg", 1, 3);
        assert!(at.is_null(), "nothing is known of that text: {at}");
        // An edit of a text that is not known does not make it known.
        editor.change("services/wiki.qg", Some([0, 0, 0, 0]), "# ");
        assert!(lost(&editor.findings("services/wiki.qg")));
        editor.change("services/wiki.qg", None, &WIKI.replace("8080", "oops"));
        assert_eq!(places(&editor.findings("services/wiki.qg")), ["QG0201 4:14-4:18"]);
        editor.change("services/wiki.qg", None, WIKI);
        assert!(editor.findings("services/wiki.qg").is_empty());
    }
}

#[test]
fn files_may_be_opened_twice_and_closed_twice_and_versions_go_back() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", "let a: int = true\n");
    editor.open("services/wiki.qg", WIKI);
    editor.findings_when("services/wiki.qg", <[Value]>::is_empty);
    editor.change("services/wiki.qg", None, &WIKI.replace("8080", "oops"));
    assert_eq!(places(&editor.findings("services/wiki.qg")), ["QG0201 4:14-4:18"]);
    let document = json!({ "uri": editor.uri("services/wiki.qg"), "version": -5 });
    let back = json!({ "textDocument": document, "contentChanges": [{ "text": WIKI }] });
    editor.notify("textDocument/didChange", back);
    editor.findings_when("services/wiki.qg", <[Value]>::is_empty);
    editor.close("services/wiki.qg");
    editor.close("services/wiki.qg");
    let hover = editor.at("textDocument/hover", "services/wiki.qg", 1, 3);
    assert!(hover.is_null(), "it is not open: {hover}");
    editor.open("services/wiki.qg", WIKI);
    assert!(!editor.at("textDocument/hover", "services/wiki.qg", 1, 3).is_null());
}

#[test]
fn a_question_about_a_file_that_is_closed_and_opened_again_is_answered_soon() {
    let fleet = Fleet::new();
    let alone = tempfile::tempdir().unwrap();
    let path = alone.path().canonicalize().unwrap().join("alone.qg");
    let file = path.to_str().unwrap();
    let mut editor = fleet.edit();
    let start = Instant::now();
    let mut ids = Vec::new();
    for _ in 0..5 {
        editor.open(file, "let a = 1\n");
        for _ in 0..5 {
            editor.change(file, None, "let a = 2\n");
        }
        let document = json!({ "uri": editor.uri(file) });
        let at = json!({ "textDocument": document, "position": { "line": 0, "character": 4 } });
        ids.push(editor.ask("textDocument/hover", at));
        editor.close(file);
    }
    editor.open(file, "let a = 1\n");
    for id in ids {
        assert!(editor.answer(id).get("error").is_none());
    }
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}
