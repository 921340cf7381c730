//! The fleet of this repository and those of `tests/fleets`, read by the programs that it is for: Nix, Podman's generator, systemd.
//! Where one is missing its test is skipped, and `tests/counted` names it; with `CI` set it fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use qg_interpreter::fleet::Fleet;
use qg_interpreter::fleet::host::Manager;
use qg_interpreter::targets::{self, OutputFile};
use qg_tests::{authelia, disk, fleets, nix, peers};
use serde_json::Value;
use tempfile::TempDir;

/// A compiled fleet, and the folder it was written to.
struct Compiled {
    name: String,
    fleet: Fleet,
    files: Vec<OutputFile>,
    folder: TempDir,
}

/// The fleets that must compile.
fn compiled() -> impl Iterator<Item = Compiled> {
    fleets::all().into_iter().map(|root| {
        let fleet = fleets::built(&root).fleet.expect("the fleet has no findings");
        let files = targets::render(&fleet);
        let folder = tempfile::tempdir().expect("a folder");
        nix::write(&files, folder.path());
        Compiled { name: fleets::name(&root), fleet, files, folder }
    })
}

#[test]
fn nix_reads_every_file_and_every_host_is_what_the_model_says() {
    let Some(program) = nix::program() else { return };
    for Compiled { name, fleet, files, folder } in compiled() {
        let mut hosts = 0;
        for file in files.iter().filter(|file| file.path.ends_with(".nix")) {
            let out = nix::run(&program, folder.path(), &["--parse", &file.path]);
            assert!(
                out.status.success(),
                "{}: {}",
                file.path,
                String::from_utf8_lossy(&out.stderr)
            );
            let host = file.path.strip_prefix("hosts/");
            let host = host.and_then(|rest| rest.strip_suffix("/default.nix"));
            if let Some(host) = host.filter(|host| !host.contains('/')) {
                hosts += 1;
                let module = nix::evaluate(&program, folder.path(), host)
                    .unwrap_or_else(|error| panic!("{name}, {host}: {error}"));
                is_the_host(&fleet, host, &module);
            }
        }
        let nixos = fleet.model.host.values().filter(|it| it.manager.value == Manager::Nixos);
        assert_eq!(hosts, nixos.count(), "{name}");
    }
}

/// That the options of a host are what the model says.
fn is_the_host(fleet: &Fleet, host: &str, module: &Value) {
    assert_eq!(module["networking"]["hostName"], host);
    let it = &fleet.model.host[host];
    assert_eq!(module["nixpkgs"]["hostPlatform"], it.system.value.name());
    for (name, service) in fleet.model.services_on(host) {
        let Some(container) = &service.container else { continue };
        let unit = format!("containers/systemd/{name}.container");
        let source = &module["environment"]["etc"][&unit]["source"];
        assert!(source.as_str().is_some_and(|it| it.ends_with(".container")), "{unit}");
        if container.env.values().any(|value| value.plain().is_none()) {
            let template = &module["environment"]["etc"][format!("qg/sealed/env/{name}.env")];
            assert!(template.is_object(), "the environment of {name} has secrets");
        }
    }
    let opened = module["networking"]["firewall"]["allowedTCPPorts"].to_string();
    for (name, service) in fleet.model.services_on(host) {
        for port in service.ports.values().filter(|port| port.open.value) {
            if port.protocols().contains(&"tcp") {
                let number = port.host.number.to_string();
                let listed = opened.trim_matches(['[', ']']).split(',').any(|it| it == number);
                assert!(listed, "{name} opens {number}, and {host} opens {opened}");
            }
        }
    }
}

#[test]
fn podman_and_systemd_take_the_units_of_every_host() {
    let Some(generator) = peers::quadlet() else { return };
    for Compiled { name, fleet, files, folder } in compiled() {
        for host in fleet.model.host.keys() {
            let below = format!("hosts/{host}/quadlet");
            let of_host = files.iter().filter(|it| it.path.starts_with(&format!("{below}/")));
            let (units, count) = (folder.path().join(&below), of_host.count());
            if count > 0 {
                takes(&generator, &units, count, &format!("{name}, {host}"));
            }
        }
    }
}

