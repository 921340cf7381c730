//! What the server answers when it is asked.

use std::fs;

use qg_tests::editor::Editor;
use serde_json::{Value, json};

use crate::fleet::{Fleet, HOST, LINKS, WIKI};

/// A text with `|` where the cursor is: the text, line and column (in UTF-16).
fn cursor(text: &str) -> (String, u32, u32) {
    let at = text.find('|').expect("a cursor");
    let before = &text[..at];
    let line = before.matches('\n').count() as u32;
    let column = before.rsplit('\n').next().unwrap().encode_utf16().count() as u32;
    (text.replacen('|', "", 1), line, column)
}

fn hover(editor: &mut Editor, file: &str, text: &str) -> String {
    let (text, line, column) = cursor(text);
    editor.open(file, &text);
    let answer = editor.at("textDocument/hover", file, line, column);
    editor.close(file);
    answer["contents"]["value"].as_str().unwrap_or("").to_owned()
}

/// `file:line:column`, from 0, of a definition.
fn definition(editor: &mut Editor, file: &str, text: &str) -> String {
    let (text, line, column) = cursor(text);
    editor.open(file, &text);
    let answer = editor.at("textDocument/definition", file, line, column);
    editor.close(file);
    let start = &answer["range"]["start"];
    let root = format!("{}/", editor.uri(""));
    let uri = answer["uri"].as_str().unwrap_or("nowhere").replace(&root, "");
    format!("{uri}:{}:{}", start["line"], start["character"])
}

fn labels(editor: &mut Editor, file: &str, text: &str) -> Vec<String> {
    items(editor, file, text).iter().map(|it| it["label"].as_str().unwrap().to_owned()).collect()
}

fn items(editor: &mut Editor, file: &str, text: &str) -> Vec<Value> {
    let (text, line, column) = cursor(text);
    editor.open(file, &text);
    let answer = editor.at("textDocument/completion", file, line, column);
    editor.close(file);
    answer.as_array().cloned().unwrap_or_default()
}

#[test]
fn hover_tells_type_comment_value_and_who_said_it() {
    let fleet = Fleet::new();
    fleet.write("hosts/defaults.qg", "default service { about = \"Something\" }\n");
    let mut editor = fleet.edit();
    let shown =
        hover(&mut editor, "services/wiki.qg", &WIKI.replace("expose = lan", "ex|pose = lan"));
    for part in [
        "expose: Exposure = private",
        "Who can reach it at all.",
        "service.wiki.route.web.expose = lan",
        "- said [services/wiki.qg:10]",
        "- the schema's default [<std>/route.qg:",
        "which lost",
    ] {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
    // A priority in between.
    let shown = hover(&mut editor, "services/wiki.qg", &WIKI.replace("about ", "abou|t "));
    assert!(shown.contains("- default for all of its kind [hosts/defaults.qg:1]"), "{shown}");
    // Where a value is read, behind letters of several bytes.
    let text =
        LINKS.replace("\"leads to ${service.wiki.name}", "\"führt 🦀 zu ${service.wiki.nam|e}");
    let shown = hover(&mut editor, "services/links.qg", &text);
    assert!(shown.contains("service.wiki.name = \"wiki\""), "{shown}");
    let text = WIKI.replace("to     = ports.web", "to     = ports.w|eb");
    let shown = hover(&mut editor, "services/wiki.qg", &text);
    assert!(shown.contains("service.wiki.ports.web") && shown.contains("inside = 8080"), "{shown}");
}

#[test]
fn hover_tells_of_what_a_test_expects() {
    let mut editor = Fleet::new().edit();
    let text = "test t { let c: Client = {}, expect get(\"https://x.y/\", c) is served }\n";
    for (word, cursor, part) in [
        ("expect", "exp|ect", "One thing that is to be true"),
        ("get", "g|et", "What the fleet's proxy and login server answer"),
        ("c)", "|c)", "Client"),
        ("served", "ser|ved", "It reaches a program"),
    ] {
        let shown = hover(&mut editor, "services/a.qg", &text.replacen(word, cursor, 1));
        assert!(shown.contains(part), "{cursor}: {shown}");
    }
}

#[test]
fn hover_in_a_loop_tells_all_that_it_says() {
    let fleet = Fleet::new();
    let text = "let names = [\"a\", \"b\"]\nfor it in names {\n  service \"${it}\" {\n    at = \"http://192.168.0.9:80\"\n    ab|out = \"Number ${it}\"\n  }\n}\n";
    let mut editor = fleet.edit();
    let shown = hover(&mut editor, "services/loop.qg", text);
    assert!(shown.contains("service.a.about = \"Number a\""), "{shown}");
    assert!(shown.contains("service.b.about = \"Number b\""), "{shown}");
}

#[test]
fn hover_tells_of_declarations() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    let named = "## A version.\ntype Semver = string\npub fn f(x: Sem|ver) -> int = 1\n";
    let shown = hover(&mut editor, "services/a.qg", named);
    for part in ["type Semver = string", "A version."] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(definition(&mut editor, "services/a.qg", named), "services/a.qg:1:5");
    let union = "pub let n = [for s in service for r in s.route if r.to is &Po|rt: r.to.host]\n";
    let shown = hover(&mut editor, "services/a.qg", union);
    assert!(shown.contains("schema Port"), "{shown}");
    let bound = "pub let n = [for s in service for r in s.route: match r.to { &Port po|rt => port.host, else => 1 }]\n";
    let shown = hover(&mut editor, "services/a.qg", bound);
    assert!(shown.contains("port"), "{shown}");
    let text = "## Twice as much.\nfn twice(n: int) -> int = n * 2\nlet four: int = twic|e(2)\n";
    let shown = hover(&mut editor, "services/a.qg", text);
    assert!(
        shown.contains("fn twice(n: int) -> int") && shown.contains("Twice as much."),
        "{shown}"
    );
    let shown = hover(&mut editor, "services/wiki.qg", &WIKI.replace("= lan", "= la|n"));
    assert!(shown.contains("Exposure.lan") && shown.contains("The local network."), "{shown}");
    let shown =
        hover(&mut editor, "services/wiki.qg", &WIKI.replace("service wiki", "serv|ice wiki"));
    assert!(shown.contains("service: {Service}") && shown.contains("What runs."), "{shown}");
    // Nothing stands there.
    assert_eq!(hover(&mut editor, "services/wiki.qg", &WIKI.replace("# Notes.", "# N|otes.")), "");
}

