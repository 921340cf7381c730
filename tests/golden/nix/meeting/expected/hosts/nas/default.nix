# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "nas";
    firewall = {
      allowedTCPPorts = [ 8080 ];
      extraInputRules = lib.mkIf config.networking.nftables.enable "ip saddr { 192.168.1.2 } ip daddr 192.168.1.3 tcp dport 8081 accept\nip saddr { 192.168.1.2 } ip daddr 192.168.1.3 tcp dport 8096 accept\n";
      extraCommands = lib.mkIf (!config.networking.nftables.enable) "iptables -w -A nixos-fw -p tcp -s 192.168.1.2 -d 192.168.1.3 --dport 8081 -j nixos-fw-accept\niptables -w -A nixos-fw -p tcp -s 192.168.1.2 -d 192.168.1.3 --dport 8096 -j nixos-fw-accept\niptables -w -t raw -N qg-elsewhere 2>/dev/null || iptables -w -t raw -F qg-elsewhere\niptables -w -t raw -C PREROUTING -j qg-elsewhere 2>/dev/null || iptables -w -t raw -I PREROUTING -j qg-elsewhere\niptables -w -t raw -A qg-elsewhere -i lo -j RETURN\niptables -w -t raw -A qg-elsewhere -p tcp -s 192.168.1.2 -d 192.168.1.3 --dport 8096 -j RETURN\niptables -w -t raw -A qg-elsewhere -p tcp -d 192.168.1.3 --dport 8096 -j DROP\n";
      extraStopCommands = lib.mkIf (!config.networking.nftables.enable) "iptables -w -t raw -D PREROUTING -j qg-elsewhere 2>/dev/null || true\niptables -w -t raw -F qg-elsewhere 2>/dev/null || true\niptables -w -t raw -X qg-elsewhere 2>/dev/null || true\nip6tables -w -t raw -D PREROUTING -j qg-elsewhere 2>/dev/null || true\nip6tables -w -t raw -F qg-elsewhere 2>/dev/null || true\nip6tables -w -t raw -X qg-elsewhere 2>/dev/null || true\n";
    };
    nftables.tables = lib.mkIf config.networking.nftables.enable {
      qg-elsewhere = {
        family = "inet";
        content = "chain qg-elsewhere {\n  type filter hook prerouting priority raw; policy accept;\n  iifname != \"lo\" ip daddr 192.168.1.3 tcp dport 8096 ip saddr != { 192.168.1.2 } drop\n}\n";
      };
    };
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users = {
    users.app = {
      isSystemUser = true;
      uid = 900;
      group = "apps";
    };
    groups.apps.gid = 900;
  };

  systemd = {
    tmpfiles.settings."10-qg" = {
      "/srv/films".d = {
        user = "app";
        mode = "0750";
      };
      "/opt/films-cache".d = {
        user = "app";
        group = "apps";
        mode = "0755";
      };
      "/srv/films/config".d = {
        user = "app";
        mode = "0750";
      };
      "/srv/films/config/deep".d = {
        user = "app";
        mode = "0750";
      };
    };
    services = {
      all = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/all.container ];
      };
      films = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/films.container ];
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/all.service" = "/run/systemd/generator/all.service";
        "etc/systemd/system/films.service" = "/run/systemd/generator/films.service";
      })
    ];
  };

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/all.container".source = ./quadlet/all.container;
    "containers/systemd/films.container".source = ./quadlet/films.container;
  };

  services.grafana.enable = true;
}
