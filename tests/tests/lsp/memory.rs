//! What a thousand questions or a large text needed goes back when they are gone.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use qg_tests::editor::{Editor, memory};
use serde_json::json;

use crate::fleet::{Fleet, WIKI, program};

const MIB: u64 = 1024;

/// A server whose allocator gives back soon: it waits for half a minute otherwise.
fn edit(fleet: &Fleet) -> Editor {
    let mut command = Command::new(program());
    command.env("MIMALLOC_PURGE_DELAY", "500");
    let mut editor = Editor::attach(&mut command, fleet.folder.path());
    editor.request("initialize", json!({ "capabilities": {} }));
    editor.notify("initialized", json!({}));
    editor
}

/// Waits until the server is small again.
fn shrinks(editor: &Editor, to: u64, after: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let now = memory(editor.child.id(), "VmRSS");
        if now < to {
            return;
        }
        assert!(Instant::now() < end, "{} MiB {after}, not {} MiB", now / MIB, to / MIB);
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn questions_leave_nothing() {
    let fleet = Fleet::new();
    let mut editor = edit(&fleet);
    editor.open("services/wiki.qg", WIKI);
    editor.findings("services/wiki.qg");
    let document = json!({ "uri": editor.uri("services/wiki.qg") });
    let mut ask = |count: u32| {
        let ids: Vec<i64> = (0..count)
            .map(|index| {
                let method = ["completion", "hover"][index as usize % 2];
                let at = json!({ "line": index % 11, "character": 4 });
                let params = json!({ "textDocument": document, "position": at });
                editor.ask(&format!("textDocument/{method}"), params)
            })
            .collect();
        for id in ids {
            assert!(editor.answer(id).get("error").is_none());
        }
        memory(editor.child.id(), "VmHWM")
    };
    let few = ask(20);
    let many = ask(1000);
    assert!(many < few + 40 * MIB, "{} MiB for many, {} MiB for few", many / MIB, few / MIB);
    shrinks(&editor, few + 10 * MIB, "after a thousand questions");
}

#[test]
fn a_large_text_that_is_gone_leaves_nothing() {
    let fleet = Fleet::new();
    let mut editor = edit(&fleet);
    editor.open("services/wiki.qg", WIKI);
    editor.findings("services/wiki.qg");
    let small = memory(editor.child.id(), "VmRSS");
    let large: String =
        (0..2000).map(|it| format!("service s{it} {{ on = host.Server }}\n")).collect();
    let grows = |editor: &mut Editor| {
        editor.findings("services/large.qg");
        let grown = memory(editor.child.id(), "VmRSS");
        assert!(grown > small + 40 * MIB, "{} MiB, {} MiB", grown / MIB, small / MIB);
    };
    editor.open("services/large.qg", &large);
    grows(&mut editor);
    editor.change("services/large.qg", None, "");
    shrinks(&editor, small + 25 * MIB, "after all was deleted");
    editor.change("services/large.qg", None, &large);
    grows(&mut editor);
    editor.close("services/large.qg");
    shrinks(&editor, small + 25 * MIB, "after it was closed");
}

#[test]
fn hundreds_of_fleets_take_what_a_few_take() {
    let fleet = Fleet::new();
    let mut editor = edit(&fleet);
    let alone = tempfile::tempdir().unwrap();
    let folder = alone.path().canonicalize().unwrap();
    let file = |index: u32| folder.join(format!("{index}.qg")).to_str().unwrap().to_owned();
    let open = |editor: &mut Editor, files: std::ops::Range<u32>| {
        for index in files.clone() {
            editor.open(&file(index), &format!("pub let a = {index}\n"));
        }
        for index in files {
            assert!(editor.findings(&file(index)).is_empty());
        }
        memory(editor.child.id(), "VmHWM")
    };
    let few = open(&mut editor, 0..20);
    let many = open(&mut editor, 20..200);
    assert!(many < few + 30 * MIB, "{} MiB for many, {} MiB for few", many / MIB, few / MIB);
    for index in [3, 199, 70] {
        let hover = editor.at("textDocument/hover", &file(index), 0, 8);
        assert!(hover.to_string().contains("let a: int"), "{hover}");
    }
}
