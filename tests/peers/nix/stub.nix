# Evaluates one generated module without nixpkgs and sops-nix: what it asks of them is answered by marks.
{ root, file, packages }:
let
  mapAttrs = builtins.mapAttrs;
  mark = mark: value: { inherit mark value; };
  lib = {
    mkDefault = mark "default";
    mkForce = mark "force";
    mkBefore = mark "before";
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
  options = import (root + "/" + file) { inherit config lib pkgs; };
in
show options
