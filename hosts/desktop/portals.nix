# Portals: file dialogs, links and settings for programs that may not reach them by themselves, and screen sharing.
# Which implementation does what is said for each desktop, because several are there at once. The portal that shares
# the screen comes with each desktop (niri: GNOME's; Hyprland: its own).
{ pkgs, ... }:
{
  xdg.portal = {
    enable = true;
    configPackages = [ pkgs.xdg-desktop-portal-gtk ];
    extraPortals = [ pkgs.xdg-desktop-portal-gtk ];
    config = {
      common.default = [ "gtk" ];
      niri.default = [
        "gnome"
        "gtk"
      ];
      hyprland.default = [
        "hyprland"
        "gtk"
      ];
    };
  };
}
