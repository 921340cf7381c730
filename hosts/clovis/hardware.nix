# An AMD workstation with the newest kernel.
{ pkgs, ... }:
{
  boot.kernelPackages = pkgs.linuxPackages_latest;
  boot.kernelModules = [ "kvm-amd" ];
  boot.initrd.availableKernelModules = [
    "ahci"
    "nvme"
    "usbhid"
    "xhci_pci"
  ];
  boot.loader.grub = {
    enable = true;
    efiSupport = true;
    efiInstallAsRemovable = true;
  };
  users.mutableUsers = false;
}
