//! What `install.sh` puts there, starts anew and takes away, run once and again.

use std::path::Path;
use std::process::Command;

use super::super::sops;
use super::super::tools::find;
use super::super::{laid_out, made_of};
use super::{FLEET, Machine, beside, text, well};

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
