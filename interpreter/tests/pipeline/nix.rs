//! What NixOS gets.

use crate::build;
use qg_fleet::{Facts, Fleet};
use qg_lang::world::MemoryWorld;
use qg_targets::nix::{TARGET, written_options};
use qg_targets::{OutputFile, Prepared};

const HOST: &str =
    "host a { system = x86_64_linux, state_version = \"25.05\", firewall.tcp = [22] }\n";

fn findings(text: &str) -> Vec<String> {
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), format!("{HOST}{text}").into());
    world.files.insert("binary.dat".into(), [0xff_u8, 0xfe].as_slice().into());
    let build = build(&world);
    let line = |it: &qg_lang::diagnostic::Diagnostic| format!("{} {}", it.code.id, it.message);
    // What is said twice here need not be of the right type.
    build.diagnostics.iter().filter(|it| it.code.id.starts_with("QG05")).map(line).collect()
}

fn fleet(text: &str) -> Fleet {
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), format!("{HOST}{text}").into());
    build(&world).fleet.unwrap()
}

fn render(fleet: &Fleet) -> Vec<OutputFile> {
    (TARGET.files)(&Prepared::of(Facts::of(fleet)))
}

#[test]
fn options_said_twice_are_refused() {
    let said = |text: &str| findings(&format!("extend host a {{ nix {{ {text} }} }}"));
    assert_eq!(
        said("networking.hostName = \"b\""),
        ["QG0510 the compiler sets `networking.hostName` too"]
    );
    assert_eq!(
        said("networking.hostName = nix\"x: x\""),
        ["QG0510 the compiler sets `networking.hostName` too"]
    );
    assert_eq!(said("networking = 1"), ["QG0510 the compiler sets `networking` too"]);
    assert_eq!(
        said("networking.firewall.allowedTCPPorts = 1"),
        ["QG0510 the compiler sets `networking.firewall.allowedTCPPorts` too"]
    );
    for fine in [
        "override networking.hostName = \"b\"",
        "default networking.hostName = \"b\"",
        "networking.firewall.allowedTCPPorts = [1]",
        "networking.useDHCP = false",
        "networking = nix\"{ useDHCP = false; }\"",
    ] {
        assert_eq!(said(fine), [""; 0], "{fine}");
    }
}

#[test]
fn marks_in_a_default_of_a_kind_are_those_of_a_module() {
    let fleet = fleet(
        "default host { nix { default services.openssh.enable = true, override services.fail2ban.enable = true, services.upower.enable = true } }",
    );
    let all: String = render(&fleet).iter().map(|file| file.text.clone()).collect();
    for line in [
        "openssh.enable = lib.mkDefault true;",
        "fail2ban.enable = lib.mkForce true;",
        "upower.enable = true;",
    ] {
        assert!(all.contains(line), "{line}: {all}");
    }
}

#[test]
fn native_options_clash_too_and_copied_files_are_text() {
    let native = "service s { on = host.a, native \"services.x\" { enable = true } }\n";
    assert_eq!(
        findings(&format!("{native}extend host a {{ nix {{ services.x.enable = false }} }}")),
        ["QG0510 the compiler sets `services.x.enable` too"]
    );
    assert_eq!(
        findings("extend host a { nix { services.x.file = ./binary.dat } }"),
        ["QG0511 `binary.dat` cannot be copied: it is not text in UTF-8"]
    );
}

#[test]
fn a_small_host_looks_like_this() {
    let fleet = fleet("service s { on = host.a, ports.web = { inside = 80, open = true } }");
    let files = render(&fleet);
    let module = files.iter().find(|file| file.path == "hosts/a/default.nix").unwrap();
    assert_eq!(
        module.text,
        r#"# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "a";
    firewall.allowedTCPPorts = [ 22 80 ];
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";
}
"#
    );
    let fleet = Prepared::of(Facts::of(&fleet));
    let options = written_options(&fleet, "a");
    let ports = ["networking", "firewall", "allowedTCPPorts"].map(str::to_owned).to_vec();
    assert!(options.contains_key(&ports) && options.len() == 5, "{options:?}");
    assert!(written_options(&fleet, "b").is_empty());
}

#[test]
fn plain_hosts_have_no_module() {
    let fleet = fleet("host b { system = x86_64_linux, manager = plain }");
    let files = render(&fleet);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["hosts/a/default.nix", "flake-module.nix", "deploy.nix"]);
}

#[test]
fn a_native_service_is_enabled_unless_it_says_otherwise() {
    let enabled = |native: &str| {
        let fleet = fleet(&format!("service s {{ on = host.a, {native} }}\n"));
        let files = render(&fleet);
        let host = files.iter().find(|file| file.path == "hosts/a/default.nix").unwrap();
        let told = |line: &&str| line.contains("services.") || line.contains("enable =");
        host.text.lines().filter(told).map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(enabled("native \"services.x\" { port = 1 }"), ["services.x = {", "enable = true;"]);
    assert_eq!(enabled("native \"services.x\" { enable = false }"), ["services.x.enable = false;"]);
    assert_eq!(enabled("native \"services.x.y\" { port = 1 }"), ["services.x.y.port = 1;"]);
    // This module has none: it runs what `servers` names.
    let redis = "native \"services.redis\" { servers.main.enable = true }";
    assert_eq!(enabled(redis), ["services.redis.servers.main.enable = true;"]);
}
