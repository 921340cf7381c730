//! Messages that make no sense for this server.

use qg_tests::editor::framed;
use serde_json::{Value, json};

use super::Comes::{Answer, AnswerAndRefusal, Error, Nothing, Said};
use super::{METHOD, PARAMS, REQUEST, Row};

pub(crate) fn note(method: &str, params: &Value) -> Vec<u8> {
    framed(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string())
}

fn ask(id: i64, method: &str, params: &Value) -> Vec<u8> {
    framed(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string())
}

/// A request about a place, as JSON.
fn at(id: i64, method: &str, uri: &str, position: &str) -> Vec<u8> {
    let text = r#"{"textDocument":{"uri":"URI"},"position":POSITION}"#;
    let params = text.replace("URI", uri).replace("POSITION", position);
    framed(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#))
}

pub(super) fn all(uri: &str) -> Vec<Row> {
    const HOVER: &str = "textDocument/hover";
    let hover = |id: i64, position: &str| at(id, HOVER, uri, position);
    let hover_in = |id: i64, uri: &str| at(id, HOVER, uri, r#"{"line":0,"character":0}"#);
    let here = r#"{"line":0,"character":3}"#;
    vec![
        (
            "a request of another method",
            ask(9201, "no/such", &json!({})),
            Error(json!(9201), METHOD),
        ),
        (
            "one that is not to be known",
            ask(9202, "$/secret", &json!({})),
            Error(json!(9202), METHOD),
        ),
        ("a notification of another method", note("no/such", &json!([1])), Nothing),
        ("a second initialize", ask(9203, "initialize", &json!({})), Error(json!(9203), REQUEST)),
        (
            "parameters that are a text",
            ask(9204, HOVER, &json!("here")),
            Error(json!(9204), PARAMS),
        ),
        ("parameters that are null", ask(9205, HOVER, &Value::Null), Error(json!(9205), PARAMS)),
        ("no position", ask(9206, HOVER, &json!({ "textDocument": { "uri": uri } })), {
            Error(json!(9206), PARAMS)
        }),
        ("a notification as a request", ask(9207, "textDocument/didSave", &json!({})), {
            Error(json!(9207), REQUEST)
        }),
        ("a request as a notification", note(HOVER, &json!({})), Nothing),
        ("a cancel of nothing", note("$/cancelRequest", &Value::Null), Said("cancelRequest")),
        (
            "a cancel of a list",
            note("$/cancelRequest", &json!({ "id": [] })),
            Said("cancelRequest"),
        ),
        ("a cancel of what is not asked", note("$/cancelRequest", &json!({ "id": 4711 })), Nothing),
        (
            "a negative line",
            hover(9208, r#"{"line":-1,"character":0}"#),
            Error(json!(9208), PARAMS),
        ),
        ("half a line", hover(9209, r#"{"line":0.5,"character":0}"#), Error(json!(9209), PARAMS)),
        (
            "a line behind all",
            hover(9210, r#"{"line":4294967295,"character":4294967295}"#),
            Answer(9210),
        ),
        (
            "Number.MAX_VALUE",
            hover(9211, r#"{"line":1.7976931348623157e308,"character":0}"#),
            Answer(9211),
        ),
        ("an address that is empty", hover_in(9212, ""), Error(json!(9212), PARAMS)),
        ("an address that is none", hover_in(9213, "services/wiki.qg"), Error(json!(9213), PARAMS)),
        ("an address of a text without file", hover_in(9214, "untitled:Untitled-1"), Answer(9214)),
        ("one of another machine", hover_in(9215, "file://other/c$/a.qg"), Answer(9215)),
        ("one as Windows has it", hover_in(9216, "file:///c%3A/fleet/a.qg"), Answer(9216)),
        ("one with a question", hover_in(9217, &format!("{uri}?a=b#c")), Answer(9217)),
        ("one that is not UTF-8", hover_in(9218, "file:///%ff%00.qg"), Answer(9218)),
        ("one of a folder", hover_in(9219, "file:///"), Answer(9219)),
        (
            "values of a later protocol",
            {
                let params = json!({
                    "textDocument": { "uri": uri }, "range": { "start": {"line":0,"character":0}, "end": {"line":0,"character":0} },
                    "context": { "diagnostics": [{ "severity": 99, "tags": ["x"] }], "only": [7], "triggerKind": "now" },
                });
                ask(9220, "textDocument/codeAction", &params)
            },
            Answer(9220),
        ),
        (
            "a context of another kind",
            {
                let params = json!({ "textDocument": { "uri": uri }, "position": {"line":0,"character":0}, "context": 7 });
                ask(9221, "textDocument/completion", &params)
            },
            Answer(9221),
        ),
        (
            "the same id twice",
            { [at(9222, HOVER, uri, here), at(9222, HOVER, uri, here)].concat() },
            AnswerAndRefusal(9222),
        ),
        (
            "an opening without text",
            { note("textDocument/didOpen", &json!({ "textDocument": { "uri": uri, "text": 7 } })) },
            Said("no text"),
        ),
        (
            "an opening of no file",
            {
                note(
                    "textDocument/didOpen",
                    &json!({ "textDocument": { "uri": "untitled:a", "text": "" } }),
                )
            },
            Said("untitled:a"),
        ),
        (
            "an edit of no file",
            {
                note(
                    "textDocument/didChange",
                    &json!({ "textDocument": { "uri": "untitled:a", "version": 2 } }),
                )
            },
            Nothing,
        ),
        ("an edit of nothing", note("textDocument/didChange", &json!({ "textDocument": 7 })), {
            Said("textDocument.uri")
        }),
        (
            "an edit of what is not open",
            {
                let document = json!({ "uri": format!("{uri}.qg"), "version": 1 });
                note(
                    "textDocument/didChange",
                    &json!({ "textDocument": document, "contentChanges": [] }),
                )
            },
            Said("not open"),
        ),
        (
            "a closing of what is not open",
            {
                note(
                    "textDocument/didClose",
                    &json!({ "textDocument": { "uri": format!("{uri}.qg") } }),
                )
            },
            Nothing,
        ),
    ]
}
