//! The toy servers that the recorded cases ran against, and how a case is put to the model.

use std::collections::BTreeMap;

use qg_requests::traefik::{
    self, Answer, Configuration, Headers, PeerAnswer, Peers, Request, Seen, Status, changes,
};
use serde_json::{Map, Value, json};

pub(crate) struct Toys;

fn headers(pairs: &[(&str, &str)]) -> Headers {
    let mut headers = Headers::default();
    for (name, value) in pairs {
        headers.add(name, *value);
    }
    headers
}

/// The name of a server whose URL stood for `backend://NAME`.
pub(crate) fn name(url: &str) -> &str {
    url.trim_start_matches("http://").split(['.', '/', '?']).next().unwrap()
}

impl Peers for Toys {
    fn backend(&mut self, url: &str, seen: &Seen) -> Option<PeerAnswer> {
        let name = name(url);
        if name == "down" {
            return None;
        }
        let status =
            seen.path.split("/status-").nth(1).and_then(|rest| rest.get(..3)?.parse().ok());
        let headers = headers(&[
            ("Server", "toy"),
            ("X-Powered-By", "toy"),
            ("X-Backend", name),
            ("Set-Cookie", "toy=1"),
            ("Content-Type", "application/json"),
        ]);
        Some(PeerAnswer { status: status.unwrap_or(200), headers })
    }

    fn authority(&mut self, _: &str, seen: &Seen) -> Option<PeerAnswer> {
        let mut headers = headers(&[
            ("Server", "toy-authority"),
            ("Remote-User", "alice"),
            ("Remote-Groups", "dev,admins"),
            ("X-Auth-Trace", "t1"),
            ("Set-Cookie", "session=fresh; Path=/"),
            ("Set-Cookie", "lang=fr"),
            ("Content-Type", "text/plain"),
        ]);
        let status = match seen.headers.first("X-Want") {
            "allow" => 200,
            "forbid" => 403,
            "error" => 500,
            "redirect" => {
                headers.set("Location", "https://login.test/?rd=back");
                302
            }
            "relative" => {
                headers.set("Location", "/login");
                303
            }
            _ => {
                headers.set("WWW-Authenticate", "Basic realm=\"toy\"");
                401
            }
        };
        Some(PeerAnswer { status, headers })
    }

    fn password(&mut self, user: &str, password: &str, _: &str) -> bool {
        password == format!("{user}-pass")
    }

    fn authorities(&self, file: &str) -> bool {
        file == "ca://trusted"
    }

    fn certificate(&self, of_issuer: bool, part: &str) -> Option<String> {
        let value = match (of_issuer, part) {
            (false, "organization") => "Toy Clients",
            (false, "commonName") => "client one",
            (true, "organization") => "Toy",
            (true, "commonName") => "trusted CA",
            _ => return None,
        };
        Some(value.to_owned())
    }
}

/// A configuration with its placeholders as URLs that the toys know.
pub(crate) fn placed(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            for (scheme, top) in [("backend://", "backend"), ("authority://", "authority")] {
                if let Some(rest) = text.strip_prefix(scheme) {
                    let end = rest.find(['/', '?']).unwrap_or(rest.len());
                    let (name, path) = rest.split_at(end);
                    return json!(format!("http://{name}.{top}{path}"));
                }
            }
            value.clone()
        }
        Value::Array(list) => list.iter().map(placed).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), placed(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

pub(crate) fn configuration(case: &Value) -> Configuration {
    let mut points = vec![case["entry_point"].clone()];
    points.extend(case["other_entry_points"].as_array().cloned().unwrap_or_default());
    for point in &mut points {
        // The recording's own remark, not a setting.
        point.as_object_mut().unwrap().remove("tls");
    }
    let points: Vec<_> = points.iter().collect();
    Configuration::read(&points, &placed(&case["dynamic"])).unwrap()
}

pub(crate) fn request(value: &Value) -> Request {
    serde_json::from_value(value.clone()).unwrap()
}

/// An answer in the shape of the recorded ones.
pub(crate) fn recorded(answer: &Answer, request: &Request) -> Map<String, Value> {
    let seen = |name: &str, seen: &Seen| {
        let mut shown = Map::new();
        shown.insert("name".to_owned(), json!(name));
        shown.insert("method".to_owned(), json!(seen.method));
        shown.insert("path".to_owned(), json!(seen.path));
        shown.insert("headers".to_owned(), lines(seen.changes(request)));
        Value::Object(shown)
    };
    let mut backends = answer.reached.iter().map(|it| seen(name(&it.server), &it.seen));
    let mut out = Map::new();
    out.insert(
        "status".to_owned(),
        match answer.status {
            Status::TlsFailure => json!("tls-failure"),
            Status::Tcp => json!("tcp"),
            Status::Http(status) => json!(status),
        },
    );
    out.insert("router".to_owned(), json!(answer.router));
    out.insert(
        "location".to_owned(),
        json!(answer.location().map(|to| to.replace("http://auth.authority", "authority://auth"))),
    );
    out.insert("backend".to_owned(), backends.next().unwrap_or(Value::Null));
    let further: Vec<_> = backends.collect();
    if !further.is_empty() {
        out.insert("further_backends".to_owned(), Value::Array(further));
    }
    if let Some(authority) = &answer.authority {
        out.insert("authority".to_owned(), seen("auth", authority));
    }
    if answer.tls_options_conflict {
        out.insert("tls_options_conflict".to_owned(), json!(true));
    }
    let last = answer.reached.last().map(|it| it.answer.headers.clone()).unwrap_or_default();
    out.insert("response_headers".to_owned(), lines(changes(&last, &answer.headers)));
    out
}

const LEFT_OUT: [&str; 4] = ["Content-Length", "Date", "Transfer-Encoding", "Location"];

fn lines(changes: BTreeMap<String, Option<Vec<String>>>) -> Value {
    let shown = changes.into_iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
    let value = |lines: Option<Vec<String>>| match lines {
        None => Value::Null,
        Some(lines) => match lines.as_slice() {
            [one] => json!(placeholder(&letters(one))),
            _ => lines.iter().map(|line| letters(line)).collect(),
        },
    };
    Value::Object(shown.map(|(name, lines)| (name, value(lines))).collect())
}

/// The recorder read each byte as a letter.
fn letters(value: &str) -> String {
    traefik::bytes(value).into_iter().map(char::from).collect()
}

/// The host of a toy as the recording shows it.
fn placeholder(value: &str) -> String {
    for top in ["backend", "authority"] {
        if let Some(name) = value.strip_suffix(&format!(".{top}")) {
            return format!("{top}://{name}");
        }
    }
    value.to_owned()
}
