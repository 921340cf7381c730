//! The windows look at one evaluation: an error reads the same in the terminal and in the editor,
//! and the value that hover shows is the one that the REPL prints and that the files hold, with one
//! origin.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::fleet::{Fleet, WIKI, program};

/// What the program prints, run in the fleet's folder.
fn qgc(fleet: &Fleet, args: &[&str], typed: &str) -> String {
    let mut child = Command::new(program())
        .args(args)
        .current_dir(&fleet.folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn one_value_with_one_origin() {
    let fleet = Fleet::new();
    let text = WIKI.replace("expose = lan", "expose = lan # here");
    fleet.write("services/wiki.qg", &text);
    let line = text.lines().position(|line| line.contains("# here")).unwrap();
    let place = format!("services/wiki.qg:{}", line + 1);
    let path = "service.wiki.route.web.expose";

    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", &text);
    let column = text.lines().nth(line).unwrap().find("expose").unwrap();
    let hover = editor.at("textDocument/hover", "services/wiki.qg", line as u32, column as u32);
    let hover = hover["contents"]["value"].as_str().unwrap();
    assert!(hover.contains(&format!("{path} = lan\n")), "{hover}");
    assert!(hover.contains(&format!("- said [{place}]")), "{hover}");

    assert_eq!(qgc(&fleet, &["query", path, "--format", "raw"], ""), "lan\n");
    assert_eq!(qgc(&fleet, &["repl"], &format!("{path}\n")), "lan\n");
    let why = qgc(&fleet, &["why", path], "");
    assert!(why.starts_with(&format!("{path} = lan\n  said ")), "{why}");
    assert_eq!(qgc(&fleet, &["repl"], &format!(":why {path}\n")), why);

    // The middleware in the router is there for that reason alone.
    qgc(&fleet, &["compile"], "");
    let file = "build/hosts/Server/traefik/dynamic.yml";
    let made = std::fs::read_to_string(fleet.folder.path().join(file)).unwrap();
    let lines: Vec<&str> = made.lines().map(str::trim).collect();
    let router = lines.iter().position(|line| *line == "wiki-web:").unwrap();
    let at = lines.iter().skip(router).position(|line| *line == "- lan").unwrap() + router + 1;
    let target = format!("{file}:{at}");
    let reasons = qgc(&fleet, &["why", &target, "--format", "json"], "");
    let reasons: Value = serde_json::from_str(&reasons).unwrap();
    let value = &reasons["values"][0];
    assert_eq!((&value["path"], &value["value"]), (&json!(path), &json!("lan")));
    let said = &value["said"][0];
    let found = format!("{}:{}", said["path"].as_str().unwrap(), said["start"]["line"]);
    assert_eq!((found.as_str(), &said["words"]), (place.as_str(), &json!("said")));
}

#[test]
fn one_error_in_the_same_words() {
    let fleet = Fleet::new();
    let text = WIKI.replace("expose = lan", "expose = lam");
    fleet.write("services/wiki.qg", &text);
    let printed = qgc(&fleet, &["check", "--format", "json"], "");
    let printed: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", &text);
    let shown = editor.findings("services/wiki.qg");
    assert_eq!((printed.len(), shown.len()), (1, 1), "{printed:?}\n{shown:?}");
    let (printed, shown) = (&printed[0], &shown[0]);
    assert_eq!(printed["code"], shown["code"]);
    let message = shown["message"].as_str().unwrap();
    assert!(message.starts_with(printed["message"].as_str().unwrap()), "{message}");
    for help in printed["help"].as_array().unwrap() {
        assert!(message.contains(help.as_str().unwrap()), "{message}");
    }
    let start = &shown["range"]["start"];
    assert_eq!(printed["start"]["line"], json!(start["line"].as_u64().unwrap() + 1));
    assert_eq!(printed["start"]["column"], json!(start["character"].as_u64().unwrap() + 1));
}
