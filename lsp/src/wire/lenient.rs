//! What the server needs of what a request brings. Editors send more than that, newer than the types
//! that are known here or not quite as the protocol has it; nothing that is not looked at may make a
//! request fail.

use serde_json::{Map, Value, json};

/// The parameters of a request, with only what is needed of them.
pub(super) fn needed(method: &str, params: Option<Value>) -> Option<Value> {
    let Some(Value::Object(mut params)) = params else { return params };
    Some(match method {
        "initialize" => initialize(&params),
        "textDocument/hover" | "textDocument/definition" | "textDocument/completion" => {
            let mut needed = only(&mut params, &["textDocument", "position"]);
            needed.get_mut("position").map(position);
            needed
        }
        "textDocument/documentSymbol" => only(&mut params, &["textDocument"]),
        "textDocument/codeAction" => {
            let mut needed = only(&mut params, &["textDocument", "range"]);
            needed.get_mut("range").map(range);
            if let Value::Object(needed) = &mut needed {
                needed.insert("context".to_owned(), json!({ "diagnostics": [] }));
            }
            needed
        }
        _ => Value::Object(params),
    })
}

fn only(params: &mut Map<String, Value>, keys: &[&str]) -> Value {
    keys.iter().filter_map(|key| Some(((*key).to_owned(), params.remove(*key)?))).collect()
}

/// Both ends of a range.
pub(crate) fn range(range: &mut Value) {
    for end in ["start", "end"] {
        range.get_mut(end).map(position);
    }
}

/// Numbers behind all that can be counted mean the end, as `Number.MAX_VALUE` does in some editors.
fn position(position: &mut Value) {
    for key in ["line", "character"] {
        let Some(number) = position.get_mut(key) else { continue };
        let Some(whole) = number.as_f64().filter(|it| it.fract() == 0.0 && *it >= 0.0) else {
            continue;
        };
        *number = Value::from(whole as u32);
    }
}

/// Who the client is, its folders, and the three things that it may be able to do.
fn initialize(params: &Map<String, Value>) -> Value {
    let url = |value: &Value| {
        let text = value.as_str()?;
        tower_lsp::lsp_types::Url::parse(text).ok().map(|url| json!(url))
    };
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    let folders: Option<Vec<Value>> = folders.map(|folders| {
        let urls = folders.iter().filter_map(|folder| url(folder.get("uri")?));
        urls.map(|uri| json!({ "uri": uri, "name": "" })).collect()
    });
    let capabilities = params.get("capabilities");
    let at = |pointer: &str| capabilities.and_then(|it| it.pointer(pointer));
    let encodings = at("/general/positionEncodings").and_then(Value::as_array);
    let encodings: Option<Vec<&str>> =
        encodings.map(|all| all.iter().filter_map(Value::as_str).collect());
    let watching = at("/workspace/didChangeWatchedFiles/dynamicRegistration");
    let process = params.get("processId").and_then(Value::as_u64);
    json!({
        "processId": process.and_then(|it| u32::try_from(it).ok()),
        "rootUri": params.get("rootUri").and_then(url),
        "workspaceFolders": folders,
        "capabilities": {
            "general": { "positionEncodings": encodings },
            "workspace": {
                "didChangeWatchedFiles": { "dynamicRegistration": watching == Some(&json!(true)) },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::lsp_types::{CodeActionParams, HoverParams, InitializeParams};

    #[test]
    fn a_client_may_say_anything_about_itself() {
        let text = "of a later protocol";
        let params = json!({
            "processId": -7, "rootUri": "", "rootPath": 3, "trace": text, "locale": {},
            "workspaceFolders": [7, { "uri": "no uri" }, { "uri": "file:///a", "name": null }],
            "capabilities": {
                "general": { "positionEncodings": [1, "utf-8", text], "markdown": [] },
                "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": text } },
                "textDocument": { "completion": text, "codeAction": { "resolveSupport": true } },
            },
        });
        for params in [params, json!({}), json!({ "workspaceFolders": null, "capabilities": null })]
        {
            let needed = needed("initialize", Some(params)).expect("there is something");
            let read: InitializeParams = serde_json::from_value(needed).expect("it can be read");
            assert_eq!(read.process_id, None);
            assert!(read.workspace_folders.is_none_or(|it| it.len() == 1));
        }
    }

    #[test]
    fn what_is_not_needed_is_left_out() {
        let position = json!({ "line": 1.797e308, "character": 4.0 });
        let params = json!({
            "textDocument": { "uri": "file:///a" }, "position": position, "workDoneToken": {},
            "range": { "start": position, "end": position }, "context": { "diagnostics": [7] },
        });
        let hover = needed("textDocument/hover", Some(params.clone())).expect("something");
        let read: HoverParams = serde_json::from_value(hover).expect("it can be read");
        assert_eq!(read.text_document_position_params.position.line, u32::MAX);
        let action = needed("textDocument/codeAction", Some(params)).expect("something");
        let read: CodeActionParams = serde_json::from_value(action).expect("it can be read");
        assert_eq!(read.range.end.character, 4);
        let wrong = json!({ "position": { "line": -1, "character": 0.5 } });
        let kept = needed("textDocument/hover", Some(wrong.clone()));
        assert_eq!(kept, Some(wrong), "what makes no sense stays, and is refused");
    }
}
