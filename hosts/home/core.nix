# The home of whoever has an account: on every machine the same.
{ pkgs, ... }:
{
  programs.home-manager.enable = true;
  home.packages = [ pkgs.fastfetch ];
}
