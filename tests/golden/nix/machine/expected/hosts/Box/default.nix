# Made by qgc from the sources of the fleet; changes made here are lost.
{ config, lib, pkgs, ... }:
{
  networking.hostName = "Box";

  nixpkgs.hostPlatform = "aarch64-linux";

  system.stateVersion = "25.05";

  time.timeZone = "UTC";

  boot = {
    loader = {
      systemd-boot = {
        enable = true;
        configurationLimit = 5;
      };
      efi.canTouchEfiVariables = false;
    };
    tmp.cleanOnBoot = true;
    initrd.systemd = {
      enable = true;
      services.wipe-root = {
        description = "Begin with an empty root";
        wantedBy = [ "initrd.target" ];
        after = [ "zfs-import-zroot.service" ];
        before = [ "sysroot.mount" ];
        path = [ config.boot.zfs.package ];
        unitConfig.DefaultDependencies = false;
        serviceConfig.Type = "oneshot";
        script = "zfs rollback -r zroot/local/root@blank\n";
      };
    };
  };

  environment.persistence."/persist".hideMounts = true;
}
