//! Which rule decides, and how each criterion of each rule takes a request.

use qg_requests::authelia::{Answer, Fault, Request, Visit, answer, decide};
use serde_json::{Map, Value, json};

use crate::oracle::{Tally, cases, configuration, family};

#[test]
fn the_rule_that_decides() {
    let mut tally = Tally::default();
    for case in cases("policy") {
        let known = configuration(&case);
        for asked in case["requests"].as_array().unwrap() {
            let request: Request = serde_json::from_value(asked.clone()).unwrap();
            let recorded = recorded(&asked["answer"]);
            let mut found = match decide(&known, &request) {
                Ok(decision) => serde_json::to_value(&decision).unwrap(),
                Err(Fault::Crash) => json!({ "error": "panic" }),
                Err(Fault::Url(why)) => json!({ "error": why }),
            };
            let found = found.as_object_mut().unwrap();
            found.remove("has_subjects");
            skip_what_is_not_recorded(found, &recorded);
            let what = format!("{}: {}", case["name"], json!({ "request": asked }));
            tally.compare(&family(&case), &what, &Value::Object(found.clone()), &recorded);
        }
    }
    tally.finish("policy", 600);
}

/// The status that the server answered to the same request, with the user shown by HTTP Basic.
#[test]
fn the_status_of_the_server() {
    let mut tally = Tally::default();
    for case in cases("policy") {
        let mut with_session = case.clone();
        let domains = ["example.com", "example.org", "home.example.net"];
        let cookie =
            |it: &str| json!({ "domain": it, "authelia_url": format!("https://auth.{it}") });
        with_session["session"] = json!({ "cookies": domains.map(cookie) });
        for asked in case["requests"].as_array().unwrap() {
            let Some(status) = asked["answer"].get("status") else { continue };
            let user = asked["user"].as_str();
            with_session["users"] = json!(
                user.map(|name| json!({ "name": name, "groups": asked["groups"] })).as_slice()
            );
            let visit = Visit {
                method: asked["method"].as_str().unwrap().to_owned(),
                url: asked["url"].as_str().unwrap().to_owned(),
                forwarded_for: asked["ip"].as_str().map(str::to_owned),
                accept: Some("text/html".to_owned()),
                basic: user.map(str::to_owned),
                ..Visit::default()
            };
            let found: Answer = answer(&configuration(&with_session), &visit);
            let what = format!("{}: {asked}", case["name"]);
            tally.compare(&family(&case), &what, &json!(found.status), status);
        }
    }
    tally.finish("status", 500);
}

/// What an answer says of the decision; how it was come by is left out.
fn recorded(answer: &Value) -> Value {
    let mut answer = answer.as_object().unwrap().clone();
    for key in ["from", "status", "check_policy"] {
        answer.remove(key);
    }
    Value::Object(answer)
}

/// `otherwise` is missing in cases with some matchers of queries, whose marks then are dots.
fn skip_what_is_not_recorded(found: &mut Map<String, Value>, recorded: &Value) {
    let Some(marks) = recorded["matches"].as_array() else { return };
    let dotted = |marks: &Value| marks.as_str().unwrap().contains('.');
    if marks.iter().any(dotted) && recorded.get("otherwise").is_none() {
        found.remove("otherwise");
    }
    for (mark, recorded) in found["matches"].as_array_mut().unwrap().iter_mut().zip(marks) {
        let letters = mark.as_str().unwrap().chars().zip(recorded.as_str().unwrap().chars());
        let shown: String =
            letters.map(|(it, known)| if known == '.' { '.' } else { it }).collect();
        *mark = Value::String(shown);
    }
}
