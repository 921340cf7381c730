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

  users.users.owner = {
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

  sops.secrets.restic = {
    sopsFile = ./secrets/secrets.yaml;
    key = "restic";
    mode = "0400";
    path = "/run/secrets/restic";
    restartUnits = [ "told.service" ];
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
      restic-backups-app-data-maintenance.after = [ "restic-backups-app-data.service" ];
      restic-backups-app-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-app-data - app.service -- app-worker.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-app-data || failed=1\nexit \"$failed\"\n"}"
        ];
      };
    };
    user.services.seen = {
      after = [ "x.service" ];
      requires = [ "x.service" ];
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
    etc."qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
  };

  services = {
    app = {
      title = "it's \"\${x}\"";
      enable = true;
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
      app-data = {
        repository = "/srv/restic/app-data";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/srv/app" ];
        initialize = true;
        timerConfig = {
          OnCalendar = "02:00";
          Persistent = true;
        };
        exclude = [ "*.tmp" ];
      };
      app-data-maintenance = {
        repository = "/srv/restic/app-data";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ ];
        pruneOpts = [ "--keep-last 3" "--keep-daily 7" "--keep-weekly 4" "--keep-monthly 6" ];
        timerConfig = {
          OnCalendar = "Sun 05:00";
          Persistent = true;
        };
        runCheck = true;
      };
    };
  };
}
