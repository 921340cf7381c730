# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "box";
    firewall.allowedTCPPorts = [ 80 443 ];
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/wiki.container".source = ./quadlet/wiki.container;
    "traefik/dynamic.yml".source = ./traefik/dynamic.yml;
    "fail2ban/filter.d/qg-photos-login.conf".source = ./fail2ban/filter.d/qg-photos-login.conf;
    "fail2ban/filter.d/qg-player-login.conf".source = ./fail2ban/filter.d/qg-player-login.conf;
    "fail2ban/filter.d/qg-wiki-login.conf".source = ./fail2ban/filter.d/qg-wiki-login.conf;
  };

  systemd = {
    services = {
      wiki = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/wiki.container ];
      };
      traefik.restartTriggers = [ ./traefik/dynamic.yml ];
      fail2ban = {
        after = [ "traefik.service" ];
        restartTriggers = [
          ./fail2ban/filter.d/qg-photos-login.conf
          ./fail2ban/filter.d/qg-player-login.conf
          ./fail2ban/filter.d/qg-wiki-login.conf
        ];
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/wiki.service" = "/run/systemd/generator/wiki.service";
      })
    ];
    user.services.player = {
      serviceConfig.ExecStart = lib.mkForce "/run/current-system/sw/bin/player";
      wantedBy = lib.mkDefault [ "default.target" ];
    };
  };

  services = {
    immich.enable = true;
    traefik = {
      enable = true;
      staticConfigFile = ./traefik/static.yml;
      dataDir = "/var/lib/traefik";
    };
    fail2ban = {
      enable = true;
      maxretry = 3;
      jails = {
        DEFAULT.settings = {
          findtime = "10m";
          backend = lib.mkForce "polling";
          usedns = "no";
        };
        again.settings = {
          filter = "recidive";
          backend = "auto";
          logpath = "/var/log/fail2ban.log";
          skip_if_nologs = true;
          bantime = "168h";
        };
        sshd.settings = {
          filter = "sshd[mode=\"aggressive\"]";
          backend = "systemd";
          port = "22";
        };
        photos-login.settings = {
          filter = "qg-photos-login";
          backend = "systemd";
          journalmatch = "_SYSTEMD_UNIT=immich-server.service + _SYSTEMD_UNIT=immich-machine-learning.service";
        };
        player-login.settings = {
          filter = "qg-player-login";
          backend = "systemd[journalflags=1]";
          journalmatch = "_SYSTEMD_USER_UNIT=player.service";
        };
        traefik-auth.settings = {
          filter = "traefik-auth";
          backend = "auto";
          logpath = "/var/lib/traefik/access.log";
          skip_if_nologs = true;
          port = "80,443";
        };
        wiki-login.settings = {
          filter = "qg-wiki-login";
          backend = "systemd";
          journalmatch = "_SYSTEMD_UNIT=wiki.service";
          maxretry = 5;
          findtime = "1h";
          bantime = "48h";
          port = "80,443";
          protocol = "tcp,udp";
          ignoreip = "127.0.0.0/8 ::1 192.0.2.7 198.51.100.0/24 10.0.0.0/8";
          maxmatches = 2;
          usedns = "no";
        };
      };
      bantime = "24h";
      bantime-increment = {
        enable = true;
        factor = "2";
        formula = "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor";
        maxtime = "672h";
        rndtime = "8m30s";
        overalljails = true;
      };
      ignoreIP = [ "192.0.2.7" "198.51.100.0/24" ];
      banaction = "nftables-multiport";
      banaction-allports = "nftables-allports";
    };
  };
}
