# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Store";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

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
            content = {
              type = "zfs";
              pool = "tank";
            };
          };
        };
      };
      c = {
        type = "disk";
        device = "/dev/disk/by-id/c";
        content = {
          type = "gpt";
          partitions.data = {
            priority = 1;
            size = "100%";
            content = {
              type = "zfs";
              pool = "tank";
            };
          };
        };
      };
      d = {
        type = "disk";
        device = "/dev/disk/by-id/d";
        content = {
          type = "gpt";
          partitions.data = {
            priority = 1;
            size = "100%";
            content = {
              type = "zfs";
              pool = "tank";
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
            mode = "";
            members = [ "/dev/disk/by-partlabel/disk-a-data" ];
          }
        ];
        special = {
          mode = "mirror";
          members = [ "/dev/disk/by-partlabel/disk-b-data" "/dev/disk/by-partlabel/disk-c-data" ];
        };
        spare = [ "/dev/disk/by-partlabel/disk-d-data" ];
      };
      datasets = {
        data = {
          type = "zfs_fs";
          mountpoint = "/data";
        };
        root = {
          type = "zfs_fs";
          mountpoint = "/";
        };
      };
    };
  };
}
