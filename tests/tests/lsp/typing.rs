//! A file as it is while somebody types: every beginning of it, letter by letter.

use serde_json::Value;

use crate::fleet::Fleet;

/// Types a text after what stands there, letter by letter, and waits each time. Gives what is found at
/// last, and all codes on the way.
fn typed(before: &str, text: &str, after: &str) -> (Vec<Value>, Vec<String>) {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/typed.qg", &format!("{before}{after}"));
    let mut found = editor.findings("services/typed.qg");
    let mut codes = Vec::new();
    for (at, letter) in text.char_indices() {
        let so_far = &text[..at + letter.len_utf8()];
        editor.change("services/typed.qg", None, &format!("{before}{so_far}{after}"));
        found = editor.findings("services/typed.qg");
        codes.extend(found.iter().filter_map(|it| it["code"].as_str().map(str::to_owned)));
    }
    (found, codes)
}

/// Half typed, each of them is a value that leads back to itself.
#[test]
fn what_leads_back_to_itself_on_the_way_to_what_is_meant() {
    let (found, codes) = typed(
        "extend host Server {\n  nix { environment.etc.\"a\".text = ",
        "nix\"pkgs.hello\"",
        " }\n}\n",
    );
    assert!(found.is_empty(), "{found:?}");
    assert!(codes.contains(&"QG0405".to_owned()), "{codes:?}");
    for (before, text, after) in [
        (
            "extend host Server { file \"/etc/x\" { yaml = { a = ",
            "[self, { b = self }] ?? {}",
            " } } }\n",
        ),
        (
            "extend service wiki { native \"services.x\" { a = ",
            "native with { b = native }",
            " } }\n",
        ),
        ("extend host Server { nix { a = ", "host.Server.nix ?? { b = [nix] }", " } }\n"),
        ("let a = ", "{ b = { c = [a] }, d = b }", "\n"),
    ] {
        let (found, _) = typed(before, text, after);
        assert!(!found.is_empty(), "{before}{text}");
    }
}
