//! What a body says: JSON-RPC 2.0 as the protocol has it (LSP 3.17, "Base Protocol"), or why not.

use serde_json::{Map, Value};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id};

use super::frames::Fault;

/// More values than this are no message: each takes many times the bytes that it is written with.
const VALUES: usize = 2_000_000;

/// So much is looked at of the begin and the end of what cannot be read, to know what it was about.
const ENDS: usize = 1 << 10;

/// An id is repeated in the answer.
const ID: usize = 4 << 10;

/// What came from the client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Incoming {
    Request {
        id: Id,
        method: String,
        params: Option<Value>,
    },
    Notification {
        method: String,
        params: Option<Value>,
    },
    /// The answer to a question of the server.
    Answer,
    Unread(Unread),
}

/// Something that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unread {
    /// Whom an error answers; none where nobody waits for an answer.
    pub(crate) id: Option<Id>,
    pub(crate) error: Error,
    /// How it begins and ends, as far as that is known.
    pub(crate) ends: String,
    /// Whether it may have been anything, an edit too.
    pub(crate) anything: bool,
}

/// What is said of bytes that are no message.
pub(crate) fn broken(fault: &Fault) -> Incoming {
    let (code, ends) = match fault {
        Fault::TooLarge { ends, .. } => (ErrorCode::InvalidRequest, ends.as_slice()),
        Fault::Noise | Fault::NoLength | Fault::BadLength(_) | Fault::Charset(_) => {
            (ErrorCode::ParseError, [].as_slice())
        }
    };
    let ends = String::from_utf8_lossy(ends).into_owned();
    Incoming::Unread(Unread {
        ends,
        anything: true,
        ..*unread(Some(Id::Null), code, fault.to_string())
    })
}

/// Reads a body.
pub(crate) fn read(body: &[u8]) -> Incoming {
    message(body).unwrap_or_else(|unread| {
        let begin = body.get(..ENDS.min(body.len())).unwrap_or_default();
        let end = body.get(body.len().saturating_sub(ENDS)..).unwrap_or_default();
        let ends = String::from_utf8_lossy(&[begin, end].concat()).into_owned();
        Incoming::Unread(Unread { ends, ..*unread })
    })
}

fn message(body: &[u8]) -> Result<Incoming, Box<Unread>> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let invalid = |reason: String| unread(Some(Id::Null), ErrorCode::InvalidRequest, reason);
    if values(text) > VALUES {
        return Err(invalid(format!("a message of more than {VALUES} values")));
    }
    let value = parse(text).map_err(|error| {
        unread(Some(Id::Null), ErrorCode::ParseError, format!("this is no JSON: {error}"))
    })?;
    match value {
        Value::Object(fields) => object(fields),
        Value::Array(_) => Err(invalid("the protocol of editors has no batches".to_owned())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(invalid("a message is an object".to_owned()))
        }
    }
}

/// A text of an editor may hold half a character (a string of JavaScript can), which JSON spells as
/// `\ud800` and UTF-8 cannot hold at all. A replacement takes its place, as wide in UTF-16.
fn parse(text: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(text).or_else(|error| match without_halves(text) {
        Some(mended) => serde_json::from_slice(&mended).map_err(|_| error),
        None => Err(error),
    })
}

/// How many values a text holds at most.
fn values(text: &[u8]) -> usize {
    let (mut inside, mut escaped, mut count) = (false, false, 1);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' | b'[' | b'{' if !inside => count += 1,
            _ => {}
        }
    }
    count
}

/// The text with `\ufffd` for each escape of half a character. None where it has none.
fn without_halves(text: &[u8]) -> Option<Vec<u8>> {
    let mut mended = text.to_vec();
    let mut found = false;
    let mut at = 0;
    while at < text.len() {
        at += match (text.get(at), unit(text, at), unit(text, at + 6)) {
            (_, Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (_, Some(0xd800..=0xdfff), _) => {
                if let Some(place) = mended.get_mut(at + 2..at + 6) {
                    place.copy_from_slice(b"fffd");
                    found = true;
                }
                6
            }
            (Some(b'\\'), _, _) => 2,
            _ => 1,
        };
    }
    found.then_some(mended)
}

/// The number in the escape `\uXXXX` at a place.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    let sound = digits.bytes().all(|it| it.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| sound)
}

