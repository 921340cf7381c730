//! What NixOS does with a host: what it refuses of a module, and what a switch from one version to the next restarts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use qg_cli::world::DiskWorld;
use qg_interpreter::targets;
use qg_lang::world::{MemoryWorld, Unread, World};
use qg_tests::{disk, fleets, golden, nix, release, sops};
use serde_json::Value;
use tempfile::TempDir;

/// Compiles a fleet into a folder; what is beside its sources is given by path.
fn compiled(text: &str, beside: &[(&str, &str)]) -> TempDir {
    let mut world = MemoryWorld::default();
    world.sources.insert("fleet.qg".into(), text.into());
    for (path, beside) in beside {
        let beside = sops::text_of(beside, text);
        world.files.insert((*path).into(), beside.as_bytes().into());
    }
    let built = qg_interpreter::build(&release::said(world));
    let words = golden::in_words(&built.diagnostics, &built.analysis.sources);
    assert!(built.diagnostics.is_empty(), "{words}");
    let folder = tempfile::tempdir().expect("a folder");
    nix::write(&targets::render(&built.fleet.expect("a fleet")), folder.path());
    folder
}

/// The units of host `a`, by name, as a switch sees them.
fn units(program: &Path, folder: &TempDir) -> BTreeMap<String, Value> {
    let host = nix::evaluate(program, folder.path(), "a").unwrap_or_else(|error| panic!("{error}"));
    let units = host["_units"].as_object().expect("units").clone();
    units.into_iter().collect()
}

/// What switch-to-configuration stops, and what it restarts: of the units whose files are below
/// /etc/systemd/system those that are gone there, and those whose text is another one.
fn switch(
    old: &BTreeMap<String, Value>,
    new: &BTreeMap<String, Value>,
) -> (Vec<String>, Vec<String>) {
    // A drop-in alone is no file of a unit.
    let is_there = |unit: &Value| unit["dropin"] == false || unit["linked"].is_string();
    let (mut stopped, mut restarted) = (Vec::new(), Vec::new());
    // The one that puts secrets in names its script by a path, which is another one in every folder.
    let old = old.iter().filter(|(name, _)| *name != "qg-sealed");
    for (name, unit) in old.filter(|(_, unit)| is_there(unit)) {
        match new.get(name).filter(|unit| is_there(unit)) {
            None => stopped.push(name.clone()),
            Some(now) if now != unit => restarted.push(name.clone()),
            Some(_) => {}
        }
    }
    (stopped, restarted)
}

/// Every kind of Quadlet file, and what containers read. `HOST` says more of the host.
const KINDS: &str = r#"
fleet { secrets = ./secrets.yaml }
host a { system = x86_64_linux, state_version = "25.05", podman.version = "5.7", HOST }
secret key { key = "key", restart = [service.web] }
script early { text = "echo early" }
pod inside { on = host.a }
network net { on = host.a, subnet = 10.1.0.0/24 }
volume data { on = host.a }
pulled image { on = host.a, image = "docker.io/x/pulled:1" }
build site { on = host.a, file = ./Containerfile }
kube stack { on = host.a, yaml = [./stack.yml] }
artifact model { on = host.a, artifact = "docker.io/x/model:1" }
service web {
  on = host.a
  container {
    image     = "docker.io/x/web:1"
    env       = { PLAIN = "1", SECRET = "a-${secret.key}" }
    env_files = [/etc/web.env]
    mounts    = { "/own" = ./own.conf, "/conf.d" = /etc/web.d }
  }
  unit.before_start = [script.early]
}
service built { on = host.a, container { image = build.site } }
service other { on = host.a, container { image = "docker.io/x/other:1", pod = pod.inside } }
extend host a {
  file "/etc/web.env" { text = "A=1" }
  file "/etc/web.d/a.conf" { text = "a" }
  file "/etc/unread" { text = "1" }
}
"#;

const BESIDE: [(&str, &str); 4] = [
    ("secrets.yaml", sops::MADE),
    ("Containerfile", "FROM scratch"),
    ("stack.yml", "kind: Pod"),
    ("own.conf", "own"),
];

