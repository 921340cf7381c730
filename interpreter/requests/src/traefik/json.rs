//! A JSON in, a JSON out: configurations and answers in one plain shape, to be compared case by case.
//!
//! A case is an object with `entry_point`, maybe `other_entry_points` (each with a `name`, an `address` and what
//! Traefik's static file says of it) and `dynamic`. A request is what [`Request`] reads. An answer has `status` (or
//! `tls-failure`, `tcp`), `router`, `tls_options_conflict`, `location`, `backend` (with `name`, `method`, `path` and the
//! `headers` that differ from the client's), `further_backends`, `authority`, and the `response_headers` that differ
//! from what the last server sent; what is empty is left out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Seen, Status, changes};
use super::configuration::{Configuration, Refused};
use super::request::Request;

/// The configuration of a case.
///
/// # Errors
/// What makes Traefik refuse its file.
pub fn configuration(case: &Value) -> Result<Configuration, Refused> {
    let mut points: Vec<&Value> = case.get("entry_point").into_iter().collect();
    points.extend(case.get("other_entry_points").and_then(Value::as_array).into_iter().flatten());
    Configuration::read(&points, case.get("dynamic").unwrap_or(&Value::Null))
}

/// An answer; `name` says what a server's URL, or an authority's address, is called.
#[must_use]
pub fn answer(answer: &Answer, request: &Request, name: &dyn Fn(&str) -> String) -> Value {
    let mut out = Map::new();
    let status = match answer.status {
        Status::TlsFailure => json!("tls-failure"),
        Status::Tcp => json!("tcp"),
        Status::Http(status) => json!(status),
    };
    out.insert("status".to_owned(), status);
    let mut say = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    say("router", answer.router.as_ref().map(|it| json!(it)));
    say("tls_options_conflict", answer.tls_options_conflict.then(|| json!(true)));
    say("location", answer.location().map(|it| json!(it)));
    let mut servers = answer.reached.iter().map(|it| shown(&name(&it.server), &it.seen, request));
    say("backend", servers.next());
    let further: Vec<_> = servers.collect();
    say("further_backends", (!further.is_empty()).then(|| Value::Array(further)));
    let authority = answer.authority.as_ref();
    say("authority", authority.map(|it| shown(&name(it.headers.first("Host")), it, request)));
    let last = answer.reached.last().map(|it| it.answer.headers.clone()).unwrap_or_default();
    let headers = lines(changes(&last, &answer.headers));
    say("response_headers", (headers != json!({})).then_some(headers));
    Value::Object(out)
}

/// What a server saw.
fn shown(name: &str, seen: &Seen, request: &Request) -> Value {
    let headers = lines(seen.changes(request));
    json!({ "name": name, "method": seen.method, "path": seen.path, "headers": headers })
}

/// Headers that a comparison leaves out.
const LEFT_OUT: [&str; 4] = ["Content-Length", "Date", "Transfer-Encoding", "Location"];

/// Headers: a text or, where there are several lines, a list; null where one is gone.
fn lines(changes: BTreeMap<String, Option<Vec<String>>>) -> Value {
    let shown = changes.into_iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
    let value = |lines: Option<Vec<String>>| match lines.as_deref() {
        None => Value::Null,
        Some([one]) => json!(one),
        Some(lines) => json!(lines),
    };
    Value::Object(shown.map(|(name, lines)| (name, value(lines))).collect())
}
