//! The model of Traefik against the program itself: recorded answers, what surprised whoever recorded them, and laws.
//!
//! `sample.json` holds a sample of the recorded cases, over all families; where `QG_ORACLE` names a folder with all of
//! them (`traefik-cases.json`), those are tried instead.

#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stdout)] // how much agrees, for whoever asks

mod laws;
mod recorded;
mod small;
mod stories;
mod surprises;
mod toy;
mod ways;

use std::collections::BTreeMap;

use qg_requests::traefik::{Configuration, Proxy, Status, rule};
use serde_json::{Value, json};

/// What the model cannot express: the list, what it says of the entry, and why. Each is counted, and has to be wrong:
/// one that comes right is taken out.
const NOT_EXPRESSED: [(&str, &str, &str); 3] = [
    ("loading", "template braces in a comment", TEMPLATES),
    ("loading", "template with a value", TEMPLATES),
    ("loading", "unclosed template braces in a comment", TEMPLATES),
];

const TEMPLATES: &str = "a file is a template of Go first; the model reads what comes out of it";

/// Prints what disagrees and how much agrees; fails where anything does that is not listed.
fn judge(list: &str, tried: usize, wrong: &[(String, String)]) {
    let listed = |what: &str| NOT_EXPRESSED.iter().any(|it| it.0 == list && it.1 == what);
    for (what, how) in wrong.iter().filter(|(what, _)| !listed(what)) {
        println!("{what}\n{how}");
    }
    let unknown = wrong.iter().filter(|(what, _)| !listed(what)).count();
    println!(
        "{list}: {} of {tried} agree, {} are not expressed",
        tried - wrong.len(),
        wrong.len() - unknown
    );
    for (_, what, why) in NOT_EXPRESSED.iter().filter(|it| it.0 == list) {
        println!("not expressed: {what}: {why}");
        assert!(wrong.iter().any(|(it, _)| it == what), "{what} comes right now: take it out");
    }
    assert_eq!(unknown, 0, "{list}: answers that disagree");
}

#[test]
fn requests() {
    let all = recorded::all();
    let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in recorded::list(&all, "cases") {
        let configuration = toy::configuration(case);
        let proxy = Proxy::new(&configuration, &toy::Toys);
        assert_eq!(proxy.unsupported(), &[] as &[String], "{}", case["name"]);
        for value in recorded::list(case, "requests") {
            let ours = recorded::answered(&proxy, value);
            let theirs = recorded::normal(&value["answer"]);
            let family = families.entry(case["family"].as_str().unwrap()).or_default();
            family.1 += 1;
            if ours == theirs {
                family.0 += 1;
            } else {
                let how = format!("    {value}\n    ours {ours}");
                wrong.push((case["name"].to_string(), how));
            }
        }
    }
    for (family, (right, all)) in &families {
        println!("{family}: {right} of {all}");
    }
    let tried = families.values().map(|it| it.1).sum();
    assert!(tried >= 700, "the sample has shrunk: {tried}");
    judge("cases", tried, &wrong);
}

/// Where the program answers by chance, the model gives one of its answers, and says where routers tie.
#[test]
fn undecided() {
    let all = recorded::all();
    let cases: BTreeMap<_, _> =
        recorded::list(&all, "cases").map(|case| (case["name"].as_str(), case)).collect();
    let (mut tried, mut wrong) = (0, Vec::new());
    for one in recorded::list(&all, "undecided") {
        let case = cases[&one["case"].as_str()];
        let proxy = Proxy::new(&toy::configuration(case), &toy::Toys);
        let ours = recorded::answered(&proxy, &one["request"]);
        let theirs: Vec<_> = recorded::list(one, "answers").map(recorded::normal).collect();
        tried += 1;
        if !theirs.contains(&ours) {
            wrong.push((one["case"].to_string(), format!("    {one}\n    ours {ours}")));
        }
        let answer = proxy.answer(&toy::request(&one["request"]), &mut toy::Toys);
        assert!(
            !answer.story.tied.is_empty(),
            "the model does not say that chance settles it: {one}"
        );
    }
    judge("undecided", tried, &wrong);
}

#[test]
fn rules() {
    let all = recorded::all();
    let (mut tried, mut wrong) = (0, Vec::new());
    for one in recorded::list(&all, "refused") {
        tried += 1;
        let text = one["rule"].as_str().unwrap();
        let read = rule::parse(text);
        let priority = read.is_ok().then(|| rule::default_priority(text));
        if json!(read.is_ok()) != one["accepted"] || json!(priority) != one["priority"] {
            wrong.push((text.to_owned(), format!("    {one}\n    ours {read:?}, {priority:?}")));
        }
    }
    judge("refused", tried, &wrong);
}

#[test]
fn loading() {
    let all = recorded::all();
    let (mut tried, mut wrong) = (0, Vec::new());
    for one in recorded::list(&all, "loading") {
        tried += 1;
        let over = loaded(one["text"].as_str().unwrap());
        let theirs = one["over"].as_str();
        if over.as_deref().ok() != theirs {
            wrong.push((
                one["what"].as_str().unwrap().to_owned(),
                format!("    theirs {theirs:?}, ours {over:?}"),
            ));
        }
    }
    judge("loading", tried, &wrong);
}

/// How `ok.test` answers 200 once a file is loaded, or why it does not.
fn loaded(text: &str) -> Result<&'static str, String> {
    let mut documents = serde_yaml_ng::Deserializer::from_str(text);
    let first = documents.next().ok_or("no document")?;
    let mut yaml: serde_yaml_ng::Value = serde::Deserialize::deserialize(first)
        .map_err(|error: serde_yaml_ng::Error| error.to_string())?;
    yaml.apply_merge().map_err(|error| error.to_string())?;
    let dynamic: Value = serde_json::to_value(&yaml).map_err(|error| error.to_string())?;
    let point = json!({ "name": "web", "address": ":80" });
    let configuration = Configuration::read(&[&point], &toy::placed(&dynamic))
        .map_err(|refused| refused.to_string())?;
    let proxy = Proxy::new(&configuration, &toy::Toys);
    for (over, tls) in
        [("http", Value::Null), ("tls", json!({ "sni": "ok.test", "certificate": "none" }))]
    {
        let request = json!({
            "method": "GET", "host": "ok.test", "path": "/", "client_ip": "127.0.0.1", "tls": tls
        });
        if proxy.answer(&toy::request(&request), &mut toy::Toys).status == Status::Http(200) {
            return Ok(over);
        }
    }
    Err("nobody answers".to_owned())
}
