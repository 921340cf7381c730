//! The generated Nix, read by Nix itself. Without Nix the tests are skipped and counted, unless `CI` is set.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use qg_interpreter::build;
use qg_interpreter::fleet::leaf::OriginId;
use qg_interpreter::formats::nix::{Nix, NixExpr, NixPart, Set, expression};
use qg_interpreter::targets::{OutputFile, render};
use qg_lang::world::MemoryWorld;
use serde_json::{Value, json};

mod chain;
mod machine;
mod plain;
#[path = "../../../tests/src/peers.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod readers;
#[path = "../../../tests/src/release.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod release;
mod sealed;
#[path = "../../../tests/src/sops.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod sops;
mod standstill;
mod tools;

fn has_nix() -> bool {
    readers::program("nix-instantiate").is_some()
}

fn nix(arguments: &[&str], folder: &Path) -> Vec<u8> {
    let output = Command::new("nix-instantiate")
        .args(arguments)
        .current_dir(folder)
        .env("NIX_STATE_DIR", folder.join("state"))
        .env("NIX_STORE_DIR", folder.join("store"))
        .env("NIX_LOG_DIR", folder.join("log"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    output.stdout
}

fn json_of(arguments: &[&str], folder: &Path) -> Value {
    let mut all = vec!["--eval", "--strict", "--json"];
    all.extend(arguments);
    serde_json::from_slice(&nix(&all, folder)).unwrap()
}

const FLEET: &str = include_str!("../../../tests/peers/nix/fleet.qg");
const STUB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers/nix/stub.nix");

fn files() -> Vec<OutputFile> {
    let beside: &[(&str, &str)] = &[
        ("disk.nix", "{ ... }: { }\n"),
        ("secrets/server.yaml", sops::MADE),
        ("web.conf", "x = 1\n"),
    ];
    made_of(FLEET, beside)
}

/// What a fleet of one file gives, with what lies beside it.
fn made_of(text: &str, beside: &[(&str, &str)]) -> Vec<OutputFile> {
    let mut world = MemoryWorld::default();
    world.sources.insert("fleet.qg".into(), text.into());
    for (path, beside) in beside {
        let beside = sops::text_of(beside, text);
        world.files.insert((*path).into(), beside.as_bytes().into());
    }
    let build = build(&release::said(world));
    let all: Vec<String> =
        build.diagnostics.iter().map(|it| format!("{} {}", it.code.id, it.message)).collect();
    assert!(!build.has_errors(), "{all:#?}");
    render(&build.fleet.unwrap())
}

/// The files below a folder, as `qgc compile` would leave them.
fn laid_out(files: &[OutputFile]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
    folder
}

/// What stands behind `pkgs.` in a text.
fn packages(text: &str) -> String {
    let names: BTreeSet<String> = text
        .split("pkgs.")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect())
        .collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[ {} ]", quoted.join(" "))
}

fn module(files: &[OutputFile], folder: &Path, path: &str) -> Value {
    let file = files.iter().find(|file| file.path == path).unwrap();
    let root = folder.to_str().unwrap();
    let names = packages(&file.text);
    json_of(
        &[STUB, "--argstr", "root", root, "--argstr", "file", path, "--arg", "packages", &names],
        folder,
    )
}

#[test]
fn every_file_is_nix_and_every_line_is_explained() {
    let files = files();
    let nix_files: Vec<&OutputFile> =
        files.iter().filter(|file| file.path.ends_with(".nix")).collect();
    let paths: Vec<&str> = nix_files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "deploy.nix",
            "flake-module.nix",
            "hosts/Server/default.nix",
            "hosts/Server/extra.nix",
            "hosts/Server/modules/disk.nix",
            "hosts/pi/default.nix"
        ]
    );
    for file in &nix_files {
        assert_eq!(file.text.lines().count(), file.lines.len(), "{}", file.path);
        for (line, by) in file.text.lines().zip(&file.lines) {
            let value = line.trim_end().ends_with(';') && line.contains(" = ");
            let value = value && !line.starts_with('#');
            assert!(!value || !by.is_empty() || line.ends_with("{ };"), "{}: {line}", file.path);
        }
    }
    if !has_nix() {
        return;
    }
    let folder = laid_out(&files);
    for path in paths {
        nix(&["--parse", path], folder.path());
    }
    let flake = json_of(
        &[
            "-E",
            "let it = import ./flake-module.nix; in builtins.mapAttrs (_: builtins.attrNames)
             (it // { deploy = (it.deploy { deploy-rs = { }; nixosConfigurations = { }; }).nodes; })",
        ],
        folder.path(),
    );
    let hosts = json!(["Server", "pi"]);
    // What has no address cannot be reached.
    assert_eq!(flake, json!({ "colmena": hosts, "deploy": ["Server"], "nixosModules": hosts }));
}

