# The flake that turns what `qgc compile` makes into systems. What comes from outside is named here, and nowhere else.
# `git.example.org` stands for where the owner's own repositories lie.
{
  inputs = {
    # Modules of some services are younger than the last release.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    nixpkgs-scrutiny.url = "git+https://git.example.org/nixpkgs?ref=scrutiny";
    sops-nix.url = "github:Mic92/sops-nix";
    impermanence.url = "github:nix-community/impermanence";
    disko.url = "github:nix-community/disko";
    home-manager.url = "github:nix-community/home-manager";
    jovian.url = "github:Jovian-Experiments/Jovian-NixOS";
    rust-overlay.url = "github:oxalica/rust-overlay";
    portfolio.url = "git+https://git.example.org/portfolio";
    game-installer.url = "git+https://git.example.org/game-installer";
    deploy-rs.url = "github:serokell/deploy-rs";
    fleet = {
      url = "path:../build";
      flake = false;
    };
  };

  outputs =
    { self, nixpkgs, ... }@inputs:
    let
      fleet = import "${inputs.fleet}/flake-module.nix";
      common = [
        inputs.sops-nix.nixosModules.sops
        inputs.impermanence.nixosModules.impermanence
        inputs.disko.nixosModules.disko
        inputs.home-manager.nixosModules.home-manager
        { nixpkgs.overlays = [ inputs.rust-overlay.overlays.default ]; }
      ];
      more = {
        Cube = [
          inputs.jovian.nixosModules.jovian
          inputs.game-installer.nixosModules.default
        ];
        Server = [ inputs.portfolio.nixosModules.default ];
      };
    in
    {
      nixosConfigurations = builtins.mapAttrs (
        name: module:
        nixpkgs.lib.nixosSystem {
          specialArgs = { inherit inputs; };
          modules = [ module ] ++ common ++ (more.${name} or [ ]);
        }
      ) fleet.nixosModules;

      colmena =
        builtins.mapAttrs (
          name: node: node // { imports = node.imports ++ (more.${name} or [ ]); }
        ) fleet.colmena
        // {
          meta = {
            nixpkgs = import nixpkgs { system = "x86_64-linux"; };
            specialArgs = { inherit inputs; };
          };
          defaults.imports = common;
        };

      deploy = fleet.deploy {
        inherit (inputs) deploy-rs;
        inherit (self) nixosConfigurations;
      };
    };
}
