use std::sync::Arc;

use crate::build;
use qg_lang::world::MemoryWorld;
use qg_targets::OutputFile;

use super::BASE;
use crate::sops_files::holding;

fn run(file: &str) -> (Vec<String>, Vec<OutputFile>) {
    let text = format!("{BASE}\nextend host Server {{ {file} }}");
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(text.as_str()));
    world.files.insert(Arc::from("secrets.yaml"), Arc::from(holding(&text).as_bytes()));
    world.files.insert(
        Arc::from("t.tera"),
        Arc::from(&b"{% for p in ports %}{{ p }} {% endfor %}\n{{ key }}"[..]),
    );
    world.files.insert(Arc::from("bad.tera"), Arc::from(&b"a\n{{ missing }}"[..]));
    world.files.insert(Arc::from("binary"), Arc::from(&b"\xff"[..]));
    let build = build(&world);
    let found = build
        .diagnostics
        .iter()
        .map(|finding| {
            let place = text.get(finding.primary.span.range()).unwrap_or("?");
            format!("{} {place}: {}", finding.code.id, finding.message)
        })
        .collect();
    let files = build.fleet.map(|fleet| qg_targets::render(&fleet)).unwrap_or_default();
    (found, files.into_iter().filter(|file| file.path.starts_with("hosts/Server/files/")).collect())
}

#[track_caller]
fn made(file: &str, path: &str, text: &str) {
    let (found, files) = run(file);
    assert_eq!(found, Vec::<String>::new());
    let [file] = files.as_slice() else { panic!("one file: {files:?}") };
    assert_eq!((file.path.as_str(), file.text.as_str()), (path, text));
    assert_eq!(file.lines.len(), text.lines().count());
    assert!(file.lines.iter().any(|origins| !origins.is_empty()));
}

#[track_caller]
fn refused(file: &str, code: &str, part: &str) {
    let (found, files) = run(file);
    let [finding] = found.as_slice() else { panic!("one finding: {found:?}") };
    assert!(finding.starts_with(code) && finding.contains(part), "{finding}");
    assert!(files.is_empty());
}

#[test]
fn each_format() {
    let data = "{ b = [1, 2], a = \"x: y\", s.key = \"p ${secret.arr}\" }";
    let at = |format: &str| format!("file \"/etc/x.conf\" {{ {format} = {data} }}");
    let path = "hosts/Server/files/etc/x.conf";
    let yaml = "a: \"x: y\"\nb:\n  - 1\n  - 2\ns:\n  key: \"p @QG_SECRET_ARR@\"\n";
    made(&at("yaml"), path, yaml);
    let json = "{\n  \"a\": \"x: y\",\n  \"b\": [\n    1,\n    2\n  ],\n  \"s\": {\n    \"key\": \"p @QG_SECRET_ARR@\"\n  }\n}\n";
    made(&at("json"), path, json);
    made(&at("toml"), path, "a = \"x: y\"\nb = [1, 2]\n\n[s]\nkey = \"p @QG_SECRET_ARR@\"\n");
    made(&at("ini"), path, "a = x: y\nb = 1\nb = 2\n\n[s]\nkey = p @QG_SECRET_ARR@\n");
    made(
        "file \"/x\" { text = \"a\\nb ${secret.arr}\" }",
        "hosts/Server/files/x",
        "a\nb @QG_SECRET_ARR@",
    );
    made(
        "file \"/x\" { template = ./t.tera, values = { ports = [1, 2], key = secret.arr } }",
        "hosts/Server/files/x",
        "1 2 \n@QG_SECRET_ARR@",
    );
    made("file \"/x\" { source = ./bad.tera }", "hosts/Server/files/x", "a\n{{ missing }}");
}

#[test]
fn what_is_refused() {
    refused("file \"/x\" { }", "QG0635", "nothing says");
    refused("file \"/x\" { text = \"a\", yaml = {} }", "QG0635", "two things");
    refused("file \"/x\" { text = \"a\", values = {} }", "QG0635", "`values`");
    refused("file \"/x\" { source = ./binary }", "QG0635", "not text");
    refused("file \"/x\" { template = ./bad.tera }", "QG0633 template = ./bad.tera", "bad.tera:2");
    refused("file \"/x\" { toml = [1] }", "QG0634", "record");
    refused("file \"/x\" { ini = { a.b.c = 1 } }", "QG0634", "too deep");
    refused("file \"x\" { text = \"a\" }", "QG0636", "begins with `/`");
    refused("file \"/a/../x\" { text = \"a\" }", "QG0636", "`..`");
}

#[test]
fn two_files_at_one_place() {
    let text =
        "file \"/x\" { text = \"a\" } }\nextend service sonarr { file \"/x\" { text = \"b\" }";
    refused(text, "QG0636", "two files at /x");
}
