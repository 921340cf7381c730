//! Findings while one types.

use std::process::Command;

use serde_json::{Value, json};

use crate::fleet::{Fleet, HOST, LINKS, WIKI, place, places, program};

#[test]
fn a_mistake_is_found_where_it_stands_and_gone_when_mended() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    assert_eq!(editor.findings("services/wiki.qg"), Vec::<Value>::new());
    editor.change("services/wiki.qg", Some([9, 13, 9, 16]), "lann");
    let found = editor.findings("services/wiki.qg");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(place(&found[0]).ends_with(" 9:13-9:17"), "{found:?}");
    assert_eq!(found[0]["source"], "qg");
    editor.change("services/wiki.qg", Some([9, 16, 9, 17]), "");
    assert_eq!(editor.findings("services/wiki.qg"), Vec::<Value>::new());
}

#[test]
fn the_effect_shows_in_another_file_unsaved() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    editor.open("services/links.qg", LINKS);
    assert!(editor.findings("services/links.qg").is_empty());
    // The service gets another name: three places elsewhere mean nothing any more.
    editor.change("services/wiki.qg", Some([1, 8, 1, 12]), "book");
    let found = editor.findings_when("services/links.qg", |found| !found.is_empty());
    let at = places(&found);
    assert!(at.iter().all(|it| it.starts_with("QG04")), "{at:?}");
    assert!(at.iter().any(|it| it.ends_with(" 6:19-6:23")), "{at:?}");
    // On disk all is well, and the other file was never touched.
    editor.change("services/wiki.qg", Some([1, 8, 1, 12]), "wiki");
    editor.findings_when("services/links.qg", <[Value]>::is_empty);
    assert!(editor.findings("services/wiki.qg").is_empty());
}

#[test]
fn both_sides_of_a_clash_are_told_with_their_places() {
    let fleet = Fleet::new();
    fleet.write("services/again.qg", "extend service wiki { about = \"Another\" }\n");
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    let here = editor.findings("services/wiki.qg");
    let there = editor.findings_when("services/again.qg", |found| !found.is_empty());
    let all: Vec<&Value> = here.iter().chain(&there).collect();
    assert_eq!(all.len(), 2, "{all:?}");
    let errors: Vec<_> = all.iter().filter(|it| it["severity"] == 1).collect();
    assert_eq!(errors.len(), 1, "{all:?}");
    for finding in all {
        let related = finding["relatedInformation"].as_array().unwrap();
        assert!(!related.is_empty(), "{finding}");
    }
}

#[test]
fn columns_count_as_negotiated() {
    // Before the mistake stand a letter of two bytes and one of four, which is two units of UTF-16.
    let text = WIKI.replace("🦀\"", "🦀${nothing}\"");
    for (encoding, start) in [("utf-8", 37), ("utf-16", 34)] {
        let fleet = Fleet::new();
        let mut editor = fleet.edit_in(encoding);
        editor.open("services/wiki.qg", &text);
        let found = editor.findings("services/wiki.qg");
        assert_eq!(found.len(), 1, "{found:?}");
        let want = format!(" 2:{start}-2:{}", start + 7);
        assert!(place(&found[0]).ends_with(&want), "{encoding}: {found:?}");
        // An edit behind them lands where it was meant to.
        editor.change("services/wiki.qg", Some([2, start, 2, start + 7]), "name");
        assert!(editor.findings("services/wiki.qg").is_empty());
    }
}

/// A mark at the start of a file (BOM): editors take it off when they read the file, and count columns without it.
/// Where one has sent it, it is a character of the text like others.
#[test]
fn a_mark_at_the_start_counts_where_the_client_has_it() {
    let text = "let _ = nothing\n";
    let marked = format!("\u{feff}{text}");
    for (encoding, width) in [("utf-8", 3), ("utf-16", 1)] {
        let fleet = Fleet::new();
        fleet.write("services/marked.qg", &marked);
        let mut editor = fleet.edit_in(encoding);
        let at = |found: &[Value], start: u64| {
            assert_eq!(found.len(), 1, "{found:?}");
            let want = format!(" 0:{start}-0:{}", start + 7);
            assert!(place(&found[0]).ends_with(&want), "{encoding} {start}: {found:?}");
        };
        // On disk alone, and as editors open it.
        editor.open("services/wiki.qg", WIKI);
        at(&editor.findings_when("services/marked.qg", |found| !found.is_empty()), 8);
        editor.open("services/marked.qg", text);
        at(&editor.findings("services/marked.qg"), 8);
        editor.change("services/marked.qg", Some([0, 8, 0, 15]), "1");
        assert!(editor.findings("services/marked.qg").is_empty());
        // By a client that keeps it in its text.
        editor.change("services/marked.qg", None, &marked);
        at(&editor.findings("services/marked.qg"), 8 + width);
        let start = 8 + width as u32;
        editor.change("services/marked.qg", Some([0, start, 0, start + 7]), "1");
        assert!(editor.findings("services/marked.qg").is_empty());
    }
}

