//! What Authelia accepts and refuses, each configuration tried on the program (4.39.20).
#![allow(clippy::unwrap_used)]

use serde_json::Value;

use super::*;
use crate::authelia::whole::tree;

/// Says something at a path: a number is the place of a list's item.
fn put(at: &mut Value, path: &str, value: &Value) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(it, rest)| (it, Some(rest)));
    let inside = match first.parse::<usize>() {
        Ok(index) => &mut at[index],
        Err(_) => &mut at[first],
    };
    match rest {
        Some(rest) => put(inside, rest, value),
        None => *inside = value.clone(),
    }
}

/// Each case of `cases.json` was put to `authelia config validate`, which accepted those without a reason and no others.
#[test]
fn what_authelia_was_asked() {
    let all: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in all["cases"].as_array().unwrap() {
        let mut configuration = all["base"].clone();
        for (path, value) in case["set"].as_object().unwrap() {
            put(&mut configuration, path, value);
        }
        let found: Vec<String> = refusals(&tree(&configuration))
            .iter()
            .map(|it| format!("{}: {}", it.path, it.why))
            .collect();
        match case["refused"].as_str() {
            None => assert_eq!(found, Vec::<String>::new(), "{}", case["what"]),
            Some(why) => {
                assert!(found.iter().any(|it| it.contains(why)), "{}: {found:?}", case["what"]);
            }
        }
    }
}

/// Held against recorded cases of one's own: `QG_AUTHELIA_CASES=FILE` names `{config: [{configuration, accepted}]}`. Keys
/// of older versions, which the program still takes, are no options here; what only the host knows is left out.
#[test]
fn recorded_cases() {
    let Ok(path) = std::env::var("QG_AUTHELIA_CASES") else { return };
    let cases: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let all = cases["config"].as_array().unwrap();
    let mut wrong = Vec::new();
    for (index, case) in all.iter().enumerate() {
        let found = refusals(&tree(&case["configuration"]));
        let old = !authelia::fields::unknown(&case["configuration"]).is_empty();
        if !old && found.is_empty() != case["accepted"].as_bool().unwrap() {
            let found: Vec<String> =
                found.iter().map(|it| format!("{}: {}", it.path, it.why)).collect();
            let errors = &case["errors"];
            wrong.push(format!("{index} {} {found:?} | {errors}", case["what"]));
        }
    }
    // Only the host knows of environments, of files, and of what is in secrets and keys.
    assert!(wrong.len() * 16 < all.len(), "{} of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
