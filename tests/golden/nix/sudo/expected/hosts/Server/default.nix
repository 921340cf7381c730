# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Server";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users = {
    groups = {
      keeper = { };
      runner = { };
    };
    users = {
      keeper = {
        isSystemUser = true;
        group = "keeper";
      };
      runner = {
        isSystemUser = true;
        description = "Brings new versions";
        group = "runner";
      };
    };
  };

  security.sudo.extraRules = [
    {
      users = [ "keeper" ];
      runAs = "root";
      commands = [
        {
          command = "ALL";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/smartctl";
          options = [ "NOPASSWD" ];
        }
      ];
    }
    {
      users = [ "runner" ];
      runAs = "root";
      commands = [
        {
          command = "/run/current-system/sw/bin/sync \"\"";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/nixos-rebuild switch";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl try-restart films.service";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl reload-or-restart films.service";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl status films.service";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl is-active *";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl is-failed *";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl is-enabled *";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl start downloads-pod.service";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/systemctl stop downloads-pod.service";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/run/current-system/sw/bin/zpool scrub tank";
          options = [ "NOPASSWD" ];
        }
        {
          command = "/opt/sign --with\\=a\\:b\\,c \\*.\\[ab\\]\\? c\\:\\\\\\\\d";
          options = [ "NOPASSWD" ];
        }
      ];
    }
  ];

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/films.container".source = ./quadlet/films.container;
    "containers/systemd/downloads.pod".source = ./quadlet/downloads.pod;
  };

  systemd = {
    services = {
      films = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/films.container ];
      };
      downloads-pod = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/downloads.pod ];
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/films.service" = "/run/systemd/generator/films.service";
        "etc/systemd/system/downloads-pod.service" = "/run/systemd/generator/downloads-pod.service";
      })
    ];
  };
}
