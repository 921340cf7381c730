# The login screen of Hyprland: greetd with a screen of text, which remembers who was there last.
{ lib, pkgs, ... }:
{
  services.greetd = {
    enable = true;
    settings.default_session = {
      user = "greeter";
      command = lib.concatStringsSep " " [
        (lib.getExe pkgs.tuigreet)
        "--time"
        "--remember"
        "--asterisks"
        "--cmd 'uwsm start hyprland-uwsm.desktop'"
      ];
    };
  };
  # What the kernel still says does not land on the screen.
  systemd.services.greetd.serviceConfig = {
    Type = "idle";
    StandardInput = "tty";
    StandardOutput = "tty";
    StandardError = "journal";
    TTYReset = true;
    TTYVHangup = true;
    TTYVTDisallocate = true;
  };
}
