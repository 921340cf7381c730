# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Server";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  users = {
    users.keeper = {
      isSystemUser = true;
      uid = 991;
      group = "keepers";
    };
    groups.keepers.gid = 990;
  };

  security.sudo.extraRules = [
    {
      users = [ "keeper" ];
      runAs = "root";
      commands = [
        {
          command = "/run/current-system/sw/bin/systemctl restart scrub.service";
          options = [ "NOPASSWD" ];
        }
      ];
    }
  ];

  sops = {
    age.keyFile = "/var/lib/age/key.txt";
    secrets = {
      "app/db" = {
        sopsFile = ./secrets/all.yaml;
        key = "app/db";
        mode = "0400";
        path = "/run/secrets/app/db";
        restartUnits = [ "qg-sealed.service" ];
      };
      "app/env" = {
        sopsFile = ./secrets/all.yaml;
        key = "app/env";
        mode = "0400";
        path = "/run/secrets/app/env";
      };
    };
  };

  virtualisation.podman.enable = true;

  environment.etc = {
    "containers/systemd/wiki.container".source = ./quadlet/wiki.container;
    "scrub.env".source = ./files/etc/scrub.env;
    "qg/sealed/files/etc-token-env".source = ./files/etc/token.env;
    "qg/chain".source = pkgs.writeShellScript "qg-chain" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./chain.sh}";
    "qg/standstill".source = pkgs.writeShellScript "qg-standstill" "export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.systemd pkgs.util-linux ]}:$PATH\n${builtins.readFile ./standstill.sh}";
  };

  systemd = {
    services = {
      wiki = {
        overrideStrategy = "asDropin";
        restartTriggers = [ ./quadlet/wiki.container ];
      };
      lamp = {
        enable = true;
        description = "lamp";
        serviceConfig = {
          Type = "exec";
          ExecStart = [ "/run/current-system/sw/bin/sleep infinity" ];
          RemainAfterExit = false;
        };
        wantedBy = [ "graphical.target" ];
      };
      light = {
        enable = true;
        description = "light";
        requires = [ "lamp.service" ];
        after = [ "lamp.service" "network-online.target" "scrub.service" ];
        wants = [ "network-online.target" ];
        partOf = [ "lamp.service" ];
        serviceConfig.ExecStart = [ "/run/current-system/sw/bin/sleep inf" ];
        wantedBy = [ "multi-user.target" ];
      };
      scrub = {
        enable = true;
        description = "Look at every disk, 100 %%";
        after = [ "network-online.target" ];
        wants = [ "network-online.target" ];
        serviceConfig = {
          Type = "oneshot";
          ExecStartPre = [ "-/run/current-system/sw/bin/mkdir -p /run/scrub" ];
          ExecStart = [
            "${pkgs.writeShellScript "qg-scrub" "${builtins.readFile ./scripts/scrub.sh}"}"
            "/usr/bin/printf \"%%s $$HOME\\n\" \"a b\" \"\""
          ];
          ExecReload = [ "/run/current-system/sw/bin/true" ];
          ExecStop = [ "/run/current-system/sw/bin/rm -r /run/scrub" ];
          Restart = "on-failure";
          RestartSec = "1min 30s";
          TimeoutStartSec = "1h";
          User = "keeper";
          Group = "keepers";
          WorkingDirectory = "/var/lib";
          Environment = [ "LEVEL=3" "\"NAME=a \\\"b\\\" 50%% $x\"" "QUIET=true" ];
          EnvironmentFile = [
            "/etc/scrub.env"
            "/etc/token.env"
            "${config.sops.secrets."app/env".path}"
          ];
          LoadCredential = [ "token:${config.sops.secrets."app/db".path}" ];
          Nice = 5;
          ProtectSystem = "strict";
          ReadWritePaths = [ "/run/scrub" ];
        };
        unitConfig = {
          ConditionACPower = true;
          RequiresMountsFor = "/var/lib";
          AssertPathExists = [ "/run/qg/sealed/files/etc-token-env" ];
        };
        restartIfChanged = false;
      };
      index = {
        enable = true;
        description = "index";
        requires = [ "wiki.service" ];
        after = [ "wiki.service" ];
        serviceConfig = {
          Type = "oneshot";
          ExecStart = [
            "${pkgs.writeShellScript "qg-scrub" "${builtins.readFile ./scripts/scrub.sh}"}"
          ];
        };
      };
      qg-sealed = {
        description = "Put together what holds secrets";
        after = [ "sops-install-secrets.service" ];
        before = [ "scrub.service" ];
        wantedBy = [ "multi-user.target" "scrub.service" ];
        path = [ pkgs.coreutils pkgs.gawk ];
        restartTriggers = [ ./sealed.sh ./files/etc/token.env ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          ExecStart = "${pkgs.runtimeShell} ${./sealed.sh}";
        };
      };
      restic-backups-wiki-data.serviceConfig = {
        ExecStartPre = lib.mkBefore [
          "+${pkgs.writeShellScript "before-backup" "/etc/qg/standstill hold restic-backups-wiki-data - wiki.service -- index.service || exit\n"}"
        ];
        ExecStopPost = [
          "+${pkgs.writeShellScript "after-backup" "failed=0\n/etc/qg/standstill release restic-backups-wiki-data || failed=1\nexit \"$failed\"\n"}"
        ];
      };
      qg-backups-local = {
        description = "Copies into vault.local, one after the other";
        restartIfChanged = false;
        serviceConfig.Type = "oneshot";
        script = "exec /etc/qg/chain restic-backups-wiki-data.service\n";
      };
    };
    packages = [
      (pkgs.linkFarm "qg-quadlet-units" {
        "etc/systemd/system/wiki.service" = "/run/systemd/generator/wiki.service";
      })
    ];
    user = {
      services = {
        agent = {
          enable = true;
          description = "Keeps keys";
          serviceConfig.ExecStart = [ "/run/current-system/sw/bin/ssh-agent" ];
          wantedBy = [ "default.target" ];
        };
        headset = {
          enable = true;
          description = "headset";
          serviceConfig.ExecStart = [ "${pkgs.bluez}/bin/mpris-proxy" ];
          wantedBy = [ "default.target" ];
          path = [ pkgs.gnused pkgs.python3Packages.requests ];
        };
        tidy = {
          enable = true;
          description = "tidy";
          serviceConfig = {
            Type = "oneshot";
            ExecStart = [ "/run/current-system/sw/bin/find /tmp" ];
          };
        };
      };
      timers.tidy = {
        enable = true;
        description = "tidy";
        timerConfig = {
          OnBootSec = [ "5min" ];
          Unit = "tidy.service";
        };
        wantedBy = [ "timers.target" ];
      };
    };
    timers = {
      scrub = {
        enable = true;
        description = "When disks are looked at";
        after = [ "network-online.target" ];
        wants = [ "network-online.target" ];
        timerConfig = {
          OnCalendar = [ "Sun 03:00" "*-*-01 04:00:00" ];
          OnBootSec = [ "10min" ];
          OnStartupSec = [ "11min" ];
          OnActiveSec = [ "12min" ];
          OnUnitActiveSec = [ "168h" ];
          OnUnitInactiveSec = [ "336h" ];
          RandomizedDelaySec = "15min";
          AccuracySec = "500ms";
          Persistent = true;
          Unit = "scrub.service";
          WakeSystem = true;
        };
        wantedBy = [ "multi-user.target" "timers.target" ];
      };
      trim = {
        enable = true;
        description = "trim";
        timerConfig = {
          OnCalendar = [ "weekly" ];
          Unit = "fstrim.service";
        };
        wantedBy = [ "timers.target" ];
      };
      again = {
        enable = true;
        description = "again";
        timerConfig = {
          OnCalendar = [ "05:00" ];
          Unit = "index.service";
        };
        wantedBy = [ "timers.target" ];
      };
      index = {
        enable = true;
        description = "index";
        timerConfig = {
          OnCalendar = [ "daily" ];
          Unit = "index.service";
        };
        wantedBy = [ "timers.target" ];
      };
      wiki = {
        enable = true;
        description = "wiki";
        timerConfig = {
          OnCalendar = [ "04:00" ];
          Unit = "wiki.service";
        };
        wantedBy = [ "timers.target" ];
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

  services.restic.backups.wiki-data = {
    repository = "/srv/restic/wiki-data";
    passwordFile = config.sops.secrets."app/db".path;
    paths = [ "/srv/wiki" ];
    initialize = true;
    timerConfig = null;
    pruneOpts = [ "--group-by host" "--keep-daily 10" ];
  };
}
