# What every machine with a screen has, whatever is on it.
{ pkgs, ... }:
{
  hardware.enableRedistributableFirmware = true;
  networking.networkmanager.enable = true;

  # The keyboard of windows, and of `startx`, which is there when all else fails.
  services.xserver = {
    xkb.layout = "fr";
    displayManager.startx.enable = true;
  };

  # Settings of GTK programs; network folders, the bin and telephones in file managers.
  programs.dconf.enable = true;
  services.gvfs.enable = true;

  environment.systemPackages = with pkgs; [
    blueman
    gparted
    home-manager
    kdePackages.dolphin
    kdePackages.kio
    kdePackages.qtsvg
    wget
    wl-clipboard
  ];
}