/// What is changed: in the fleet or beside it, and the units that then start anew.
const CHANGES: &[(&str, &str, &[&str])] = &[
    ("x/web:1", "x/web:2", &["web"]),
    ("x/other:1", "x/other:2", &["other"]),
    ("PLAIN = \"1\"", "PLAIN = \"2\"", &["web"]),
    ("\"a-$", "\"b-$", &["web"]),
    ("A=1", "A=2", &["web"]),
    ("text = \"a\"", "text = \"b\"", &["web"]),
    ("echo early", "echo earlier", &["web"]),
    ("10.1.0.0/24", "10.2.0.0/24", &["net-network"]),
    ("x/pulled:1", "x/pulled:2", &["image-image"]),
    ("x/model:1", "x/model:2", &["model-artifact"]),
    ("FROM scratch", "FROM other", &["built", "site-build"]),
    ("kind: Pod", "kind: Deployment", &["stack"]),
    ("own\n", "other\n", &["web"]),
    ("pod inside { on = host.a }", "pod inside { on = host.a, about = \"x\" }", &["inside-pod"]),
    ("volume data { on = host.a }", "volume data { on = host.a, about = \"x\" }", &["data-volume"]),
    ("text = \"1\"", "text = \"2\"", &[]),
];

fn changed(host: &str, from: &str, to: &str) -> TempDir {
    let text = KINDS.replace("HOST", host).replace(from, to);
    let beside = BESIDE.map(|(path, text)| (path, format!("{text}\n").replace(from, to)));
    let beside: Vec<(&str, &str)> = beside.iter().map(|(path, text)| (*path, &**text)).collect();
    compiled(&text, &beside)
}

