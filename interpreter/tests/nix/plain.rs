//! Hosts without NixOS: what `install.sh` makes of a machine, run as the machine runs it, once and again.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use qg_interpreter::targets::OutputFile;
use serde_json::json;

use super::sops;
use super::tools::{Tools, find};
use super::{has_nix, laid_out, made_of, module};

const FLEET: &str = include_str!("../../../tests/golden/plain/host/fleet.qg");

fn beside() -> [(&'static str, &'static str); 2] {
    [("secrets/all.yaml", sops::MADE), ("web.conf", "x = 1\n")]
}

fn text<'f>(files: &'f [OutputFile], path: &str) -> &'f str {
    &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}")).text
}

/// A machine: a root of its own, and programs that write down how they are called.
struct Machine {
    root: tempfile::TempDir,
    tools: Tools,
}

/// Knows what runs, and what does not start (`$QG_ROOT/broken`); opens secrets as the machine would at that moment.
const SYSTEMCTL: &str = r#"
echo "systemctl $*" >> "$QG_ROOT/calls"
units() { for it; do case $it in -*) ;; *) echo "$it" ;; esac; done; }
verb= ; for it; do case $it in -*) ;; *) verb=$it; break ;; esac; done
units=$(units "$@" | tail -n +2)
touch "$QG_ROOT/broken" "$QG_ROOT/runs"
case $verb in
start|restart|try-restart)
  for unit in $units; do
    grep -Fqx -- "$unit" "$QG_ROOT/broken" && { echo "Job for $unit failed." >&2; exit 1; }
    file=$QG_ROOT/etc/containers/systemd/${unit%.service}.container
    if [ -f "$file" ]; then
      for path in $(sed -n 's/^AssertPathExists=//p' "$file"); do
        [ -e "$QG_ROOT$path" ] || { echo "Assertion failed on job for $unit." >&2; exit 1; }
      done
    fi
    if [ "$unit" = qg-sealed.service ]; then sh "$QG_ROOT/etc/qg/secrets.sh" || exit 1; fi
    grep -Fqx -- "$unit" "$QG_ROOT/runs" || echo "$unit" >> "$QG_ROOT/runs"
  done ;;
stop) for unit in $units; do grep -Fvx -- "$unit" "$QG_ROOT/runs" > "$QG_ROOT/runs.new"; mv "$QG_ROOT/runs.new" "$QG_ROOT/runs"; done ;;
is-active) grep -Fqx -- "$units" "$QG_ROOT/runs" ;;
esac
"#;

/// Gives what a file beside the machine's root holds for the key.
const SOPS: &str = r#"
[ -f "$SOPS_AGE_KEY_FILE" ] || [ "$SOPS_AGE_KEY_FILE" = /var/lib/age/key.txt ] || exit 1
case $2 in
--extract) cat "$QG_ROOT/values/$(echo "$3" | tr -d '[]"')" ;;
*) cat "$QG_ROOT/values/whole" ;;
esac
"#;

impl Machine {
    fn new() -> Machine {
        let machine = Machine { root: tempfile::tempdir().unwrap(), tools: Tools::new() };
        machine.tools.put("systemctl", SYSTEMCTL);
        machine.tools.put("sops", SOPS);
        for name in ["chown", "systemd-sysusers", "systemd-tmpfiles", "podman", "usermod"] {
            machine.tools.put(name, &format!("echo {name} \"$@\" >> \"$QG_ROOT/calls\""));
        }
        // A folder of the tests has no owners.
        machine
            .tools
            .put("stat", "[ \"$2\" = %U:%G ] && echo \"$QG_OWNER\" || exec /usr/bin/stat \"$@\"");
        machine.value("appdb", "a\"b");
        machine
    }

    fn value(&self, name: &str, value: &str) {
        self.write(&format!("values/{name}"), value);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    fn is(&self, path: &str) -> bool {
        self.at(path).symlink_metadata().is_ok()
    }

    fn read(&self, path: &str) -> String {
        let path = self.at(path);
        std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    }

    /// Runs a script as the machine does: whether it is content, and what it says.
    fn run(&self, shell: &[&str], script: &Path) -> (bool, String) {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).arg(script).env("QG_ROOT", self.root.path());
        command.env("QG_LIVE", "1").env("PATH", self.tools.path()).env("QG_OWNER", "root:root");
        let out = command.output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    }

    fn install(&self, fleet: &str) -> (bool, String) {
        self.install_files(&made_of(fleet, &beside()))
    }

    fn install_files(&self, files: &[OutputFile]) -> (bool, String) {
        let folder = laid_out(files);
        self.run(&["sh"], &folder.path().join("hosts/a/install.sh"))
    }

    /// What was asked of systemd since the last time, but for what is asked each time.
    fn calls(&self) -> Vec<String> {
        let all = std::fs::read_to_string(self.at("calls")).unwrap_or_default();
        let _ = std::fs::remove_file(self.at("calls"));
        let each = ["daemon-reload", "is-active", "enable", "qg-sealed.service"];
        all.lines()
            .filter_map(|line| line.strip_prefix("systemctl "))
            .filter(|line| !each.iter().any(|it| line.contains(it)))
            .map(str::to_owned)
            .collect()
    }
}