#[test]
fn definitions_lead_across_files() {
    let fleet = Fleet::new();
    fleet.write(
        "services/lib.qg",
        "## A name.\npub let shared = \"x\"\npub fn same(a: string) -> string = a\n",
    );
    fleet.write("hosts/disk.nix", "{ }\n");
    let mut editor = fleet.edit();
    let links = |old: &str, new: &str| LINKS.replacen(old, new, 1);
    for (file, text, want) in [
        // An entity, in another file; where it is said once, the place of that.
        ("services/links.qg", links("[service.wiki]", "[service.wi|ki]"), "services/wiki.qg:1:8"),
        ("services/links.qg", links("proxy.edge", "proxy.ed|ge"), "hosts/server.qg:9:6"),
        ("services/links.qg", links("ports.web.host", "ports.w|eb.host"), "services/wiki.qg:4:2"),
        // A `let` of this file, from within a string.
        ("services/links.qg", links("${target}", "${tar|get}"), "services/links.qg:1:4"),
        // The entity around.
        ("services/wiki.qg", WIKI.replace("= ports.web", "= ports.we|b"), "services/wiki.qg:4:2"),
        ("services/wiki.qg", WIKI.replace("= name", "= na|me"), "services/wiki.qg:1:8"),
        // Imports: the file, and the declaration.
        ("services/a.qg", "import services.li|b.shared\n".to_owned(), "services/lib.qg:0:0"),
        ("services/a.qg", "import services.lib.sha|red\n".to_owned(), "services/lib.qg:1:8"),
        (
            "services/a.qg",
            "import services.lib.same\nlet b = sa|me(\"c\")\n".to_owned(),
            "services/lib.qg:2:7",
        ),
        (
            "services/a.qg",
            "import services.lib.{shared, sa|me as s}\n".to_owned(),
            "services/lib.qg:2:7",
        ),
        // A whole file, and what stands behind its name.
        ("services/a.qg", "import services.li|b\n".to_owned(), "services/lib.qg:0:0"),
        (
            "services/a.qg",
            "import services.lib as l\nlet b = |l.shared\n".to_owned(),
            "services/lib.qg:0:0",
        ),
        (
            "services/a.qg",
            "import services.lib\nlet b = lib.sa|me(\"c\")\n".to_owned(),
            "services/lib.qg:2:7",
        ),
        // Locals.
        ("services/a.qg", "fn f(abc: int) -> int = ab|c + 1\n".to_owned(), "services/a.qg:0:5"),
        ("services/a.qg", "let xs = [for it in [1, 2]: i|t]\n".to_owned(), "services/a.qg:0:14"),
        // A file beside the source.
        (
            "hosts/b.qg",
            "extend host Server { modules = [./di|sk.nix] }\n".to_owned(),
            "hosts/disk.nix:0:0",
        ),
    ] {
        assert_eq!(definition(&mut editor, file, &text), want, "{text}");
    }
}

