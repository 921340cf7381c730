# The home of whoever has an account: on every machine the same.
{ pkgs, ... }:
{
  home.stateVersion = "25.11";
  programs.home-manager.enable = true;
  home.packages = [ pkgs.fastfetch ];
}