#[test]
fn a_switch_restarts_what_changed() {
    let Some(program) = nix::program() else { return };
    let old = units(&program, &changed("", "", ""));
    let kinds = ["web", "inside-pod", "net-network", "data-volume", "image-image", "site-build"];
    for name in kinds.iter().chain(&["stack", "model-artifact"]) {
        let link = format!("/run/systemd/generator/{name}.service");
        assert_eq!(old[*name]["linked"], link.as_str(), "{name}");
        assert_eq!(old[*name]["dropin"], true, "{name}");
    }
    for (from, to, wanted) in CHANGES {
        let new = units(&program, &changed("", from, to));
        assert_eq!(switch(&old, &new), (Vec::new(), texts(wanted)), "{from} becomes {to}");
    }
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn a_switch_stops_what_went() {
    let Some(program) = nix::program() else { return };
    let old = units(&program, &changed("", "", ""));
    let gone = "service other { on = host.a, container { image = \"docker.io/x/other:1\", pod = pod.inside } }";
    let new = units(&program, &changed("", gone, ""));
    assert_eq!(switch(&old, &new), (texts(&["other"]), Vec::new()));
    let gone = "volume data { on = host.a }";
    let new = units(&program, &changed("", gone, ""));
    assert_eq!(switch(&old, &new), (texts(&["data-volume"]), Vec::new()));
}

#[test]
fn units_of_an_account_are_stopped_and_started_by_units_of_the_system() {
    let Some(program) = nix::program() else { return };
    let host = "podman.user = user.apps";
    let with_account = |from: &str, to: &str| {
        let text = "secret key {";
        let account = "user apps { on = [host.a], uid = 1001, kind = login {} }\nsecret key {";
        let fleet = KINDS.replace("HOST", host).replace(text, account).replace(from, to);
        compiled(&fleet, &BESIDE)
    };
    let folder = with_account("", "");
    let old = units(&program, &folder);
    assert!(!old.contains_key("web"), "its own unit is none of the system's");
    let new = units(&program, &with_account("x/web:1", "x/web:2"));
    assert_eq!(switch(&old, &new), (vec![], texts(&["qg-rootless", "qg-rootless-web"])));
    let new = units(&program, &with_account("volume data { on = host.a }", ""));
    let stopped = texts(&["qg-rootless-data-volume"]);
    assert_eq!(switch(&old, &new), (stopped, texts(&["qg-rootless"])));

    let module = nix::evaluate(&program, folder.path(), "a").expect("a module");
    let service = &module["systemd"]["services"]["qg-rootless-web"];
    assert_eq!(service["environment"]["XDG_RUNTIME_DIR"], "/run/user/1001");
    assert_eq!(service["after"], serde_json::json!(["user@1001.service", "qg-rootless.service"]));
    let config = &service["serviceConfig"];
    assert_eq!(config["User"], "apps");
    assert_eq!(config["ExecStart"], "/pkgs/systemd/bin/systemctl --user start web.service");
    assert_eq!(config["ExecStop"][0], "/pkgs/systemd/bin/systemctl --user stop web.service");
    // sops-nix knows units of the system only.
    let units = &module["sops"]["secrets"]["key"]["restartUnits"];
    assert_eq!(units[0], "qg-rootless-web.service");
}

#[test]
fn quadlet_nix_is_told_what_it_does_not_look_at() {
    let Some(program) = nix::program() else { return };
    let host = "podman.through = quadlet_nix";
    // It has no artifacts, which is a finding.
    let artifact = "artifact model { on = host.a, artifact = \"docker.io/x/model:1\" }";
    let changed = |from: &str, to: &str| {
        let text = KINDS.replace("HOST", host).replace(artifact, "").replace(from, to);
        let beside = BESIDE.map(|(path, text)| (path, format!("{text}\n").replace(from, to)));
        let beside: Vec<(&str, &str)> = beside.iter().map(|(path, it)| (*path, &**it)).collect();
        compiled(&text, &beside)
    };
    let folder = changed("", "");
    let module = nix::evaluate(&program, folder.path(), "a").expect("a module");
    let quadlet = &module["virtualisation"]["quadlet"];
    assert!(quadlet["containers"]["web"]["rawConfig"].is_string());
    let old = units(&program, &folder);
    for (from, to, names) in CHANGES {
        let new = units(&program, &changed(from, to));
        let differs = |name: &&&str| old.get(**name) != new.get(**name);
        let told: Vec<&&str> = names.iter().filter(differs).collect();
        // The text of the Quadlet file itself is what quadlet-nix looks at.
        let reads = ["\"a-$", "A=1", "text = \"a\"", "echo early", "FROM scratch", "kind: Pod"];
        let wanted = reads.contains(from) || *from == "own\n";
        assert_eq!(!told.is_empty(), wanted && !names.is_empty(), "{from} becomes {to}: {told:?}");
    }
}

#[test]
fn the_stand_in_refuses_what_nixos_refuses() {
    let Some(program) = nix::program() else { return };
    let refused = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("hosts/a")).expect("a folder");
        let module = format!("{{ config, lib, pkgs, ... }}: {{ {text} }}");
        std::fs::write(folder.path().join("hosts/a/default.nix"), module).expect("a file");
        nix::evaluate(&program, folder.path(), "a").expect_err("it is refused")
    };
    for (text, why) in [
        (
            "virtualisation.podman.enable = true; systemd.generators.podman-system-generator = \"/x\";",
            "File exists",
        ),
        (
            "virtualisation.podman.enable = true; systemd.user.generators.podman-user-generator = \"/x\";",
            "File exists",
        ),
        ("users.users.x = { };", "Exactly one of users.users.x.isSystemUser"),
        ("users.users.x.isSystemUser = true;", "users.users.x.group is unset"),
        (
            "users.users.x = { isSystemUser = true; group = \"x\"; };",
            "primary group that is undefined",
        ),
        (
            "users.users.jellyfin.extraGroups = [ \"video\" ];",
            "Exactly one of users.users.jellyfin",
        ),
        ("sops.secrets.k.owner = \"x\";", "belongs to x, which is no account"),
        (
            "services.crowdsec = { enable = true; settings.general.api.server.enable = true; };",
            "needs settings.lapi.credentialsFile",
        ),
        ("systemd.tmpfiles.settings.a.\"/x\".d.user = \"x\";", "belongs to x, which is no account"),
    ] {
        let said = refused(text);
        assert!(said.contains(why), "{text}: {said}");
    }
    let fine = "services.jellyfin.enable = true; users.users.jellyfin.extraGroups = [ \"video\" ];";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("hosts/a")).expect("a folder");
    let module = format!("{{ config, lib, pkgs, ... }}: {{ {fine} }}");
    std::fs::write(folder.path().join("hosts/a/default.nix"), module).expect("a file");
    nix::evaluate(&program, folder.path(), "a").expect("it is taken");
}

