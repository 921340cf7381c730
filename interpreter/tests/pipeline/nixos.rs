//! NixOS options and packages: what the compiler writes, and the fleet's own table.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::build;
use qg_fleet::options::write::Draft;
use qg_fleet::options::{KEPT, way};
use qg_lang::world::MemoryWorld;

use crate::sops_files::holding;

/// A fleet with about everything in it that a NixOS module is made of.
const ALL: &str = include_str!("../../../tests/peers/nix/fleet.qg");

/// What is found in a fleet with these options and packages in its own table.
fn own(text: &str, options: &[(&str, &str)], packages: &[&str]) -> Vec<String> {
    let always = [
        ("networking.hostName", "string"),
        ("nixpkgs.hostPlatform", "anything"),
        ("system.stateVersion", "string"),
        ("time.timeZone", "null or string"),
    ];
    let options = options.iter().chain(&always);
    let draft = Draft {
        head: vec![("date".to_owned(), "2025-12-03".to_owned())],
        options: options.map(|(name, ty)| (way(name), (*ty).to_owned())).collect(),
        packages: packages.iter().map(|it| (*it).to_owned()).collect(),
    };
    let mut files: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    files.insert(KEPT, draft.text().into_bytes());
    for path in ["disk.nix", "web.conf"] {
        files.insert(path, b"{ }\n".to_vec());
    }
    for path in ["secrets/server.yaml", "secrets.yaml"] {
        files.insert(path, holding(text).into_bytes());
    }
    found(text, &files)
}

fn found(text: &str, files: &BTreeMap<&str, Vec<u8>>) -> Vec<String> {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(text));
    for (path, bytes) in files {
        world.files.insert(Arc::from(*path), Arc::from(bytes.as_slice()));
    }
    let line = |it: &qg_lang::diagnostic::Diagnostic| {
        let place = text.get(it.primary.span.range()).unwrap_or("?").lines().next().unwrap_or("");
        format!("{:?} {} {place}: {}", it.severity, it.code.id, it.message)
    };
    build(&world).diagnostics.iter().map(line).collect()
}

const HOST: &str =
    "host a { system = x86_64_linux, state_version = \"25.05\", firewall.ping = false }\n";
const PING: (&str, &str) = ("networking.firewall.allowPing", "boolean");

#[test]
fn all_that_the_compiler_writes_is_in_the_built_in_table() {
    let mut files = BTreeMap::new();
    for path in ["disk.nix", "secrets/server.yaml", "web.conf"] {
        files.insert(path, b"x: y\n".to_vec());
    }
    let all = found(ALL, &files);
    let of_options: Vec<&String> = all.iter().filter(|it| it.contains(" QG064")).collect();
    assert_eq!(of_options, Vec::<&String>::new());
}

#[test]
fn what_the_compiler_writes_is_held_against_the_fleets_own_table() {
    assert_eq!(own(HOST, &[PING], &[]), Vec::<String>::new());
    assert_eq!(
        own(HOST, &[("networking.firewall.enable", "boolean")], &[]),
        [
            "Error QG0643 firewall.ping = false: the fleet's nixpkgs has no option `networking.firewall.allowPing`, as of 2025-12-03"
        ]
    );
    assert_eq!(
        own(HOST, &[("networking.firewall.allowPing", "string")], &[]),
        [
            "Error QG0644 firewall.ping = false: `networking.firewall.allowPing` is not `false`: NixOS wants string"
        ]
    );
}

#[test]
fn a_module_that_the_flake_lacks_is_named() {
    let text = format!(
        "{HOST}secret s {{ key = \"s\", file = ./secrets.yaml }}\n\
         user u {{ on = [host.a], kind = login {{ password = secret.s }} }}\n"
    );
    let draft = [PING, ("users", "anything")];
    let all = own(&text, &draft, &[]);
    let [finding] = all.as_slice() else { panic!("one finding: {all:#?}") };
    assert!(finding.contains("QG0643") && finding.contains("no option `sops`"), "{finding}");
    assert_eq!(own(&text, &[PING, ("users", "anything"), ("sops", "anything")], &[]), [""; 0]);
}

#[test]
fn packages_are_looked_up_where_nixpkgs_was_asked() {
    let text = format!(
        "{HOST}user u {{ on = [host.a], kind = login {{ shell = \"zhs\" }} }}\n\
         extend host a {{ nix {{ x = nix\"[ pkgs.git pkgs.gti ]\" }} }}\n"
    );
    let options = [PING, ("users", "anything"), ("programs", "anything"), ("x", "anything")];
    assert_eq!(own(&text, &options, &[]), [""; 0], "packages were not asked for");
    let all = own(&text, &options, &["git", "zsh"]);
    let named: Vec<&str> = all.iter().map(|it| it.split(": ").next().unwrap_or_default()).collect();
    assert_eq!(named, ["Error QG0645 shell = \"zhs\"", "Error QG0645 gti"], "{all:#?}");
    assert_eq!(own(&text, &options, &["git", "gti", "zhs"]), [""; 0]);
}

#[test]
fn packages_of_scripts_are_looked_up() {
    let text = format!(
        "{HOST}script s {{ text = \"true\", packages = [\"gnused\", \"python3Packages.x\", \"gnusde\"] }}\n\
         service w {{ on = host.a, unit {{ name = \"w.service\", before_start = [script.s] }} }}\n"
    );
    let options = [PING, ("systemd", "anything")];
    let all = own(&text, &options, &["gnused", "python3Packages", "writeShellScript"]);
    let [finding] = all.as_slice() else { panic!("one finding: {all:#?}") };
    assert!(finding.starts_with("Error QG0645 \"gnusde\": "), "{finding}");
}

#[test]
fn a_table_that_cannot_be_read_is_an_error() {
    let files = BTreeMap::from([(KEPT, b"<<<<<<< HEAD\n".to_vec())]);
    assert_eq!(
        found(HOST, &files),
        ["Error QG0646 a: line 1 of qg.options: a table of options begins with `qg-options 1`"]
    );
    // A host without NixOS asks for none.
    let plain = "host a { system = x86_64_linux, manager = plain }\n";
    assert_eq!(found(plain, &files), [""; 0]);
}
