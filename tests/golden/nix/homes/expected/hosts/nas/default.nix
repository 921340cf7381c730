# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "nas";

  nixpkgs.hostPlatform = "aarch64-linux";

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
      password = {
        sopsFile = ./secrets/secrets.yaml;
        key = "password";
        neededForUsers = true;
      };
      store = {
        sopsFile = ./secrets/client.p12;
        format = "binary";
        mode = "0400";
        path = "/var/lib/store.p12";
      };
    };
  };

  home-manager.users.anna.imports = [ ./home-anna.nix ];
}
