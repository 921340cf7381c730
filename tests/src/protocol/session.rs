//! What an editor says while somebody works: messages as real editors send them, on a few files.

use serde_json::{Value, json};

use crate::mutate::{Random, mutate};

/// An editor at work.
#[derive(Debug)]
pub struct Session<'t> {
    /// The address and the text of each file.
    files: &'t [(String, String)],
    pub random: Random,
    next: i64,
    version: i64,
}

const AT: &[&str] = &["textDocument/hover", "textDocument/definition", "textDocument/completion"];

impl<'t> Session<'t> {
    #[must_use]
    pub fn new(files: &'t [(String, String)], random: Random) -> Session<'t> {
        Session { files, random, next: 1000, version: 1 }
    }

    /// The next thing that it says.
    pub fn message(&mut self) -> Value {
        let (uri, text) = self.random.pick(self.files).clone();
        self.version += 1;
        let document = json!({ "uri": uri });
        match self.random.below(20) {
            0 | 1 => {
                let text = self.text(&text);
                let version = self.version;
                self.note(
                    "textDocument/didOpen",
                    &json!({ "textDocument": {
                    "uri": uri, "languageId": "qg", "version": version, "text": text,
                } }),
                )
            }
            2..=6 => {
                let changes: Vec<Value> =
                    (0..=self.random.below(3)).map(|_| self.edit(&text)).collect();
                let document = json!({ "uri": uri, "version": self.version });
                let params = json!({ "textDocument": document, "contentChanges": changes });
                self.note("textDocument/didChange", &params)
            }
            7 => self.note("textDocument/didClose", &json!({ "textDocument": document })),
            8 => self.note("textDocument/didSave", &json!({ "textDocument": document })),
            9 => {
                let changes = json!([{ "uri": uri, "type": 1 + self.random.below(3) }]);
                self.note("workspace/didChangeWatchedFiles", &json!({ "changes": changes }))
            }
            10 => {
                let id = self.next - self.random.below(4) as i64;
                self.note("$/cancelRequest", &json!({ "id": id }))
            }
            11 => json!({ "jsonrpc": "2.0", "id": "watch", "result": null }),
            12 => {
                let name = *self.random.pick(&["initialize", "initialized", "$/setTrace", "x/y"]);
                self.ask(name, &json!({ "capabilities": {}, "value": "off" }))
            }
            13 => self.ask("textDocument/documentSymbol", &json!({ "textDocument": document })),
            14 => {
                let range = self.range();
                let context = json!({ "diagnostics": [{ "range": range, "message": "a" }] });
                let params = json!({
                    "textDocument": document, "range": range, "context": context,
                });
                self.ask("textDocument/codeAction", &params)
            }
            _ => {
                let position = self.position();
                let context = json!({ "triggerKind": 2, "triggerCharacter": "." });
                let params =
                    json!({ "textDocument": document, "position": position, "context": context });
                let method = *self.random.pick(AT);
                self.ask(method, &params)
            }
        }
    }

    fn note(&mut self, method: &str, params: &Value) -> Value {
        json!({ "jsonrpc": "2.0", "method": method, "params": params })
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params })
    }

    fn text(&mut self, text: &str) -> String {
        match self.random.below(3) {
            0 => text.to_owned(),
            _ => {
                let other = &self.random.pick(self.files).1;
                mutate(text, other, &mut self.random)
            }
        }
    }

    fn edit(&mut self, text: &str) -> Value {
        match self.random.below(8) {
            0 => json!({ "text": self.text(text) }),
            1 => json!({ "range": self.range(), "rangeLength": 7, "text": self.text(text) }),
            _ => {
                let piece =
                    *self.random.pick(&["", "a", "\n", "\"", "{", " }\n", ".", "🦀", "= 7"]);
                json!({ "range": self.range(), "text": piece })
            }
        }
    }

    fn range(&mut self) -> Value {
        json!({ "start": self.position(), "end": self.position() })
    }

    fn position(&mut self) -> Value {
        json!({ "line": self.random.below(16), "character": self.random.below(50) })
    }
}
