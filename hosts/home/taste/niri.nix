# The owner's taste: a few examples. It need not be complete, and nothing else depends on it: yours goes here.
# Keys and the look of niri, and the wallpaper, which stands for one of the owner's own.
{ pkgs, ... }:
let
  wallpaper = pkgs.runCommand "wallpaper" { nativeBuildInputs = [ pkgs.imagemagick ]; } ''
    mkdir -p "$out"
    magick -size 3840x2160 gradient:'#2e3440'-'#5e81ac' "$out/wallpaper.png"
  '';
in
{
  programs.dank-material-shell.session.wallpaperPath = "${wallpaper}/wallpaper.png";

  xdg.configFile."niri/taste.kdl".text = ''
    layout {
        gaps 8
        center-focused-column "never"
        default-column-width { proportion 0.5; }
        focus-ring { width 2; }
    }
    binds {
        Mod+Return hotkey-overlay-title="Terminal" { spawn "kitty"; }
        Mod+B hotkey-overlay-title="Browser" { spawn "firefox"; }
        Mod+Space hotkey-overlay-title="Launcher" { spawn "dms" "ipc" "call" "spotlight" "toggle"; }
        Mod+N hotkey-overlay-title="Notifications" { spawn "dms" "ipc" "call" "notifications" "toggle"; }
        Mod+Alt+L hotkey-overlay-title="Lock" { spawn "dms" "ipc" "call" "lock" "lock"; }
        Mod+Shift+Slash { show-hotkey-overlay; }

        Mod+Q { close-window; }
        Mod+F { maximize-column; }
        Mod+Shift+F { fullscreen-window; }
        Mod+O { toggle-overview; }
        Mod+Left  { focus-column-left; }
        Mod+Right { focus-column-right; }
        Mod+Up    { focus-window-or-workspace-up; }
        Mod+Down  { focus-window-or-workspace-down; }
        Mod+Shift+Left  { move-column-left; }
        Mod+Shift+Right { move-column-right; }
        Mod+Shift+Up    { move-window-up-or-to-workspace-up; }
        Mod+Shift+Down  { move-window-down-or-to-workspace-down; }

        XF86AudioRaiseVolume allow-when-locked=true { spawn "dms" "ipc" "call" "audio" "increment" "3"; }
        XF86AudioLowerVolume allow-when-locked=true { spawn "dms" "ipc" "call" "audio" "decrement" "3"; }
        XF86AudioMute allow-when-locked=true { spawn "dms" "ipc" "call" "audio" "mute"; }
        XF86MonBrightnessUp allow-when-locked=true { spawn "dms" "ipc" "call" "brightness" "increment" "5" ""; }
        XF86MonBrightnessDown allow-when-locked=true { spawn "dms" "ipc" "call" "brightness" "decrement" "5" ""; }

        Print { screenshot; }
        Mod+Shift+E { quit; }
    }
  '';
}
