# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "Edge";
    firewall = {
      allowedTCPPorts = [ 80 8443 ];
      allowedUDPPorts = [ 8443 ];
    };
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  sops.secrets.ca = {
    sopsFile = ./secrets/secrets.yaml;
    key = "ca";
    owner = "caddy";
    mode = "0400";
    path = "/run/secrets/ca";
  };

  services.caddy = {
    enable = true;
    configFile = ./caddy/caddy.json;
    adapter = null;
    dataDir = "/srv/caddy";
    enableReload = false;
  };

  systemd.tmpfiles.settings."10-qg"."/srv/caddy".d = {
    user = "caddy";
    group = "caddy";
    mode = "0700";
  };
}
