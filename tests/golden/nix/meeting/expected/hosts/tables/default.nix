# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "tables";
    nftables.tables = lib.mkIf config.networking.nftables.enable {
      qg-elsewhere = {
        family = "inet";
        content = "chain qg-elsewhere {\n  type filter hook prerouting priority raw; policy accept;\n  iifname != \"lo\" ip daddr 10.100.0.4 tcp dport 8082 ip saddr != { 10.100.0.1 } drop\n  iifname != \"lo\" ip daddr 10.100.0.4 udp dport 8082 ip saddr != { 10.100.0.1 } drop\n}\n";
      };
    };
    firewall = {
      extraInputRules = lib.mkIf config.networking.nftables.enable "ip saddr { 10.100.0.1 } ip daddr 10.100.0.4 tcp dport 8082 accept\nip saddr { 10.100.0.1 } ip daddr 10.100.0.4 udp dport 8082 accept\n";
      extraCommands = lib.mkIf (!config.networking.nftables.enable) "iptables -w -A nixos-fw -p tcp -s 10.100.0.1 -d 10.100.0.4 --dport 8082 -j nixos-fw-accept\niptables -w -A nixos-fw -p udp -s 10.100.0.1 -d 10.100.0.4 --dport 8082 -j nixos-fw-accept\niptables -w -t raw -N qg-elsewhere 2>/dev/null || iptables -w -t raw -F qg-elsewhere\niptables -w -t raw -C PREROUTING -j qg-elsewhere 2>/dev/null || iptables -w -t raw -I PREROUTING -j qg-elsewhere\niptables -w -t raw -A qg-elsewhere -i lo -j RETURN\niptables -w -t raw -A qg-elsewhere -p tcp -s 10.100.0.1 -d 10.100.0.4 --dport 8082 -j RETURN\niptables -w -t raw -A qg-elsewhere -p tcp -d 10.100.0.4 --dport 8082 -j DROP\niptables -w -t raw -A qg-elsewhere -p udp -s 10.100.0.1 -d 10.100.0.4 --dport 8082 -j RETURN\niptables -w -t raw -A qg-elsewhere -p udp -d 10.100.0.4 --dport 8082 -j DROP\n";
      extraStopCommands = lib.mkIf (!config.networking.nftables.enable) "iptables -w -t raw -D PREROUTING -j qg-elsewhere 2>/dev/null || true\niptables -w -t raw -F qg-elsewhere 2>/dev/null || true\niptables -w -t raw -X qg-elsewhere 2>/dev/null || true\nip6tables -w -t raw -D PREROUTING -j qg-elsewhere 2>/dev/null || true\nip6tables -w -t raw -F qg-elsewhere 2>/dev/null || true\nip6tables -w -t raw -X qg-elsewhere 2>/dev/null || true\n";
    };
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/cells.container".source = ./quadlet/cells.container;
    "containers/systemd/sheets.pod".source = ./quadlet/sheets.pod;
  };

  systemd = {
    services = {
      cells = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/cells.container ];
      };
      sheets-pod = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/sheets.pod ];
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/cells.service" = "/run/systemd/generator/cells.service";
        "etc/systemd/system/sheets-pod.service" = "/run/systemd/generator/sheets-pod.service";
      })
    ];
  };
}
