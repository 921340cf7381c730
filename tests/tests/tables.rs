//! Tables that are derived from what others publish are what their source says. `tests/tables` makes them
//! again, from the same version or from another one, and shows what changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use qg_tests::{disk, peers};
use serde::Serialize as _;
use serde_json::Value;

type Table = BTreeMap<String, BTreeMap<String, String>>;

/// The row that says where a table is from.
const HEAD: &str = "$table";

fn below(path: &str) -> PathBuf {
    disk::repository().join(path)
}

/// Compares a table with what is derived now; with `QG_BLESS` set it becomes that.
fn is_what_is_derived(path: &str, derived: &str) {
    if std::env::var_os("QG_BLESS").is_some() {
        fs::write(below(path), derived).expect("a table can be written");
    }
    let now = fs::read_to_string(below(path)).expect("a table can be read");
    let difference = qg_tests::golden::difference(&now, derived);
    assert!(
        difference.is_none(),
        "{path}: {}; tests/tables makes it again",
        difference.unwrap_or_default()
    );
}

/// As the tables are written: sorted, a blank for each level.
fn written(table: &Table) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    table.serialize(&mut serializer).expect("a table");
    String::from_utf8(bytes).expect("JSON is UTF-8") + "\n"
}

/// The sections of Authelia's configuration, by the names that its schema has for them.
fn sections(definitions: &serde_json::Map<String, Value>) -> Table {
    let mut table = Table::new();
    for (name, section) in definitions {
        if let Some(fields) = section["properties"].as_object() {
            let kind = |of: &Value| kind(definitions, of);
            table.insert(
                name.clone(),
                fields.iter().map(|(key, of)| (key.clone(), kind(of))).collect(),
            );
        }
    }
    table
}

/// What a key takes: a section by its name, `[]` or `map:` of something, or a scalar.
fn kind(definitions: &serde_json::Map<String, Value>, of: &Value) -> String {
    if let Some(reference) = of["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        let section = &definitions[name];
        let named = section["properties"].is_object();
        return if named { name.to_owned() } else { kind(definitions, section) };
    }
    if let Some(choices) = of["oneOf"].as_array().or_else(|| of["anyOf"].as_array()) {
        let kinds: Vec<String> = choices.iter().map(|it| kind(definitions, it)).collect();
        // One text or several; a text such as "1 hour", or seconds.
        return if kinds.iter().any(|it| it.starts_with("[]")) {
            "list".to_owned()
        } else if kinds.iter().any(|it| it == "integer") {
            "duration".to_owned()
        } else {
            kinds.into_iter().next().unwrap_or_default()
        };
    }
    match of["type"].as_str() {
        Some("array") => format!("[]{}", kind(definitions, &of["items"])),
        Some("object") => {
            let values = of["patternProperties"].as_object().and_then(|it| it.values().next());
            format!("map:{}", values.map_or_else(|| "any".to_owned(), |it| kind(definitions, it)))
        }
        Some(scalar) => scalar.to_owned(),
        None => "any".to_owned(),
    }
}

#[test]
fn authelias_keys_are_those_of_its_schema() {
    let text = fs::read_to_string(disk::folder("peers/authelia/configuration.schema.json"));
    let schema: Value = serde_json::from_str(&text.expect("the schema")).expect("JSON");
    let version = fs::read_to_string(disk::folder("peers/authelia/version")).expect("a version");
    let mut table = sections(schema["$defs"].as_object().expect("definitions"));
    let head = [
        ("source", "github.com/authelia/authelia: its JSON schema, tests/peers/authelia"),
        ("version", version.trim()),
        ("licence", "Apache-2.0, Copyright (c) the Authelia authors"),
        ("made-by", "tests/tables authelia"),
    ];
    let head = head.map(|(key, value)| (key.to_owned(), value.to_owned()));
    table.insert(HEAD.to_owned(), BTreeMap::from(head));
    is_what_is_derived("interpreter/targets/src/authelia/fields.json", &written(&table));
}

#[test]
fn traefiks_keys_are_those_of_its_source() {
    let Some(go) = peers::program("go") else { return };
    let folder = disk::folder("peers/traefik");
    let out = std::process::Command::new(go).args(["run", "./fields"]).current_dir(folder).output();
    let out = out.expect("go can be run");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let derived = String::from_utf8(out.stdout).expect("JSON");
    is_what_is_derived("interpreter/targets/src/traefik/fields.json", &derived);
}

/// Each table says where it is from, which version, under which licence, and what makes it.
#[test]
fn every_table_says_where_it_is_from() {
    let heads = [
        "interpreter/fleet/src/options/nixos.options",
        "interpreter/targets/src/authelia/fields.json",
        "interpreter/targets/src/traefik/fields.json",
        "interpreter/targets/src/quadlet/keys.rs",
        "interpreter/evaluation/data/nixos-modules.txt",
    ];
    for path in heads {
        let text = fs::read_to_string(below(path)).expect("a table");
        let head = text.lines().take(10).collect::<Vec<_>>().join("\n").to_lowercase();
        for word in ["source", "version", "licence", "made-by"] {
            let head = head.replace("date:", "version:");
            assert!(head.contains(word), "{path} does not say `{word}` in its head:\n{head}");
        }
        let made_by = head.split("made-by").nth(1).unwrap_or_default();
        let script = made_by.split([' ', '"', ':', '`', '\n']).find(|it| it.contains('/'));
        let there = script.is_some_and(|it| Path::new(&below(it)).is_file());
        assert!(
            there || made_by.contains("cargo run") || made_by.starts_with(": hand"),
            "{path}: {made_by} is not there"
        );
    }
}