/// That Podman's generator makes a unit of each file, and systemd takes it.
fn takes(generator: &Path, units: &Path, count: usize, whose: &str) {
    for mode in [&["-dryrun"][..], &["-dryrun", "-user"]] {
        let out = Command::new(generator)
            .args(mode)
            .env("QUADLET_UNIT_DIRS", units)
            .env("PODMAN", "/bin/true")
            .output()
            .expect("the generator can be run");
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{whose} {mode:?}: {said}");
        let trouble: Vec<&str> = said
            .lines()
            .filter(|line| !line.contains("Loading source unit file") && !line.is_empty())
            .collect();
        assert_eq!(trouble, Vec::<&str>::new(), "{whose} {mode:?}");
        let made = String::from_utf8_lossy(&out.stdout);
        assert_eq!(made.lines().filter(|line| line.starts_with("---")).count(), count, "{whose}");
        if mode.len() == 1 {
            verify(&made);
        }
    }
}

/// Lets systemd look at the units that the generator made.
fn verify(made: &str) {
    let Some(analyze) = peers::program("systemd-analyze") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut name: Option<PathBuf> = None;
    let mut paths = Vec::new();
    for line in made.split_inclusive('\n') {
        if let Some(header) =
            line.trim_end().strip_prefix("---").and_then(|it| it.strip_suffix("---"))
        {
            let path = folder.path().join(header);
            std::fs::write(&path, "").expect("units can be written");
            paths.push(path.clone());
            name = Some(path);
        } else if let Some(path) = &name {
            let text = std::fs::read_to_string(path).expect("a unit") + line;
            std::fs::write(path, text).expect("units can be written");
        }
    }
    let out = Command::new(analyze)
        .args(["verify", "--man=no", "--recursive-errors=no"])
        .args(&paths)
        .env("SYSTEMD_UNIT_PATH", format!("{}:", folder.path().display()))
        .output()
        .expect("systemd-analyze can be run");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let about_ours: Vec<&str> =
        said.lines().filter(|line| line.contains(&*folder.path().to_string_lossy())).collect();
    assert_eq!(about_ours, Vec::<&str>::new());
}

#[test]
fn authelias_schema_takes_the_configuration() {
    let schema = authelia::schema();
    let mut count = 0;
    let files = compiled().flat_map(|it| it.files);
    for file in files.filter(|it| it.path.ends_with("/authelia/configuration.yml")) {
        count += 1;
        let mut read: Value = serde_yaml_ng::from_str(&file.text).expect("YAML");
        authelia::fill(&mut read);
        assert_eq!(authelia::against(&schema, &read), Vec::<String>::new(), "{}", file.path);
        // It looks at all of it: what nobody knows, and what has another type.
        read["server"]["adress"] = Value::from("tcp://:9091");
        read["theme"] = Value::from(1);
        let wrong = authelia::against(&schema, &read).join("\n");
        assert!(wrong.contains("adress") && wrong.contains("/theme"), "{wrong}");
    }
    assert_eq!(count, 3, "each fleet has a login server");
}

#[test]
fn authelias_schema_takes_what_the_golden_cases_expect() {
    let schema = authelia::schema();
    let mut count = 0;
    for path in disk::files(&disk::folder("golden/authelia"), "configuration.yml") {
        count += 1;
        let text = std::fs::read_to_string(&path).expect("a golden file");
        let mut read: Value = serde_yaml_ng::from_str(&text).expect("YAML");
        authelia::fill(&mut read);
        assert_eq!(authelia::against(&schema, &read), Vec::<String>::new(), "{}", path.display());
    }
    assert!(count >= 3, "{count} configurations");
}

/// What runs as root on a host without NixOS: the shell that Debian has reads it.
#[test]
fn a_shell_reads_every_script() {
    let mut count = 0;
    for Compiled { name, files, folder, .. } in compiled() {
        for file in files.iter().filter(|it| it.path.ends_with(".sh")) {
            count += 1;
            let path = folder.path().join(&file.path);
            let out = Command::new("/bin/sh").arg("-n").arg(path).output().expect("a shell");
            let said = String::from_utf8_lossy(&out.stderr);
            assert!(out.status.success() && said.is_empty(), "{name}, {}: {said}", file.path);
        }
    }
    assert!(count > 3, "{count} scripts");
}