fn well((fine, said): (bool, String)) {
    assert!(fine, "{said}");
    assert_eq!(said, "");
}

#[test]
fn a_host_without_nixos_gets_all_of_it() {
    let machine = Machine::new();
    well(machine.install(FLEET));
    let read = |path: &str| machine.read(path);
    assert_eq!(read("/etc/motd"), "hello\n");
    assert_eq!(read("/etc/qg/files/web.conf"), "x = 1\n");
    let web = read("/etc/containers/systemd/web.container");
    assert!(web.contains("Image=docker.io/x/web:1"));
    assert!(web.contains("AssertPathExists=/run/qg/sealed/env/web.env\n"), "{web}");
    assert_eq!(read("/etc/qg/scripts/tell"), "#!/bin/sh\necho \"$(cat /run/secrets/app/db)\"\n");
    let accounts = read("/etc/sysusers.d/qg.conf");
    assert!(accounts.ends_with("g media 990\nu app 991:media -\nm app video\n"), "{accounts}");
    let folders = read("/etc/tmpfiles.d/qg.conf");
    let path = "\"/srv/my data %%h\"";
    assert!(folders.contains(&format!("d {path} 0750 app - - -\n")), "{folders}");
    assert!(folders.contains(&format!("Z {path} ~0750 app - - -\n")), "{folders}");
    assert!(folders.contains(&format!("A+ {path} - - - - group:media:rX\n")), "{folders}");
    assert!(read("/etc/modules-load.d/qg.conf").ends_with("tun\nwireguard\n"));
    let unit = read("/etc/systemd/system/qg-sealed.service");
    assert!(unit.contains("Before=web.service\n") && unit.contains("WantedBy=web.service\n"));
    assert!(!unit.contains("RequiredBy"), "nothing stops with it: {unit}");
    assert_eq!(read("/run/secrets/app/db"), "a\"b");
    assert_eq!(read("/run/qg/sealed/env/web.env"), "PASSWORD=a\"b\n");
    let link = std::fs::read_link(machine.at("etc/app/it's.json")).unwrap();
    assert_eq!(read(link.to_str().unwrap()), "{\n  \"password\": \"a\\\"b\"\n}\n");
    assert_eq!(
        machine.calls(),
        [
            "restart systemd-modules-load.service",
            "restart systemd-sysctl.service",
            "restart web.service"
        ]
    );
    // Once more: all of it is as it should be, and nothing starts anew.
    well(machine.install(FLEET));
    assert_eq!(machine.calls(), ["start web.service"]);
}

#[test]
fn only_what_changed_starts_anew() {
    let machine = Machine::new();
    let two = format!(
        "{FLEET}\nservice other {{ on = host.a, container {{ image = \"docker.io/x/o:1\" }} }}"
    );
    well(machine.install(&two));
    machine.calls();
    well(machine.install(&two.replace("x/o:1", "x/o:2")));
    assert_eq!(machine.calls(), ["restart other.service", "start web.service"]);
    // What a container mounts, and what it runs before.
    let mut files = made_of(
        &two.replace("x/o:1", "x/o:2"),
        &[("secrets/all.yaml", sops::MADE), ("web.conf", "x = 2\n")],
    );
    well(machine.install_files(&files));
    assert_eq!(machine.calls(), ["start other.service", "restart web.service"]);
    // A secret that changed starts what reads it, by itself.
    machine.value("appdb", "new");
    files.retain(|_| true);
    well(machine.install_files(&files));
    let calls = machine.calls();
    assert!(calls.contains(&"--no-block try-restart web.service".to_owned()), "{calls:?}");
    assert!(!calls.iter().any(|it| it.contains("restart other")), "{calls:?}");
    assert_eq!(machine.read("/run/qg/sealed/env/web.env"), "PASSWORD=new\n");
}

/// A container that reads environments and one that is built here, and what each of them reads.
#[test]
fn environments_and_what_is_built_start_their_readers_anew() {
    let fleet = r#"
fleet { secrets = ./secrets/all.yaml }
host a {
  system = x86_64_linux
  manager = plain
  age = { key_file = /var/lib/age/key.txt }
  file "/etc/one.env" { text = "A=1" }
  file "/etc/two.env" { text = "B=${secret.db}" }
}
secret db { key = "app/db" }
build site { on = host.a, file = ./web.conf }
service web { on = host.a, container { image = "docker.io/x/web:1", env_files = [/etc/one.env, /etc/two.env] } }
service built { on = host.a, container { image = build.site } }
service other { on = host.a, container { image = "docker.io/x/o:1", mounts."/host" = / } }
"#;
    let machine = Machine::new();
    well(machine.install(fleet));
    machine.calls();
    well(machine.install(&fleet.replace("A=1", "A=2")));
    let started = ["start built.service", "start other.service", "restart web.service"];
    assert_eq!(machine.calls(), started);
    let fleet = fleet.replace("A=1", "A=2");
    let beside = [("secrets/all.yaml", sops::MADE), ("web.conf", "FROM other\n")];
    well(machine.install_files(&made_of(&fleet, &beside)));
    let started = [
        "restart site-build.service",
        "restart built.service",
        "start other.service",
        "start web.service",
    ];
    assert_eq!(machine.calls(), started);
    machine.value("appdb", "new");
    well(machine.install_files(&made_of(&fleet, &beside)));
    let calls = machine.calls();
    assert!(calls.contains(&"--no-block try-restart web.service".to_owned()), "{calls:?}");
    let link = std::fs::read_link(machine.at("etc/two.env")).unwrap();
    assert_eq!(machine.read(link.to_str().unwrap()), "B=new");
}