#[test]
fn the_module_says_what_the_fleet_says() {
    let files = files();
    if !has_nix() {
        return;
    }
    let folder = laid_out(&files);
    let it = module(&files, folder.path(), "hosts/Server/default.nix");
    assert_eq!(
        it["imports"],
        json!(["path:/hosts/Server/modules/disk.nix", "function", "path:/hosts/Server/extra.nix"])
    );
    assert_eq!(
        it["networking"],
        json!({
            "hostName": "Server", "hostId": "0123abcd",
            "firewall": { "allowedTCPPorts": [22, 53, 6881, 8080], "allowedUDPPorts": [53, 6881] },
        })
    );
    assert_eq!(it["time"]["timeZone"], "Europe/Paris");
    assert_eq!(
        it["users"],
        json!({
            "users": {
                "anne": {
                    "isNormalUser": true, "extraGroups": ["media"], "shell": "/pkgs/zsh",
                    "hashedPasswordFile": "/run/secrets-for-users/anne_hash",
                    "openssh": { "authorizedKeys": { "keys": ["ssh-ed25519 AAAA anne"] } },
                    "linger": true,
                },
                "arr": { "isSystemUser": true, "uid": 990, "group": "media",
                    "extraGroups": ["render"] },
            },
            "groups": { "media": { "gid": 990 } },
        })
    );
    assert_eq!(it["programs"]["zsh"]["enable"], true);
    let file = "path:/hosts/Server/secrets/server.yaml";
    let plain = |key: &str| json!({ "sopsFile": file, "key": key, "mode": "0400", "path": format!("/run/secrets/{key}") });
    assert_eq!(
        it["sops"]["secrets"],
        json!({
            "anne_hash": { "sopsFile": file, "key": "anne_hash", "neededForUsers": true },
            "app/db": { "sopsFile": file, "key": "app/db", "owner": "arr", "mode": "0440",
                "path": "/run/secrets/app/db",
                "restartUnits": ["web.service", "qg-sealed.service"] },
            "mail/smtp": { "sopsFile": file, "key": "mail/smtp", "mode": "0400",
                "path": "/run/secrets/mail/smtp", "restartUnits": ["qg-sealed.service"] },
            "restic": plain("restic"),
        })
    );
    let sealed = &it["systemd"]["services"]["qg-sealed"];
    assert_eq!(sealed["requiredBy"], json!(null), "nothing stops with it");
    assert_eq!(sealed["wantedBy"], json!(["multi-user.target", "web.service"]));
    assert_eq!(sealed["before"], json!(["web.service"]));
    let command = sealed["serviceConfig"]["ExecStart"].as_str().unwrap();
    assert!(command.starts_with("/pkgs/sh ") && command.ends_with("sealed.sh"), "{command}");
    let source = |name: &str| it["environment"]["etc"][name]["source"].clone();
    assert_eq!(source("qg/sealed/env/web.env"), "path:/hosts/Server/sealed/web.env");
    assert_eq!(source("qg/sealed/files/etc-app-yml"), "path:/hosts/Server/files/etc/app.yml");
    let text = |path: &str| files.iter().find(|file| file.path == path).unwrap().text.clone();
    assert_eq!(text("hosts/Server/sealed/web.env"), "PASSWORD=a$b:@QG_SECRET_DB@\n");
    assert!(text("hosts/Server/files/etc/app.yml").contains("p-@QG_SECRET_SMTP@"));
    let script = text("hosts/Server/sealed.sh");
    assert!(
        script.contains(
            "/run/qg/sealed/files/etc-app-yml 0600 root root line '' @QG_SECRET_SMTP@ json"
        ),
        "{script}"
    );
    assert_eq!(
        it["environment"]["persistence"]["/nix/persist"],
        json!({
            "hideMounts": true,
            "directories": [
                // What the module keeps, at the path that it is told.
                { "directory": "/srv/immich", "user": "immich", "group": "immich", "mode": "0755" },
                { "directory": "/srv/web", "user": "arr", "group": "media", "mode": "0750" },
                { "directory": "/var/lib/nixos", "mode": "0755" },
            ],
            "files": ["/etc/machine-id"],
        })
    );
    let rules = &it["systemd"]["tmpfiles"]["settings"]["10-qg"];
    assert_eq!(
        rules["/srv/web"],
        json!({ "d": { "user": "arr", "group": "media", "mode": "0750" } })
    );
    let link = rules["/opt/tool.json"]["L+"]["argument"].as_str().unwrap();
    assert!(link.ends_with("-tool.json"), "{link}");
    let etc = &it["environment"]["etc"];
    assert_eq!(etc["motd"]["source"], "path:/hosts/Server/files/etc/motd");
    assert_eq!(
        etc["containers/systemd/web.container"]["source"],
        "path:/hosts/Server/quadlet/web.container"
    );
    assert_eq!(
        etc["qg/scripts/dump"]["source"],
        "/script/qg-dump<export PATH=/pkgs/postgresql/bin:$PATH\npg_dump > /srv/web/dump.sql>"
    );
    assert_eq!(etc["qg/files/web.conf"]["source"], "path:/hosts/Server/files/web.conf");
    assert!(folder.path().join("hosts/Server/files/web.conf").exists());
    assert!(folder.path().join("hosts/Server/quadlet/web.container").exists());
    assert_eq!(it["boot"]["kernelModules"], json!(["wireguard"]));
    let backup = &it["services"]["restic"]["backups"]["web-main"];
    assert_eq!(
        *backup,
        json!({
            "repository": "/srv/restic/web-main", "passwordFile": "/run/secrets/restic",
            "paths": ["/srv/web"], "exclude": ["*.tmp"], "initialize": true,
            "timerConfig": null,
            "pruneOpts": ["--group-by host", "--keep-last 3", "--keep-daily 7"],
        })
    );
    let around = &it["systemd"]["services"]["restic-backups-web-main"]["serviceConfig"];
    let before = around["ExecStartPre"].to_string();
    for line in [
        "/etc/qg/standstill hold restic-backups-web-main - web.service -- immich-server.service || exit",
        "/script/qg-dump<export PATH=/pkgs/postgresql/bin:$PATH\\npg_dump > /srv/web/dump.sql> || exit",
    ] {
        assert!(before.contains(line), "{before}");
    }
    let after = around["ExecStopPost"].to_string();
    assert!(after.contains("/etc/qg/standstill release restic-backups-web-main"), "{after}");
    let program = etc["qg/standstill"]["source"].as_str().unwrap();
    assert!(program.contains("/pkgs/util-linux/bin") && program.contains("flock 9"), "{program}");
    assert_eq!(
        it["services"]["immich"],
        json!({ "enable": true, "mediaLocation": { "mark": "default", "value": "/srv/immich" },
            "package": "/pkgs/immich" })
    );
    assert_eq!(
        it["systemd"]["services"]["immich-server"],
        json!({
            "after": ["web.service"], "requires": ["web.service"],
            "serviceConfig": {
                "Restart": { "mark": "force", "value": "on-failure" },
                "RestartSec": { "mark": "force", "value": "1min 30s" },
                "SupplementaryGroups": ["render"],
            },
        })
    );
    let extra = files.iter().find(|file| file.path == "hosts/Server/extra.nix").unwrap();
    assert!(extra.text.contains("openssh.enable = lib.mkDefault true;"), "{}", extra.text);
    assert!(extra.text.contains("useDHCP = lib.mkForce false;"), "{}", extra.text);
    let pi = module(&files, folder.path(), "hosts/pi/default.nix");
    assert_eq!(
        pi["nixpkgs"],
        json!({ "hostPlatform": "aarch64-linux", "buildPlatform": "x86_64-linux" })
    );
    let secrets: Vec<&String> = pi["sops"]["secrets"].as_object().unwrap().keys().collect();
    assert_eq!(secrets, ["anne_hash", "borg", "borg_key", "mail/smtp", "restic"]);
    assert_eq!(pi["networking"]["firewall"]["allowedTCPPorts"], json!([80, 443]));
    assert_eq!(text("hosts/pi/sealed/traefik.env"), "QG_SECRET_SMTP=\"@QG_SECRET_SMTP@\"\n");
    assert_eq!(pi["services"]["traefik"]["staticConfigFile"], "path:/hosts/pi/traefik/static.yml");
    let dynamic = "path:/hosts/pi/traefik/dynamic.yml";
    assert_eq!(pi["environment"]["etc"]["traefik/dynamic.yml"]["source"], dynamic);
    let units = &pi["systemd"]["services"];
    assert_eq!(
        units["traefik"],
        json!({ "restartTriggers": [dynamic], "serviceConfig": {
            "EnvironmentFile": ["/run/qg/sealed/env/traefik.env"] },
            "unitConfig": { "AssertPathExists": ["/run/qg/sealed/env/traefik.env"] } })
    );
    assert_eq!(
        units["tool"],
        json!({ "serviceConfig": {
            "ExecStartPre": ["+/script/qg-prepare<echo $(cat /run/secrets/mail/smtp)>"] } })
    );
    assert_eq!(
        units["restic-backups-tool-first"]["serviceConfig"],
        json!({
            "AmbientCapabilities": ["CAP_DAC_READ_SEARCH"],
            "ExecStartPre": { "mark": "before",
                "value": ["+/script/before-backup</etc/qg/standstill hold restic-backups-tool-first - tool.service || exit\n>"] },
            "ExecStopPost": ["+/script/after-backup<failed=0\n/etc/qg/standstill release restic-backups-tool-first || failed=1\nexit \"$failed\"\n>"],
        })
    );
    let turns = units.as_object().unwrap().values().filter_map(|it| it["script"].as_str());
    let turns: Vec<String> = turns.map(|it| it.replace(" \\\n ", "")).collect();
    let both = " restic-backups-tool-first.service restic-backups-tool-second.service";
    assert!(turns.iter().any(|it| it.contains(both)), "{turns:?}");
    assert_eq!(
        pi["services"]["borgbackup"]["jobs"]["offsite"],
        json!({
            "paths": ["/srv/copies"], "repo": "ssh://x@backup.example.org/./pi",
            "encryption": { "mode": "repokey-blake2", "passCommand": "cat /run/secrets/borg" },
            "environment": { "BORG_RSH": "ssh -i /run/secrets/borg_key" },
            "compression": "zstd", "startAt": [],
            "prune": { "keep": { "daily": 10 } },
        })
    );
    let timer = &pi["systemd"]["timers"]["qg-backups-offsite"]["timerConfig"];
    assert_eq!(
        *timer,
        json!({ "OnCalendar": "03:00", "RandomizedDelaySec": "5min", "Persistent": true })
    );
}

