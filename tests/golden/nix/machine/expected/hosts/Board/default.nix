# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Board";

  nixpkgs = {
    hostPlatform = "aarch64-linux";
    config.allowUnfree = true;
  };

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  boot.loader = {
    grub.enable = false;
    generic-extlinux-compatible.enable = true;
  };
}
