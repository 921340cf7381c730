# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Server";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  boot.loader.grub = {
    enable = true;
    devices = [ "/dev/sda" ];
  };

  disko.devices.disk.system = {
    type = "disk";
    device = "/dev/sda";
    content = {
      type = "gpt";
      partitions = {
        bios = {
          priority = 1;
          size = "1M";
          type = "EF02";
        };
        root = {
          priority = 2;
          size = "100%";
          content = {
            type = "filesystem";
            format = "ext4";
            mountpoint = "/";
          };
        };
      };
    };
  };

  fileSystems = {
    "/".neededForBoot = true;
    "/data" = {
      device = "/dev/sdb1";
      fsType = "xfs";
    };
  };

  users = {
    users.anne = {
      isNormalUser = true;
      uid = 1000;
      home = "/data/anne";
      openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA anne" ];
    };
    groups.readers.gid = 900;
  };

  sops.secrets.token = {
    sopsFile = ./secrets/secrets.yaml;
    key = "token";
    group = "readers";
    mode = "0444";
    path = "/run/secrets/token";
    restartUnits = [ "qg-sealed.service" ];
  };

  systemd = {
    tmpfiles.settings."10-qg"."/srv/app".d.mode = "0755";
    services = {
      app.restartTriggers = [ ./files/etc/app.conf ./scripts/prepare.sh ];
      qg-sealed = {
        description = "Put together what holds secrets";
        after = [ "sops-install-secrets.service" ];
        before = [ "app.service" ];
        wantedBy = [ "multi-user.target" "app.service" ];
        path = [ pkgs.coreutils pkgs.gawk ];
        restartTriggers = [ ./sealed.sh ./files/etc/app.conf ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          ExecStart = "${pkgs.runtimeShell} ${./sealed.sh}";
        };
      };
    };
  };

  virtualisation = {
    podman.enable = true;
    quadlet.containers = {
      app.rawConfig = builtins.readFile ./quadlet/app.container;
      first.rawConfig = builtins.readFile ./quadlet/first.container;
    };
  };

  environment.etc = {
    "qg/scripts/prepare".source = pkgs.writeShellScript "qg-prepare" "${builtins.readFile ./scripts/prepare.sh}";
    "qg/sealed/files/etc-app-conf".source = ./files/etc/app.conf;
  };
}
