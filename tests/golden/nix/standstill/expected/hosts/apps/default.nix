# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "apps";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users.users.apps = {
    isNormalUser = true;
    uid = 1001;
    linger = true;
    autoSubUidGidRange = true;
  };

  sops.secrets.key = {
    sopsFile = ./secrets/secrets.yaml;
    key = "key";
    mode = "0400";
    path = "/run/secrets/key";
  };

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/users/1001/notes.container".source = ./quadlet/notes.container;
    "qg/chain".source = pkgs.writeShellScript "qg-chain" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./chain.sh}";
    "qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
  };

  systemd = {
    services = {
      qg-rootless-notes = {
        description = "notes.service of apps";
        wantedBy = [ "multi-user.target" ];
        requires = [ "user@1001.service" ];
        after = [ "user@1001.service" "qg-rootless.service" ];
        restartTriggers = [ ./quadlet/notes.container ];
        environment.XDG_RUNTIME_DIR = "/run/user/1001";
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          User = "apps";
          ExecStart = "${config.systemd.package}/bin/systemctl --user start notes.service";
          ExecStop = [ "${config.systemd.package}/bin/systemctl --user stop notes.service" ];
        };
      };
      qg-rootless = {
        description = "Units of apps";
        wantedBy = [ "multi-user.target" ];
        requires = [ "user@1001.service" ];
        after = [ "user@1001.service" ];
        restartTriggers = [ ./quadlet/notes.container ];
        environment.XDG_RUNTIME_DIR = "/run/user/1001";
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          User = "apps";
          ExecStart = [
            "${config.systemd.package}/bin/systemctl --user daemon-reload"
            "${config.systemd.package}/bin/systemctl --user start --no-block default.target"
          ];
        };
      };
      restic-backups-notes-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-notes-data apps notes.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-notes-data || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      qg-backups-apps = {
        description = "Copies into vault.apps, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-notes-data.service\n";
      };
    };
    timers.qg-backups-apps = {
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnCalendar = "02:00";
        Persistent = true;
      };
    };
  };

  services.restic.backups.notes-data = {
    repository = "/srv/restic/notes-data";
    passwordFile = config.sops.secrets.key.path;
    paths = [ "/srv/notes" ];
    initialize = true;
    timerConfig = null;
    pruneOpts = [ "--group-by host" "--keep-daily 10" ];
  };
}