#[test]
fn definitions_in_the_standard_library_can_be_opened_and_asked_further() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    for (text, name, line) in [
        (WIKI.replace("expose =", "exp|ose ="), "/route.qg", "expose: Exposure = private"),
        (WIKI.replace("= lan", "= la|n"), "/route.qg", "lan"),
        (WIKI.replace("container {", "contai|ner {"), "/service.qg", "container: Container?"),
        (HOST.replace("traefik {", "trae|fik {"), "/proxy.qg", "traefik {"),
    ] {
        let (text, row, column) = cursor(&text);
        editor.open("services/wiki.qg", &text);
        let answer = editor.at("textDocument/definition", "services/wiki.qg", row, column);
        editor.close("services/wiki.qg");
        let uri = answer["uri"].as_str().unwrap_or_else(|| panic!("no definition in {text}"));
        assert!(uri.ends_with(name), "{uri}");
        let library = fs::read_to_string(uri.trim_start_matches("file://")).unwrap();
        let at = answer["range"]["start"]["line"].as_u64().unwrap() as usize;
        assert!(library.lines().nth(at).unwrap().contains(line), "{answer}");
    }
    // In the library's file itself, which belongs to no fleet.
    let answer = {
        let (text, row, column) = cursor(&WIKI.replace("expose =", "exp|ose ="));
        editor.open("services/wiki.qg", &text);
        editor.at("textDocument/definition", "services/wiki.qg", row, column)
    };
    let uri = answer["uri"].as_str().unwrap().to_owned();
    let text = fs::read_to_string(uri.trim_start_matches("file://")).unwrap();
    editor.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "qg", "version": 1, "text": text } }),
    );
    let line = answer["range"]["start"]["line"].clone();
    let answer = editor.request(
        "textDocument/definition",
        json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": 12 } }),
    );
    assert!(answer["result"]["uri"].as_str().unwrap().ends_with("/route.qg"), "{answer}");
}

