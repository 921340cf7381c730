//! `qgc options update`, with Nix itself where it is installed. Without it the tests are skipped.

use std::fs;

use qg_tests::{disk, nix};

use crate::sandbox::{Ran, Sandbox, ran};

/// A file that is asked in place of a real system.
const MODULES: &str = "tests/peers/nix/modules.nix";

const FLAKE: &str = "{ outputs = _: { nixosConfigurations.box = import ./modules.nix; }; }\n";

const FLEET: &str = "host box {\n  system = x86_64_linux\n  state_version = \"25.05\"\n  nix {\n    services.web.enable = true\n    \
     services.web.host.a.root = \"/srv\"\n    services.web.tools = nix\"[ pkgs.git ]\"\n  }\n}\n";

/// A fleet of one host with the modules beside it.
fn fleet() -> Sandbox {
    let sandbox = Sandbox::empty();
    let modules = fs::read_to_string(disk::repository().join(MODULES)).expect("the modules");
    sandbox.write("fleet/qg.toml", "[fleet]\nname = \"test\"\n");
    sandbox.write("fleet/box.qg", FLEET);
    sandbox.write("fleet/modules.nix", &modules);
    sandbox
}

/// Runs the program with a store of Nix of its own.
fn qgc(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let mut command = sandbox.command();
    for (name, folder) in [
        ("NIX_STATE_DIR", "state"),
        ("NIX_STORE_DIR", "store"),
        ("NIX_LOG_DIR", "log"),
        ("HOME", "home"),
    ] {
        command.env(name, sandbox.path(&format!("nix/{folder}")));
    }
    ran(&command.args(args).output().expect("the program can be run"))
}

#[test]
fn a_file_is_asked_and_check_speaks_of_it() {
    if nix::program().is_none() {
        return;
    }
    let sandbox = fleet();
    let before = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert!(
        before.out.contains("warning[QG0643] NixOS has no option `services.web`"),
        "{before:?}"
    );

    let update = ["options", "update", "fleet", "--file", "fleet/modules.nix"];
    let dry = qgc(&sandbox, &[&update[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, Some(0), "{dry:?}");
    assert!(dry.out.contains("+ services.web.host.<name>.root: null or (string)\n"), "{dry:?}");
    assert!(dry.out.contains("+ pkgs.zsh\n") && !dry.out.contains("gone"), "{dry:?}");
    assert!(!sandbox.path("fleet/qg.options").exists());

    let first = qgc(&sandbox, &update);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(dry.out.contains("+ services.web.elsewhere: anything\n"), "{dry:?}");
    let of = "of nixpkgs 25.11.20251203.0123456";
    assert!(first.err.contains("fleet/qg.options: ") && first.err.contains(of), "{first:?}");
    let kept = sandbox.read("fleet/qg.options");
    for line in ["revision: 0123456789abcdef0123456789abcdef01234567", "date: 2025-12-03"] {
        assert!(kept.lines().any(|it| it == line), "{line} in {kept}");
    }
    let again = qgc(&sandbox, &update);
    assert!(again.err.contains("(0 new, 0 gone, 0 of another type)"), "{again:?}");
    assert_eq!(sandbox.read("fleet/qg.options"), kept);
    assert!(!sandbox.names("fleet").iter().any(|name| name.ends_with(".new")));

    assert_eq!(sandbox.qgc(&["check", "fleet"]).code, Some(0));
    sandbox.write(
        "fleet/more.qg",
        "extend host box { nix { services.web.gone = nix\"pkgs.gti\" } }\n",
    );
    let after = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert_eq!(after.code, Some(1), "{after:?}");
    for part in [
        "error[QG0643] the fleet's nixpkgs has no option `services.web.gone` (0123456789ab, 2025-12-03)",
        "error[QG0645] the fleet's nixpkgs has no package `gti`",
    ] {
        assert!(after.out.contains(part), "{part}: {after:?}");
    }
}

#[test]
fn the_flake_beside_the_fleet_is_asked() {
    if nix::program().is_none() {
        return;
    }
    let sandbox = fleet();
    let none = qgc(&sandbox, &["options", "update", "fleet"]);
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.err.contains("there is no flake.nix beside qg.toml"), "{none:?}");

    sandbox.write("fleet/nixos/flake.nix", FLAKE);
    sandbox.write("fleet/nixos/modules.nix", &sandbox.read("fleet/modules.nix"));
    let found = qgc(&sandbox, &["options", "update", "fleet"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(found.err.contains("asking nixos for the options of box"), "{found:?}");
    assert!(sandbox.read("fleet/qg.options").contains("\nsource: nixos (box)\n"));

    let other = qgc(&sandbox, &["options", "update", "fleet", "--host", "bxo"]);
    assert_eq!(other.code, Some(2));
    assert!(other.err.contains("nixos has no host `bxo`"), "{other:?}");
    assert!(other.err.contains("did you mean `box`?"), "{other:?}");

    sandbox.write("fleet/home/flake.nix", FLAKE);
    let several = qgc(&sandbox, &["options", "update", "fleet"]);
    assert!(several.err.contains("there are several flakes: home, nixos"), "{several:?}");
    sandbox.write("fleet/qg.toml", "[fleet]\nflake = \"nixos\"\n");
    assert_eq!(qgc(&sandbox, &["options", "update", "fleet"]).code, Some(0));
}

#[test]
fn a_failure_leaves_what_was_kept() {
    if nix::program().is_none() {
        return;
    }
    let sandbox = fleet();
    sandbox.write("fleet/qg.options", "kept\n");
    for (text, part) in [
        ("{ options = throw \"no such thing\"; }", "no such thing"),
        ("{ }", "has no options"),
        ("{ syntax", "Nix could not tell"),
    ] {
        sandbox.write("fleet/bad.nix", text);
        let ran = qgc(&sandbox, &["options", "update", "fleet", "--file", "fleet/bad.nix"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(part), "{part}: {ran:?}");
        assert_eq!(sandbox.read("fleet/qg.options"), "kept\n");
    }
}

#[test]
fn without_nix_it_says_so() {
    let sandbox = fleet();
    let mut command = sandbox.command();
    command.env("PATH", sandbox.path("nothing"));
    command.args(["options", "update", "fleet", "--file", "fleet/modules.nix"]);
    let ran = ran(&command.output().expect("the program can be run"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("`nix-instantiate` is not installed here"), "{ran:?}");
    assert!(!sandbox.path("fleet/qg.options").exists());
    let alone = sandbox.path("alone.qg");
    fs::write(&alone, "").expect("a file");
    let ran = sandbox.qgc(&["options", "update", "alone.qg"]);
    assert!(ran.err.contains("there is no qg.toml"), "{ran:?}");
}
