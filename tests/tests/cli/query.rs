//! `qgc query` and `qgc why`, as a script meets them.

use crate::sandbox::Sandbox;

const FILE: &str = r#"
service two {
  on        = host.server
  about     = "Two \"quoted\""
  ports.web = { inside = 80, host = 8090 }
  container { image = "docker.io/library/two:1" }
  route web { host = "two", to = ports.web, expose = lan }
}

default service { logs = journal, ports.old = 9 }
extend service two { override route.web.expose = public }

extend service two { ports.old = unset }
extend service whoami { ports.old = unset }
"#;

fn fleet() -> Sandbox {
    Sandbox::fleet_with("fleet/services/two.qg", FILE)
}

#[test]
fn no_question_is_answered_in_words() {
    let sandbox = fleet();
    for nothing in ["", " ", "# only a comment"] {
        let ran = sandbox.qgc(&["query", nothing, "fleet"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.starts_with("there is no question"), "{ran:?}");
    }
}

#[test]
fn an_answer_in_each_format() {
    let sandbox = fleet();
    let query = |expr: &str, format: &str| {
        let ran = sandbox.qgc(&["query", expr, "fleet", "--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{expr}: {ran:?}");
        ran.out
    };
    assert_eq!(query("service.two.about", "json"), "\"Two \\\"quoted\\\"\"\n");
    assert_eq!(query("service.two.about", "raw"), "Two \"quoted\"\n");
    assert_eq!(query("service.two.about", "table"), "\"Two \\\"quoted\\\"\"\n");
    assert_eq!(query("[for s in service: s.name]", "raw"), "two\nwhoami\n");
    let records = "[for s in service for p in s.ports: { port = p.host, name = s.name }]";
    // In the order in which they are written.
    assert_eq!(query(records, "table"), "port  name\n8090  two\n8080  whoami\n");
    let json: serde_json::Value = serde_json::from_str(&query(records, "json")).expect("JSON");
    assert_eq!(json[1], serde_json::json!({ "name": "whoami", "port": 8080 }));
    // Entities are shown by what they say.
    let table = query("service", "table");
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("name    enabled  about"), "{table}");
    assert!(lines[1].starts_with("two     true     Two \"quoted\""), "{table}");
    assert_eq!(query("[for s in service if s.name == \"two\": s]", "table").lines().count(), 2);
    let record = query("service.two.ports", "table");
    assert!(record.starts_with("name  inside  host  open"), "{record}");
}

#[test]
fn a_wrong_expression_is_shown_like_any_mistake() {
    let sandbox = fleet();
    for (expr, code, part) in [
        ("service.twoo.on", "QG0407", "did you mean `two`?"),
        ("service.two.onn", "QG0203", "did you mean `on`?"),
        ("1 +", "QG0101", "<query>:1:4"),
    ] {
        let ran = sandbox.qgc(&["query", expr, "fleet"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{expr}: {ran:?}");
        for part in [code, part, expr] {
            assert!(ran.err.contains(part), "{part} is missing in\n{}", ran.err);
        }
    }
}

#[test]
fn a_fleet_with_errors_answers_what_is_known() {
    let sandbox = fleet();
    sandbox.write("fleet/services/bad.qg", "service bad { about = 3, on = host.server }\n");
    let known = sandbox.qgc(&["query", "service.two.route.web.url", "fleet", "--format", "raw"]);
    assert_eq!(known.code, Some(0), "{known:?}");
    assert!(known.out.starts_with("https://two."), "{known:?}");
    assert_eq!(known.err, "1 error in the fleet: `qgc check` shows them\n");
    let partly = sandbox.qgc(&["query", "{ a = service.bad.about, b = service.bad.on }", "fleet"]);
    assert_eq!(partly.code, Some(1), "{partly:?}");
    assert_eq!(partly.out, "{\n  \"a\": null,\n  \"b\": \"host.server\"\n}\n");
    assert!(partly.err.contains("a part of the answer is unknown"), "{partly:?}");
}

#[test]
fn why_a_value_of_the_model() {
    let sandbox = fleet();
    let ran = sandbox.qgc(&["why", "service.two.route.web.expose", "fleet"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "service.two.route.web.expose = public");
    assert_eq!(
        lines[1].split_whitespace().collect::<Vec<_>>().join(" "),
        "`override` in an `extend` fleet/services/two.qg:11 \
         extend service two { override route.web.expose = public }"
    );
    assert!(lines[2].starts_with("  lost: said ") && lines[2].contains("two.qg:7"), "{ran:?}");
    assert!(lines[3].contains("lost: the schema's default") && lines[3].contains("<std>/route.qg"));
    assert_eq!(lines.len(), 4, "{ran:?}");
    let kind = sandbox.qgc(&["why", "service.two.logs", "fleet"]).out;
    assert!(kind.contains("default for all of its kind  fleet/services/two.qg:10"), "{kind}");
    let wrong = sandbox.qgc(&["why", "service.two.route.wen", "fleet"]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.err.contains("did you mean `web`?"), "{wrong:?}");
    let gone = sandbox.qgc(&["why", "service.two.ports.old", "fleet"]);
    assert_eq!(gone.code, Some(2), "{gone:?}");
    assert!(gone.err.contains("is taken away in services/two.qg:13"), "{gone:?}");
    for nonsense in ["", "1 + 1", "service.", "nothing.at.all", "service.two.\"\""] {
        let ran = sandbox.qgc(&["why", nonsense, "fleet"]);
        assert_eq!(ran.code, Some(2), "{nonsense}: {ran:?}");
    }
}

#[test]
fn why_a_line_of_the_output() {
    let sandbox = fleet();
    let path = "hosts/server/quadlet/two.container";
    // Without any output on disk.
    let ran = sandbox.qgc(&["why", &format!("build/{path}:2"), "fleet"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.out.starts_with(&format!("{path}:2\n  Description=Two")), "{ran:?}");
    assert!(ran.out.contains("service.two.about = \"Two"), "{ran:?}");
    let said = ran.out.lines().find(|line| line.trim_start().starts_with("said "));
    assert!(said.is_some_and(|it| it.contains("fleet/services/two.qg:4  about     = ")), "{ran:?}");
    assert!(!ran.out.contains("differs"), "{ran:?}");

    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let on_disk = format!("fleet/build/{path}");
    let text = sandbox.read(&on_disk);
    sandbox.write(&on_disk, &text.replacen("Two", "Three", 1));
    // The fleet is found by its file.
    let ran = sandbox.qgc(&["why", &format!("{on_disk}:2")]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("differs from what the sources make now; line 2 there is"));
    assert!(ran.out.contains("\n  Description=Three"), "{ran:?}");
    let json = sandbox.qgc(&["why", &format!("{on_disk}:2"), "--format", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["disk"], "differs");
    assert_eq!(json["file"], path);
    let value = &json["values"][0];
    assert_eq!(value["path"], "service.two.about");
    assert_eq!(value["said"][0]["path"], "fleet/services/two.qg");
    assert_eq!(value["said"][0]["start"]["line"], 4);
    assert_eq!(value["said"][0]["how"], "plain");

    let beyond = sandbox.qgc(&["why", &format!("{path}:9999"), "fleet"]);
    assert_eq!(beyond.code, Some(2), "{beyond:?}");
    assert!(beyond.err.contains("lines"), "{beyond:?}");
    let near = sandbox.qgc(&["why", "hosts/server/quadlet/tow.container:1", "fleet"]);
    assert_eq!(near.code, Some(2));
    assert!(near.err.contains("did you mean `hosts/server/quadlet/two.container`?"), "{near:?}");
}

/// Whatever is asked about, it is said what is wrong with it and what could be asked instead.
#[test]
fn why_something_else_is_no_question() {
    let sandbox = fleet();
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    sandbox.write("fleet/build.txt", "x\n");
    let file = "build/hosts/server/quadlet/two.container";
    let lines = sandbox.read(&format!("fleet/{file}")).lines().count();
    let past = format!("no line {}: it has {lines} lines", lines + 1);
    for (target, words, help) in [
        (String::new(), "nothing is asked about", "FILE:LINE"),
        (" ".to_owned(), "nothing is asked about", "FILE:LINE"),
        (file.to_owned(), "no line of", "two.container:1`"),
        (format!("{file}:"), "`` is no number of a line", ":1`"),
        (format!("{file}:x"), "`x` is no number of a line", ":1`"),
        (format!("{file}:-1"), "`-1` is no number of a line", ":1`"),
        (format!("{file}:99999999999999999999"), "is no number of a line", ":1`"),
        (format!("{file}:0"), "no line 0: it has", "count from 1"),
        (format!("{file}:{}", lines + 1), past.as_str(), "count from 1"),
        ("fleet/build/hosts/server:1".to_owned(), "is a folder", ":1`"),
        ("fleet/build/hosts/server".to_owned(), "is a folder", ":1`"),
        ("hosts/server/quadlet/:1".to_owned(), "is a folder", "two.container:1`"),
        ("fleet/services:1".to_owned(), "is a folder", ":1`"),
        ("services/two.qg:1".to_owned(), "is a source", "qgc why service."),
        ("fleet/services/two.qg:1".to_owned(), "is a source", "qgc why service."),
        ("fleet/services/two.qg".to_owned(), "is a source", "qgc why service."),
        ("fleet/qg.toml:1".to_owned(), "is no output", "name a file of the output"),
        ("fleet/build/manifest.json:1".to_owned(), "tells of the other files", "name one"),
        ("fleet/build.txt:1".to_owned(), "is there, but is not made", "lists the files"),
        ("nothing/there:1".to_owned(), "no file nothing/there is made", "lists the files"),
        ("service.two:1".to_owned(), "service.two is a value", "`qgc why service.two`"),
        ("service.tow".to_owned(), "", "did you mean"),
    ] {
        let ran = sandbox.qgc(&["why", &target, "fleet"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{target}: {ran:?}");
        let said = ran.err.replace("\n  │ ", "").replace("\n        ", " ");
        assert!(said.contains(words) && said.contains(help), "{target}: {said}");
    }
    // As editors and compilers name places.
    let ran = sandbox.qgc(&["why", &format!("{file}:2:7"), "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.starts_with("hosts/server/quadlet/two.container:2\n"), "{ran:?}");
    // A fleet with errors makes nothing, and a source is one all the same.
    sandbox.write("fleet/services/bad.qg", "let a = nothing\n");
    let ran = sandbox.qgc(&["why", "fleet/services/two.qg:1", "fleet"]);
    assert!(ran.err.contains("is a source"), "{ran:?}");
    let ran = sandbox.qgc(&["why", &format!("{file}:1"), "fleet"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("nothing is made of a fleet with errors"), "{ran:?}");
}
