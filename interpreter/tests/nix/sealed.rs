//! What a host puts together from secrets, run as the host runs it: whatever is in a secret stays where it belongs,
//! and one that is bad spoils nothing but what it stands in.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use qg_fleet::Facts;
use qg_interpreter::build;
use qg_interpreter::targets::{OutputFile, Prepared, render};
use qg_lang::world::MemoryWorld;
use serde_json::{Value, json};

use super::tools::{Tools, awks};

const FLEET: &str = r#"
host a {
  system = x86_64_linux
  state_version = "25.05"
  let both = "<${secret.odd}|${secret.plain}>"
  file "/etc/app.yaml" { yaml = { a = both, looks = "@QG_SECRET_PLAIN@", list = [both] } }
  file "/etc/app.json" { json = { a = both, url = "amqp://u:${secret.odd}@h/${secret.odd}?k=${secret.odd}" } }
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
    env.URL   = "redis://:${secret.plain}@db:6379/0"
  }
  let both = "a=$b ${secret.plain} 'c'"
}
service other {
  on = host.a
  ports.web = 8080
  route web { host = "other", to = ports.web, expose = lan }
  container { image = "docker.io/x/app:1", env.KEY = secret.other }
}
proxy edge { on = host.a, engine = traefik { acme = { email = "a@home.arpa" } }, use = [middleware.users] }
middleware users { does = basicAuth { users = ["alice:${secret.hash}", secret.line] } }
secret odd   { key = "odd", file = ./s.yaml }
secret plain { key = "plain", file = ./s.yaml }
secret empty { key = "empty", file = ./s.yaml }
secret other { key = "other", file = ./s.yaml }
secret hash  { key = "hash", file = ./s.yaml }
secret line  { key = "line", file = ./s.yaml }
secret key   { key = "key", file = ./s.yaml, kind = pem }
"#;

/// Everything that ends a string, begins a line or means something to a shell, to awk or to a template, and what YAML
/// or TOML cannot print.
const ODD: &str = "q\" s' b\\ d$x ${y} `id` & \\1 @QG_SECRET_PLAIN@\n\tnew: line # x\r\u{1}\u{7f}\u{80}\u{85}\u{9f}\u{a0}\u{2028}\u{feff}\u{fffe}é🦀";
const PLAIN: &str = "it's \"50%\" & $(id) \\0 #x\u{7f}\u{85}";
const KEY: &str = "-----BEGIN\nKEY-----";
const HASH: &str = "$2y$05$x";
const LINE: &str = "bob:$2y$05$x";

struct Host {
    folder: tempfile::TempDir,
    script: String,
    tools: Tools,
}

fn made_of(text: &str) -> (Host, Vec<OutputFile>) {
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), text.into());
    world.files.insert("s.yaml".into(), super::sops::holding(text).as_bytes().into());
    let template = b"it = {{ it }};\nkey = {{ key }}\n";
    world.files.insert("app.tera".into(), template.as_slice().into());
    crate::release::leave_out(&mut world);
    let built = build(&world);
    let said: Vec<&str> = built.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert!(said.is_empty(), "{said:?}");
    let fleet = built.fleet.unwrap();
    let files = render(&fleet);
    let folder = tempfile::tempdir().unwrap();
    for it in Prepared::of(Facts::of(&fleet)).sealed_on("a") {
        let path = format!("hosts/a/{}", it.source);
        let text = &files.iter().find(|file| file.path == path).unwrap().text;
        put(folder.path(), &it.template(), text);
    }
    let script = files.iter().find(|file| file.path == "hosts/a/sealed.sh").unwrap().text.clone();
    let tools = Tools::new();
    tools.put("systemctl", "echo systemctl \"$@\" >> \"$QG_ROOT/calls\"");
    tools.put("chown", "");
    let host = Host { folder, script, tools };
    let secrets = [("odd", ODD), ("plain", PLAIN), ("empty", ""), ("other", "x"), ("key", KEY)];
    for (name, value) in secrets.into_iter().chain([("hash", HASH), ("line", LINE)]) {
        host.secret(name, value);
    }
    (host, files)
}

fn host() -> (Host, Vec<OutputFile>) {
    made_of(FLEET)
}

fn put(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path.trim_start_matches('/'));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

impl Host {
    fn secret(&self, name: &str, value: impl AsRef<[u8]>) {
        put(self.folder.path(), &format!("/run/secrets/{name}"), value);
    }

    fn run(&self) -> Output {
        self.run_with(&self.script)
    }

