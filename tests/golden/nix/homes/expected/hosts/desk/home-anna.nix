# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  imports = [
    ./modules/home/shell.nix
    ({ pkgs, ... }: { home.packages = [ pkgs.ripgrep ]; })
    ./modules/home/desk.nix
  ];

  home = {
    stateVersion = "24.05";
    sessionVariables.MACHINE_TOKEN = "$(cat /run/secrets/machine)";
    file = {
      ".config/app.ini".source = ./homes/anna/.config/app.ini;
      ".config/app.json".source = ./homes/anna/.config/app.json;
      ".config/app.toml".source = ./homes/anna/.config/app.toml;
      ".config/app.yaml".source = ./homes/anna/.config/app.yaml;
      ".config/greeting".source = ./homes/anna/.config/greeting;
      ".ssh/machines".source = ./homes/anna/.ssh/machines;
      "bin/hello world" = {
        source = builtins.path {
          name = "qg-hello-world";
          path = ./. + "/homes/anna/bin/hello world";
        };
        executable = true;
      };
    };
  };

  programs = {
    bat.enable = lib.mkDefault true;
    git = {
      enable = true;
      userName = "anna";
    };
    ssh.extraConfig = "IdentityFile ${config.sops.secrets.ssh.path}";
  };

  sops = {
    age = {
      keyFile = "/home/anna/.config/sops/age/keys.txt";
      sshKeyPaths = [ "/home/anna/.ssh/id_session" ];
    };
    secrets = {
      ssh = {
        sopsFile = ./secrets/secrets.yaml;
        key = "ssh";
        mode = "0600";
        path = "/home/anna/.ssh/id_ed25519";
      };
      client = {
        sopsFile = ./secrets/client.p12;
        format = "binary";
        mode = "0400";
      };
      token = {
        sopsFile = ./secrets/secrets.yaml;
        key = "github";
        mode = "0400";
      };
    };
  };
}