fn object(mut fields: Map<String, Value>) -> Result<Incoming, Box<Unread>> {
    let id = fields.remove("id");
    let known = id.as_ref().and_then(id_of);
    // What has an id waits for an answer, though it may not be a sound one.
    let waiting = id.as_ref().map(|_| known.clone().unwrap_or(Id::Null));
    let invalid = |reason: String| unread(waiting.clone(), ErrorCode::InvalidRequest, reason);
    let method = match fields.remove("method") {
        Some(Value::String(method)) => method,
        None if fields.contains_key("result") || fields.contains_key("error") => {
            return Ok(Incoming::Answer);
        }
        Some(_) | None => return Err(invalid("a message without a method".to_owned())),
    };
    let shown: String = method.chars().take(100).collect();
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(invalid(format!("`{shown}` came without `\"jsonrpc\": \"2.0\"`")));
    }
    let params = fields.remove("params").filter(|params| !params.is_null());
    match (id, known) {
        (None, _) => Ok(Incoming::Notification { method, params }),
        (Some(_), Some(id)) => Ok(Incoming::Request { id, method, params }),
        (Some(_), None) => {
            Err(invalid(format!("the id of `{shown}` is no number and no (short) text")))
        }
    }
}

/// An id as the protocol has it: a whole number or a text.
fn id_of(id: &Value) -> Option<Id> {
    match id {
        Value::Number(number) => number.as_i64().map(Id::Number),
        Value::String(text) if text.len() <= ID => Some(Id::String(text.clone())),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

fn unread(id: Option<Id>, code: ErrorCode, reason: String) -> Box<Unread> {
    let error = Error { code, message: reason.into(), data: None };
    Box::new(Unread { id, error, ends: String::new(), anything: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(text: &str) -> (Id, i64) {
        let read = read(text.as_bytes());
        let Incoming::Unread(Unread { id: Some(id), error, .. }) = read else {
            panic!("{text} is {read:?}")
        };
        (id, error.code.code())
    }

    #[test]
    fn what_is_no_message_is_answered() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "nul", "{\"a\":\u{0}}", "\u{0}", "{'id':1}", &deep] {
            assert_eq!(code(text), (Id::Null, -32700), "{text:.20}");
        }
        assert!(matches!(read(b"\"\xff\""), Incoming::Unread(_)));
        for text in
            ["[]", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}]", "7", "null", "\"a\""]
        {
            assert_eq!(code(text), (Id::Null, -32600), "{text}");
        }
        let many = format!("[{}0]", "0,".repeat(VALUES));
        assert_eq!(code(&many), (Id::Null, -32600));
        for id in ["1.5", "1e300", "9223372036854775808", "null", "true", "[1]", "{}"] {
            let text = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"a\"}}");
            assert_eq!(code(&text), (Id::Null, -32600), "{id}");
        }
        let long = json!({ "jsonrpc": "2.0", "id": "x".repeat(ID + 1), "method": "a" });
        assert_eq!(code(&long.to_string()), (Id::Null, -32600));
        for text in ["{\"id\":1}", "{\"id\":1,\"method\":7}", "{\"id\":1,\"method\":\"a\"}"] {
            assert_eq!(code(text), (Id::Number(1), -32600), "{text}");
        }
    }

    #[test]
    fn nobody_waits_for_a_notification() {
        for text in ["{}", "{\"method\":\"a\"}", "{\"jsonrpc\":\"1.0\",\"method\":\"a\"}"] {
            let read = read(text.as_bytes());
            assert!(matches!(read, Incoming::Unread(Unread { id: None, .. })), "{text}");
        }
        let answers = ["{\"id\":1,\"result\":null}", "{\"jsonrpc\":\"2.0\",\"id\":{},\"error\":7}"];
        for text in answers {
            assert_eq!(read(text.as_bytes()), Incoming::Answer, "{text}");
        }
    }

    #[test]
    fn half_a_character_becomes_a_replacement() {
        let text = r#"{"jsonrpc":"2.0","method":"m\ud800\\ud800\ud83e\udd80\udc00\ud800"}"#;
        let method = "m\u{fffd}\\ud800\u{1f980}\u{fffd}\u{fffd}".to_owned();
        let read = read(format!("\u{feff}{text}").as_bytes());
        assert_eq!(read, Incoming::Notification { method, params: None });
    }
}