    fn run_with(&self, text: &str) -> Output {
        let script = self.folder.path().join("sealed.sh");
        std::fs::write(&script, text).unwrap();
        let mut command = Command::new("sh");
        command.arg(&script).env("QG_ROOT", self.folder.path()).env("QG_LIVE", "1");
        command.env("PATH", self.tools.path()).output().unwrap()
    }

    /// What it says when it fails.
    fn fails(&self) -> String {
        let out = self.run();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success(), "{said}");
        said
    }

    fn works(&self) {
        let out = self.run();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// What the system was told since the last time.
    fn calls(&self) -> String {
        let path = self.folder.path().join("calls");
        let all = std::fs::read_to_string(&path).unwrap_or_default();
        let _ = std::fs::remove_file(path);
        all
    }

    /// A result, by where it is looked for.
    fn read(&self, path: &str) -> String {
        let link = self.folder.path().join(path.trim_start_matches('/'));
        let to = std::fs::read_link(&link).unwrap();
        let real = self.folder.path().join(to.strip_prefix("/").unwrap());
        String::from_utf8(std::fs::read(real).unwrap()).unwrap()
    }

    fn env(&self, name: &str) -> Option<String> {
        let path = self.folder.path().join(format!("run/qg/sealed/env/{name}.env"));
        std::fs::read_to_string(path).ok()
    }
}

