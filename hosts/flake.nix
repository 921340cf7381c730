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
    stylix.url = "github:nix-community/stylix";
    chaotic.url = "github:chaotic-cx/nyx/nyxpkgs-unstable";
    nur.url = "github:nix-community/NUR";
    nvf.url = "github:NotAShelf/nvf";
    dank-material-shell.url = "github:AvengeMedia/DankMaterialShell";
    deploy-rs.url = "github:serokell/deploy-rs";
    # The owner's own.
    portfolio.url = "git+https://git.example.org/portfolio";
    game-installer.url = "git+https://git.example.org/game-installer";
    game-scripts.url = "git+https://git.example.org/game-scripts";
    xraya.url = "git+https://git.example.org/xraya";
    # The repository that this is in: the compiler, and what editors know of the language.
    qg = {
      url = "path:..";
      inputs.nixpkgs.follows = "nixpkgs";
    };
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
        inputs.stylix.nixosModules.stylix
        inputs.chaotic.nixosModules.default
        inputs.nur.modules.nixos.default
        inputs.nvf.nixosModules.default
        inputs.game-installer.nixosModules.default
        inputs.xraya.nixosModules.default
        {
          nixpkgs.overlays = [
            inputs.rust-overlay.overlays.default
            inputs.qg.overlays.default
            inputs.game-scripts.overlays.default
          ];
          # The editor knows the language that the fleet is written in.
          programs.nvf.settings.imports = [ inputs.qg.nvfModules.default ];
          home-manager = {
            # Homes take the packages of the system, with the same overlays.
            useGlobalPkgs = true;
            # A file that lies where one of ours goes is kept beside it.
            backupFileExtension = "before";
            sharedModules = [
              inputs.sops-nix.homeManagerModules.sops
              inputs.dank-material-shell.homeModules.default
            ];
          };
        }
      ];
      more = {
        Cube = [ inputs.jovian.nixosModules.jovian ];
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