#[test]
fn completion_knows_what_fits() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    let wiki = |old: &str, new: &str| WIKI.replacen(old, new, 1);

    // Fields that may stand here, with type and comment.
    let found =
        items(&mut editor, "services/wiki.qg", &wiki("expose = lan", "expose = lan\n    lo|"));
    let login = found.iter().find(|it| it["label"] == "login").expect("the field `login`");
    assert_eq!(login["detail"], "login: Login = own");
    assert_eq!(login["documentation"]["value"], "Who must log in, and how.");
    assert_eq!(login["textEdit"]["range"]["start"]["character"], 4);
    assert_eq!(found[0]["label"], "to", "required ones stand first");

    // Variants where an enum is wanted, best first.
    let found = labels(&mut editor, "services/wiki.qg", &wiki("= lan", "= |"));
    assert_eq!(found[..4], ["public", "private", "lan", "internal"]);
    let found =
        labels(&mut editor, "services/wiki.qg", &wiki("= lan", "= lan\n login = sso { fac| }"));
    assert_eq!(found[..3], ["allow", "factor", "bypass"]);

    // Entities after their kind, and where a reference is wanted.
    let found =
        items(&mut editor, "services/links.qg", &LINKS.replace("[service.wiki]", "[service.|]"));
    let names: Vec<&str> = found.iter().map(|it| it["label"].as_str().unwrap()).collect();
    assert_eq!(names, ["links", "wiki"]);
    assert_eq!(found[1]["detail"], "\"Notes für alle 🦀\"");
    let found = labels(&mut editor, "services/links.qg", &LINKS.replace("[service.wiki]", "[|]"));
    assert_eq!(found[..2], ["service.links", "service.wiki"]);
    let found = labels(
        &mut editor,
        "services/links.qg",
        &LINKS.replace("wiki.ports.web.host", "wiki.ports.|"),
    );
    assert_eq!(found, ["web"]);
    let found =
        labels(&mut editor, "services/links.qg", &LINKS.replace("ports.web.host", "ports.web.|"));
    assert!(
        found.contains(&"inside".to_owned()) && found.contains(&"host".to_owned()),
        "{found:?}"
    );
    let found = labels(&mut editor, "services/a.qg", "extend service | { about = \"x\" }\n");
    assert_eq!(found, ["links", "wiki"]);

    // Kinds and words at the top of a file, names in scope in an expression.
    let found = labels(&mut editor, "services/a.qg", "# x\n|\n");
    for word in ["service", "host", "fleet", "import", "schema", "extend", "for"] {
        assert!(found.contains(&word.to_owned()), "{word}: {found:?}");
    }
    let found = labels(&mut editor, "services/a.qg", "fn f(abc: int) -> int = |\n");
    for word in ["abc", "f", "fqdn", "service", "if"] {
        assert!(found.contains(&word.to_owned()), "{word}: {found:?}");
    }
    let found = labels(
        &mut editor,
        "services/a.qg",
        "policy p { for s in service { deny \"x\" { at = s, because = \"${s.|}\" } } }\n",
    );
    assert!(found.contains(&"about".to_owned()) && found.contains(&"name".to_owned()), "{found:?}");

    // In a test: what is expected, who asks, and what comes of it.
    for (text, wanted) in [
        ("test t { exp| }\n", &["expect", "enabled"][..]),
        ("test t { expect | }\n", &["get", "service", "not"]),
        (
            "test t { expect get(\"https://x.y/\", { cert| }) is served }\n",
            &["certificate", "from"],
        ),
        ("test t { expect get(\"https://x.y/\", { from = | }) is served }\n", &["internet", "lan"]),
        ("test t { expect get(\"https://x.y/\") is | }\n", &["served", "refused", "not_found"]),
        ("test t { expect get(\"https://x.y/\") == | }\n", &["served", "refused", "not_found"]),
        ("test t { expect get(\"https://x.y/\") == served { by = service.| } }\n", &["wiki"]),
        ("test t { let c: Client = { | } }\n", &["member_of", "factor"]),
    ] {
        let found = labels(&mut editor, "services/a.qg", text);
        for word in wanted {
            assert!(found.contains(&(*word).to_owned()), "{word} in {text}: {found:?}");
        }
    }

    // `is`, `match`, types and imports.
    let found = labels(
        &mut editor,
        "services/a.qg",
        "let n = [for s in service for r in s.route if r.expose is |: 1]\n",
    );
    assert_eq!(found[..2], ["public", "private"]);
    for text in [
        "let n = [for s in service for r in s.route if r.to is |: 1]\n",
        "let n = [for s in service for r in s.route: match r.to { | => 1 }]\n",
    ] {
        let found = labels(&mut editor, "services/a.qg", text);
        assert_eq!(found, ["&Port", "url", "backend"], "{text}");
    }
    let found = labels(
        &mut editor,
        "services/a.qg",
        "## A version.\ntype Semver = string\nfn f(x: |) -> int = 1\n",
    );
    assert!(found.contains(&"Semver".to_owned()), "{found:?}");
    let found = labels(&mut editor, "services/a.qg", "fn f(x: |) -> int = 1\n");
    assert!(
        found.contains(&"service".to_owned()) && found.contains(&"Route".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"duration".to_owned()), "{found:?}");
    let found = labels(&mut editor, "services/a.qg", "import std.im|\n");
    assert!(
        found.contains(&"images".to_owned()) && !found.contains(&"hosts".to_owned()),
        "{found:?}"
    );
    let found = labels(&mut editor, "services/a.qg", "import std.images.|\n");
    assert!(found.contains(&"linuxserver".to_owned()), "{found:?}");
    let found = labels(&mut editor, "services/a.qg", "import std.images.{hotio, |}\n");
    assert!(found.contains(&"linuxserver".to_owned()), "{found:?}");
    for text in
        ["import std.images\nlet i = images.|\n", "import std.images as i\nlet x: image = i.|\n"]
    {
        let found = labels(&mut editor, "services/a.qg", text);
        assert!(found.contains(&"linuxserver".to_owned()), "{text}: {found:?}");
        assert!(!found.contains(&"service".to_owned()), "{text}: {found:?}");
    }
    let found =
        labels(&mut editor, "services/a.qg", "import std.route as r\nfn f(x: r.|) -> int = 1\n");
    assert!(found.contains(&"Route".to_owned()), "{found:?}");
    assert!(!found.contains(&"Service".to_owned()), "{found:?}");
    // What is imported is offered under its name here.
    let found = labels(
        &mut editor,
        "services/a.qg",
        "import std.images as pictures\nimport std.images.linuxserver as ls\nlet i = |\n",
    );
    for word in ["pictures", "ls"] {
        assert!(found.contains(&word.to_owned()), "{word}: {found:?}");
    }

    // Nothing in comments and strings.
    assert!(labels(&mut editor, "services/a.qg", "# se|\n").is_empty());
    assert!(labels(&mut editor, "services/a.qg", "let x = \"se|\"\n").is_empty());
}