#[test]
fn the_words_are_those_of_the_terminal() {
    let fleet = Fleet::new();
    let wrong = WIKI.replace("expose = lan", "expoze = lan");
    fleet.write("services/wiki.qg", &wrong);
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", &wrong);
    let found = editor.findings("services/wiki.qg");
    let printed = Command::new(program())
        .args(["check", "--format", "json"])
        .current_dir(fleet.folder.path())
        .output()
        .unwrap();
    let printed: Vec<Value> = String::from_utf8(printed.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(found.len(), printed.len());
    for (here, there) in found.iter().zip(&printed) {
        let words = here["message"].as_str().unwrap();
        assert!(words.starts_with(there["message"].as_str().unwrap()), "{here} {there}");
        for help in there["help"].as_array().unwrap() {
            assert!(words.contains(&format!("help: {}", help.as_str().unwrap())), "{here} {there}");
        }
        assert_eq!(here["code"], there["code"]);
        assert_eq!(here["range"]["start"]["line"], there["start"]["line"].as_u64().unwrap() - 1);
    }
}

#[test]
fn what_changes_on_disk_counts_once_told() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/links.qg", LINKS);
    assert!(editor.findings("services/links.qg").is_empty());
    std::fs::remove_file(fleet.folder.path().join("services/wiki.qg")).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    editor.findings_when("services/links.qg", |found| !found.is_empty());
    fleet.write("services/wiki.qg", WIKI);
    editor.save("services/links.qg");
    editor.findings_when("services/links.qg", <[Value]>::is_empty);
}

#[test]
fn a_closed_file_is_what_lies_on_disk() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/links.qg", LINKS);
    editor.open("services/wiki.qg", "# nothing yet\n");
    editor.findings_when("services/links.qg", |found| !found.is_empty());
    editor.close("services/wiki.qg");
    editor.findings_when("services/links.qg", <[Value]>::is_empty);
}

#[test]
fn a_file_needs_no_fleet_and_a_new_one_no_disk() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    // Outside the source folders: a fleet of its own.
    editor.open("draft.qg", "let x: int = \"a\"\n");
    let found = editor.findings("draft.qg");
    assert_eq!(found.len(), 1, "{found:?}");
    // Not on disk yet, but in a source folder: part of the fleet.
    editor.open(
        "services/new.qg",
        "service new { at = \"http://192.168.0.7:80\", needs = [service.wikki] }\n",
    );
    let found = editor.findings("services/new.qg");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().contains("did you mean `wiki`?"), "{found:?}");
}