#[test]
fn what_is_no_longer_said_goes() {
    let machine = Machine::new();
    let two = format!(
        "{FLEET}\nservice other {{ on = host.a, container {{ image = \"docker.io/x/o:1\" }} }}"
    );
    well(machine.install(&two));
    machine.calls();
    let without = FLEET.replace("  file \"/etc/motd\" { text = \"hello\\n\" }\n", "");
    well(machine.install(&without));
    assert!(!machine.is("etc/motd") && !machine.is("etc/containers/systemd/other.container"));
    assert!(machine.is("etc/containers/systemd/web.container"));
    assert_eq!(machine.calls(), ["stop other.service", "start web.service"]);
    assert!(!machine.read("runs").contains("other.service"));
}

#[test]
fn the_last_secret_goes_with_all_that_was_opened() {
    let machine = Machine::new();
    well(machine.install(FLEET));
    assert!(machine.is("run/secrets/app/db") && machine.is("etc/app/it's.json"));
    machine.calls();
    let mut without = FLEET.replace("    env.PASSWORD = secret.db\n", "");
    without = without.replace("  unit.before_start = [script.tell]\n", "");
    without = without.replace("json = { password = secret.db }", "json = { password = \"x\" }");
    let plain = made_of(&without, &beside());
    assert!(!plain.iter().any(|file| file.path.ends_with("secrets.sh")), "none is used");
    well(machine.install_files(&plain));
    for gone in [
        "run/secrets/app/db",
        "run/qg/sealed",
        "etc/qg/secrets.sh",
        "etc/qg/sealed.sh",
        "etc/qg/secrets/secrets/all.yaml",
        "etc/systemd/system/qg-sealed.service",
        "var/lib/qg/opened",
    ] {
        assert!(!machine.is(gone), "{gone}");
    }
    // What was put together is a file as it is now.
    assert!(machine.read("etc/app/it's.json").contains("\"x\""));
    assert!(!machine.read("runs").contains("qg-sealed"));
    // And the file goes, and comes back with a secret.
    well(machine.install(FLEET));
    assert!(machine.at("etc/app/it's.json").is_symlink());
    let none = FLEET.replace("  file \"/etc/app/it's.json\" { json = { password = secret.db }, owner = \"app\", mode = 0o440 }\n", "");
    well(machine.install(&none));
    assert!(!machine.is("etc/app/it's.json"), "no link that leads to nothing");
    assert!(
        machine.is("run/qg/sealed/env/web.env")
            && !machine.is("run/qg/sealed/files/etc-app-it-s-json")
    );
}

/// What is open lies below /run, wherever it is looked for: after a reboot it is gone.
#[test]
fn secrets_are_opened_below_run_alone() {
    let fleet = r#"
fleet { secrets = ./secrets/all.yaml }
host a { system = x86_64_linux, manager = plain, age = { key_file = /var/lib/age/key.txt } }
secret db { key = "app/db", path = /srv/app/key, on = [host.a] }
secret two { key = "two", path = /run/../srv/app/other, on = [host.a] }
"#;
    let machine = Machine::new();
    machine.value("two", "2");
    well(machine.install(fleet));
    for (path, value) in [("srv/app/key", "a\"b"), ("srv/app/other", "2")] {
        let link = std::fs::read_link(machine.at(path)).unwrap();
        assert!(link.starts_with("/run/qg/opened"), "{link:?}");
        assert_eq!(machine.read(link.to_str().unwrap()), value);
    }
    // The link goes with the secret.
    well(machine.install(
        &fleet.replace(
            "secret two { key = \"two\", path = /run/../srv/app/other, on = [host.a] }",
            "",
        ),
    ));
    assert!(machine.at("srv/app/key").is_symlink() && !machine.at("srv/app/other").is_symlink());
    // One that cannot be opened leaves what is there.
    std::fs::remove_file(machine.at("values/appdb")).unwrap();
    assert!(
        !machine
            .install(&fleet.replace(
                "secret two { key = \"two\", path = /run/../srv/app/other, on = [host.a] }",
                ""
            ))
            .0
    );
    assert!(machine.at("srv/app/key").is_symlink());
}

