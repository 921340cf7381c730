# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Station";

  nixpkgs = {
    hostPlatform = "x86_64-linux";
    buildPlatform = "aarch64-linux";
    config.allowUnfreePredicate = package: builtins.elem (lib.getName package) [ "n8n" "plexmediaserver" ];
  };

  system.stateVersion = "25.11";

  time.timeZone = "UTC";

  boot = {
    kernelPackages = pkgs.linuxPackages_latest;
    kernelModules = [ "kvm-amd" ];
    initrd = {
      availableKernelModules = [ "nvme" ];
      systemd = {
        enable = true;
        services.wipe-root = {
          description = "Begin with an empty root";
          wantedBy = [ "initrd.target" ];
          after = [ "systemd-cryptsetup@crypt\\x2dsystem.service" ];
          before = [ "sysroot.mount" ];
          path = [ pkgs.btrfs-progs pkgs.coreutils pkgs.findutils pkgs.util-linux ];
          unitConfig.DefaultDependencies = false;
          serviceConfig.Type = "oneshot";
          script = "mkdir -p /btrfs\nmount -o subvol=/ /dev/mapper/crypt-system /btrfs\nmkdir -p /btrfs/old_roots\nif [ -e /btrfs/root ]; then\n  mv /btrfs/root \"/btrfs/old_roots/$(date --date=\"@$(stat -c %Y /btrfs/root)\" +%Y-%m-%dT%H:%M:%S)\"\nfi\nfind /btrfs/old_roots -mindepth 1 -maxdepth 1 -mtime +2 | while read -r old; do\n  btrfs subvolume delete --recursive \"$old\"\ndone\nbtrfs subvolume create /btrfs/root\numount /btrfs\n";
        };
      };
      luks.devices.crypt-system.device = lib.mkForce "/dev/nvme0n1p3";
    };
    kernelParams = [ "quiet" "odd=\"a\${b}\\'\"" ];
    supportedFilesystems = [ "nfs" ];
    kernel.sysctl = {
      "kernel.core_pattern" = "|/x \"\${y}\"";
      on = true;
      "vm.swappiness" = 10;
    };
    binfmt.emulatedSystems = [ "aarch64-linux" ];
    loader.grub = {
      enable = true;
      efiSupport = true;
      efiInstallAsRemovable = true;
      zfsSupport = true;
      device = "nodev";
    };
    tmp = {
      useTmpfs = true;
      tmpfsSize = "50%";
    };
    zfs.extraPools = [ "tank" ];
  };

  disko.devices = {
    disk = {
      a = {
        type = "disk";
        device = "/dev/disk/by-id/a";
        content = {
          type = "gpt";
          partitions.data = {
            priority = 1;
            size = "100%";
            label = "tank-a";
            content = {
              type = "zfs";
              pool = "tank";
            };
          };
        };
      };
      b = {
        type = "disk";
        device = "/dev/disk/by-id/b";
        content = {
          type = "gpt";
          partitions.data = {
            priority = 1;
            size = "100%";
            label = "tank-b";
            content = {
              type = "zfs";
              pool = "tank";
            };
          };
        };
      };
      fast = {
        type = "disk";
        device = "/dev/sdc";
        content = {
          type = "gpt";
          partitions = {
            log = {
              priority = 1;
              size = "976563K";
              content = {
                type = "zfs";
                pool = "tank";
              };
            };
            cache = {
              priority = 2;
              size = "100%";
              content = {
                type = "zfs";
                pool = "tank";
              };
            };
          };
        };
      };
      system = {
        type = "disk";
        device = "/dev/nvme0n1";
        content = {
          type = "gpt";
          partitions = {
            esp = {
              priority = 1;
              size = "500M";
              label = "ESP";
              type = "EF00";
              content = {
                type = "filesystem";
                format = "vfat";
                extraArgs = [ "-n" "BOOT" ];
                mountpoint = "/boot";
                mountOptions = [ "umask=0077" ];
              };
            };
            swap = {
              priority = 2;
              size = "8G";
              type = "8200";
              content = {
                type = "swap";
                resumeDevice = true;
              };
            };
            system = {
              priority = 3;
              size = "100%";
              content = {
                type = "luks";
                name = "crypt-system";
                settings = {
                  allowDiscards = true;
                  bypassWorkqueues = true;
                  keyFile = "/key";
                  crypttabExtraOpts = [ "tpm2-device=auto" "headless=true" ];
                };
                extraFormatArgs = [ "--pbkdf" "argon2id" ];
                extraOpenArgs = [ "--perf-no_read_workqueue" ];
                content = {
                  type = "btrfs";
                  extraArgs = [ "-L" "station" ];
                  subvolumes = {
                    files = {
                      mountpoint = "/files";
                      swap.swapfile.size = "1536M";
                    };
                    persist.mountpoint = "/persist";
                    root = {
                      mountpoint = "/";
                      mountOptions = [ "compress=zstd" "noatime" ];
                    };
                    spare = { };
                  };
                };
              };
            };
          };
        };
      };
    };
    zpool.tank = {
      type = "zpool";
      mode.topology = {
        type = "topology";
        vdev = [
          {
            mode = "mirror";
            members = [ "/dev/disk/by-partlabel/tank-a" "/dev/disk/by-partlabel/tank-b" ];
          }
        ];
        log = [
          {
            mode = "";
            members = [ "/dev/disk/by-partlabel/disk-fast-log" ];
          }
        ];
        cache = [ "/dev/disk/by-partlabel/disk-fast-cache" ];
      };
      options.ashift = "12";
      rootFsOptions.compression = "zstd";
      datasets = {
        block = {
          type = "zfs_volume";
          size = "10G";
        };
        "safe/data" = {
          type = "zfs_fs";
          mountpoint = "/data";
          options.recordsize = "1M";
          postCreateHook = "zfs list -t snapshot tank/safe/data@blank > /dev/null 2>&1 || zfs snapshot tank/safe/data@blank\n";
        };
      };
    };
  };

  fileSystems = {
    "/persist".neededForBoot = true;
    "/srv/again" = {
      device = "/data";
      fsType = "none";
      options = [ "bind" ];
    };
    "/srv/films" = {
      device = "[fd00::1]:/films";
      fsType = "nfs";
      options = [ "ro" ];
    };
    "/srv/quick" = {
      device = "none";
      fsType = "tmpfs";
      options = [ "size=1G" ];
    };
    "/srv/share" = {
      device = "//nas/our \"\${things}\"";
      fsType = "cifs";
      options = [ "credentials=${config.sops.secrets.nas.path}" ];
    };
    "/srv/usb" = {
      device = "/dev/disk/by-uuid/4A1C-77E0";
      fsType = "vfat";
      options = [ "nofail" ];
      neededForBoot = true;
    };
  };

  users.users.deploy = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA deploy" ];
  };

  sops.secrets.nas = {
    sopsFile = ./secrets/secrets.yaml;
    key = "nas";
    mode = "0400";
    path = "/run/secrets/nas";
  };

  environment.persistence."/persist".hideMounts = true;

  virtualisation.containers = {
    enable = true;
    storage.settings.storage = {
      driver = "overlay";
      graphroot = "/data/images";
      runroot = "/run/images";
      options.mount_program = "/run/current-system/sw/bin/fuse-overlayfs";
    };
  };
}
