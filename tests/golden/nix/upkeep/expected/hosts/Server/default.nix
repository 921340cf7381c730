# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "Server";
    firewall = {
      allowedTCPPorts = [ 8080 ];
      allowedTCPPortRanges = [
        {
          from = 8000;
          to = 8100;
        }
      ];
      allowedUDPPortRanges = [
        {
          from = 60000;
          to = 61000;
        }
      ];
      trustedInterfaces = [ "tailscale0" ];
      allowPing = false;
    };
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users = {
    groups.copies = { };
    users = {
      copies = {
        isSystemUser = true;
        uid = 990;
        group = "copies";
      };
      owner = {
        isNormalUser = true;
        uid = 1000;
        subUidRanges = [
          {
            startUid = 100000;
            count = 1000;
          }
        ];
        subGidRanges = [
          {
            startGid = 100000;
            count = 1000;
          }
        ];
      };
    };
  };

  sops = {
    age.keyFile = "/persist/age.txt";
    secrets.restic = {
      sopsFile = ./secrets/secrets.yaml;
      key = "restic";
      mode = "0400";
      path = "/run/secrets/restic";
      restartUnits = [ "told.service" ];
    };
  };

  systemd = {
    tmpfiles.settings."10-qg" = {
      "/etc/id".f.mode = "0400";
      "/srv/media" = {
        d.mode = "0775";
        Z.mode = "~0775";
        "A+".argument = "default:group:media:rwX,user:1000:r-x";
      };
      "/srv/reads".d.mode = "0755";
      "/var/lib/private/app".d.mode = "0700";
    };
    services = {
      app.serviceConfig.SupplementaryGroups = [ "render" ];
      restic-backups-wiki-all.serviceConfig.IOSchedulingClass = "realtime";
      restic-backups-wiki-all-maintenance.serviceConfig.IOSchedulingClass = "realtime";
      qg-backups-all = {
        description = "Copies into vault.all, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-all.service\n";
      };
      qg-upkeep-all = {
        description = "Looks after vault.all, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-all-maintenance.service\n";
      };
      borgbackup-job-far.serviceConfig = {
        AmbientCapabilities = [ "CAP_DAC_READ_SEARCH" ];
        Nice = 5;
        IOSchedulingClass = lib.mkForce "best-effort";
        CPUSchedulingPolicy = lib.mkForce "other";
      };
      qg-backups-far = {
        description = "Copies into vault.far, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain borgbackup-job-far.service\n";
      };
      restic-backups-app-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-app-data - app.service -- app-worker.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-app-data || failed=1\nexit \"$failed\"\n"}"
        ];
        Nice = 10;
        IOSchedulingClass = "best-effort";
        IOSchedulingPriority = 7;
      };
      restic-backups-app-data-maintenance.serviceConfig = {
        Nice = 10;
        IOSchedulingClass = "best-effort";
        IOSchedulingPriority = 7;
      };
      qg-backups-local = {
        description = "Copies into vault.local, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-app-data.service\n";
      };
      qg-upkeep-local = {
        description = "Looks after vault.local, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-app-data-maintenance.service\n";
      };
      qg-backups-old = {
        description = "Copies into vault.old, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-files.service \\\n  restic-backups-wiki.service\n";
      };
      qg-upkeep-old = {
        description = "Looks after vault.old, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-files-maintenance.service \\\n  restic-backups-wiki-maintenance.service\n";
      };
      restic-backups-wiki-some.serviceConfig.IOSchedulingClass = "idle";
      restic-backups-wiki-some-maintenance.serviceConfig.IOSchedulingClass = "idle";
      qg-backups-some = {
        description = "Copies into vault.some, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-some.service\n";
      };
      qg-upkeep-some = {
        description = "Looks after vault.some, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-some-maintenance.service\n";
      };
    };
    user.services.seen = {
      after = [ "x.service" ];
      requires = [ "x.service" ];
    };
    timers = {
      qg-backups-all = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "02:00";
          Persistent = true;
        };
      };
      qg-upkeep-all = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "Sun 05:00";
          Persistent = true;
        };
      };
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
      qg-upkeep-local = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "Sun 05:00";
          Persistent = true;
        };
      };
      qg-backups-old = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "03:00";
          RandomizedDelaySec = "10min";
          Persistent = true;
        };
      };
      qg-upkeep-old = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "Sun 05:00";
          Persistent = true;
        };
      };
      qg-backups-some = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "02:00";
          Persistent = true;
        };
      };
      qg-upkeep-some = {
        wantedBy = [ "timers.target" ];
        timerConfig = {
          OnCalendar = "Sun 05:00";
          Persistent = true;
        };
      };
    };
  };

  environment = {
    persistence."/persist" = {
      hideMounts = true;
      files = [
        {
          file = "/etc/id";
          parentDirectory.mode = "0700";
        }
      ];
      directories = [
        {
          directory = "/srv/media";
          mode = "0775";
        }
        {
          directory = "/var/lib/private/app";
          mode = "0700";
          defaultPerms.mode = "0700";
        }
      ];
    };
    etc = {
      "qg/chain".source = pkgs.writeShellScript "qg-chain" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./chain.sh}";
      "qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
    };
  };

  services = {
    app = {
      title = "it's \"\${x}\"";
      enable = true;
      wiki = { };
    };
    bound.enable = true;
    fetch.enable = true;
    other.enable = true;
    reads = {
      folder = "/srv/media/films";
      own = "/srv/reads";
      enable = true;
    };
    seen.enable = true;
    told = {
      listen = [ "10.0.0.8:80" ];
      enable = true;
    };
    restic.backups = {
      wiki-all = {
        repository = "/srv/all/wiki-all";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/srv/wiki" ];
        initialize = true;
        timerConfig = null;
      };
      wiki-all-maintenance = {
        repository = "/srv/all/wiki-all";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ ];
        timerConfig = null;
        pruneOpts = [ "--group-by host" "--keep-daily 10" ];
        runCheck = true;
        checkOpts = [ "--read-data" ];
      };
      app-data = {
        repository = "/srv/restic/app-data";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/srv/app" ];
        initialize = true;
        timerConfig = null;
        exclude = [ "*.tmp" ];
      };
      app-data-maintenance = {
        repository = "/srv/restic/app-data";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ ];
        timerConfig = null;
        pruneOpts = [
          "--group-by host"
          "--keep-last 3"
          "--keep-daily 7"
          "--keep-weekly 4"
          "--keep-monthly 6"
        ];
        runCheck = true;
      };
      wiki-files = {
        repository = "/srv/old/wiki-files";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/srv/files" ];
        initialize = true;
        timerConfig = null;
        pruneOpts = [ "--group-by host" "--keep-daily 2" ];
      };
      wiki-files-maintenance = {
        repository = "/srv/old/wiki-files";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ ];
        timerConfig = null;
        runCheck = true;
        checkOpts = [ "--read-data-subset=3/10" ];
      };
      wiki = {
        repository = "/srv/old/wiki";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/srv/wiki" ];
        initialize = true;
        timerConfig = null;
        pruneOpts = [ "--group-by host" "--keep-daily 2" ];
      };
      wiki-maintenance = {
        repository = "/srv/old/wiki";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ ];
        timerConfig = null;
        runCheck = true;
        checkOpts = [ "--read-data-subset=3/10" ];
      };
      wiki-some = {
        repository = "/srv/some/wiki-some";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/srv/wiki" ];
        initialize = true;
        timerConfig = null;
      };
      wiki-some-maintenance = {
        repository = "/srv/some/wiki-some";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ ];
        timerConfig = null;
        pruneOpts = [ "--group-by host" "--keep-daily 10" ];
        runCheck = true;
        checkOpts = [ "--read-data-subset=5%%" ];
      };
    };
    borgbackup.jobs.far = {
      paths = [ "/srv/old" ];
      repo = "ssh://b@far/x";
      encryption = {
        mode = "repokey-blake2";
        passCommand = "cat ${lib.escapeShellArg config.sops.secrets.restic.path}";
      };
      environment.BORG_RSH = "ssh -i ${lib.escapeShellArg config.sops.secrets.restic.path} -o BatchMode=yes -o Port=2222 -o RemoteCommand='it'\\''s \"$x\"' -o StrictHostKeyChecking=accept-new";
      user = "copies";
      group = "copies";
      compression = "zstd";
      startAt = [ ];
      prune.keep.daily = 10;
    };
  };
}
