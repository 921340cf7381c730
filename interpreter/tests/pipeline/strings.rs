//! No string becomes structure: what is spelled so that readers take it as it is.
#![allow(clippy::unwrap_used)]

use super::fleet;

#[track_caller]
fn output(more: &str, path: &str) -> String {
    let build = fleet(more);
    assert_eq!(build.diagnostics, [], "{more}");
    let files = qg_targets::render(&build.fleet.unwrap());
    files.into_iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}")).text
}

#[test]
fn odd_paths_are_spelled_as_systemd_reads_them() {
    let state = "host box { system = x86_64_linux, manager = plain, state \"/srv/it's %m b\" { repair = true } }";
    let rules = output(state, "hosts/box/tmpfiles.d.conf");
    let path = "\"/srv/it\\'s %%m b\"";
    assert!(rules.contains(&format!("d {path} 0755 - - - -\nZ {path} ~0755 ")), "{rules}");
    let nixos = state.replace("manager = plain", "state_version = \"25.05\"");
    let module = output(&nixos, "hosts/box/default.nix");
    assert!(module.contains("\"/srv/it\\\\'s %%m b\""), "{module}");
}

#[test]
fn words_of_units_are_one_word_each() {
    let service =
        "service tool { on = host.Server, native \"systemd.services.tool\" { script = \"true\" },
        unit = { ReadWritePaths = [/srv / \"a b%m\"], SupplementaryGroups = [\"video\"] } }";
    let module = output(service, "hosts/Server/default.nix");
    assert!(module.contains("ReadWritePaths = [ \"\\\"/srv/a b%%m\\\"\" ];"), "{module}");
    let plain = "host box { system = x86_64_linux, manager = plain }
        service tool { on = host.box, unit = { name = \"tool.service\", service.ExecStart = \"/bin/x\", ReadWritePaths = [/srv / \"a b%m\"] } }";
    let unit = output(plain, "hosts/box/units/tool.service");
    assert!(unit.contains("ReadWritePaths=\"/srv/a b%%m\"\n"), "{unit}");
}

#[test]
fn a_default_in_native_is_known_to_its_test() {
    let service = "service tool { on = host.Server, native \"services.nginx\" { default statusPage = false } }";
    let checks = output(service, "checks.nix");
    assert!(checks.contains("{ pkgs, lib ? pkgs.lib, modules ? [ ], ... }:"), "{checks}");
    assert!(checks.contains("statusPage = lib.mkDefault false;"), "{checks}");
}

#[test]
fn files_that_the_store_cannot_call_so_are_called_otherwise() {
    let host = "host box { system = x86_64_linux, state_version = \"25.05\", file \"/etc/my file\" { text = \"x\" }, file \"/etc/a@b\" { text = \"x\" } }";
    let module = output(host, "hosts/box/default.nix");
    let spelled = "builtins.path { name = \"qg-a-b\"; path = ./. + \"/files/etc/a@b\"; }";
    assert!(module.contains(&format!("\"a@b\".source = {spelled};")), "{module}");
    assert!(module.contains("\"my file\".source = builtins.path"), "{module}");
}
