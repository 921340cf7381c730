# The disks as they are. WARNING: this describes; it must never format. Two 16 TB disks mirror `rpool`
# (/mnt/data), a SATA SSD holds `bpool_sata` (/, /nix, /persist); an SSD and an NVMe share rpool's small blocks.
{ lib, ... }:
let
  dataset = name: {
    device = name;
    fsType = "zfs";
    neededForBoot = true;
  };
in
{
  boot.supportedFilesystems = [ "zfs" ];
  boot.zfs.forceImportRoot = false;
  boot.zfs.extraPools = [ "rpool" ];
  services.zfs.autoScrub.enable = true;

  fileSystems."/" = dataset "bpool_sata/local/root";
  fileSystems."/nix" = dataset "bpool_sata/local/nix";
  fileSystems."/persist" = dataset "bpool_sata/safe/persist";

  fileSystems."/mnt/data" = {
    device = "rpool/data";
    fsType = "zfs";
  };
  fileSystems."/boot" = {
    device = lib.mkForce "/dev/disk/by-uuid/4A1C-77E0";
    fsType = "vfat";
    options = [ "umask=0077" ];
  };
}
