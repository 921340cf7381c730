//! `flake-module.nix`: every host as a NixOS module, and as a node of Colmena and deploy-rs.

use qg_fleet::leaf::OriginId;
use qg_formats::nix::{Nix, Set, expression};

use super::{deploy, hosts};
use crate::{OutputFile, Prepared};

const COMMENT: &[&str] = &[
    "Made by qgc from the sources of the fleet; changes made here are lost.",
    "",
    "Every host of the fleet. In a flake, beside the inputs sops-nix and, where a host says so,",
    "impermanence, disko, quadlet-nix and home-manager (where homes open secrets, with the module",
    "homeManagerModules.sops of sops-nix in `home-manager.sharedModules`):",
    "",
    "  let fleet = import ./build/flake-module.nix; in {",
    "    nixosConfigurations.x = nixpkgs.lib.nixosSystem {",
    "      modules = [ fleet.nixosModules.x sops-nix.nixosModules.sops ];",
    "    };",
    "    colmena = fleet.colmena // {",
    "      meta = { … };",
    "      defaults.imports = [ sops-nix.nixosModules.sops ];",
    "    };",
    "    deploy = fleet.deploy { inherit deploy-rs; inherit (self) nixosConfigurations; };",
    "  }",
];

pub(super) fn file(fleet: &Prepared<'_>) -> OutputFile {
    let mut all = Set::new();
    for key in ["nixosModules", "colmena"] {
        all.put(key, Set::new().nix(OriginId::default()));
    }
    for on in hosts(fleet) {
        let by = on.host.origin;
        let module = Nix::path(format!("hosts/{}", on.name), by);
        all.put_at(&["nixosModules", on.name], module.clone());
        let mut node = Set::new();
        node.put("deployment", deploy::colmena(on).nix(by));
        node.put("imports", Nix::list(vec![module], by));
        all.put_at(&["colmena", on.name], node.nix(by));
    }
    let mut deploy = Nix::path(deploy::FILE, OriginId::default());
    deploy.origins = hosts(fleet).map(|on| on.host.deploy.origin).collect();
    all.put("deploy", Nix::apply(&["import"], vec![deploy]));
    expression(&all.nix(OriginId::default()), COMMENT).file("flake-module.nix")
}
