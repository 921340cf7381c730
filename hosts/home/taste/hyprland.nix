# The owner's taste: a few examples. It need not be complete, and nothing else depends on it: yours goes here.
# Keys and the look of Hyprland.
{
  wayland.windowManager.hyprland.settings = {
    "$mod" = "SUPER";
    general = {
      gaps_in = 4;
      gaps_out = 8;
      border_size = 2;
      layout = "dwindle";
    };
    decoration.rounding = 8;
    bind = [
      "$mod, Return, exec, uwsm app -- kitty"
      "$mod, B, exec, uwsm app -- firefox"
      "$mod, Space, exec, uwsm app -- fuzzel"
      "$mod ALT, L, exec, hyprlock"
      "$mod, Q, killactive"
      "$mod, F, fullscreen, 1"
      "$mod SHIFT, F, fullscreen, 0"
      "$mod, V, togglefloating"
      "$mod, Left, movefocus, l"
      "$mod, Right, movefocus, r"
      "$mod, Up, movefocus, u"
      "$mod, Down, movefocus, d"
      "$mod SHIFT, Left, movewindow, l"
      "$mod SHIFT, Right, movewindow, r"
      "$mod CTRL, Left, workspace, e-1"
      "$mod CTRL, Right, workspace, e+1"
      ", Print, exec, hyprshot -m region"
      "$mod SHIFT, E, exec, uwsm stop"
    ];
    bindm = [
      "$mod, mouse:272, movewindow"
      "$mod, mouse:273, resizewindow"
    ];
    bindel = [
      ", XF86AudioRaiseVolume, exec, wpctl set-volume @DEFAULT_AUDIO_SINK@ 3%+"
      ", XF86AudioLowerVolume, exec, wpctl set-volume @DEFAULT_AUDIO_SINK@ 3%-"
    ];
  };
}
