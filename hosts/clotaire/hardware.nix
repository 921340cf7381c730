# An AMD machine with a screen that can be dimmed.
{ pkgs, ... }:
{
  boot.kernelModules = [ "kvm-amd" ];
  boot.initrd.availableKernelModules = [
    "nvme"
    "usbhid"
    "xhci_pci"
  ];
  environment.systemPackages = [ pkgs.brightnessctl ];
}
