{
  description = "QG: a small language for fleets of NixOS and Podman machines, and its compiler";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEach = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      version = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).workspace.package.version;

      package =
        {
          lib,
          rustPlatform,
          installShellFiles,
        }:
        rustPlatform.buildRustPackage {
          pname = "qgc";
          inherit version;
          src = lib.fileset.toSource {
            root = ./.;
            fileset = lib.fileset.unions [
              ./Cargo.toml
              ./Cargo.lock
              ./lang
              ./stdlib
              ./interpreter
              ./lsp
              ./cli
              ./tests
            ];
          };
          cargoLock.lockFile = ./Cargo.lock;
          cargoBuildFlags = [
            "--package"
            "qg-cli"
          ];
          # The tests of the whole need Podman and systemd; those of the parts run here.
          cargoTestFlags = [
            "--package"
            "qg-lang"
            "--package"
            "qg-evaluation"
            "--package"
            "qg-formats"
            "--package"
            "qg-fleet"
            "--package"
            "qg-targets"
            "--package"
            "qg-interpreter"
            "--package"
            "qg-cli"
          ];
          nativeBuildInputs = [ installShellFiles ];
          postInstall = ''
            installShellCompletion --cmd qgc \
              --bash <($out/bin/qgc completions bash) \
              --zsh <($out/bin/qgc completions zsh) \
              --fish <($out/bin/qgc completions fish)
          '';
          meta = {
            description = "Compiler of the QG language: one description of a fleet, the files of every host";
            license = lib.licenses.mit;
            mainProgram = "qgc";
            platforms = lib.platforms.linux;
          };
        };
    in
    {
      packages = forEach (pkgs: rec {
        qgc = pkgs.callPackage package { };
        default = qgc;
      });

      apps = forEach (pkgs: rec {
        qgc = {
          type = "app";
          program = nixpkgs.lib.getExe self.packages.${pkgs.stdenv.hostPlatform.system}.qgc;
          meta.description = "Compiler of the QG language";
        };
        default = qgc;
      });

      overlays.default = final: _previous: {
        qgc = final.callPackage package { };
      };

      # For NVF: `programs.nvf.settings.imports = [ inputs.qg.nvfModules.default ];`
      nvfModules.default =
        { lib, pkgs, ... }:
        {
          imports = [ ./editors/nvf ];
          vim.languages.qg.package = lib.mkDefault self.packages.${pkgs.stdenv.hostPlatform.system}.qgc;
        };

      devShells = forEach (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.rustc
            pkgs.clippy
            pkgs.rustfmt
            pkgs.rust-analyzer
            pkgs.cargo-deny
            # What the tests read the output with.
            pkgs.nix
            pkgs.podman
            pkgs.caddy
            pkgs.curl
            pkgs.openssl
            pkgs.systemd
            pkgs.python3
          ];
        };
      });

      formatter = forEach (pkgs: pkgs.nixfmt);
    };
}
