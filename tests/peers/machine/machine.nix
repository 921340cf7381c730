# The options of every machine of the fleet, as the flake of `hosts` puts them together from what was compiled: all modules of
# ours, those of home-manager among them, without nixpkgs and without the flake's inputs. Packages are names, inputs are too.
{
  # The folder that was compiled.
  build,
  # The flake.
  flake,
  # Every word that stands in a module, as any of them may be a package.
  words,
}:
let
  lib = import ./lib.nix;
  modules = import ./merge.nix { inherit lib; };
  given = builtins.fromJSON words;

  # A package, and all that one could ask of it: a part of it, what it makes of arguments.
  thing =
    name: place:
    builtins.listToAttrs (
      map (word: {
        name = word;
        value = thing (if name == "" then word else "${name}.${word}") "${place}/${word}";
      }) given
    )
    // {
      type = "derivation";
      inherit name;
      outPath = place;
      __functor = _: argument: thing (called name argument) place;
    };
  # What is made under a name (`writeShellScriptBin "name" …`) has it.
  called = name: argument: if builtins.isString argument && !(lib.hasPrefix "/" argument) && builtins.match "[a-zA-Z0-9._-]+" argument != null then "${name} ${argument}" else name;

  packages =
    (thing "" "/pkgs")
    // {
      inherit lib;
      runtimeShell = "/pkgs/sh";
      stdenv.hostPlatform = {
        system = "x86_64-linux";
        isx86_64 = true;
        isAarch64 = false;
      };
      linkFarm = name: _: thing "linkFarm ${name}" "/pkgs/${name}";
      formats = builtins.listToAttrs (
        map (name: {
          inherit name;
          value = _: { generate = file: value: thing "${file} ${builtins.toJSON value}" "/pkgs/${file}"; };
        }) [ "ini" "json" "toml" "yaml" ]
      );
    };

  # What NixOS and sops-nix add by themselves, as far as modules ask for it.
  complete =
    config:
    lib.recursiveUpdate {
      virtualisation.podman.package = thing "podman" "/pkgs/podman";
      systemd.package = thing "systemd" "/pkgs/systemd";
      boot.zfs.package = thing "zfs" "/pkgs/zfs";
      boot.kernelPackages = thing "linuxPackages" "/pkgs/linuxPackages";
      nixpkgs.hostPlatform.system = "x86_64-linux";
      sops = {
        placeholder = builtins.mapAttrs (name: _: "<SOPS:${name}>") (config.sops.secrets or { });
        secrets = builtins.mapAttrs (name: secret: {
          path = secret.path or "/run/secrets-for-users/${name}";
        }) (config.sops.secrets or { });
        templates = builtins.mapAttrs (name: template: {
          path = template.path or "/run/secrets/rendered/${name}";
        }) (config.sops.templates or { });
      };
    } config;

  read = import flake;
  inputs = builtins.mapAttrs (name: _: thing name "/inputs/${name}") read.inputs // {
    nixpkgs = (thing "nixpkgs" "/inputs/nixpkgs") // {
      lib = lib // {
        nixosSystem = it: it;
      };
    };
    fleet.outPath = toString build;
    deploy-rs = thing "deploy-rs" "/inputs/deploy-rs";
    self = {
      nixosConfigurations = { };
    };
  };
  systems = (read.outputs inputs).nixosConfigurations;

  machine =
    _: system:
    modules (
      {
        root = toString build;
        inherit lib complete;
        pkgs = packages;
        modulesPath = "/inputs/nixpkgs/nixos/modules";
        options = { };
        utils = { };
      }
      // (system.specialArgs or { })
    ) system.modules;

  # A path would be copied into the store.
  show =
    value:
    if builtins.isPath value then
      "path:${toString value}"
    else if builtins.isList value then
      map show value
    else if builtins.isAttrs value then
      if (value.type or "") == "derivation" then
        "pkg:${value.name}"
      else if value ? __functor then
        "<function>"
      else
        builtins.mapAttrs (_: show) value
    else if builtins.isFunction value then
      "<function>"
    else
      value;
in
builtins.mapAttrs (_: it: {
  config = show it.config;
  inherit (it) outside;
  disabled = map toString it.disabled;
}) (builtins.mapAttrs machine systems)
