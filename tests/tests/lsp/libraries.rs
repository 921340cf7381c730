//! Libraries outside the fleet's folder: their files are files of the fleet that uses them.

use std::fs;

use serde_json::{Value, json};

use crate::fleet::{Fleet, MANIFEST, WIKI};

const NET: &str = "## How many.\npub let count: int = 3\npub fn twice(x: int) -> int = x * 2\n";

#[test]
fn a_library_is_looked_into_and_edited_with_the_fleet_that_uses_it() {
    let (fleet, house) = (Fleet::new(), tempfile::tempdir().unwrap());
    let house = house.path().canonicalize().unwrap();
    fs::write(house.join("net.qg"), NET).unwrap();
    fs::write(house.join("more.qg"), "import net\npub let two = net.count\n").unwrap();
    let libraries = format!("{MANIFEST}\n[libraries]\nhouse = \"{}\"\n", house.display());
    fleet.write("qg.toml", &libraries);
    let mut editor = fleet.edit();
    let net = format!("{}/net.qg", house.display());

    let text = format!("import house.net\npub let n = net.count\n{WIKI}");
    editor.open("services/wiki.qg", &text);
    assert!(editor.findings("services/wiki.qg").is_empty());
    // Where the import and the name behind the point lead.
    for (line, column, want) in [(0, 14, "0:0"), (1, 18, "1:8")] {
        let answer = editor.at("textDocument/definition", "services/wiki.qg", line, column);
        assert_eq!(answer["uri"], json!(editor.uri(&net)), "{answer}");
        let start = &answer["range"]["start"];
        assert_eq!(format!("{}:{}", start["line"], start["character"]), want);
    }
    let answer = editor.at("textDocument/hover", "services/wiki.qg", 1, 18);
    assert!(answer.to_string().contains("How many."), "{answer}");
    for (text, line, column, word) in [
        ("import house.\n", 0, 13, "more"),
        ("import house.net.\n", 0, 17, "twice"),
        ("import house.net\nlet n = net.\n", 1, 12, "twice"),
    ] {
        editor.change("services/wiki.qg", None, text);
        let answer = editor.at("textDocument/completion", "services/wiki.qg", line, column);
        assert!(answer.to_string().contains(&format!("\"{word}\"")), "{text}: {answer}");
    }
    editor.change("services/wiki.qg", None, &text);

    // An unsaved text of the library counts, and its mistakes are told in it.
    editor.open(&net, &NET.replace("= 3", "= cuont"));
    let is =
        |code: &'static str| move |found: &[Value]| matches!(found, [one] if one["code"] == code);
    editor.findings_when(&net, is("QG0201"));
    editor.change(&net, None, &NET.replace("count", "number"));
    editor.findings_when("services/wiki.qg", is("QG0208"));
    editor.change(&net, None, NET);
    editor.findings_when("services/wiki.qg", <[_]>::is_empty);
    // In a library an import begins at its own root.
    let more = format!("{}/more.qg", house.display());
    editor.open(&more, "import \n");
    let answer = editor.at("textDocument/completion", &more, 0, 7);
    assert!(answer.to_string().contains("\"net\""), "{answer}");
    assert!(!answer.to_string().contains("\"services\""), "{answer}");
}
