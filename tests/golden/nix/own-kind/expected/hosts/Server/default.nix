# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "Server";
    firewall.allowedTCPPorts = [ 6666 ];
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users = {
    users.games = {
      isSystemUser = true;
      uid = 990;
      group = "games";
    };
    groups.games.gid = 990;
  };

  sops.secrets.s = {
    sopsFile = ./secrets/secrets.yaml;
    key = "s";
    mode = "0400";
    path = "/run/secrets/restic";
  };

  systemd = {
    tmpfiles.settings."10-qg"."/var/lib/games/doom".d = {
      user = "games";
      mode = "0755";
    };
    services = {
      game-doom = {
        serviceConfig = {
          User = lib.mkForce "games";
          ExecStart = lib.mkForce "/opt/doom/server --config /etc/doom.ini";
        };
        wantedBy = lib.mkDefault [ "multi-user.target" ];
        restartTriggers = [ ./files/etc/doom.ini ];
      };
      restic-backups-game-doom-saves.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-game-doom-saves - game-doom.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-game-doom-saves || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      qg-backups-cellar = {
        description = "Copies into vault.cellar, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-game-doom-saves.service\n";
      };
    };
    timers.qg-backups-cellar = {
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnCalendar = "02:00";
        Persistent = true;
      };
    };
  };

  environment.etc = {
    "doom.ini".source = ./files/etc/doom.ini;
    "qg/chain".source = pkgs.writeShellScript "qg-chain" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./chain.sh}";
    "qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
  };

  services.restic.backups.game-doom-saves = {
    repository = "/backup/game-doom-saves";
    passwordFile = config.sops.secrets.s.path;
    paths = [ "/var/lib/games/doom" ];
    initialize = true;
    timerConfig = null;
    pruneOpts = [ "--group-by host" "--keep-daily 10" ];
  };
}
