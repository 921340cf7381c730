# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Server";

  nixpkgs.hostPlatform = "x86_64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  fileSystems = {
    "/boot" = {
      device = "/dev/disk/by-uuid/4A1C-77E0";
      fsType = "vfat";
      options = [ "umask=0077" ];
    };
    "/home" = {
      device = "/dev/mapper/home";
      fsType = "btrfs";
      options = [ "noatime" "subvol=home" ];
    };
    "/persist" = {
      device = "tank/persist";
      fsType = "zfs";
      neededForBoot = true;
    };
    "/" = {
      device = "tank/root";
      fsType = "zfs";
      options = [ "zfsutil" ];
      neededForBoot = true;
    };
  };

  boot.initrd.luks.devices.home = {
    device = "/dev/disk/by-partlabel/disk-system-home";
    allowDiscards = true;
  };

  swapDevices = [
    {
      device = "/home/swapfile";
    }
    {
      device = "/dev/disk/by-partlabel/disk-system-swap";
      randomEncryption.enable = true;
    }
  ];

  environment.persistence."/persist".hideMounts = true;
}
