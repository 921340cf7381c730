//! The fleet of this repository: without findings, the same every time, and in forms that parse.
//! What its real readers say of it is asked in the tests of `peers`.

use std::collections::BTreeMap;

use qg_cli::project::Project;
use qg_cli::world::DiskWorld;
use qg_interpreter::fleet::host::Storage;
use qg_interpreter::targets::OutputFile;
use qg_interpreter::{Build, build, targets};
use qg_tests::{disk, golden};

fn world() -> DiskWorld {
    let project = Project::find(Some(disk::repository())).unwrap_or_else(|it| panic!("{it:?}"));
    DiskWorld::read(&project).unwrap_or_else(|it| panic!("{it:?}"))
}

fn compiled() -> (Build, Vec<OutputFile>) {
    let built = build(&world());
    let words = golden::in_words(&built.diagnostics, &built.analysis.sources);
    assert!(built.diagnostics.is_empty(), "{words}");
    let files = targets::render(built.fleet.as_ref().expect("no findings, so a fleet"));
    (built, files)
}

#[test]
fn it_has_no_findings_and_holds_the_slice() {
    let (built, files) = compiled();
    let fleet = built.fleet.expect("a fleet");
    assert!(fleet.model.host.contains_key("Server"));
    for name in ["sonarr", "radarr", "jellyfin"] {
        assert!(fleet.model.service.contains_key(name), "{name}");
    }
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for part in [
        "flake-module.nix",
        "hosts/Server/default.nix",
        "hosts/Server/traefik/static.yml",
        "hosts/Server/traefik/dynamic.yml",
        "hosts/Server/authelia/",
        "hosts/Server/quadlet/sonarr.container",
        "hosts/Server/quadlet/arr.pod",
    ] {
        assert!(paths.iter().any(|path| path.starts_with(part)), "{part} is missing in {paths:#?}");
    }
}

#[test]
fn every_line_has_a_row_of_origins_and_most_have_an_origin() {
    let (built, files) = compiled();
    let origins = built.fleet.expect("a fleet").origins;
    let (mut lines, mut with) = (0, 0);
    for file in &files {
        assert_eq!(file.text.lines().count(), file.lines.len(), "{}", file.path);
        for row in &file.lines {
            lines += 1;
            with += usize::from(row.iter().any(|id| origins.get(*id).is_some()));
        }
    }
    assert!(with * 10 >= lines * 8, "only {with} of {lines} lines know an origin");
}

#[test]
fn it_gives_the_same_bytes_every_time() {
    let of = |(_, files): (Build, Vec<OutputFile>)| -> BTreeMap<String, String> {
        files.into_iter().map(|file| (file.path, file.text)).collect()
    };
    assert_eq!(of(compiled()), of(compiled()));
}

#[test]
fn data_files_are_read_back() {
    let (_, files) = compiled();
    let mut count = 0;
    for OutputFile { path, text, .. } in &files {
        if path.ends_with(".yml") || path.ends_with(".yaml") {
            let read: Result<serde_yaml_ng::Value, _> = serde_yaml_ng::from_str(text);
            let value = read.unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(value.is_mapping() || value.is_sequence(), "{path}");
            count += 1;
        } else if path.ends_with(".json") {
            let read: Result<serde_json::Value, _> = serde_json::from_str(text);
            read.unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
    assert!(count >= 3, "only {count} YAML files");
}

/// The fleet is somebody's home: what would help a stranger more than its owner is a stand-in.
#[test]
fn what_must_not_be_published_is_a_stand_in() {
    let (built, _) = compiled();
    let fleet = built.fleet.expect("a fleet");
    for (name, host) in &fleet.model.host {
        if let Storage::Zfs(zfs) = &host.storage.value {
            assert_eq!(zfs.host_id.value, "0000f1ee", "the ZFS host id of {name}");
        }
    }
    let root = disk::repository();
    let name = fleet.model.fleet.domain.value.clone();
    let account = name.split('.').next().expect("a first label");
    for folder in ["hosts", "services", "secrets", "docs"] {
        for path in disk::files(&root.join(folder), "") {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for (number, line) in text.lines().enumerate() {
                let at = format!("{}:{}: {line}", path.display(), number + 1);
                let key = line.contains("ssh-ed25519 AAAA") || line.contains("ssh-rsa AAAA");
                assert!(!key || line.contains("Example"), "a real key? {at}");
                for site in ["github", "gitlab", "codeberg", "sr.ht"] {
                    let mut after = line.split(site).skip(1).map(|rest| {
                        rest.trim_start_matches(".com")
                            .trim_start_matches(".org")
                            .trim_start_matches([':', '/', '~'])
                    });
                    assert!(
                        !after.any(|rest| rest.starts_with(account)),
                        "the owner's account: {at}"
                    );
                }
            }
        }
    }
    assert!(!root.join("docs/fleet-corrections.md").exists(), "a list of weaknesses");
}
