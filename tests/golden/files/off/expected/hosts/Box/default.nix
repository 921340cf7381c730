# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Box";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  sops.secrets.on = {
    sopsFile = ./secrets/secrets.yaml;
    key = "on";
    mode = "0400";
    path = "/run/secrets/on";
  };

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/on.container".source = ./quadlet/on.container;
    "qg/chain".source = pkgs.writeShellScript "qg-chain" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./chain.sh}";
    "qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
  };

  systemd = {
    services = {
      on = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/on.container ];
      };
      restic-backups-on-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-on-data - on.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-on-data || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      qg-backups-on = {
        description = "Copies into vault.on, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-on-data.service\n";
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/on.service" = "/run/systemd/generator/on.service";
      })
    ];
    timers.qg-backups-on = {
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnCalendar = "02:00";
        Persistent = true;
      };
    };
  };

  services.restic.backups.on-data = {
    repository = "/srv/restic/on-data";
    passwordFile = config.sops.secrets.on.path;
    paths = [ "/srv/on" ];
    initialize = true;
    timerConfig = null;
    pruneOpts = [ "--group-by host" "--keep-daily 10" ];
  };
}
