# Scrutiny from a fork of nixpkgs: its module instead of the one that comes with the system, and its packages.
{ inputs, pkgs, ... }:
{
  disabledModules = [ "services/monitoring/scrutiny.nix" ];
  imports = [ "${inputs.nixpkgs-scrutiny}/nixos/modules/services/monitoring/scrutiny.nix" ];
  nixpkgs.overlays = [
    (final: prev: {
      inherit (inputs.nixpkgs-scrutiny.legacyPackages.${pkgs.stdenv.hostPlatform.system})
        scrutiny
        scrutiny-collector-zfs
        ;
    })
  ];
}
