//! The toy servers that the recorded cases ran against, and how a case is put to the model.

use qg_requests::traefik::{
    self, Answer, Configuration, Headers, PeerAnswer, Peers, Request, Seen, json,
};
use serde_json::{Value, json};

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
    let mut case = case.clone();
    // Whether most requests are over TLS: the recording's own remark, not a setting.
    case["entry_point"].as_object_mut().unwrap().remove("tls");
    for point in case["other_entry_points"].as_array_mut().into_iter().flatten() {
        point.as_object_mut().unwrap().remove("tls");
    }
    json::configuration(&placed(&case)).unwrap()
}

pub(crate) fn request(value: &Value) -> Request {
    serde_json::from_value(value.clone()).unwrap()
}

/// An answer in the shape of the recorded ones.
pub(crate) fn recorded(answer: &Answer, request: &Request) -> Value {
    let mut out = json::answer(answer, request, &|url| name(url).to_owned());
    if let Some(Value::String(to)) = out.get_mut("location") {
        *to = to.replace("http://auth.authority", "authority://auth");
    }
    for server in ["backend", "authority"] {
        out.get_mut(server).into_iter().for_each(headers_as_recorded);
    }
    let further = out.get_mut("further_backends").and_then(Value::as_array_mut);
    further.into_iter().flatten().for_each(headers_as_recorded);
    out
}

fn headers_as_recorded(server: &mut Value) {
    for value in server["headers"].as_object_mut().unwrap().values_mut() {
        match value {
            Value::String(line) => *line = letters(line),
            Value::Array(lines) => {
                lines.iter_mut().for_each(|it| *it = json!(letters(it.as_str().unwrap())));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
        }
    }
}

/// A value as the recording shows it: each byte as a letter, the host of a toy by its name.
fn letters(value: &str) -> String {
    for top in ["backend", "authority"] {
        if let Some(name) = value.strip_suffix(&format!(".{top}")) {
            return format!("{top}://{name}");
        }
    }
    traefik::bytes(value).into_iter().map(char::from).collect()
}
