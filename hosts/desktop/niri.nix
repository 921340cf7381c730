# Niri: windows in columns, on a strip that scrolls. What it does with keys is the owner's taste (hosts/home/taste).
{ pkgs, ... }:
{
  programs.niri = {
    enable = true;
    package = pkgs.niri;
  };
  # Shares the screen, and asks which part of it.
  xdg.portal.extraPortals = [ pkgs.xdg-desktop-portal-gnome ];

  # The shell around it: bar, launcher, notifications, lock screen (Dank Material Shell).
  # `programs.dms-shell` is newer than the options of December 2024; so is the greeter's module.
  programs.dms-shell.enable = true;

  environment.systemPackages = with pkgs; [
    xwayland-satellite
  ];
}
