# Hyprland's session: what is set whatever one likes. Keys are taste (./taste/hyprland.nix); colours are Stylix'.
{
  wayland.windowManager.hyprland = {
    enable = true;
    # The system has the program and its portal, and uwsm the units of the session.
    package = null;
    portalPackage = null;
    systemd.enable = false;
    # The form that the settings below are written in.
    configType = "hyprlang";
    settings = {
      monitor = [ ",preferred,auto,1" ];
      input = {
        kb_layout = "fr";
        numlock_by_default = true;
        touchpad.natural_scroll = true;
      };
      misc.disable_hyprland_logo = true;
      exec-once = [
        "uwsm app -- waybar"
        "uwsm app -- mako"
        "systemctl --user start hyprpolkitagent"
      ];
    };
  };
}
