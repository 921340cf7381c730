//! Reads recorded cases. The sample leaves out what is null or empty, the method GET and the client 127.0.0.1; headers
//! that many backends see stand once, in `shared`, where `as` says which.

use qg_requests::traefik::Proxy;
use serde_json::{Value, json};

use super::toy;

pub(crate) fn all() -> Value {
    let text = match std::env::var("QG_ORACLE") {
        Ok(folder) => std::fs::read_to_string(format!("{folder}/traefik-cases.json")).unwrap(),
        Err(_) => include_str!("sample.json").to_owned(),
    };
    let mut all: Value = serde_json::from_str(&text).unwrap();
    let shared = all["shared"].take();
    unfold(&mut all, &shared);
    all
}

pub(crate) fn list<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    of[name].as_array().unwrap().iter()
}

fn unfold(value: &mut Value, shared: &Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|it| unfold(it, shared)),
        Value::Object(map) => {
            if let Some(which) = map.remove("as") {
                let usually = shared[usize::try_from(which.as_u64().unwrap()).unwrap()].as_object();
                let headers = map.entry("headers").or_insert_with(|| json!({}));
                headers.as_object_mut().unwrap().extend(usually.unwrap().clone());
            }
            if map.contains_key("path") && map.contains_key("host") {
                map.entry("method").or_insert_with(|| json!("GET"));
                map.entry("client_ip").or_insert_with(|| json!("127.0.0.1"));
            }
            map.values_mut().for_each(|it| unfold(it, shared));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The model's answer, in the shape of a recorded one.
pub(crate) fn answered(proxy: &Proxy, request: &Value) -> Value {
    let request = toy::request(request);
    normal(&toy::recorded(&proxy.answer(&request, &mut toy::Toys), &request))
}

/// An answer to compare: without what is null or empty, each header's name in small letters.
pub(crate) fn normal(answer: &Value) -> Value {
    let mut normal = answer.clone();
    let map = normal.as_object_mut().unwrap();
    small(map.get_mut("response_headers"));
    for server in ["backend", "authority"] {
        if let Some(server) = map.get_mut(server) {
            small(server.get_mut("headers"));
        }
    }
    for server in
        map.get_mut("further_backends").and_then(Value::as_array_mut).into_iter().flatten()
    {
        small(server.get_mut("headers"));
    }
    map.retain(|_, value| !value.is_null() && *value != json!({}));
    normal
}

fn small(headers: Option<&mut Value>) {
    if let Some(Value::Object(map)) = headers {
        *map = std::mem::take(map)
            .into_iter()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect();
        map.sort_keys();
    }
}
