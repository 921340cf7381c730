# The login screen of niri: Dank Material Shell's, which looks as the owner has set up their own.
# `services.displayManager.dms-greeter` is newer than the options of December 2024.
{ config, ... }:
let
  home = "/home/${config.fleet.owner}";
in
{
  services.displayManager.dms-greeter = {
    enable = true;
    compositor.name = "niri";
    configHome = home;
    configFiles = [ "${home}/.config/DankMaterialShell/settings.json" ];
    logs = {
      save = true;
      path = "/tmp/dms-greeter.log";
    };
  };
}