#[test]
fn folders_in_a_home_are_their_owners() {
    let Some(program) = nix::program() else { return };
    let folder = compiled(
        r#"
fleet { secrets = ./secrets.yaml }
host a {
  system = x86_64_linux
  root   = ephemeral { keep = /persist }
  file "/home/anne/.config/app/app.conf" { text = "a" }
  state "/srv/ben/work/kept" { owner = user.ben, backup = no { because = "x" } }
  state "/home/anne/.local" { owner = user.anne, mode = 0o711, backup = no { because = "x" } }
  state "/home/anne/.local/share/app" { owner = user.anne, backup = no { because = "x" } }
}
user anne { on = [host.a], kind = login {} }
group crew { on = [host.a] }
user ben { on = [host.a], group = group.crew, kind = login { home = /srv/ben } }
secret key { key = "key", on = [host.a], owner = user.anne, path = /home/anne/.ssh/keys/id }
secret pgp { key = "pgp", on = [host.a], owner = user.ben, path = /srv/ben/.gnupg/key }
secret out { key = "out", on = [host.a], path = /home/annette/x/y }
"#,
        &[("secrets.yaml", sops::MADE)],
    );
    let module = nix::evaluate(&program, folder.path(), "a").expect("a module");
    let rules = module["systemd"]["tmpfiles"]["settings"]["10-qg"].as_object().expect("rules");
    let rule = |user: &str, group: &str, mode: &str| serde_json::json!({ "user": user, "group": group, "mode": mode });
    for (path, wanted) in [
        ("/home/anne/.ssh", rule("anne", "users", "0700")),
        ("/home/anne/.ssh/keys", rule("anne", "users", "0700")),
        ("/srv/ben/.gnupg", rule("ben", "crew", "0700")),
        // What is there already keeps its mode.
        ("/home/anne/.config", rule("anne", "users", ":0755")),
        ("/home/anne/.config/app", rule("anne", "users", ":0755")),
        ("/srv/ben/work", rule("ben", "crew", ":0755")),
        ("/home/anne/.local/share", rule("anne", "users", ":0755")),
    ] {
        assert_eq!(rules[path]["d"], wanted, "{path}");
    }
    // What is said of a folder stands; a home is its account's affair, and so is what is in none.
    assert_eq!(rules["/home/anne/.local"]["d"]["mode"], "0711");
    for path in ["/home/anne", "/home", "/srv/ben", "/home/annette", "/home/annette/x"] {
        assert!(!rules.contains_key(path), "{path}");
    }
    let kept = &module["environment"]["persistence"]["/persist"]["directories"];
    let kept = kept.as_array().expect("a list");
    let work = kept.iter().find(|it| it["directory"] == "/srv/ben/work/kept").expect("kept");
    assert_eq!(work["defaultPerms"], serde_json::json!({ "user": "ben", "group": "crew" }));
}

/// The fleet of this repository, with one more source.
struct With {
    disk: DiskWorld,
    text: String,
}

impl World for With {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let mut all = self.disk.sources();
        all.push(("zz.qg".into(), self.text.as_str().into()));
        all
    }

    fn exists(&self, path: &str) -> bool {
        self.disk.exists(path)
    }

    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        self.disk.read(path)
    }
}

fn fleet_with(text: &str) -> qg_interpreter::Build {
    let disk = fleets::world(disk::repository());
    qg_interpreter::build(&With { disk, text: text.to_owned() })
}