#[test]
fn a_wrong_manifest_is_told_at_its_place() {
    let fleet = Fleet::new();
    fleet.write("qg.toml", "[fleet]\nsoruces = [\"hosts\"]\n");
    let mut editor = fleet.edit();
    editor.open("hosts/server.qg", HOST);
    let found = editor.findings_when("qg.toml", |found| !found.is_empty());
    assert_eq!(place(&found[0]), "? 1:0-1:7", "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().contains("did you mean `sources`?"));
    fleet.write("qg.toml", "[fleet]\nsources = [\"hosts\"]\n");
    editor.save("hosts/server.qg");
    editor.findings_when("qg.toml", <[Value]>::is_empty);
    assert!(editor.findings("hosts/server.qg").is_empty());
}

#[test]
fn the_fleets_own_options_are_noticed_when_they_change() {
    let fleet = Fleet::new();
    fleet.write(
        "hosts/box.qg",
        "host box { system = x86_64_linux, nix { services.web.on = true }, state_version = \"25.05\" }\n",
    );
    let severity = |found: &[Value]| found.first().and_then(|it| it["severity"].as_i64());
    let mut editor = fleet.edit();
    editor.open("hosts/server.qg", HOST);
    let found = editor.findings_when("hosts/box.qg", |found| severity(found) == Some(2));
    assert_eq!(places(&found), ["QG0643 0:49-0:52"]);
    // Siblings are sorted, as `qgc options update` writes them.
    let written = |of_services: &str| {
        let options = format!(
            "boot\t0\nenvironment\t0\nfileSystems\t0\nhardware\t0\nnetworking\t0\nnixpkgs\t0\n\
             programs\t0\nservices\n {of_services}\t0\nsops\t0\nsystem\t0\nsystemd\t0\ntime\t0\n\
             users\t0\nvirtualisation\t0\n"
        );
        let count = options.lines().count();
        format!("qg-options 1\ntypes 1\nanything\noptions {count}\n{options}")
    };
    let changed = |editor: &mut qg_tests::editor::Editor| {
        let uri = editor.uri("qg.options");
        let changes = json!({ "changes": [{ "uri": uri, "type": 2 }] });
        editor.notify("workspace/didChangeWatchedFiles", changes);
    };
    fleet.write("qg.options", &written("other"));
    changed(&mut editor);
    editor.findings_when("hosts/box.qg", |found| severity(found) == Some(1));
    fleet.write("qg.options", &written("web"));
    changed(&mut editor);
    editor.findings_when("hosts/box.qg", <[Value]>::is_empty);
}

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn a_flood_of_edits_ends_as_a_fresh_start_does() {
    const PIECES: &[&str] = &[
        "\n",
        "}",
        "{",
        " = ",
        "service",
        "é",
        "🦀",
        "\"",
        "${",
        "name",
        "# x\n",
        "[",
        "route web {",
        "",
    ];
    let files =
        [("services/wiki.qg", WIKI), ("services/links.qg", LINKS), ("hosts/server.qg", HOST)];
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    // The texts as the editor has them: lines of characters, all counted in UTF-16.
    let mut texts: Vec<String> = files.iter().map(|(_, text)| (*text).to_owned()).collect();
    for (file, text) in files {
        editor.open(file, text);
    }
    let mut dice = Dice(0x5eed);
    let mut asked = Vec::new();
    for turn in 0..1000 {
        let which = dice.below(3);
        let (file, text) = (files[which].0, &mut texts[which]);
        let units: Vec<u16> = text.encode_utf16().collect();
        let (start, end) = loop {
            let start = dice.below(units.len() + 1);
            let end = (start + dice.below(5)).min(units.len());
            // Editors never cut through a character.
            let whole = [&units[..start], &units[start..end], &units[end..]]
                .iter()
                .all(|part| String::from_utf16(part).is_ok());
            if whole {
                break (start, end);
            }
        };
        let piece = PIECES[dice.below(PIECES.len())];
        let at = |offset: usize| {
            let before = &units[..offset];
            let line = before.iter().filter(|unit| **unit == u16::from(b'\n')).count();
            let column = before.iter().rev().take_while(|unit| **unit != u16::from(b'\n')).count();
            (line as u32, column as u32)
        };
        let ((a, b), (c, d)) = (at(start), at(end));
        editor.change(file, Some([a, b, c, d]), piece);
        let pieces = [
            String::from_utf16(&units[..start]),
            Ok(piece.to_owned()),
            String::from_utf16(&units[end..]),
        ];
        *text = pieces.into_iter().map(Result::unwrap).collect();
        if turn % 20 == 0 {
            let uri = editor.uri(file);
            let at = json!({ "textDocument": { "uri": uri }, "position": { "line": a, "character": b } });
            let method =
                ["textDocument/hover", "textDocument/completion", "textDocument/definition"];
            asked.push(editor.ask(method[dice.below(3)], at));
        }
    }
    for id in asked {
        let answer = editor.answer(id);
        assert!(answer.get("error").is_none(), "{answer}");
    }
    for (file, _) in files {
        editor.findings(file);
    }

    let fresh = Fleet::new();
    let mut other = fresh.edit();
    for ((file, _), text) in files.iter().zip(&texts) {
        other.open(file, text);
    }
    for (file, _) in files {
        other.findings(file);
    }
    let folder = |fleet: &Fleet| fleet.folder.path().canonicalize().unwrap().display().to_string();
    let seen = |editor: &qg_tests::editor::Editor, fleet: &Fleet| {
        serde_json::to_string_pretty(&editor.all()).unwrap().replace(&folder(fleet), "")
    };
    assert_eq!(seen(&editor, &fleet), seen(&other, &fresh));
    // Only the newest text is built, not each of a thousand.
    let published: usize = editor.published.values().sum();
    assert!(published < 2000, "{published}");
    // And when all is as before, nothing is left of it.
    for (file, text) in files {
        editor.change(file, None, text);
    }
    for (file, _) in files {
        assert_eq!(editor.findings(file), Vec::<Value>::new());
    }
}

#[test]
fn more_findings_than_help_are_counted() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/list.qg", &format!("let a = [{}]\n", "oops,".repeat(3000)));
    let found = editor.findings("services/list.qg");
    assert_eq!(found.len(), 501);
    let words = found[500]["message"].as_str().unwrap();
    assert_eq!(words, "2500 more findings in this file; these are the first 500");
    assert_eq!(place(&found[499]), "QG0201 0:2504-0:2508");
}

/// What nothing reads is faded, and an action takes it away.
#[test]
fn what_nothing_uses_is_faded() {
    let fleet = Fleet::new();
    fleet.write("services/left.qg", "let left = 1\n");
    let mut editor = fleet.edit();
    editor.open("services/left.qg", "let left = 1\n");
    let found = editor.findings("services/left.qg");
    assert_eq!(places(&found), ["QG0231 0:4-0:8"], "{found:?}");
    // DiagnosticTag.Unnecessary of the protocol.
    assert_eq!((&found[0]["tags"], &found[0]["severity"]), (&json!([1]), &json!(2)));
}
