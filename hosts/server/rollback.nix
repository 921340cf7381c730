# The root filesystem is rolled back to an empty snapshot before it is mounted.
{ pkgs, ... }:
{
  # Says out loud what the rollback below depends on.
  boot.initrd.systemd.enable = true;

  boot.initrd.systemd.services.rollback-root = {
    description = "Roll / back to its empty snapshot";
    wantedBy = [ "initrd.target" ];
    after = [ "zfs-import-bpool_sata.service" ];
    before = [ "sysroot.mount" ];
    path = [ pkgs.zfs ];
    unitConfig.DefaultDependencies = "no";
    serviceConfig.Type = "oneshot";
    script = "zfs rollback -r bpool_sata/local/root@blank";
  };
}