/// Whether a text stands in it, as a key or a value.
fn names_in(value: &Value, name: &str) -> bool {
    match value {
        Value::String(text) => text == name,
        Value::Array(items) => items.iter().any(|it| names_in(it, name)),
        Value::Object(fields) => fields.iter().any(|(key, it)| key == name || names_in(it, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[test]
fn a_service_that_is_switched_off_leaves_nothing_behind() {
    let Some(program) = nix::program() else { return };
    let whole = fleet_with("").fleet.expect("the fleet has no findings");
    let mut written = 0;
    for (name, service) in &whole.model.service {
        let built = fleet_with(&format!("extend service {name} {{ override enabled = false }}"));
        let Some(fleet) = built.fleet else {
            // It is still needed: each finding says by what.
            let words = golden::in_words(&built.diagnostics, &built.analysis.sources);
            let about = words.lines().filter(|line| line.contains(".qg:")).collect::<Vec<_>>();
            assert!(about.iter().all(|line| line.contains(name.as_str())), "{name}: {words}");
            continue;
        };
        let Some(host) = service.on.as_ref().map(|on| on.entity()) else { continue };
        written += 1;
        let folder = tempfile::tempdir().expect("a folder");
        nix::write(&targets::render(&fleet), folder.path());
        // Accounts, and what belongs to them, are looked at by the stand-in for NixOS.
        let module = nix::evaluate(&program, folder.path(), host)
            .unwrap_or_else(|error| panic!("without {name}: {error}"));
        let unit = &service.unit.name.value;
        // A proxy's own unit goes on.
        let others = unit == "traefik.service"
            || whole
                .model
                .services_on(host)
                .any(|(key, it)| key != name && it.unit.name.value == *unit);
        let systemd = &module["systemd"];
        assert!(others || !names_in(&systemd["services"], unit), "without {name}: {unit} is named");
    }
    assert!(written > 20, "only {written} services could be switched off by themselves");
}

#[test]
fn every_way_to_a_host_brings_the_same_modules() {
    let Some(program) = nix::program() else { return };
    let built = fleet_with("");
    let fleet = built.fleet.expect("the fleet has no findings");
    let folder = tempfile::tempdir().expect("a folder");
    nix::write(&targets::render(&fleet), folder.path());
    let flake = disk::repository().join("hosts/flake.nix");
    // Inputs are marks of what is taken from them; a list of modules is compared by its marks.
    let text = format!(
        r#"
        let
          input = name: {{ __functor = _: _: input name; outPath = name; nixosModules = mark name; homeManagerModules = mark name; homeModules = mark name; nvfModules = mark name; modules.nixos = mark name; overlays.default = name; }};
          mark = name: builtins.listToAttrs (map (it: {{ name = it; value = "${{name}}.${{it}}"; }})
            [ "default" "sops" "impermanence" "disko" "home-manager" "jovian" "stylix" "dank-material-shell" ]);
          flake = import {flake};
          inputs = builtins.mapAttrs (name: _: input name) flake.inputs // {{
            self = outputs;
            fleet = "{fleet}";
            nixpkgs = {{ lib.nixosSystem = it: it; }};
            deploy-rs.lib = builtins.listToAttrs (map (name: {{ inherit name; value.activate.nixos = it: "activated"; }})
              [ "x86_64-linux" "aarch64-linux" ]);
          }};
          outputs = flake.outputs inputs;
          show = map (it: if builtins.isAttrs it then "overlay" else toString it);
          hosts = builtins.removeAttrs outputs.colmena [ "meta" "defaults" ];
        in
        {{
          systems = builtins.mapAttrs (_: it: show it.modules) outputs.nixosConfigurations;
          nodes = builtins.mapAttrs (_: it: show (it.imports ++ outputs.colmena.defaults.imports)) hosts;
          deploy = builtins.mapAttrs (_: it: it.sshUser) outputs.deploy.nodes;
        }}
        "#,
        flake = flake.display(),
        fleet = folder.path().display(),
    );
    let out = nix::run(&program, folder.path(), &["--eval", "--strict", "--json", "-E", &text]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let read: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let sorted = |value: &Value| {
        let mut all: Vec<String> =
            value.as_array().expect("a list").iter().map(ToString::to_string).collect();
        all.sort();
        all
    };
    let systems = read["systems"].as_object().expect("systems");
    assert_eq!(systems.len(), fleet.model.host.len());
    for (host, modules) in systems {
        assert_eq!(sorted(modules), sorted(&read["nodes"][host]), "{host}");
        assert!(modules.to_string().contains("sops-nix.sops"), "{host}: {modules}");
    }
    let deployed = read["deploy"].as_object().expect("who is deployed to");
    assert!(!deployed.is_empty(), "{read}");
    for (host, user) in deployed {
        assert_eq!(*user, fleet.model.host[host].deploy.user.value, "{host}");
    }
}