#[test]
fn completion_works_on_broken_text() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    // The rest of the file is missing.
    let cut = WIKI.split("expose").next().unwrap();
    let found = labels(&mut editor, "services/wiki.qg", &format!("{cut}ex|"));
    assert!(found.contains(&"expose".to_owned()), "{found:?}");
    let found = labels(&mut editor, "services/wiki.qg", &format!("{cut}expose = |"));
    assert_eq!(found[..2], ["public", "private"]);
    // A hole that is not closed yet.
    let found = labels(&mut editor, "services/wiki.qg", &WIKI.replace("🦀\"", "🦀 ${service.|\""));
    assert_eq!(found, ["links", "wiki"]);
    // Another mistake before it.
    let text = format!("service broken {{ about = = }}\n{}", WIKI.replace("= lan", "= |"));
    assert_eq!(labels(&mut editor, "services/wiki.qg", &text)[..2], ["public", "private"]);
}

#[test]
fn every_offset_of_a_file_can_be_asked_about() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/links.qg", LINKS);
    let uri = editor.uri("services/links.qg");
    let mut asked = Vec::new();
    for (line, text) in LINKS.lines().enumerate() {
        for column in 0..=text.len() {
            for method in ["hover", "definition", "completion"] {
                let at = json!({
                    "textDocument": { "uri": uri },
                    "position": { "line": line, "character": column },
                });
                asked.push(editor.ask(&format!("textDocument/{method}"), at));
            }
            for id in asked.drain(..) {
                let answer = editor.answer(id);
                assert!(answer.get("error").is_none(), "{line}:{column}: {answer}");
            }
        }
    }
}

#[test]
fn the_outline_nests() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", WIKI);
    let uri = editor.uri("services/wiki.qg");
    let answer =
        editor.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
    let service = &answer["result"][0];
    assert_eq!(service["name"], "service wiki");
    let names: Vec<&str> = service["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["about", "on", "ports.web", "container", "route web"]);
    assert_eq!(service["children"][4]["children"][2]["name"], "expose");
    assert_eq!(service["selectionRange"]["start"], json!({ "line": 1, "character": 8 }));
}

#[test]
fn fixes_are_offered_where_they_apply() {
    let fleet = Fleet::new();
    let mut editor = fleet.edit();
    editor.open("services/wiki.qg", &WIKI.replace("expose = lan", "expoze = lan"));
    let uri = editor.uri("services/wiki.qg");
    let at = json!({ "line": 9, "character": 6 });
    let answer = editor.request(
        "textDocument/codeAction",
        json!({
            "textDocument": { "uri": uri },
            "range": { "start": at, "end": at },
            "context": { "diagnostics": [] },
        }),
    );
    let action = &answer["result"][0];
    assert_eq!(action["title"], "replace by `expose`", "{answer}");
    let edit = &action["edit"]["changes"][&uri][0];
    assert_eq!(edit["newText"], "expose");
    assert_eq!(edit["range"]["start"], json!({ "line": 9, "character": 4 }));
    assert_eq!(edit["range"]["end"], json!({ "line": 9, "character": 10 }));
}

/// What is deprecated is struck through, where it is offered and where it is used.
#[test]
fn what_is_deprecated_is_marked() {
    let fleet = Fleet::new();
    let lib =
        "pub schema Box {\n  ## Deprecated: say `wide`.\n  width: int = 1\n  wide: int = 1\n}\n";
    fleet.write("services/lib.qg", lib);
    let mut editor = fleet.edit();
    let offered =
        items(&mut editor, "services/use.qg", "import services.lib.Box\npub let b: Box = { w|");
    let tags = |label: &str| {
        let it = offered.iter().find(|it| it["label"] == label).expect("offered");
        it["tags"].clone()
    };
    // CompletionItemTag.Deprecated, and DiagnosticTag.Deprecated below.
    assert_eq!((tags("width"), tags("wide")), (json!([1]), Value::Null));
    let used = "import services.lib.Box\npub let b: Box = { width = 2 }\n";
    editor.open("services/used.qg", used);
    let found = editor.findings("services/used.qg");
    let it = found.iter().find(|it| it["code"] == "QG0240").unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(it["tags"], json!([2]));
}
