# A screen that can be dimmed, a battery that runs down.
{ pkgs, ... }:
{
  services.upower.enable = true;
  boot.kernelParams = [ "acpi_enforce_resources=lax" ];
  environment.systemPackages = [ pkgs.brightnessctl ];
}
