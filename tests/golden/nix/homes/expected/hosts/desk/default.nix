# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "desk";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users.users.anna = {
    isNormalUser = true;
    uid = 1001;
    hashedPasswordFile = config.sops.secrets.password.path;
  };

  sops = {
    age.keyFile = "/var/lib/sops/age/keys.txt";
    secrets = {
      machine = {
        sopsFile = ./secrets/secrets.yaml;
        key = "machine";
        owner = "anna";
        mode = "0400";
        path = "/run/secrets/machine";
      };
      password = {
        sopsFile = ./secrets/secrets.yaml;
        key = "password";
        neededForUsers = true;
      };
    };
  };

  home-manager.users.anna.imports = [ ./home-anna.nix ];
}