/// A generator of numbers that always gives the same ones (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit).unwrap()
    }

    fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "$", "{", "}", "${", "$${", "\\", "\"", "'", "''", "''${", "\n", "\r", "\r\n", "\t",
            " ", "a", "é", "漢", "🦀", "\u{1}", "\u{7f}", "\u{2028}", "if", "or", "#", "/*", ";",
            "-",
        ];
        const WORDS: &[&str] =
            &["if", "or", "rec", "inherit", "with", "assert", "a.b", "1x", "_", ""];
        if self.below(8) == 0 {
            return WORDS[self.below(WORDS.len() as u64)].to_owned();
        }
        (0..self.below(9)).map(|_| PIECES[self.below(PIECES.len() as u64)]).collect()
    }

    fn value(&mut self, depth: u32) -> (Nix, Value) {
        let by = OriginId(1);
        let new = |expr| Nix::new(expr, &[by]);
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => {
                let text = self.text();
                (Nix::text(text.clone(), by), json!(text))
            }
            1 => {
                let all = [0, -1, 42, i64::MAX, i64::MIN, i64::MIN + 1];
                let number = all[self.below(6)];
                (Nix::int(number, by), json!(number))
            }
            2 => (Nix::bool(true, by), json!(true)),
            3 => {
                let all = [0.5, -2.0, 1e-7, 1e16, 0.0, -1.5e300];
                let number: f64 = all[self.below(6)];
                // Nix prints six digits of a number; it is asked whether it has read the right one.
                let same = format!("builtins.fromJSON \"{number:e}\" == ");
                let spelled = expression(&new(NixExpr::Float(number)), &[]).text;
                let raw = format!("{same}({})", spelled.trim_end());
                (new(NixExpr::Raw(raw)), json!(true))
            }
            4 => {
                let (before, hole, after) = (self.text(), self.text(), self.text());
                let whole = format!("{before}{hole}{after}");
                let parts = vec![
                    NixPart::Text(before),
                    NixPart::Hole(Nix::text(hole, by)),
                    NixPart::Text(after),
                ];
                (Nix::filled(parts, by), json!(whole))
            }
            5 => {
                let items: Vec<(Nix, Value)> =
                    (0..self.below(5)).map(|_| self.value(depth - 1)).collect();
                let (nix, json): (Vec<Nix>, Vec<Value>) = items.into_iter().unzip();
                (Nix::list(nix, by), Value::Array(json))
            }
            6 => {
                let (nix, json) = self.value(depth - 1);
                let list = Nix::list(vec![nix], by);
                (Nix::apply(&["builtins", "head"], vec![list]), json)
            }
            _ => {
                let (mut set, mut json) = (Set::new(), serde_json::Map::new());
                for _ in 0..self.below(4) {
                    let (key, (nix, value)) = (self.text(), self.value(depth - 1));
                    if !json.contains_key(&key) {
                        set.put(key.clone(), nix);
                        json.insert(key, value);
                    }
                }
                (set.nix(by), Value::Object(json))
            }
        }
    }
}

#[test]
fn whatever_is_printed_is_read_back() {
    if !has_nix() {
        return;
    }
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (nix, json): (Vec<Nix>, Vec<Value>) = (0..400).map(|_| random.value(4)).unzip();
    let document = expression(&Nix::list(nix, OriginId(1)), &["Hostile."]);
    assert_eq!(document.text.split('\n').count() - 1, document.lines.len());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("all.nix"), &document.text).unwrap();
    let Value::Array(read) = json_of(&["all.nix"], folder.path()) else { panic!("a list") };
    assert_eq!(read.len(), json.len());
    for (read, wanted) in read.iter().zip(&json) {
        assert_eq!(read, wanted);
    }
}
