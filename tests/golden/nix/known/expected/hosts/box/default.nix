# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "box";
    firewall = {
      allowedTCPPorts = [ 80 443 ];
      allowedUDPPorts = [ 443 ];
    };
  };

  nixpkgs = {
    hostPlatform = "x86_64-linux";
    config.allowUnfreePredicate = package: builtins.elem (lib.getName package) [ "n8n" ];
  };

  system.stateVersion = "24.05";

  time.timeZone = "UTC";

  fileSystems = {
    "/" = {
      device = "none";
      fsType = "tmpfs";
    };
    "/nix" = {
      device = "/dev/disk/by-label/nix";
      fsType = "auto";
    };
    "/persist" = {
      device = "/dev/disk/by-label/persist";
      fsType = "auto";
      neededForBoot = true;
    };
    "/srv/photos" = {
      device = "/dev/disk/by-label/photos";
      fsType = "auto";
    };
  };

  systemd.tmpfiles.settings."10-qg"."/var/lib/jellyfin".d = {
    user = "jellyfin";
    group = "jellyfin";
    mode = "0700";
  };

  environment.persistence."/persist" = {
    hideMounts = true;
    directories = [
      {
        directory = "/srv/sync";
        user = "me";
        group = "syncthing";
        mode = "0755";
      }
      {
        directory = "/var/lib/bitwarden_rs";
        user = "vaultwarden";
        group = "vaultwarden";
        mode = "0755";
      }
      {
        directory = "/var/lib/jellyfin";
        user = "jellyfin";
        group = "jellyfin";
        mode = "0700";
      }
      {
        directory = "/var/lib/navidrome";
        user = "navidrome";
        group = "navidrome";
        mode = "0755";
      }
      {
        directory = "/var/lib/portfolio";
        user = "portfolio";
        group = "pages";
        mode = "0755";
      }
      {
        directory = "/var/lib/private/guests";
        mode = "0700";
        defaultPerms.mode = "0700";
      }
      {
        directory = "/var/lib/private/n8n";
        mode = "0700";
        defaultPerms.mode = "0700";
      }
    ];
  };

  services = {
    guests.enable = true;
    immich = {
      mediaLocation = "/srv/photos/library";
      enable = true;
    };
    jellyfin.enable = true;
    n8n.enable = true;
    navidrome = {
      settings.MusicFolder = "/srv/music";
      enable = true;
    };
    portfolio = {
      port = 8095;
      enable = true;
    };
    syncthing = {
      dataDir = "/srv/sync";
      user = "me";
      enable = true;
    };
    vaultwarden = {
      config.ROCKET_PORT = 8222;
      enable = true;
    };
    caddy = {
      enable = true;
      configFile = ./caddy/caddy.json;
      adapter = null;
      dataDir = "/var/lib/caddy";
      enableReload = false;
    };
  };
}
