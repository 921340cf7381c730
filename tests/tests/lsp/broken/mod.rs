//! Messages that are broken in every way that is known: each is answered as the protocol has it, or
//! told in the log, and the next message works.

mod bodies;
mod frames;
mod messages;

pub(crate) use messages::note;
use qg_tests::editor::Editor;
use serde_json::Value;

use crate::fleet::{Fleet, WIKI, places};
use Comes::{Answer, AnswerAndRefusal, Error, Nothing, Said};

/// Something broken: in words, in bytes, and what has to come of it.
type Row = (&'static str, Vec<u8>, Comes);

/// What has to come of something broken.
#[derive(Clone)]
enum Comes {
    /// An answer with this id and this error.
    Error(Value, i64),
    /// An answer with this id and without an error.
    Answer(i64),
    /// Two answers with this id, in any order: one without an error, and one that refuses the id where the first was
    /// not given yet.
    AnswerAndRefusal(i64),
    /// A line in the log (or shown at once) with this in it.
    Said(&'static str),
    Nothing,
}

pub(crate) const PARSE: i64 = -32700;
pub(crate) const REQUEST: i64 = -32600;
pub(crate) const METHOD: i64 = -32601;
pub(crate) const PARAMS: i64 = -32602;

fn null(code: i64) -> Comes {
    Error(Value::Null, code)
}

/// Sends something broken, then something sound, and looks at both.
fn try_one(editor: &mut Editor, what: &str, bytes: &[u8], comes: &Comes) {
    editor.heard.clear();
    editor.send_bytes(bytes);
    editor.change("services/wiki.qg", None, &WIKI.replace("8080", "oops"));
    let found = editor.findings("services/wiki.qg");
    assert!(places(&found).iter().any(|it| it.starts_with("QG0201")), "{what}: {found:?}");
    editor.change("services/wiki.qg", None, WIKI);
    assert_eq!(editor.findings("services/wiki.qg"), [Value::Null; 0], "{what}");
    let hover = editor.at("textDocument/hover", "services/wiki.qg", 1, 3);
    assert!(!hover.is_null(), "{what}: no hover");
    let said = |text: &str| {
        let shows = ["window/logMessage", "window/showMessage"].map(Value::from);
        let mut said = editor.heard.iter().filter(|it| shows.contains(&it["method"]));
        said.any(|it| it["params"]["message"].as_str().is_some_and(|it| it.contains(text)))
    };
    match comes {
        Nothing => assert_eq!(editor.heard, [Value::Null; 0], "{what}"),
        Said(text) => assert!(said(text), "{what}: {:?}", editor.heard),
        Error(id, code) => {
            let answer = match id.as_i64() {
                Some(id) => editor.answer(id),
                None => {
                    let answer = editor.heard.iter().find(|it| it.get("id") == Some(id));
                    answer.unwrap_or_else(|| panic!("{what}: {:?}", editor.heard)).clone()
                }
            };
            assert_eq!(answer["error"]["code"], *code, "{what}: {answer}");
        }
        Answer(id) => {
            let answer = editor.answer(*id);
            assert!(answer.get("error").is_none(), "{what}: {answer}");
        }
        AnswerAndRefusal(id) => {
            let mut codes =
                [editor.answer(*id), editor.answer(*id)].map(|it| it["error"]["code"].as_i64());
            codes.sort();
            assert!(matches!(codes, [None, None | Some(REQUEST)]), "{what}: {codes:?}");
        }
    }
}

#[test]
fn each_is_answered_and_the_next_works() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    let uri = editor.uri("services/wiki.qg");
    let all = [frames::all(), bodies::all(), messages::all(&uri)].concat();
    assert!(all.len() > 80, "{}", all.len());
    for (what, bytes, comes) in &all {
        try_one(&mut editor, what, bytes, comes);
    }
}
