//! What a host puts together from secrets, run as the host runs it: whatever is in a secret stays where it belongs.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use qg_interpreter::build;
use qg_interpreter::targets::{OutputFile, render};
use qg_lang::world::MemoryWorld;
use serde_json::{Value, json};

const FLEET: &str = r#"
host a {
  system = x86_64_linux
  let both = "<${secret.odd}|${secret.plain}>"
  file "/etc/app.yaml" { yaml = { a = both, looks = "@QG_SECRET_PLAIN@", list = [both] } }
  file "/etc/app.json" { json = { a = both } }
  file "/etc/app.toml" { toml = { a = both } }
  file "/etc/app.ini"  { ini = { part = { a = "<${secret.plain}>" } } }
  file "/srv/app.txt"  { text = "no line end: ${secret.odd}" }
  file "/etc/app.conf" { template = ./app.tera, values = { it = secret.plain, key = secret.key } }
}
service app {
  on = host.a
  container {
    image = "docker.io/x/app:1"
    env.TOKEN = both
    env.ASIS  = "@QG_SECRET_PLAIN@"
    env.EMPTY = secret.empty
  }
  let both = "a=$b ${secret.plain} 'c'"
}
secret odd   { key = "odd", file = ./s.yaml }
secret plain { key = "plain", file = ./s.yaml }
secret empty { key = "empty", file = ./s.yaml }
secret key   { key = "key", file = ./s.yaml, kind = pem }
"#;

/// Everything that ends a string, begins a line or means something to a shell, to awk or to a template.
const ODD: &str =
    "q\" s' b\\ d$x ${y} `id` & \\1 @QG_SECRET_PLAIN@\n\tnew: line # x\r\u{1}\u{7f}\u{85}é🦀";
const PLAIN: &str = "it's \"50%\" & $(id) \\0 #x";
const KEY: &str = "-----BEGIN\nKEY-----";

struct Host {
    folder: tempfile::TempDir,
    script: String,
}

fn host() -> (Host, Vec<OutputFile>) {
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), FLEET.into());
    world.files.insert("s.yaml".into(), b"x".as_slice().into());
    let template = b"it = {{ it }};\nkey = {{ key }}\n";
    world.files.insert("app.tera".into(), template.as_slice().into());
    let built = build(&world);
    let said: Vec<&str> = built.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert!(said.is_empty(), "{said:?}");
    let fleet = built.fleet.unwrap();
    let files = render(&fleet);
    let folder = tempfile::tempdir().unwrap();
    for it in fleet.sealed_on("a") {
        let path = format!("hosts/a/{}", it.source);
        let text = &files.iter().find(|file| file.path == path).unwrap().text;
        put(folder.path(), &it.template(), text);
    }
    let script = files.iter().find(|file| file.path == "hosts/a/sealed.sh").unwrap().text.clone();
    for (name, value) in [("odd", ODD), ("plain", PLAIN), ("empty", ""), ("key", KEY)] {
        put(folder.path(), &format!("/run/secrets/{name}"), value);
    }
    (Host { folder, script }, files)
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path.trim_start_matches('/'));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

impl Host {
    fn run(&self) -> Output {
        let script = self.folder.path().join("sealed.sh");
        std::fs::write(&script, &self.script).unwrap();
        Command::new("sh").arg(&script).env("QG_ROOT", self.folder.path()).output().unwrap()
    }

    /// A result, by where it is looked for.
    fn read(&self, path: &str) -> String {
        let link = self.folder.path().join(path.trim_start_matches('/'));
        let to = std::fs::read_link(&link).unwrap();
        let real = self.folder.path().join(to.strip_prefix("/").unwrap());
        String::from_utf8(std::fs::read(real).unwrap()).unwrap()
    }
}

#[test]
fn every_secret_arrives_byte_for_byte() {
    let (host, _) = host();
    let out = host.run();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let both = format!("<{ODD}|{PLAIN}>");
    let yaml: Value = serde_yaml_ng::from_str(&host.read("/etc/app.yaml")).unwrap();
    assert_eq!(yaml, json!({ "a": both, "list": [both], "looks": "@QG_SECRET_PLAIN@" }));
    let data: Value = serde_json::from_str(&host.read("/etc/app.json")).unwrap();
    assert_eq!(data, json!({ "a": both }));
    let toml: Value = toml::from_str(&host.read("/etc/app.toml")).unwrap();
    assert_eq!(toml, json!({ "a": both }));
    assert_eq!(host.read("/etc/app.ini"), format!("[part]\na = <{PLAIN}>\n"));
    assert_eq!(host.read("/srv/app.txt"), format!("no line end: {ODD}"));
    assert_eq!(host.read("/etc/app.conf"), format!("it = {PLAIN};\nkey = {KEY}\n"));
    let env = host.folder.path().join("run/qg/sealed/env/app.env");
    let env = std::fs::read_to_string(env).unwrap();
    assert_eq!(env, format!("EMPTY=\nTOKEN=a=$b {PLAIN} 'c'\n"));
}

#[test]
fn what_does_not_fit_into_a_line_is_refused() {
    let (host, _) = host();
    put(host.folder.path(), "/run/secrets/plain", "x\nINJECTED=1");
    let out = host.run();
    assert!(!out.status.success());
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("/run/secrets/plain has a line break"), "{said}");
    assert!(!said.contains("INJECTED"), "a secret is never shown: {said}");
    std::fs::remove_file(host.folder.path().join("run/secrets/odd")).unwrap();
    put(host.folder.path(), "/run/secrets/plain", "x");
    assert!(!host.run().status.success(), "a secret that is not there");
}

#[test]
fn secrets_are_on_the_host_only() {
    let (_, files) = host();
    for file in files {
        assert!(!file.text.contains("50%"), "{}", file.path);
    }
}
