# Films.
{ pkgs, ... }:
{
  home.packages = [ pkgs.mpv ];
}
