//! The model of Traefik against answers of the program itself.

#[path = "traefik/toy.rs"]
mod toy;

use std::collections::BTreeMap;

use qg_requests::traefik::Proxy;
use serde_json::{Map, Value};

fn recorded() -> Value {
    let folder = std::env::var("QG_ORACLE").unwrap();
    let text = std::fs::read_to_string(format!("{folder}/traefik-cases.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// An answer to compare: names of headers in one spelling, their values as the recording's letters.
fn normal(answer: &Map<String, Value>) -> BTreeMap<String, Value> {
    fn inner(value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, value)| {
                        let key = match key.as_str() {
                            "headers" | "name" | "method" | "path" => key.clone(),
                            _ => key.to_lowercase(),
                        };
                        (key, inner(value))
                    })
                    .collect::<BTreeMap<_, _>>()
                    .into_iter()
                    .collect(),
            ),
            Value::Array(list) => list.iter().map(inner).collect(),
            other => other.clone(),
        }
    }
    answer.iter().map(|(key, value)| (key.clone(), inner(value))).collect()
}

#[test]
fn cases() {
    let all = recorded();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut families: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in all["cases"].as_array().unwrap() {
        let configuration = toy::configuration(case);
        let proxy = Proxy::new(&configuration, &toy::Toys);
        let family = families.entry(case["family"].as_str().unwrap().to_owned()).or_default();
        for value in case["requests"].as_array().unwrap() {
            let request = toy::request(value);
            let answer = proxy.answer(&request, &mut toy::Toys);
            let ours = normal(&toy::recorded(&answer, &request));
            let theirs = normal(value["answer"].as_object().unwrap());
            family.1 += 1;
            let mut keys: Vec<_> = ours.keys().chain(theirs.keys()).collect();
            keys.sort();
            keys.dedup();
            let bad: Vec<_> = keys.into_iter().filter(|key| ours.get(*key) != theirs.get(*key)).collect();
            if bad.is_empty() {
                family.0 += 1;
            }
            for key in bad {
                let mut asked = value.clone();
                asked.as_object_mut().unwrap().remove("answer");
                wrong.entry(key.clone()).or_default().push(format!(
                    "{} {asked}\n    theirs {}\n    ours   {}",
                    case["name"], theirs.get(key).unwrap_or(&Value::Null), ours.get(key).unwrap_or(&Value::Null)
                ));
            }
        }
    }
    for (key, list) in &wrong {
        println!("== {key}: {}", list.len());
        for one in list.iter().take(15) {
            println!("{one}");
        }
    }
    for (family, (right, all)) in &families {
        println!("{family}: {right} of {all}");
    }
    let right: usize = families.values().map(|it| it.0).sum();
    let all: usize = families.values().map(|it| it.1).sum();
    println!("all: {right} of {all}");
    assert_eq!(right, all);
}
