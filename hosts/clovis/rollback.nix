# The root subvolume is put aside at each boot and made anew; after 30 days it is gone.
{ pkgs, ... }:
{
  boot.initrd.systemd.enable = true;
  boot.initrd.systemd.services.rollback-root = {
    description = "Begin with an empty root subvolume";
    wantedBy = [ "initrd.target" ];
    after = [ "systemd-cryptsetup@cryptsystem.service" ];
    before = [ "sysroot.mount" ];
    path = [
      pkgs.btrfs-progs
      pkgs.coreutils
      pkgs.findutils
      pkgs.util-linux
    ];
    unitConfig.DefaultDependencies = "no";
    serviceConfig.Type = "oneshot";
    script = ''
      mkdir -p /btrfs
      mount -o subvol=/ /dev/mapper/cryptsystem /btrfs
      mkdir -p /btrfs/old_roots
      if [ -e /btrfs/root ]; then
        mv /btrfs/root "/btrfs/old_roots/$(date --date="@$(stat -c %Y /btrfs/root)" +%Y-%m-%dT%H:%M:%S)"
      fi
      find /btrfs/old_roots -mindepth 1 -maxdepth 1 -mtime +30 | while read -r old; do
        btrfs subvolume delete --recursive "$old"
      done
      btrfs subvolume create /btrfs/root
      umount /btrfs
    '';
  };
}
