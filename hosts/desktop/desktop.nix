# Sound, network, fonts, a quiet boot.
{ pkgs, ... }:
{
  boot.plymouth.enable = true;
  hardware.enableRedistributableFirmware = true;
  hardware.bluetooth.enable = true;
  networking.networkmanager.enable = true;
  services.pipewire = {
    enable = true;
    pulse.enable = true;
    alsa.enable = true;
  };
  fonts.packages = with pkgs; [
    noto-fonts
    nerd-fonts.jetbrains-mono
  ];
  nixpkgs.config.allowUnfree = true;
}
