# The desktop for people on a sofa.
{
  services.xserver.enable = true;
  services.desktopManager.gnome.enable = true;
}
