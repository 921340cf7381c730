# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "Inside";
    firewall = {
      allowedTCPPorts = [ 80 443 ];
      allowedUDPPorts = [ 443 ];
    };
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/inside.container".source = ./quadlet/inside.container;
    "caddy/caddy.json".source = ./caddy/caddy.json;
  };

  systemd = {
    services.inside = {
      overrideStrategy = "asDropin";
      restartTriggers = [ ./quadlet/inside.container ./caddy/caddy.json ];
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/inside.service" = "/run/systemd/generator/inside.service";
      })
    ];
    tmpfiles.settings."10-qg"."/var/lib/caddy".d.mode = "0700";
  };
}
