//! Files of data: read again when they change on disk, with findings of their own.

use serde_json::json;

use crate::fleet::Fleet;

#[test]
fn data_is_read_again_when_it_changes() {
    let fleet = Fleet::new();
    fleet.write("services/ports.json", "{ \"web\": 80, \"dns\": 53 }\n");
    let mut editor = fleet.edit();
    let text = "import ./ports.json as ports: {port}\npub let all = ports\n";
    editor.open("services/a.qg", text);
    assert!(editor.findings("services/a.qg").is_empty());
    fleet.write("services/ports.json", "{ \"web\": 80, \"dns\": \"x\" }\n");
    let uri = editor.uri("services/ports.json");
    let changed = json!({ "changes": [{ "uri": uri, "type": 2 }] });
    editor.notify("workspace/didChangeWatchedFiles", changed.clone());
    let found = editor.findings_when("services/ports.json", |found| found.len() == 1);
    assert_eq!(found[0]["code"], "QG0223");
    assert_eq!(found[0]["range"]["start"], json!({ "line": 0, "character": 20 }));
    fleet.write("services/ports.json", "{ \"web\": 80 }\n");
    editor.notify("workspace/didChangeWatchedFiles", changed);
    editor.findings_when("services/ports.json", <[_]>::is_empty);
    // The file, the name, and the type of what is in it.
    let answer = editor.at("textDocument/definition", "services/a.qg", 0, 12);
    assert_eq!(answer["uri"], json!(uri));
    let answer = editor.at("textDocument/definition", "services/a.qg", 1, 15);
    assert_eq!(answer["range"]["start"], json!({ "line": 0, "character": 23 }));
    let answer = editor.at("textDocument/hover", "services/a.qg", 1, 15);
    assert!(answer.to_string().contains("let ports: {port}"), "{answer}");
    editor.change("services/a.qg", None, "import ./ports.json as ports: \n");
    let answer = editor.at("textDocument/completion", "services/a.qg", 0, 30);
    assert!(answer.to_string().contains("\"port\""), "{answer}");
}
