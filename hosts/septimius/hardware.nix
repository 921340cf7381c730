# An AMD laptop with a screen that can be dimmed.
{ pkgs, ... }:
{
  boot.kernelModules = [ "kvm-amd" ];
  boot.initrd.availableKernelModules = [
    "nvme"
    "usbhid"
    "xhci_pci"
  ];
  # The battery's chip shares its addresses with the firmware.
  boot.kernelParams = [ "acpi_enforce_resources=lax" ];
  services.upower.enable = true;
  environment.systemPackages = [ pkgs.brightnessctl ];
}