/// Percent-encoding, by the book (RFC 3986).
fn percent(text: &str, plain: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || plain.contains(char::from(byte));
    let one = |byte: u8| {
        if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

#[test]
fn every_secret_arrives_byte_for_byte() {
    for awk in awks() {
        let (host, _) = host();
        host.tools.link("awk", &awk);
        host.works();
        let both = format!("<{ODD}|{PLAIN}>");
        let yaml: Value = serde_yaml_ng::from_str(&host.read("/etc/app.yaml")).unwrap();
        assert_eq!(yaml, json!({ "a": both, "list": [both], "looks": "@QG_SECRET_PLAIN@" }));
        let data: Value = serde_json::from_str(&host.read("/etc/app.json")).unwrap();
        let (strict, path) = (percent(ODD, "-._~"), percent(ODD, "-._~/:@!$&'()*+,;="));
        let url = format!("amqp://u:{strict}@h/{path}?k={strict}");
        assert_eq!(data, json!({ "a": both, "url": url }));
        let toml: Value = toml::from_str(&host.read("/etc/app.toml")).unwrap();
        assert_eq!(toml, json!({ "a": both }));
        assert_eq!(host.read("/etc/app.ini"), format!("[part]\na = <{PLAIN}>\n"));
        assert_eq!(host.read("/srv/app.txt"), format!("no line end: {ODD}"));
        assert_eq!(host.read("/etc/app.conf"), format!("it = {PLAIN};\nkey = {KEY}\n"));
        let url = format!("redis://:{}@db:6379/0", percent(PLAIN, "-._~"));
        assert_eq!(
            host.env("app").unwrap(),
            format!("EMPTY=\nTOKEN=a=$b {PLAIN} 'c'\nURL={url}\n")
        );
        let hash = HASH.replace('$', "\\$");
        assert_eq!(
            host.env("traefik").unwrap(),
            format!("QG_SECRET_HASH=\"{hash}\"\nQG_SECRET_LINE=\"bob:{hash}\"\n")
        );
        assert_eq!(host.calls(), "", "nothing ran before, and nothing waits");
    }
}

#[test]
fn one_bad_secret_spoils_nothing_else() {
    for awk in awks() {
        let (host, _) = host();
        host.tools.link("awk", &awk);
        host.secret("plain", "x\nINJECTED=1");
        let said = host.fails();
        assert!(said.contains("/run/secrets/plain has a line break"), "{said}");
        assert!(said.contains("env/app.env cannot be made, and app.service waits"), "{said}");
        assert!(!said.contains("INJECTED"), "a secret is never shown: {said}");
        assert_eq!(host.env("app"), None);
        assert_eq!(host.env("other").unwrap(), "KEY=x\n", "who does without it goes on");
        assert!(host.env("traefik").is_some());
        assert_eq!(host.calls(), "");
        let told = std::fs::read_to_string(host.folder.path().join("run/qg/sealed.said")).unwrap();
        assert!(told.contains("/run/secrets/plain has a line break"), "{told}");
        // It is repaired: what waited for it starts.
        host.secret("plain", "fine");
        host.works();
        assert!(host.env("app").unwrap().contains("TOKEN=a=$b fine 'c'\n"));
        assert_eq!(host.calls(), "systemctl --no-block start app.service\n");
        // It is broken again: the last good one stays, and what runs goes on.
        let good = host.env("app");
        host.secret("plain", "a\nb");
        let said = host.fails();
        assert!(said.contains("env/app.env stays as it was"), "{said}");
        assert_eq!(host.env("app"), good);
        assert_eq!(host.calls(), "");
        // It is another one: what reads it starts anew, and nothing else.
        host.secret("plain", "new");
        host.works();
        assert_eq!(host.calls(), "systemctl --no-block try-restart app.service\n");
        host.works();
        assert_eq!(host.calls(), "", "nothing is new");
        std::fs::remove_file(host.folder.path().join("run/secrets/other")).unwrap();
        assert!(host.fails().contains("/run/secrets/other"), "a secret that is not there");
        assert_eq!(host.env("other").unwrap(), "KEY=x\n");
        assert!(
            std::fs::read_dir(host.folder.path().join("run/qg/sealed/env")).unwrap().all(|it| !it
                .unwrap()
                .path()
                .to_str()
                .unwrap()
                .ends_with(".new")),
            "nothing half-made is left"
        );
    }
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    for awk in awks() {
        let (host, _) = host();
        host.tools.link("awk", &awk);
        for (name, value, file, why) in [
            ("hash", &b"\n"[..], "env/traefik.env", "is empty"),
            ("hash", b"", "env/traefik.env", "is empty"),
            ("hash", b"a:b", "env/traefik.env", "is no user"),
            ("line", b"bob", "env/traefik.env", "is no user"),
            ("line", b"bob:x\neve:y", "env/traefik.env", "has a line break"),
            ("hash", b"\xff", "env/traefik.env", "is not text in UTF-8"),
            ("odd", b"\xed\xa0\x80", "files/etc-app-yaml", "is not text in UTF-8"),
            ("odd", b"\xc0\xaf", "files/etc-app-json", "is not text in UTF-8"),
            ("odd", b"\xf4\x90\x80\x80", "files/etc-app-toml", "is not text in UTF-8"),
            ("odd", b"\xe2\x82", "files/etc-app-toml", "is not text in UTF-8"),
            ("odd", b"a\0b", "files/srv-app-txt", "zero byte"),
            ("plain", b" x", "files/etc-app-ini", "begins or ends with a blank"),
            ("plain", b"x\rY=1", "env/app.env", "has a line break"),
        ] {
            let path = host.folder.path().join(format!("run/secrets/{name}"));
            let before = std::fs::read(&path).unwrap();
            host.secret(name, value);
            let said = host.fails();
            let line = said.lines().find(|line| line.contains(file));
            assert!(line.is_some_and(|line| line.contains(why)), "{value:?}: {said}");
            std::fs::write(path, before).unwrap();
        }
        host.works();
    }
}

#[test]
fn what_is_no_longer_said_goes() {
    let (host, _) = host();
    host.works();
    let (without, _) = made_of(
        &FLEET
            .replace("  file \"/etc/app.yaml\" {", "  file \"/etc/new.yaml\" {")
            .replace(", env.KEY = secret.other", ""),
    );
    put(host.folder.path(), "/etc/mine", "x");
    let templates = |host: &Host| host.folder.path().join("etc/qg/sealed");
    std::fs::remove_dir_all(templates(&host)).unwrap();
    std::fs::rename(templates(&without), templates(&host)).unwrap();
    let out = host.run_with(&without.script);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(host.env("other"), None);
    assert!(host.folder.path().join("etc/app.yaml").symlink_metadata().is_err());
    assert!(host.read("/etc/new.yaml").contains("looks"));
    assert!(host.folder.path().join("etc/mine").exists());
    assert!(!host.folder.path().join("run/qg/sealed/files/etc-app-yaml").exists());
}

#[test]
fn secrets_are_on_the_host_only() {
    let (_, files) = host();
    for file in files {
        assert!(!file.text.contains("50%"), "{}", file.path);
    }
}

#[test]
fn only_what_reads_a_file_looks_for_it() {
    let (_, files) = host();
    let text = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
    let app = text("hosts/a/quadlet/app.container");
    assert!(app.contains("AssertPathExists=/run/qg/sealed/env/app.env\n"), "{app}");
    assert!(!app.contains("other.env"), "{app}");
    let module = text("hosts/a/default.nix");
    assert!(!module.contains("requiredBy"), "{module}");
    let traefik = "AssertPathExists = [ \"/run/qg/sealed/env/traefik.env\" ];";
    assert!(module.contains(traefik), "{module}");
}
