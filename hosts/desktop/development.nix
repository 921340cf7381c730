# Work: an editor, virtual machines, a JDK.
{ pkgs, ... }:
{
  virtualisation.libvirtd.enable = true;
  programs.java.enable = true;
  environment.systemPackages = [ pkgs.jetbrains.idea-community ];
}
