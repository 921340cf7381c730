# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Server";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  sops.secrets.key = {
    sopsFile = ./secrets/secrets.yaml;
    key = "key";
    mode = "0400";
    path = "/run/secrets/key";
  };

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/directory-pg.container".source = ./quadlet/directory-pg.container;
    "containers/systemd/memory-agent.container".source = ./quadlet/memory-agent.container;
    "containers/systemd/memory-db.container".source = ./quadlet/memory-db.container;
    "containers/systemd/memory.pod".source = ./quadlet/memory.pod;
    "qg/chain".source = pkgs.writeShellScript "qg-chain" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./chain.sh}";
    "qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
  };

  systemd = {
    services = {
      directory-pg = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/directory-pg.container ];
      };
      memory-agent = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/memory-agent.container ];
      };
      memory-db = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/memory-db.container ];
      };
      memory-pod = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/memory.pod ];
      };
      homepage-dashboard.bindsTo = [ "authelia-main.service" ];
      lldap = {
        after = [ "directory-pg.service" ];
        requires = [ "directory-pg.service" ];
      };
      authelia-main = {
        after = [ "lldap.service" ];
        requires = [ "lldap.service" ];
      };
      borgbackup-job-far.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold borgbackup-job-far - adguardhome.service || exit\n/etc/qg/standstill hold borgbackup-job-far - paperless-scheduler.service -- paperless-consumer.service paperless-exporter.service paperless-task-queue.service paperless-web.service || exit\n${pkgs.writeShellScript "qg-dump" "${builtins.readFile ./scripts/dump.sh}"} || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release borgbackup-job-far || failed=1\n${pkgs.writeShellScript "qg-swept" "${builtins.readFile ./scripts/swept.sh}"} || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      qg-backups-far = {
        description = "Copies into vault.far, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain borgbackup-job-far.service\n";
      };
      restic-backups-directory-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-directory-data - lldap.service directory-pg.service -- authelia-main.service homepage-dashboard.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-directory-data || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      restic-backups-memory-db-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-memory-db-data - memory-pod.service -- memory-db.service memory-agent.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-memory-db-data || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      qg-backups-local = {
        description = "Copies into vault.local, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-directory-data.service \\\n  restic-backups-memory-db-data.service\n";
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/directory-pg.service" = "/run/systemd/generator/directory-pg.service";
        "etc/systemd/system/memory-agent.service" = "/run/systemd/generator/memory-agent.service";
        "etc/systemd/system/memory-db.service" = "/run/systemd/generator/memory-db.service";
        "etc/systemd/system/memory-pod.service" = "/run/systemd/generator/memory-pod.service";
      })
    ];
    timers = {
      qg-backups-far = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "02:00";
          Persistent = true;
        };
      };
      qg-backups-local = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "02:00";
          Persistent = true;
        };
      };
    };
  };

  services = {
    adguardhome.enable = true;
    lldap.enable = true;
    authelia.instances.main = { };
    homepage-dashboard.enable = true;
    paperless.enable = true;
    borgbackup.jobs.far = {
      paths = [ "/var/lib/AdGuardHome" "/srv/papers" ];
      repo = "ssh://b@far/x";
      encryption = {
        mode = "repokey-blake2";
        passCommand = "cat ${lib.escapeShellArg config.sops.secrets.key.path}";
      };
      compression = "zstd";
      startAt = [ ];
      prune.keep.daily = 10;
    };
    restic.backups = {
      directory-data = {
        repository = "/srv/restic/directory-data";
        passwordFile = config.sops.secrets.key.path;
        paths = [ "/var/lib/lldap" ];
        initialize = true;
        timerConfig = null;
        pruneOpts = [ "--group-by host" "--keep-daily 10" ];
      };
      memory-db-data = {
        repository = "/srv/restic/memory-db-data";
        passwordFile = config.sops.secrets.key.path;
        paths = [ "/srv/memory" ];
        initialize = true;
        timerConfig = null;
        pruneOpts = [ "--group-by host" "--keep-daily 10" ];
      };
    };
  };
}
