# Niri's session: the shell around it, and what its configuration is made of. Keys are taste (./taste/niri.nix).
{
  # Dank Material Shell: bar, launcher, notifications, lock screen. It takes its colours from the wallpaper, and hands them
  # to the programs below.
  programs.dank-material-shell = {
    enable = true;
    systemd = {
      enable = true;
      restartIfChanged = true;
    };
    enableAudioWavelength = true;
    enableCalendarEvents = true;
    enableDynamicTheming = true;
    enableSystemMonitoring = true;
    enableVPN = true;
  };
  # So Stylix leaves those alone, and colours all others.
  stylix.targets = {
    dank-material-shell.enable = false;
    firefox.enable = false;
    kitty.enable = false;
    vscode.enable = false;
  };
  programs.vscode.profiles.default.userSettings."workbench.colorTheme" = "Dynamic Base16 DankShell";

  xdg.configFile."niri/config.kdl".text = ''
    input {
        keyboard {
            xkb { layout "fr"; }
            numlock
        }
        touchpad {
            tap
            natural-scroll
        }
    }
    prefer-no-csd
    screenshot-path "~/Pictures/Screenshots/%Y-%m-%d %H-%M-%S.png"

    include "taste.kdl"

    // What the shell writes: colours of the wallpaper, screens.
    include optional=true "dms/colors.kdl"
    include optional=true "dms/layout.kdl"
    include optional=true "dms/outputs.kdl"
  '';
}
