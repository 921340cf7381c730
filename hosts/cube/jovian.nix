# Begins as a console does: with the library of games, and no login.
{ lib, ... }:
{
  jovian.steam = {
    enable = true;
    autoStart = true;
    user = "owner";
    desktopSession = "gnome";
  };
  jovian.decky-loader.enable = true;
  services.displayManager.gdm.enable = lib.mkForce false;
}
