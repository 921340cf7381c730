//! Secrets of a host without NixOS: where they are opened, and what one that cannot be opened keeps back.

use super::super::made_of;
use super::super::sops;
use super::{FLEET, Machine, beside, text, well};

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
