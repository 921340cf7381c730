# Evaluates one generated module without nixpkgs and sops-nix: what it asks of them is answered by marks. It
# refuses what NixOS refuses of it (./assertions.nix); `extra` says whether the module beside it counts there.
# Besides the options it gives `_units`: what of each unit a switch compares, and whether it has a link.
{
  root,
  file,
  packages,
  extra ? false,
}:
let
  mapAttrs = builtins.mapAttrs;
  mark = mark: value: { inherit mark value; };
  lib = {
    mkDefault = mark "default";
    mkForce = mark "force";
    mkBefore = mark "before";
    escapeShellArg = text: text;
    makeBinPath = all: builtins.concatStringsSep ":" (map (it: "${it}/bin") all);
  };
  pkgs =
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = "/pkgs/${name}";
      }) packages
    )
    // {
      runtimeShell = "/pkgs/sh";
      # A set of packages, by what our fleet takes from it.
      python3Packages = mapAttrs (name: _: "/pkgs/python3-${name}") {
        pip = null;
        setuptools = null;
        wheel = null;
      };
      # A mark too: the links, by the paths below the package.
      linkFarm = name: links: {
        inherit name links;
      };
      writeShellScript = name: text: "/script/${name}<${text}>";
    };
  sops = options.sops or { };
  config = {
    sops = {
      placeholder = mapAttrs (name: _: "<SOPS:${name}>") (sops.secrets or { });
      secrets = mapAttrs (name: secret: {
        path = secret.path or "/run/secrets-for-users/${name}";
      }) (sops.secrets or { });
      templates = mapAttrs (name: template: {
        path = template.path or "/run/secrets/rendered/${name}";
      }) (sops.templates or { });
    };
    virtualisation.podman.package = "/pkgs/podman";
    systemd.package = "/pkgs/systemd";
    boot.zfs.package = "/pkgs/zfs";
  };
  # A path would be copied to the store; the test wants to know which one it is.
  show =
    value:
    if builtins.isPath value then
      "path:" + builtins.substring (builtins.stringLength root) (-1) (toString value)
    else if builtins.isAttrs value then
      mapAttrs (_: show) value
    else if builtins.isList value then
      map show value
    else if builtins.isFunction value then
      "function"
    else
      value;
  arguments = { inherit config lib pkgs; };
  options = import (root + "/" + file) arguments;
  beside = builtins.dirOf (root + "/" + file) + "/extra.nix";
  wrong = import ./assertions.nix {
    inherit options;
    extra = if extra && builtins.pathExists beside then import beside arguments else { };
  };

  # switch-to-configuration compares the text of a unit and of its drop-ins; what triggers a restart stands
  # there as paths of the store, whose names say what is in the files.
  links = builtins.foldl' (all: it: all // (it.links or { })) { } (options.systemd.packages or [ ]);
  units = mapAttrs (name: unit: {
    linked = links."etc/systemd/system/${name}.service" or null;
    dropin = (unit.overrideStrategy or "") == "asDropin";
    text = builtins.toJSON (
      (show (builtins.removeAttrs unit [ "restartTriggers" ]))
      // {
        triggers = map (it: if builtins.isPath it then "${baseNameOf it}-${builtins.hashFile "sha256" it}" else it) (unit.restartTriggers or [ ]);
      }
    );
  }) (options.systemd.services or { });
in
if wrong == [ ] then
  show options // { _units = units; }
else
  throw (builtins.concatStringsSep "\n" wrong)
