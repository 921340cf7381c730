# The desktop for people on a sofa. Who logs in, and how, is said by what begins it (hosts/cube/jovian.nix).
{ pkgs, ... }:
{
  services.xserver.enable = true;
  services.desktopManager.gnome.enable = true;
  # Named, so that a session can be begun from Steam's without GNOME's own login screen.
  environment.systemPackages = with pkgs; [
    gnome-control-center
    gnome-session
    gnome-shell
  ];
}
