# The window manager.
{ pkgs, ... }:
{
  programs.niri.enable = true;
  environment.systemPackages = with pkgs; [
    fuzzel
    waybar
    xwayland-satellite
  ];
}
