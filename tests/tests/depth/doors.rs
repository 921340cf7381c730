//! Every other way in: questions, the REPL, `qg.toml`, the manifest, the language server.

use std::fs;
use std::process::Command;

use qg_tests::bounded;
use qg_tests::editor::Editor;

use super::{DEEP, FLEET, folder, qgc};

/// How it ended: clean, with findings, or refused. Anything else is told.
fn ended(name: &str, args: &[&str], files: &[(&str, String)], input: &str) -> Option<String> {
    let folder = folder(files);
    match qgc(&folder, args, input.as_bytes()) {
        Ok(ran) if matches!(ran.status.code(), Some(0..=2)) => None,
        Ok(ran) => Some(format!("{name}: {:?}", ran.status)),
        Err(ended) => Some(format!("{name}: {ended}")),
    }
}

fn all_end(wrong: impl IntoIterator<Item = Option<String>>) {
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line of a program's arguments has at most 128 KiB.
#[test]
fn questions() {
    let files = [("a.qg", FLEET.to_owned())];
    let deep = DEEP / 2;
    let questions = [
        ("parentheses", "(".repeat(deep)),
        ("lists", "[".repeat(deep) + &"]".repeat(deep)),
        ("fields", "host".to_owned() + &".a".repeat(deep)),
        ("negations", "not ".repeat(deep / 2)),
        ("sums", "1+ ".repeat(deep / 2)),
        ("Nix", format!("nix\"{}\"", "[".repeat(deep))),
    ];
    let asked = questions.iter().map(|(name, text)| ended(name, &["query", text], &files, ""));
    let why = ended("why", &["why", &("host".to_owned() + &".a".repeat(deep))], &files, "");
    all_end(asked.chain([why]));
}

#[test]
fn answers() {
    let lets: String =
        (1..=100).map(|at| format!("pub let x{at} = {{ a = [x{}] }}\n", at - 1)).collect();
    let text = format!("{FLEET}pub let x0 = 1\n{lets}");
    let files = [("a.qg", text)];
    all_end(
        ["json", "table", "raw"]
            .map(|format| ended(format, &["query", "x60", "--format", format], &files, "")),
    );
}

#[test]
fn lines_of_the_repl() {
    let files = [("a.qg", FLEET.to_owned())];
    let says = |name: &str, text: String| ended(name, &["repl"], &files, &text);
    all_end([
        says("one line", "(".repeat(DEEP) + "\n1\n"),
        says("open lines", "[\n".repeat(DEEP)),
        says("a list without end", "[\n".to_owned() + &"1,\n".repeat(DEEP)),
        says("brackets without end", "[\n".to_owned() + &"(1),\n".repeat(DEEP)),
        says("a text without end", "\"\"\"\n".to_owned() + &"a\n".repeat(DEEP)),
        says("holes", "\"\"\"${\n".repeat(DEEP)),
        says("lists of the last answer", "let a = [1]\n".to_owned() + &"let a = [a]\n".repeat(300)),
        says(
            "records of it",
            "let a = { b = 1 }\n".to_owned() + &"let a = { b = a }\n".repeat(300),
        ),
        says(
            "copies of it",
            "let a = { b = 1 }\n".to_owned() + &"let a = a with { b = 2 }\n".repeat(300),
        ),
    ]);
}

#[test]
fn the_manifest_of_a_fleet() {
    let settings = [
        ("lists", format!("out = {}\n", "[".repeat(DEEP))),
        ("closed lists", format!("out = {}{}\n", "[".repeat(DEEP), "]".repeat(DEEP))),
        ("tables in a line", format!("out = {}\n", "{ a = ".repeat(DEEP))),
        ("a long key", format!("{}a = 1\n", "a.".repeat(DEEP))),
        ("a long head", format!("[{}a]\n", "a.".repeat(DEEP))),
        ("lists of tables", format!("[[{}a]]\n", "a.".repeat(DEEP))),
    ];
    all_end(settings.map(|(name, text)| {
        ended(name, &["check"], &[("a.qg", FLEET.to_owned()), ("qg.toml", text)], "")
    }));
}

#[test]
fn the_manifest_of_an_output() {
    for text in
        ["[".repeat(DEEP), "{\"files\":".repeat(DEEP), format!("{{\"files\":{}", "[".repeat(DEEP))]
    {
        let folder = folder(&[("a.qg", FLEET.to_owned())]);
        fs::create_dir(folder.path().join("build")).expect("a folder");
        fs::write(folder.path().join("build/manifest.json"), text).expect("a file");
        let ran = qgc(&folder, &["compile"], b"").unwrap_or_else(|ended| panic!("{ended}"));
        assert!(matches!(ran.status.code(), Some(0..=2)), "{ran:?}");
        let ran = qgc(&folder, &["why", "build/manifest.json:1"], b"");
        assert!(ran.is_ok_and(|ran| matches!(ran.status.code(), Some(0..=2))));
    }
}

/// The server builds and answers on threads with less stack than a program has.
#[test]
fn the_server() {
    let folder = folder(&[("a.qg", FLEET.to_owned())]);
    let mut program: Command = bounded::command(env!("CARGO_BIN_EXE_qgc-under-test"));
    let mut editor = Editor::attach(&mut program, folder.path());
    let root = editor.uri("");
    let greeting = serde_json::json!({ "processId": null, "rootUri": root, "capabilities": {} });
    editor.request("initialize", greeting);
    editor.notify("initialized", serde_json::json!({}));
    editor.open("a.qg", FLEET);
    let chain = |step: &str| {
        let lets = (1..=5_000)
            .map(|at| format!("let x{at} = {}\n", step.replace('@', &format!("x{}", at - 1))));
        format!("{FLEET}let x0 = [1]\n{}", lets.collect::<String>())
    };
    let data = chain("[@]").replace(" = [", ": data = [");
    let fits = (1..=100).map(|at| format!("let x{at}: data = [x{}]\n", at - 1)).collect::<String>();
    let fits = format!(
        "{FLEET}let x0: data = [1]\n{fits}extend host h {{ file \"/etc/x\" {{ yaml = {{ a = x100 }} }} }}\n"
    );
    for (name, text, found) in [
        ("lists", chain("[@]"), true),
        ("records", chain("{ a = @ }"), true),
        ("data", data, true),
        ("lists the other way", chain("[for x in @: x]"), false),
        ("brackets", format!("{FLEET}let a = {}", "[".repeat(DEEP)), true),
        ("Nix", format!("{FLEET}let a = nix\"\"\"\n{}\n\"\"\"\n", "[".repeat(DEEP)), true),
        ("what may be", fits, false),
    ] {
        editor.change("a.qg", None, &text);
        let errors = editor.findings("a.qg").iter().any(|it| it["severity"] == 1);
        assert_eq!(errors, found, "{name}");
        for line in [2, 3, 60, 101] {
            for request in ["hover", "definition", "completion"] {
                let _ = editor.at(&format!("textDocument/{request}"), "a.qg", line, 6);
            }
        }
        let uri = editor.uri("a.qg");
        let document = serde_json::json!({ "textDocument": { "uri": uri } });
        assert!(editor.request("textDocument/documentSymbol", document).get("error").is_none());
    }
    editor.change("a.qg", None, FLEET);
    assert!(editor.findings("a.qg").is_empty());
}
