//! Containers and programs of a host without NixOS: what they read, and their units.

use std::process::Command;

use super::super::made_of;
use super::super::sops;
use super::super::tools::find;
use super::{Machine, WAY_IN, beside, text, well};

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
host b { system = x86_64_linux, state_version = "25.05" }
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