#[test]
fn a_bad_secret_keeps_only_its_own_back() {
    let machine = Machine::new();
    machine.value("appdb", "a\nb");
    // A script that reads the secret itself would start anew with it.
    let fleet = FLEET.replace("  unit.before_start = [script.tell]\n", "");
    let two = format!("{fleet}\nservice other {{ on = host.a, container {{ image = \"docker.io/x/o:1\" }}, needs = [service.web] }}
service third {{ on = host.a, container {{ image = \"docker.io/x/o:1\" }} }}");
    let (fine, said) = machine.install(&two);
    assert!(!fine);
    assert!(said.contains("/run/secrets/app/db has a line break"), "{said}");
    let summary = said.split("not all of it could be done").nth(1).unwrap();
    assert!(summary.contains("web.service does not start"), "{said}");
    assert!(summary.contains("env/web.env cannot be made, and web.service waits for it"), "{said}");
    assert!(machine.read("runs").contains("third.service"), "the others start");
    // The order is that of needs.
    let calls = machine.calls();
    let at = |unit: &str| calls.iter().position(|it| it.ends_with(unit)).unwrap();
    assert!(at("web.service") < at("other.service"), "{calls:?}");
    // Repaired, and once more: what was not done before is done now.
    machine.value("appdb", "fine");
    let (fine, said) = machine.install(&two);
    assert!(fine, "{said}");
    let calls = machine.calls();
    assert!(calls.contains(&"restart web.service".to_owned()), "{calls:?}");
    // It is broken again: what runs goes on with the last good one.
    machine.value("appdb", "a\nb");
    let (fine, said) = machine.install(&two);
    assert!(!fine && said.contains("stays as it was"), "{said}");
    assert!(!machine.calls().iter().any(|it| it.contains("restart")));
    assert!(machine.read("runs").contains("web.service"));
    assert_eq!(machine.read("/run/qg/sealed/env/web.env"), "PASSWORD=fine\n");
}

#[test]
fn a_run_that_was_cut_short_is_finished_by_the_next() {
    let two = format!(
        "{FLEET}\nservice other {{ on = host.a, container {{ image = \"docker.io/x/o:1\" }} }}"
    );
    let whole = made_of(&two, &beside());
    let script = text(&whole, "hosts/a/install.sh").to_owned();
    let marks: Vec<usize> = script.match_indices("\nput ").map(|(at, _)| at + 1).collect();
    let ends = ["\nclean\n", "\nsecrets qg-sealed.service\n", "\nstart "];
    let ends = ends.iter().map(|it| script.find(it).unwrap() + 1);
    for cut in marks.iter().copied().step_by(3).chain(ends) {
        let machine = Machine::new();
        // Something older is there, which the cut run replaces or takes away in part.
        well(machine.install(&two.replace("x/o:1", "x/o:0").replace("hello", "older")));
        machine.calls();
        let mut part = made_of(&two, &beside());
        for file in &mut part {
            if file.path.ends_with("install.sh") {
                file.text = format!("{}kill -9 $$\n", script.get(..cut).unwrap());
            }
        }
        assert!(!machine.install_files(&part).0);
        let first = machine.calls();
        // What the cut run wrote goes as well, where the next one says it no more.
        well(machine.install(FLEET));
        let calls = [first, machine.calls()].concat();
        assert!(!machine.is("etc/containers/systemd/other.container"));
        assert!(!machine.read("runs").contains("other.service"), "{calls:?}");
        assert_eq!(machine.read("etc/motd"), "hello\n");
        well(machine.install_files(&whole));
        assert!(machine.read("runs").contains("other.service"));
        assert_eq!(machine.read("var/lib/qg/pending"), "");
        assert!(!machine.is("var/lib/qg/stage"));
    }
    // Between a file and the start of what reads it.
    let machine = Machine::new();
    well(machine.install(&two));
    machine.calls();
    let newer = made_of(&two.replace("x/o:1", "x/o:2"), &beside());
    let mut part = newer.clone();
    for file in &mut part {
        if file.path.ends_with("install.sh") {
            let at = file.text.find("\nclean\n").unwrap() + 1;
            file.text = format!("{}kill -9 $$\n", file.text.get(..at).unwrap());
        }
    }
    machine.install_files(&part);
    well(machine.install_files(&newer));
    assert!(machine.calls().contains(&"restart other.service".to_owned()));
}

#[test]
fn every_shell_reads_the_scripts() {
    let files = made_of(FLEET, &beside());
    let folder = laid_out(&files);
    let shells: Vec<Vec<String>> = ["dash", "bash", "busybox"]
        .into_iter()
        .filter_map(find)
        .map(|path| {
            let path = path.to_str().unwrap().to_owned();
            let applet = path.ends_with("busybox").then(|| "sh".to_owned());
            std::iter::once(path).chain(applet).collect()
        })
        .collect();
    assert!(!shells.is_empty());
    for shell in shells {
        let shell: Vec<&str> = shell.iter().map(String::as_str).collect();
        for script in ["install.sh", "secrets.sh", "sealed.sh"] {
            let mut command = Command::new(shell[0]);
            command.args(&shell[1..]).arg("-n").arg(folder.path().join("hosts/a").join(script));
            assert!(command.output().unwrap().status.success(), "{shell:?} {script}");
        }
        let machine = Machine::new();
        well(machine.run(&shell, &folder.path().join("hosts/a/install.sh")));
        assert_eq!(machine.read("/run/qg/sealed/env/web.env"), "PASSWORD=a\"b\n");
    }
}

#[test]
fn only_a_folder_is_prepared_where_one_is_named() {
    let zone = FLEET.replace("fleet { ", "fleet { timezone = \"Europe/Berlin\", ");
    let folder = laid_out(&made_of(&zone, &beside()));
    let root = tempfile::tempdir().unwrap();
    let script = folder.path().join("hosts/a/install.sh");
    let out = Command::new("sh").arg(script).env("QG_ROOT", root.path()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(root.path().join("etc/containers/systemd/web.container").exists());
    let zone = std::fs::read_link(root.path().join("etc/localtime")).unwrap();
    assert_eq!(zone, Path::new("/usr/share/zoneinfo/Europe/Berlin"));
}

#[test]
fn accounts_that_something_else_made_get_their_groups() {
    let fleet = "host a { system = x86_64_linux, manager = plain }
        user there { on = [host.a], extra_groups = [\"video\", \"render\"], kind = from_module }
        user gone { on = [host.a], extra_groups = [\"video\"], kind = from_module }";
    let machine = Machine::new();
    machine.tools.put("id", "[ \"$2\" != gone ] && echo there render");
    let (fine, said) = machine.install(fleet);
    assert!(
        !fine && said.contains("there is no account gone, which should be in group video"),
        "{said}"
    );
    let calls = machine.read("calls");
    assert!(calls.contains("usermod -aG video there\n") && !calls.contains("render"), "{calls}");
}

#[test]
fn containers_of_an_account_are_asked_of_its_own_systemd() {
    let fleet = "host a { system = x86_64_linux, manager = plain, podman.user = user.apps }
        user apps { on = [host.a], uid = 1001, kind = from_module }
        service web { on = host.a, container { image = \"docker.io/x/web:1\" } }";
    let machine = Machine::new();
    machine.tools.put("getent", "echo apps:x:1001:1001::/home/apps:/bin/sh");
    machine.tools.put("runuser", "echo runuser \"$@\" >> \"$QG_ROOT/calls\"");
    machine.tools.put("loginctl", "");
    well(machine.install(fleet));
    let calls = machine.read("calls");
    let start = "runuser -u apps -- env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user restart web.service\n";
    assert!(calls.contains(start), "{calls}");
    std::fs::remove_file(machine.at("calls")).unwrap();
    well(machine.install(&fleet.replace("service web", "service other")));
    let calls = machine.read("calls");
    assert!(calls.contains("systemctl --user stop web.service\n"), "{calls}");
    assert!(machine.is("etc/containers/systemd/users/1001/other.container"));
}

/// The way in, by containers of an account.
fn way_in_of_account() -> String {
    WAY_IN.replace(
        "manager = plain, ",
        "manager = plain, podman.user = user.pod, boot.sysctl.\"net.ipv4.ip_unprivileged_port_start\" = 80, ",
    ) + "user pod { on = [host.a], uid = 1001, kind = from_module }\n"
}

#[test]
fn an_account_has_what_its_proxy_and_portal_read_and_write() {
    let files = made_of(&way_in_of_account(), &beside());
    let folders = text(&files, "hosts/a/tmpfiles.d.conf");
    for path in ["/var/lib/traefik", "/var/lib/authelia-main"] {
        assert!(folders.contains(&format!("d {path} 0700 pod - - -\n")), "{folders}");
    }
    let sealed = text(&files, "hosts/a/sealed.sh");
    assert!(sealed.contains("/run/qg/sealed/env/traefik.env 0400 pod root "), "{sealed}");
    let secrets = text(&files, "hosts/a/secrets.sh");
    assert!(secrets.contains("/run/secrets/session 0400 pod root "), "{secrets}");
    // Root's containers write as root.
    let folders = made_of(WAY_IN, &beside());
    let folders = text(&folders, "hosts/a/tmpfiles.d.conf");
    assert!(folders.contains("d /var/lib/traefik 0700 - - - -\n"), "{folders}");
}

#[test]
fn a_changed_secret_starts_units_of_an_account_anew() {
    let machine = Machine::new();
    let fleet = FLEET
        .replace("manager = plain\n", "manager = plain\n  podman.user = user.pod\n")
        .replace("  unit.before_start = [script.tell]\n", "");
    let fleet = format!(
        "{fleet}\nuser pod {{ on = [host.a], uid = 1001, kind = from_module }}
pod p {{ on = host.a }}
secret third {{ key = \"third\", on = [host.a], restart = [pod.p] }}
service other {{ on = host.a, container {{ image = \"docker.io/x/o:1\", env_files = [secret.more] }} }}
secret more {{ key = \"more\" }}"
    );
    machine.value("more", "one");
    machine.value("third", "one");
    machine.tools.put("getent", "echo pod:x:1001:1001::/home/pod:/bin/sh");
    machine.tools.put("runuser", "echo runuser \"$@\" >> \"$QG_ROOT/calls\"");
    machine.tools.put("loginctl", "");
    // The account's systemd does not run yet: there is nothing to start anew.
    well(machine.install(&fleet));
    let asked = |machine: &Machine| {
        let calls = machine.read("calls");
        std::fs::remove_file(machine.at("calls")).unwrap();
        let all = calls.lines().filter(|it| it.contains("try-restart"));
        all.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(asked(&machine), Vec::<String>::new());
    let user = "runuser -u pod -- env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user --no-block try-restart";
    machine.value("more", "two");
    well(machine.install(&fleet));
    assert_eq!(asked(&machine), [format!("{user} other.service")]);
    // What is put together from one, and a pod that is named.
    machine.value("appdb", "two");
    machine.value("third", "two");
    well(machine.install(&fleet));
    assert_eq!(asked(&machine), [format!("{user} p-pod.service"), format!("{user} web.service")]);
    std::fs::remove_file(machine.at("values/more")).unwrap();
    let (fine, said) = machine.install(&fleet);
    assert!(!fine && said.contains("/run/secrets/more stays as it was"), "{said}");
    assert_eq!(asked(&machine), Vec::<String>::new());
}

const WAY_IN: &str = r#"
fleet { domain = "example.org", secrets = ./secrets/all.yaml }
host a { system = x86_64_linux, manager = plain, age.ssh_keys = [/etc/ssh/one, /etc/ssh/two] }
proxy edge {
  on     = host.a
  engine = traefik { acme = { email = "a@example.org", challenge = dns { provider = "x", credentials = secret.dns } } }
  use    = [middleware.token]
}
middleware token { does = headers { customRequestHeaders.X-Token = "t ${secret.token}" } }
service traefik { on = host.a, container { image = "docker.io/library/traefik:v3.7", network = host } }
portal main {
  service = service.authelia
  route   = service.authelia.route.web
  engine  = authelia {
    instance = "main"
    directory = { ldap = service.lldap.ports.ldap, base_dn = "dc=example,dc=org", bind_user = "authelia", bind_password = secret.ldap }
    jwt_secret = secret.jwt
    session_secret = secret.session
    storage_key = secret.storage
  }
}
service authelia {
  on = host.a
  ports.web = 9091
  container { image = "ghcr.io/authelia/authelia:4.39", network = host }
  route web { host = "auth", to = ports.web, expose = public }
}
service lldap { on = host.a, ports = { ldap = 3890, web = 17170 }, container { image = "docker.io/lldap/lldap:stable" }, route web { host = "people", to = ports.web, expose = lan } }
secret dns { key = "dns" }
secret token { key = "token" }
secret ldap { key = "ldap" }
secret jwt { key = "jwt" }
secret session { key = "session" }
secret storage { key = "storage" }
"#;

#[test]
fn containers_of_the_proxy_and_the_portal_get_what_they_read() {
    let files = made_of(WAY_IN, &beside());
    let traefik = text(&files, "hosts/a/quadlet/traefik.container");
    for line in [
        "Volume=/etc/traefik/traefik.yml:/etc/traefik/traefik.yml:ro",
        "Volume=/etc/traefik/dynamic.yml:/etc/traefik/dynamic.yml:ro",
        "Volume=/var/lib/traefik:/var/lib/traefik",
        "EnvironmentFile=/run/qg/sealed/env/traefik.env",
        "EnvironmentFile=/run/secrets/dns",
        "AssertPathExists=/run/qg/sealed/env/traefik.env",
    ] {
        assert!(traefik.contains(&format!("{line}\n")), "{line}: {traefik}");
    }
    // Podman takes a line as it is.
    assert_eq!(text(&files, "hosts/a/sealed/traefik.env"), "QG_SECRET_TOKEN=@QG_SECRET_TOKEN@\n");
    let authelia = text(&files, "hosts/a/quadlet/authelia.container");
    for line in [
        "Volume=/etc/authelia/configuration.yml:/etc/authelia/configuration.yml:ro",
        "Volume=/var/lib/authelia-main:/var/lib/authelia-main",
        "Environment=X_AUTHELIA_CONFIG=/etc/authelia/configuration.yml",
        "Environment=X_AUTHELIA_CONFIG_FILTERS=template",
        "Environment=AUTHELIA_SESSION_SECRET_FILE=/run/secrets/session",
        "Volume=/run/secrets/session:/run/secrets/session:ro",
        "AssertPathExists=/run/secrets/session",
    ] {
        assert!(authelia.contains(&format!("{line}\n")), "{line}: {authelia}");
    }
    let folders = text(&files, "hosts/a/tmpfiles.d.conf");
    assert!(
        folders.contains("d /var/lib/traefik 0700")
            && folders.contains("d /var/lib/authelia-main 0700")
    );
    let script = text(&files, "hosts/a/install.sh");
    assert!(
        script.contains("/etc/traefik/dynamic.yml 0644 root root - traefik.service\n"),
        "{script}"
    );
    assert!(script.contains("/etc/authelia/configuration.yml 0644 root root - authelia.service\n"));
    let secrets = text(&files, "hosts/a/secrets.sh");
    assert!(secrets.contains("key /etc/ssh/one\nkey /etc/ssh/two\n"), "{secrets}");
    // What its service says itself stays as it is said.
    let own = WAY_IN.replace(
        "authelia:4.39\", network = host",
        "authelia:4.39\", network = host, mounts.\"/config\" = /etc/authelia, mounts.\"/run/secrets\" = /run/secrets, env.AUTHELIA_SESSION_SECRET_FILE = \"/x\"",
    );
    let files = made_of(&own, &beside());
    let authelia = text(&files, "hosts/a/quadlet/authelia.container");
    assert!(
        !authelia.contains("X_AUTHELIA_CONFIG=") && !authelia.contains("session:ro"),
        "{authelia}"
    );
    assert!(authelia.contains("AUTHELIA_SESSION_SECRET_FILE=/x\n"));
}

#[test]
fn programs_of_the_machine_get_units() {
    let native = WAY_IN
        .replace(
            "container { image = \"docker.io/library/traefik:v3.7\", network = host }",
            "unit = { service.ExecStart = \"/usr/local/bin/traefik\", after = [service.lldap] }",
        )
        .replace(
            "  container { image = \"ghcr.io/authelia/authelia:4.39\", network = host }\n",
            "  needs = [service.lldap]\n",
        );
    let files = made_of(&native, &beside());
    let traefik = text(&files, "hosts/a/units/traefik.service");
    for line in [
        "After=lldap.service",
        "ExecStart=/usr/local/bin/traefik",
        "EnvironmentFile=/run/qg/sealed/env/traefik.env",
        "EnvironmentFile=/run/secrets/dns",
        "AssertPathExists=/run/secrets/dns",
        "WantedBy=multi-user.target",
    ] {
        assert!(traefik.contains(&format!("{line}\n")), "{line}: {traefik}");
    }
    assert_eq!(
        text(&files, "hosts/a/sealed/traefik.env"),
        "QG_SECRET_TOKEN=\"@QG_SECRET_TOKEN@\"\n"
    );
    let authelia = text(&files, "hosts/a/units/authelia.service");
    assert!(
        authelia.contains("Requires=lldap.service\n") && !authelia.contains("[Install]"),
        "{authelia}"
    );
    assert!(authelia.contains("Environment=AUTHELIA_SESSION_SECRET_FILE=/run/secrets/session\n"));
    assert!(
        authelia.contains("Environment=X_AUTHELIA_CONFIG=/etc/authelia/configuration.yml\n"),
        "{authelia}"
    );
    // Traefik looks there by itself.
    let script = text(&files, "hosts/a/install.sh");
    assert!(script.contains("put traefik/static.yml /etc/traefik/traefik.yml "), "{script}");
    let script = text(&files, "hosts/a/install.sh");
    assert!(script.contains("put units/authelia.service /etc/systemd/system/authelia.service.d/qg.conf 0644 root root - authelia.service\n"), "{script}");
    let order =
        ["start /etc/containers/systemd/lldap.container lldap.service", "start - authelia.service"];
    let at = |line: &str| script.find(line).unwrap_or_else(|| panic!("{line}: {script}"));
    assert!(at(order[0]) < at(order[1]) && at(order[0]) < at("start - traefik.service"));
}

#[test]
fn scripts_before_a_container_run_as_its_user() {
    let fleet = r#"
host a { system = x86_64_linux, manager = plain }
host b { system = x86_64_linux }
group media { on = [host.a, host.b], gid = 990 }
user app { on = [host.a, host.b], uid = 991, group = group.media }
for h in host { service "web-${h.name}" {
  on = h
  container { image = "docker.io/x/web:1", user = user.app }
  unit = { before_start = [script.own], before_start_as_root = [script.own] }
} }
service root { on = host.a, container { image = "docker.io/x/web:1" }, unit.before_start = [script.own] }
script own { text = "id -u" }
"#;
    let files = made_of(fleet, &beside());
    let unit = text(&files, "hosts/a/quadlet/web-a.container");
    assert!(
        unit.contains(
            "ExecStartPre=/etc/qg/scripts/as/991-990/own\nExecStartPre=+/etc/qg/scripts/own\n"
        ),
        "{unit}"
    );
    assert!(
        text(&files, "hosts/a/quadlet/root.container")
            .contains("ExecStartPre=/etc/qg/scripts/own\n")
    );
    let wrapper = text(&files, "hosts/a/scripts/as/991-990/own.sh");
    assert_eq!(
        wrapper,
        "#!/bin/sh\nexec setpriv --reuid=app --regid=990 --init-groups -- /etc/qg/scripts/own\n"
    );
    let script = text(&files, "hosts/a/install.sh");
    assert!(
        script.contains("/etc/qg/scripts/as/991-990/own 0755 root root - web-a.service\n"),
        "{script}"
    );
    let module = text(&files, "hosts/b/default.nix");
    assert!(module.contains("${pkgs.util-linux}/bin/setpriv --reuid=app --regid=990 --init-groups -- /etc/qg/scripts/own"), "{module}");
    // The program itself: root becomes nobody.
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if is_root && find("setpriv").is_some() {
        let out = Command::new("setpriv")
            .args(["--reuid=nobody", "--regid=65534", "--init-groups", "--", "id", "-un"])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&out.stdout), "nobody\n");
    }
}
const ROOTLESS: &str = r#"
host a { system = x86_64_linux, podman.user = user.apps }
host b { system = x86_64_linux, podman = { user = user.more, through = quadlet_nix } }
user apps { on = [host.a], uid = 1001, kind = login {} }
user more { on = [host.b], uid = 1002, kind = login { linger = true, sub_ids = range { start = 100000 } } }
secret x { key = "x", file = ./secrets/all.yaml }
service web {
  on = host.a
  container { image = "docker.io/x/web:1", env.X = secret.x, env_files = [secret.x] }
}
service other { on = host.b, container { image = "docker.io/x/web:1" } }
"#;

#[test]
fn containers_of_an_account_lie_below_its_number() {
    let files = made_of(ROOTLESS, &beside());
    assert!(text(&files, "hosts/a/quadlet/web.container").contains("WantedBy=default.target"));
    if !has_nix() {
        return;
    }
    let folder = laid_out(&files);
    let a = module(&files, folder.path(), "hosts/a/default.nix");
    let unit = &a["environment"]["etc"]["containers/systemd/users/1001/web.container"];
    assert_eq!(unit["source"], "path:/hosts/a/quadlet/web.container");
    // Podman's module links the generator.
    assert!(a["systemd"].get("user").is_none());
    assert_eq!(a["systemd"]["services"]["qg-rootless-web"]["serviceConfig"]["User"], "apps");
    let user = &a["users"]["users"]["apps"];
    assert_eq!((&user["linger"], &user["autoSubUidGidRange"]), (&json!(true), &json!(true)));
    assert_eq!(a["sops"]["secrets"]["x"]["owner"], "apps");
    let sealed = &a["systemd"]["services"]["qg-sealed"];
    assert_eq!(sealed["before"], json!(["user@1001.service"]));
    assert!(
        text(&files, "hosts/a/sealed.sh").contains("/run/qg/sealed/env/web.env 0400 apps root")
    );
    let b = module(&files, folder.path(), "hosts/b/default.nix");
    assert_eq!(b["virtualisation"]["quadlet"], json!({ "enable": true }));
    let of = &b["home-manager"]["users"]["more"]["virtualisation"]["quadlet"]["containers"];
    assert!(of["other"]["rawConfig"].as_str().unwrap().contains("Image=docker.io/x/web:1"));
    assert_eq!(
        b["users"]["users"]["more"]["subUidRanges"],
        json!([{ "startUid": 100_000, "count": 65536 }])
    );
    assert_eq!(b["users"]["users"]["more"]["autoSubUidGidRange"], json!(null));
}

/// What sops is asked for: the whole of a file, or one value of it.
#[test]
fn a_file_of_lines_is_taken_as_a_whole_or_by_key() {
    let fleet = r#"
host a { system = x86_64_linux, manager = plain, age.key_file = /var/lib/age/key.txt }
default secret { on = [host.a] }
secret env { key = "env", file = ./all.env, kind = env }
secret one { key = "ONE", file = ./all.env }
secret ini { key = "s/one", file = ./all.ini }
secret p12 { key = "p12", file = ./id.p12, kind = file }
"#;
    let lines = |text: &str| text.replace("VALUE", sops::VALUE);
    let env = lines("ONE=VALUE\nTWO=VALUE\nsops_mac=VALUE\n");
    let ini = lines("[s]\none = VALUE\n[sops]\nmac = VALUE\n");
    let p12 = lines("{ \"data\": \"VALUE\", \"sops\": { \"mac\": \"VALUE\" } }");
    let files = made_of(fleet, &[("all.env", &env), ("all.ini", &ini), ("id.p12", &p12)]);
    let script = text(&files, "hosts/a/secrets.sh");
    for line in [
        "secret /etc/qg/secrets/all.env '' /run/secrets/env ",
        "secret /etc/qg/secrets/all.env '[\"ONE\"]' /run/secrets/ONE ",
        "secret /etc/qg/secrets/all.ini '[\"s\"][\"one\"]' /run/secrets/s/one ",
        "secret /etc/qg/secrets/id.p12 '' /run/secrets/p12 ",
    ] {
        assert!(script.contains(line), "{line}\n{script}");
    }
    assert!(script.contains("*.env) form=dotenv ;;"), "sops asks for the form of a whole file");
}
